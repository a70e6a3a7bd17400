#include "services/inventory/jobs/import_sheets.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/import_ids.hpp"
#include "tests/unit/services/inventory/catalogue_fixture.hpp"
#include "tests/unit/shared/words/spoken.hpp"

namespace preau::inventory {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kRoomHeader =
    "uai;code;salle;type;places_assises;places_debout;parties;ensembles;publiee\n";

class SheetsTest : public test::CatalogueTest {
protected:
    void SetUp() override {
        CatalogueTest::SetUp();
        std::string folder = std::filesystem::temp_directory_path() / "preau-sheets-XXXXXX";
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        ASSERT_TRUE(catalogue_->put_establishments(two()));
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    void take_template(const std::string& name) { write(name, test::data_file("modeles/" + name)); }
    void take_templates() {
        for (const char* name : {"salles.csv", "horaires.csv", "deliberations.csv", "tarifs.csv"})
            take_template(name);
    }

    /// Of the whole gym, category C, by the hour.
    std::int64_t gym_hour() {
        const auto tariffs = catalogue_->tariffs(body());
        for (const auto& line : tariffs->front().grid.lines) {
            if (line.tariff_kind == "gym" && line.category == 'C' &&
                line.unit == rules::Unit::hour) {
                return line.amount.value;
            }
        }
        return -1;
    }

    int import(bool rehearsal = false) {
        out_.str("");
        SheetOptions options;
        options.folder = folder_;
        options.data_dir = std::string(PREAU_SOURCE_DIR) + "/data";
        options.body = body();
        options.rehearsal = rehearsal;
        return import_sheets(*catalogue_, options, words_, today(), out_);
    }
    std::int64_t spaces() { return number(*database_, "SELECT COUNT(*) FROM space").value(); }
    static base::SpaceId template_gym() { return base::imported::space_id("0382042N", "g1"); }

    words::Catalogue words_ = test::french();
    std::filesystem::path folder_;
    /// What was reported, with plain spaces.
    std::string said() const { return words::test::plain(out_.str()); }

    std::ostringstream out_;
};

TEST_F(SheetsTest, import__the_templates__gives_rooms_hours_votes_and_prices) {
    take_templates();
    take_template("sites.csv");
    ASSERT_EQ(import(), 0) << out_.str();
    const auto gym = catalogue_->space(template_gym().str());
    ASSERT_TRUE(gym);
    const Space& space = gym->space;
    EXPECT_EQ(space.name, "Gymnase Ravat");
    EXPECT_EQ(space.slug, "gymnase-ravat-college-la-garenne-voiron");
    EXPECT_EQ(space.parts.size(), 3U);
    ASSERT_EQ(space.offers.size(), 5U);  // the whole, three thirds, two of them together
    EXPECT_EQ(space.offers[0].capacity, 120);
    EXPECT_EQ(space.offers[1].capacity, 40);
    EXPECT_EQ(space.offers[4].name, "Tiers A et Tiers B");
    EXPECT_EQ(space.offers[4].capacity, 80);
    EXPECT_EQ(space.offers[4].tariff_kind, "gym_two_parts");
    EXPECT_EQ(space.offers[1].buffer_after_min, 15);
    EXPECT_EQ(space.equipment,
              (std::vector<std::string>{"basketball", "changing_rooms", "showers"}));
    EXPECT_EQ(space.opening.frames.size(), 3U);
    EXPECT_TRUE(space.published);
    EXPECT_FALSE(space.demonstration);
    const auto tariffs = catalogue_->tariffs(body());
    ASSERT_EQ(tariffs->size(), 1U);
    EXPECT_EQ(tariffs->front().grid.lines.size(), 7U);
    EXPECT_EQ(gym_hour(), 1'370);
}

TEST_F(SheetsTest, import__again__changes_nothing) {
    take_templates();
    ASSERT_EQ(import(), 0) << out_.str();
    const std::int64_t before = events();
    ASSERT_EQ(import(), 0) << out_.str();
    EXPECT_EQ(events(), before);
    EXPECT_THAT(said(), HasSubstr("salles.csv : 3 lignes à reprendre ; 0 nouvelles, 0 "
                                  "modifiées, 3 inchangées"));
}

TEST_F(SheetsTest, import__rehearsal__stores_nothing_and_tells_the_same_faults) {
    take_templates();
    std::string rooms = test::data_file("modeles/salles.csv");
    rooms += "0382042N;X;Salle X;Piscine;10;0;;;;;;;;;;;;;;;;;;;\n";
    write("salles.csv", rooms);
    const std::int64_t before = events();
    EXPECT_EQ(import(true), 1);
    const std::string rehearsed = said();
    EXPECT_THAT(rehearsed, HasSubstr("salles.csv, ligne 5 : « Piscine » n’est pas un mot connu"));
    EXPECT_THAT(rehearsed, HasSubstr("rien n’est enregistré"));
    EXPECT_EQ(events(), before);
    EXPECT_EQ(spaces(), 0);
    EXPECT_EQ(import(false), 1);
    EXPECT_THAT(said(), HasSubstr("salles.csv, ligne 5 : « Piscine » n’est pas un mot connu"));
    EXPECT_EQ(spaces(), 3);
}

TEST_F(SheetsTest, import__broken_lines__are_told_by_number_with_their_reason) {
    write("salles.csv",
          std::string("\xEF\xBB\xBF") + kRoomHeader +
              "0380001V;A;Salle A;Salle de cours;30;0;;;\n"      // 2: not the body's
              "0382042N;B;Salle B;Salle de cours;trente;0;;;\n"  // 3
              "0382042N;C;Salle C;Salle de cours;30;0;;;\n"      // 4: good
              "0382042N;C;Salle C bis;Salle de cours;30;0;;;\n"  // 5: twice
              "0382042N;D;Salle D;Salle de cours;0;0;;;\n"       // 6: nobody fits
              "0382042N;E;Salle E;Salle de cours;30;0;;\n"       // 7: a cell is missing
              "0382042N;F;Gymnase;Gymnase;30;0;A|B|C;A+D;\n"     // 8
              "0382042N;G;Salle G;Salle de cours;30;0;;;oui\n"   // 9: no hours, no vote
              "0382042N;H;\"Salle H;Salle de cours;30;0;;;\n");  // 10
    EXPECT_EQ(import(), 1);
    const std::string told = said();
    for (const char* line :
         {"ligne 2 : aucun établissement", "ligne 3 : « places_assises » doit être",
          "ligne 5 : la ligne 4 dit déjà", "ligne 6 : la colonne « places_assises »",
          "ligne 7 : la ligne n’a pas autant de cases que l’en-tête (8/9)",
          "ligne 8 : aucune partie « D »", "ligne 9 : une salle publiée a des plages",
          "ligne 9 : aucune délibération", "ligne 10 : les guillemets"}) {
        EXPECT_THAT(told, HasSubstr(std::string("salles.csv, ") + line));
    }
    EXPECT_THAT(told, Not(HasSubstr("ligne 4 :")));
    EXPECT_EQ(spaces(), 1);
}

TEST_F(SheetsTest, import__in_iso_8859_15__reads_accents_and_the_euro) {
    write("salles.csv",
          std::string(kRoomHeader) + "0382042N;A;Salle \xC9toile;Salle de r\xE9union;30;0;;;\n");
    write("tarifs.csv",
          "deliberation;votee_le;applicable_du;tarif;categorie;unite;montant\n"
          "1;26/06/2026;01/09/2026;meeting;C;demi-journ\xE9"
          "e;12,50 \xA4\n");
    ASSERT_EQ(import(), 0) << out_.str();
    const auto room = catalogue_->space(base::imported::space_id("0382042N", "a").str());
    ASSERT_TRUE(room);
    EXPECT_EQ(room->space.name, "Salle Étoile");
    EXPECT_EQ(room->space.kind, SpaceKind::meeting);
    EXPECT_EQ(catalogue_->tariffs(body())->front().grid.lines[0].amount.value, 1'250);
}

TEST_F(SheetsTest, import__a_column_is_missing__takes_nothing_of_the_file) {
    write("salles.csv", "uai;salle;type\n0382042N;A;Gymnase\n");
    EXPECT_EQ(import(), 1);
    EXPECT_THAT(said(), HasSubstr("salles.csv : il manque des colonnes : places_assises, "
                                  "places_debout"));
    EXPECT_EQ(spaces(), 0);
}

TEST_F(SheetsTest, import__voted_prices_changed__is_refused_and_the_vote_stays) {
    take_template("tarifs.csv");
    ASSERT_EQ(import(), 0) << out_.str();
    std::string changed = test::data_file("modeles/tarifs.csv");
    changed.replace(changed.find("13,70"), 5, "14,70");
    write("tarifs.csv", changed);
    EXPECT_EQ(import(), 1);
    EXPECT_THAT(said(), HasSubstr("ligne 2 : cette délibération est déjà enregistrée"));
    EXPECT_EQ(gym_hour(), 1'370);
}

TEST_F(SheetsTest, import__other_parts_of_a_known_room__is_refused) {
    write("salles.csv", std::string(kRoomHeader) + "0382042N;F;Gymnase;Gymnase;30;0;A|B|C;;\n");
    ASSERT_EQ(import(), 0) << out_.str();
    write("salles.csv", std::string(kRoomHeader) + "0382042N;F;Gymnase;Gymnase;30;0;A|B;;\n");
    EXPECT_EQ(import(), 1);
    EXPECT_THAT(said(), HasSubstr("ligne 2 : les parties de cette salle ne sont plus"));
    EXPECT_EQ(
        catalogue_->space(base::imported::space_id("0382042N", "f").str())->space.parts.size(), 3U);
}

TEST_F(SheetsTest, import__a_room_that_the_office_changed__keeps_its_address_and_settings) {
    take_templates();
    ASSERT_EQ(import(), 0) << out_.str();
    SpaceEdit edit;
    edit.name = "Grand gymnase";
    edit.two_levels = true;
    ASSERT_TRUE(catalogue_->change_space(
        {"test", "test", "key-0001", "hash"}, template_gym(),
        [&](const SpaceFacts& facts) { return edited(facts.space, edit, true); },
        [](const SpaceFacts&) { return Answer{}; }));
    ASSERT_EQ(import(), 0) << out_.str();
    const auto gym = catalogue_->space(template_gym().str());
    EXPECT_EQ(gym->space.name, "Gymnase Ravat");  // the sheet tells the name
    EXPECT_EQ(gym->space.slug, "gymnase-ravat-college-la-garenne-voiron");
    EXPECT_TRUE(gym->space.two_levels);  // the sheet does not tell this
}

TEST_F(SheetsTest, import__sites_of_the_ministry__are_of_the_body_with_their_siret) {
    write("sites.csv", test::data_file("modeles/sites.csv"));
    ASSERT_EQ(import(), 0) << out_.str();
    std::string text = test::data_file("modeles/sites.csv");
    text.replace(text.find("0382042N;;"), 10, "0382042N;193 820 427 00013;");
    write("sites.csv", text);
    ASSERT_EQ(import(), 0) << out_.str();
    EXPECT_EQ(catalogue_->establishment(garenne().str())->establishment.siret, "19382042700013");
}

TEST(SheetOptions, unknown_or_missing_arguments__are_named) {
    EXPECT_EQ(sheet_options({"--from", "/", "--sum", "1"}).error().detail,
              "unknown argument --sum");
    EXPECT_EQ(sheet_options({"--from", "/"}).error().detail, "--body is required");
    EXPECT_EQ(sheet_options({"--body", "isere", "--from", "/nowhere"}).error().detail,
              "--from needs a folder");
    const auto fine = sheet_options({"--dry-run", "--body", "Isère", "--from", "/"});
    ASSERT_TRUE(fine);
    EXPECT_TRUE(fine->rehearsal);
    EXPECT_EQ(fine->body, base::demo::body_id("isere"));
}

}  // namespace
}  // namespace preau::inventory
