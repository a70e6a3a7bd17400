#include "services/inventory/domain/open_data.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/demo_ids.hpp"
#include "tests/unit/services/inventory/fixtures.hpp"

namespace preau::inventory {
namespace {

using testing::HasSubstr;
using time::Date;

constexpr const char* kHeader =
    "uai,nom,secteur,nature_uai,adresse,code_postal,commune,code_insee,code_departement,"
    "departement,"
    "academie,lat,lon,geocodage_qualite,geocodage_niveau,etat,date_ouverture\n";
constexpr const char* kGarenne =
    "0382042N,Collège La Garenne,public,340,Avenue MARIE "
    "CURIE,38503,Voiron,38563,38,Isère,Grenoble,"
    "45.373528,5.587740,Parfaite,Numéro de rue,OUVERT,1972-02-23\n";

Colleges read(const std::string& lines, const std::set<std::string>& departements = {"38"}) {
    return read_colleges(text::parse_csv(kHeader + lines), departements, test::gazetteer()).value();
}

std::string with(std::string line, const std::string& from, const std::string& to) {
    const std::size_t at = line.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return line.replace(at, from.size(), to);
}

TEST(OpenData, colleges__of_isere__are_97_without_fault) {
    const Colleges all =
        read_colleges(test::data_table("colleges_publics_isere.csv"), {"38"}, test::gazetteer())
            .value();
    EXPECT_EQ(all.open.size(), 97U);
    EXPECT_TRUE(all.faults.empty());
    std::set<std::string> slugs;
    for (const auto& facts : all.open) {
        slugs.insert(facts.establishment.slug);
        EXPECT_EQ(facts.site.zone, "Europe/Paris");
        EXPECT_EQ(facts.site.school_zone, "A");
        EXPECT_EQ(facts.establishment.siret, std::nullopt);
        EXPECT_FALSE(facts.establishment.demonstration);
    }
    EXPECT_EQ(slugs.size(), 97U);
}

TEST(OpenData, colleges__of_france__leaves_out_what_is_not_open_or_not_located) {
    const Gazetteer places = read_gazetteer(test::data_table("communes_france.csv"),
                                            test::data_table("academies_zones.csv"),
                                            test::data_table("departements.csv"))
                                 .value();
    const Colleges all =
        read_colleges(test::data_table("colleges_publics_france.csv"), {}, places).value();
    EXPECT_EQ(all.read, 5417U);
    EXPECT_EQ(all.not_open, 7U);  // six "A OUVRIR", one without a name
    EXPECT_EQ(all.open.size() + all.faults.size() + all.not_open, all.read);
    // 79 collèges have no coordinates, of which six are not open either.
    EXPECT_EQ(all.faults.size(), 73U);
    for (const text::SheetFault& fault : all.faults)
        EXPECT_EQ(fault.code, "coordinates_missing");
    std::set<std::string> slugs;
    for (const auto& facts : all.open)
        slugs.insert(facts.establishment.slug);
    EXPECT_EQ(slugs.size(), all.open.size());
}

TEST(OpenData, college__gets_readable_facts) {
    const Colleges one = read(kGarenne);
    ASSERT_EQ(one.open.size(), 1U);
    const EstablishmentFacts& facts = one.open[0];
    EXPECT_EQ(facts.establishment.slug, "college-la-garenne-voiron");
    EXPECT_EQ(facts.establishment.id, base::demo::establishment_id("0382042N"));
    EXPECT_EQ(facts.establishment.body, base::demo::body_id("isere"));
    EXPECT_EQ(facts.site.address, "Avenue Marie Curie");
    EXPECT_EQ(facts.site.postcode, "38500");  // the published 38503 is a CEDEX code
    EXPECT_EQ(facts.site.point, (GeoPoint{45'373'528, 5'587'740}));
    EXPECT_EQ(facts.site.territory, "metropole");
}

TEST(OpenData, college__with_slips_in_its_name__is_repaired) {
    EXPECT_EQ(read(with(kGarenne, "Collège La", "College  La")).open[0].establishment.name,
              "Collège La Garenne");
    const auto champier = read(with(kGarenne, "Collège La Garenne", "Collége de Voiron"));
    EXPECT_EQ(champier.open[0].establishment.slug, "college-de-voiron");
}

TEST(OpenData, college__that_cannot_be_right__is_reported_and_gives_nothing) {
    const std::string good = kGarenne;
    const std::vector<std::pair<std::string, std::string>> cases{
        {with(good, "0382042N", "0382042P"), "uai"},
        {with(good, "45.373528", ""), "coordinates_missing"},
        {with(good, "45.373528", "95.0"), "coordinates"},
        {with(good, "45.373528", "45,3"), "columns"},
        {with(good, "45.373528", "north"), "coordinates"},
        {with(good, "38503", "3850"), "postcode"},
        {with(good, "38563", "563"), "insee"},
        {with(good, ",Grenoble,", ",Atlantis,"), "unknown_word"},
    };
    for (const auto& [line, reason] : cases) {
        const Colleges one = read(line);
        ASSERT_EQ(one.faults.size(), 1U) << line;
        EXPECT_EQ(one.faults[0].code, reason);
        EXPECT_EQ(one.faults[0].line, 2U);
        EXPECT_TRUE(one.open.empty());
    }
}

TEST(OpenData, college__twice_in_the_file__is_taken_once) {
    const Colleges one = read(std::string(kGarenne) + kGarenne);
    EXPECT_EQ(one.open.size(), 1U);
    ASSERT_EQ(one.faults.size(), 1U);
    EXPECT_EQ(one.faults[0].line, 3U);
}

TEST(OpenData, college__not_open_private_or_elsewhere__is_counted_not_stored) {
    EXPECT_EQ(read(with(kGarenne, ",OUVERT,", ",A OUVRIR,")).not_open, 1U);
    EXPECT_EQ(read(with(kGarenne, "Collège La Garenne", "")).not_open, 1U);
    EXPECT_EQ(read(with(kGarenne, ",public,", ",prive,")).not_public, 1U);
    EXPECT_EQ(read(with(kGarenne, ",340,", ",300,")).not_public, 1U);
    EXPECT_EQ(read(kGarenne, {"73"}).elsewhere, 1U);
}

TEST(OpenData, college__same_words_twice__gets_its_number_in_the_slug) {
    const std::string other =
        with(with(kGarenne, "0382042N", "0623014P"), "45.373528", "45.380000");
    const Colleges both = read(kGarenne + other);
    ASSERT_EQ(both.open.size(), 2U);
    EXPECT_EQ(both.open[1].establishment.slug, "college-la-garenne-voiron-0623014p");
}

TEST(OpenData, colleges__in_the_ministrys_columns) {
    const text::CsvTable table = text::parse_csv(
        "\xEF\xBB\xBFnumero_uai;appellation_officielle;secteur_public_prive_libe;adresse_uai;"
        "code_postal_uai;libelle_commune;code_commune;code_departement;libelle_academie;latitude;"
        "longitude;nature_uai;etat_etablissement_libe\n"
        "0382042N;Collège La Garenne;Public;Avenue MARIE CURIE;38503;Voiron;38563;038;Grenoble;"
        "45.37352812;5.58774;340;OUVERT\n");
    const auto one = read_colleges(table, {"38"}, test::gazetteer());
    ASSERT_TRUE(one);
    ASSERT_EQ(one->open.size(), 1U);
    EXPECT_EQ(one->open[0].site.departement, "38");
    EXPECT_EQ(one->open[0].site.point.lat_e6, 45'373'528);
}

TEST(OpenData, colleges__without_a_column__is_refused_by_name) {
    const auto refused = read_colleges(text::parse_csv("uai,nom\n"), {}, test::gazetteer());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("adresse"));
}

TEST(OpenData, microdegrees__are_exact) {
    EXPECT_EQ(microdegrees("45.373528"), 45'373'528);
    EXPECT_EQ(microdegrees("-63.07942"), -63'079'420);
    EXPECT_EQ(microdegrees("5"), 5'000'000);
    EXPECT_EQ(microdegrees("5.0000005"), 5'000'001);
    EXPECT_EQ(microdegrees("1e3"), std::nullopt);
    EXPECT_EQ(microdegrees(""), std::nullopt);
    EXPECT_EQ(microdegrees("12345.0"), std::nullopt);
}

TEST(OpenData, school_holidays__of_the_three_zones) {
    const auto all = read_school_holidays(test::data_table("vacances_scolaires.csv"));
    ASSERT_TRUE(all);
    EXPECT_TRUE(all->faults.empty());
    ASSERT_EQ(all->zones.size(), 3U);
    const rules::SchoolCalendar& a = all->zones[0];
    EXPECT_EQ(a.zone, "A");
    EXPECT_EQ(a.periods.size(), 22U);
    EXPECT_EQ(a.known_from, Date::of(2025, 2, 22));
    // The summer of 2028 begins on 4 July; its end is not published.
    EXPECT_EQ(a.known_until, Date::of(2028, 7, 4));
    const auto summers =
        std::ranges::count(a.periods, rules::Period::summer, &rules::HolidayPeriod::kind);
    EXPECT_EQ(summers, 4);
}

TEST(OpenData, school_holidays__broken_lines__are_reported) {
    const auto all =
        read_school_holidays(text::parse_csv("zone,nom,premier_jour_libre,dernier_jour_libre\n"
                                             "A,Noël,2026-12-19,2027-01-03\n"
                                             "A,Noël,2026-13-19,2027-01-03\n"
                                             "A,Noël,2026-12-19,2026-12-01\n"
                                             ",Noël,2026-12-19,2027-01-03\n"
                                             "A,Trop,2027-01-01,2027-01-09\n"));
    ASSERT_TRUE(all);
    ASSERT_EQ(all->zones.size(), 1U);
    EXPECT_EQ(all->zones[0].periods.size(), 1U);
    EXPECT_EQ(all->faults.size(), 4U);  // two dates, one zone, one overlap
}

TEST(OpenData, public_holidays__by_territory) {
    const auto all = read_public_holidays(test::data_table("jours_feries.csv"));
    ASSERT_TRUE(all);
    EXPECT_TRUE(all->faults.empty());
    EXPECT_EQ(all->territories.size(), 13U);
    for (const rules::PublicHolidays& holidays : all->territories) {
        const std::size_t a_year = holidays.territory == "metropole"        ? 11
                                   : holidays.territory == "alsace-moselle" ? 13
                                                                            : 11;
        EXPECT_GE(holidays.days.size(), a_year * 8) << holidays.territory;
        EXPECT_EQ(holidays.known_from, Date::of(2024, 1, 1));
        EXPECT_EQ(holidays.known_until, Date::of(2031, 12, 31));
        EXPECT_TRUE(std::ranges::is_sorted(holidays.days, {}, &rules::PublicHoliday::date));
    }
}

}  // namespace
}  // namespace preau::inventory
