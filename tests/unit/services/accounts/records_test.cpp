#include "services/accounts/domain/records.hpp"

#include <gmock/gmock.h>

namespace preau::accounts {
namespace {

std::string faults(const base::Result<void>& result) {
    if (result) return "none";
    std::string text = result.error().code;
    for (const auto& field : result.error().fields)
        text += " " + field.pointer;
    return text;
}

Organisation association() {
    Organisation organisation;
    organisation.id = base::OrganisationId::seeded(0, "judo");
    organisation.name = "Judo";
    organisation.rna = "W389000001";
    return organisation;
}

TEST(Email, addresses__are_trimmed_and_lowered) {
    EXPECT_EQ(normalised_email(" Claire.F@Tatamis.Example\n"), "claire.f@tatamis.example");
    EXPECT_EQ(normalised_email("o'neil+salle@a-b.example"), "o'neil+salle@a-b.example");
}

TEST(Email, implausible_addresses__are_refused) {
    const std::string far(250, 'a');
    for (const std::string& bad :
         {std::string(""), std::string("  "), std::string("claire"), std::string("@a.example"),
          std::string("a@"), std::string("a@b"), std::string("a@b@c.example"),
          std::string("a b@c.example"), std::string("a@.example"), std::string("a@example."),
          std::string("a\0b@c.example", 13), std::string(65, 'a') + "@c.example",
          "a@" + far + ".example"}) {
        EXPECT_FALSE(normalised_email(bad)) << bad;
    }
}

TEST(Organisation, association__stands_in_one_register_at_least) {
    EXPECT_EQ(faults(check(association())), "none");
    Organisation it = association();
    it.rna.clear();
    EXPECT_EQ(faults(check(it)), "invalid /rna");
    it.court_register = "67/Strasbourg/82/1234";
    EXPECT_EQ(faults(check(it)), "none");
    it.court_register.clear();
    it.siret = "73282932000074";
    EXPECT_EQ(faults(check(it)), "none");
}

TEST(Organisation, wrong_numbers__are_all_told) {
    Organisation it = association();
    it.name.clear();
    it.rna = "X";
    it.siren = "732829321";
    it.siret = "73282932000075";
    EXPECT_EQ(faults(check(it)), "invalid /name /rna /siren /siret /siret");
}

TEST(Organisation, siret__belongs_to_the_siren) {
    Organisation it = association();
    it.siren = "356000000";
    it.siret = "73282932000074";
    EXPECT_EQ(faults(check(it)), "invalid /siret");
}

TEST(Organisation, commune__needs_insees_number_and_has_no_rna) {
    Organisation it = association();
    it.kind = OrganisationKind::commune;
    EXPECT_EQ(faults(check(it)), "invalid /siret /rna");
    it.rna.clear();
    it.siret = "73282932000074";
    EXPECT_EQ(faults(check(it)), "none");
}

TEST(Affiliation, free_category__needs_its_ground) {
    Affiliation it;
    it.category = 'A';
    EXPECT_EQ(faults(check(it)), "ground_required /category_ground");
    it.category_ground = "UNSS";
    EXPECT_EQ(faults(check(it)), "none");
    it.category = 'F';
    EXPECT_EQ(faults(check(it)), "invalid /category");
    it.category = 'B';
    it.insurance_valid_until = "2026-02-30";
    EXPECT_EQ(faults(check(it)), "invalid /insurance_valid_until");
}

TEST(Names, every_value__comes_back_from_its_name) {
    for (const auto kind : {OrganisationKind::association, OrganisationKind::commune,
                            OrganisationKind::public_body, OrganisationKind::training}) {
        EXPECT_EQ(organisation_kind(to_string(kind)), kind);
    }
    for (const auto status :
         {AffiliationStatus::active, AffiliationStatus::suspended, AffiliationStatus::banned}) {
        EXPECT_EQ(affiliation_status(to_string(status)), status);
    }
    EXPECT_FALSE(organisation_kind("company"));
    EXPECT_FALSE(affiliation_status(""));
}

}  // namespace
}  // namespace preau::accounts
