#include <fstream>
#include <sstream>

#include "services/accounts/jobs/bootstrap.hpp"
#include "services/accounts/jobs/import_associations.hpp"
#include "shared/base/demo_ids.hpp"
#include "tests/unit/services/accounts/fixture.hpp"
#include "tests/unit/shared/words/spoken.hpp"

namespace preau::accounts {
namespace {

using ::testing::HasSubstr;

constexpr const char* kHeader = "nom;rna;siret;categorie;motif\n";

class ImportTest : public testing::StoreTest {
protected:
    ImportTest() { (void)store->keep(isere()); }

    int import(const std::string& sheet, bool rehearsal = false) {
        std::ofstream(dir + "/associations.csv", std::ios::binary) << sheet;
        out_.str("");
        return import_associations(*store, {dir, "isere", rehearsal}, words_, testing::now, out_);
    }
    std::vector<OrganisationFile> known(const std::string& number) {
        return store->organisations_in_registers({number}).value();
    }

    words::Catalogue words_ =
        words::Catalogue::load(words::Language::fr,
                               std::string(PREAU_SOURCE_DIR) + "/frontend/messages/fr.json")
            .value();
    /// What was reported, with plain spaces.
    std::string said() const { return words::test::plain(out_.str()); }

    std::ostringstream out_;
};

TEST_F(ImportTest, import__associations__are_found_by_their_number_with_their_category) {
    ASSERT_EQ(import(std::string(kHeader) + "Judo Club;W38 1000 001;;B;\n"
                                            "Commune de loisirs;;732 829 320 00074;D;\n"),
              0)
        << out_.str();
    ASSERT_EQ(known("W381000001").size(), 1U);
    EXPECT_EQ(known("W381000001")[0].affiliations[0].category, 'B');
    EXPECT_EQ(known("73282932000074")[0].organisation.name, "Commune de loisirs");
    EXPECT_EQ(known("732829320").size(), 1U);
    EXPECT_EQ(known("W381000001' OR 1=1").size(), 0U);
    EXPECT_THAT(said(), HasSubstr("2 lignes, 2 nouvelles, 0 déjà connues, 0 laissées"));
}

TEST_F(ImportTest, import__again_or_already_registered__keeps_the_record) {
    ASSERT_TRUE(store->keep(tatamis()));
    ASSERT_TRUE(store->keep(affiliation(), testing::now));
    const std::string sheet =
        std::string(kHeader) + "Autre nom;W389000001;;C;\nJudo;W381000001;;C;\n";
    ASSERT_EQ(import(sheet), 0) << out_.str();
    EXPECT_EQ(known("W389000001")[0].organisation.name, "Les Tatamis");
    EXPECT_EQ(known("W389000001")[0].affiliations[0].category, 'B');
    ASSERT_EQ(import(sheet), 0) << out_.str();
    EXPECT_THAT(said(), HasSubstr("0 nouvelles, 2 déjà connues"));
    EXPECT_EQ(known("W381000001")[0].organisation.version, 1);
}

TEST_F(ImportTest, import__rehearsal_and_broken_lines__are_told_and_not_stored) {
    const std::string sheet = std::string(kHeader) +
                              "Judo;W381000001;;B;\n"
                              "Sans numéro;;;B;\n"
                              "Faux SIRET;;73282932000075;B;\n"
                              "Gratuite;W381000002;;A;\n"
                              "Hors grille;W381000003;;F;\n"
                              "Judo encore;W381000001;;B;\n";
    EXPECT_EQ(import(sheet, true), 1);
    for (const char* why : {"ligne 3 : il faut un numéro", "ligne 4 : il faut un numéro",
                            "ligne 5 : la catégorie A demande", "ligne 6 : « F » n’est pas",
                            "ligne 7 : la ligne 2 dit déjà"}) {
        EXPECT_THAT(said(), HasSubstr(std::string("associations.csv, ") + why));
    }
    EXPECT_TRUE(known("W381000001").empty());
    EXPECT_EQ(import(sheet), 1);
    EXPECT_EQ(known("W381000001").size(), 1U);
    EXPECT_TRUE(known("W381000002").empty());
}

// Inventory gives rooms and collèges the body that its slug names; an affiliation with another body
// of that name would be with nobody.
TEST_F(ImportTest, bootstrap__a_new_body__has_the_id_that_inventory_gives_its_colleges) {
    ASSERT_TRUE(bootstrap(*store,
                          {"drome", "Département de la Drôme", "Anne", "anne@drome.example"},
                          testing::now, testing::now));
    const auto body = store->body("drome");
    ASSERT_TRUE(body && *body);
    EXPECT_EQ((*body)->id, base::demo::body_id("drome"));
}

TEST_F(ImportTest, import__unknown_body_or_no_file__stops) {
    out_.str("");
    EXPECT_EQ(import_associations(*store, {dir, "nowhere", false}, words_, testing::now, out_), 2);
    EXPECT_EQ(
        import_associations(*store, {dir + "/no", "isere", false}, words_, testing::now, out_), 2);
}

}  // namespace
}  // namespace preau::accounts
