#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/inventory/jobs/import_open_data.hpp"
#include "services/inventory/jobs/load_demo.hpp"
#include "tests/unit/services/inventory/catalogue_fixture.hpp"
#include "tests/unit/shared/words/spoken.hpp"

namespace preau::inventory {
namespace {

using testing::HasSubstr;

class ImportTest : public test::CatalogueTest {
protected:
    void SetUp() override {
        CatalogueTest::SetUp();
        std::string folder = std::filesystem::temp_directory_path() / "preau-import-XXXXXX";
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        for (const char* name : {"academies_zones.csv", "departements.csv", "jours_feries.csv",
                                 "vacances_scolaires.csv"}) {
            write(name, test::data_file(name));
        }
        write("communes_france.csv", test::data_file("communes_isere.csv"));
        write("colleges_publics_france.csv", test::data_file("colleges_publics_isere.csv"));
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }

    int import() {
        out_.str("");
        ImportOptions options;
        options.data_dir = folder_;
        options.departements = {"38"};
        return import_open_data(*catalogue_, options, words_, out_);
    }

    words::Catalogue words_ = test::french();
    std::filesystem::path folder_;
    /// What was reported, with plain spaces.
    std::string said() const { return words::test::plain(out_.str()); }

    std::ostringstream out_;
};

TEST_F(ImportTest, import__again__gives_no_new_version) {
    ASSERT_EQ(import(), 0) << out_.str();
    EXPECT_THAT(said(), HasSubstr("97 nouvelles, 0 modifiées, 0 inchangées"));
    EXPECT_THAT(said(), HasSubstr("zone A : connu du 2025-02-22 au 2028-07-04"));
    const std::int64_t before = events();
    EXPECT_EQ(before, 97 + 3 + 13);
    ASSERT_EQ(import(), 0);
    EXPECT_THAT(said(), HasSubstr("0 nouvelles, 0 modifiées, 97 inchangées"));
    EXPECT_EQ(events(), before);
}

TEST_F(ImportTest, import__broken_lines__are_reported_by_number_and_the_rest_is_stored) {
    std::string text = test::data_file("colleges_publics_isere.csv");
    const auto spoil = [&](const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
    };
    spoil("0380001V", "0380001A");                    // line 2: check letter
    spoil("45.399729", "");                           // line 3: coordinates
    spoil("0380004Y,Collège", "0380004Y,\"Collège");  // line 4: a quote that never closes
    write("colleges_publics_france.csv", text);
    ASSERT_EQ(import(), 0) << out_.str();
    EXPECT_THAT(said(),
                HasSubstr("colleges_publics_france.csv, ligne 2 : « 0380001A » n’est pas un UAI"));
    EXPECT_THAT(said(),
                HasSubstr("colleges_publics_france.csv, ligne 3 : il n’y a pas de coordonnées"));
    EXPECT_THAT(said(), HasSubstr("colleges_publics_france.csv, ligne 4 : les guillemets"));
    EXPECT_THAT(said(), HasSubstr("94 nouvelles"));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM establishment").value(), 94);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM site").value(), 94);
}

TEST_F(ImportTest, import__a_corrected_line__versions_that_one_only) {
    ASSERT_EQ(import(), 0);
    std::string text = test::data_file("colleges_publics_isere.csv");
    text.replace(text.find("Avenue MARIE CURIE"), 18, "12 av MARIE CURIE ");
    write("colleges_publics_france.csv", text);
    const std::int64_t before = events();
    ASSERT_EQ(import(), 0);
    EXPECT_THAT(said(), HasSubstr("0 nouvelles, 1 modifiées, 96 inchangées"));
    EXPECT_EQ(events(), before + 1);
    EXPECT_EQ(catalogue_->establishment("college-la-garenne-voiron")->establishment.version, 2);
}

TEST_F(ImportTest, import__a_missing_or_foreign_file__stops_with_its_name) {
    std::filesystem::remove(folder_ / "departements.csv");
    EXPECT_EQ(import(), 1);
    EXPECT_THAT(said(), HasSubstr("departements.csv"));
    write("departements.csv", test::data_file("departements.csv"));
    write("colleges_publics_france.csv", "a,b\n1,2\n");
    EXPECT_EQ(import(), 1);
    EXPECT_THAT(said(), HasSubstr("no column uai"));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM establishment").value(), 0);
}

TEST_F(ImportTest, import_options__say_what_is_wrong) {
    EXPECT_TRUE(import_options({"--data", "d", "--departement", "38"}));
    EXPECT_EQ(import_options({"--data", "d", "--departement", "038,2A"})->departements.size(), 2U);
    EXPECT_TRUE(import_options({"--data", "d", "--departement", "all"})->departements.empty());
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {},
             {"--data"},
             {"--data", "d"},
             {"--departement", "38"},
             {"--data", "d", "--departement", "380"},
             {"--data", "d", "--departement", "38", "--what", "x"},
             {"--data", "d", "--departement", "38", "--body", "x"}}) {
        EXPECT_FALSE(import_options(wrong));
    }
}

TEST_F(ImportTest, demo__over_the_import__is_repeatable) {
    std::ostringstream out;
    EXPECT_EQ(load_demo(*catalogue_, {}, today(), out), 1);
    EXPECT_THAT(out.str(), HasSubstr("run import-open-data first"));
    ASSERT_EQ(import(), 0);
    EXPECT_EQ(load_demo(*catalogue_, {}, today(), out), 0);
    EXPECT_THAT(out.str(), HasSubstr("800 new, 0 changed, 0 as before"));
    const std::int64_t before = events();
    EXPECT_EQ(load_demo(*catalogue_, {}, today(), out), 0);
    EXPECT_THAT(out.str(), HasSubstr("0 new, 0 changed, 800 as before"));
    EXPECT_EQ(events(), before);
}

}  // namespace
}  // namespace preau::inventory
