#include "services/search/index/places.hpp"

#include <gmock/gmock.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using testing::isere_places;

std::string found(std::string_view text) {
    const auto place = isere_places().find(text, "38");
    return place ? place->insee + " " + place->name : "nothing";
}

std::vector<std::string> suggested(std::string_view text, std::size_t count = 5) {
    std::vector<std::string> out;
    for (const auto& place : isere_places().suggest(text, "38", count))
        out.push_back(place.name);
    return out;
}

TEST(Places, every_spelling_of_a_name__is_found) {
    for (const char* text : {"Voiron", "voiron", " VOIRON ", "38500", "38563"}) {
        EXPECT_EQ(found(text), "38563 Voiron") << text;
    }
    for (const char* text : {"Saint-Martin-d'Hères", "saint martin d heres", "St-Martin-d'Hères",
                             "ST MARTIN D’HERES", "38421"}) {
        EXPECT_EQ(found(text), "38421 Saint-Martin-d'Hères") << text;
    }
    EXPECT_EQ(found("La Côte-St-André"), "38130 La Côte-Saint-André");
    EXPECT_EQ(found("Villard de Lans"), "38548 Villard-de-Lans");
}

TEST(Places, postcode__is_its_largest_commune) {
    EXPECT_EQ(found("38000"), "38185 Grenoble");
    EXPECT_EQ(found("38100"), "38185 Grenoble") << "a second postcode of the same commune";
}

TEST(Places, unknown__is_nothing) {
    for (const char* text : {"Voirom", "", "   ", "99999", "Vo", "385", "'; DROP TABLE", "---"}) {
        EXPECT_EQ(found(text), "nothing") << text;
    }
    EXPECT_EQ(found(std::string(5'000, 'x')), "nothing");
    EXPECT_EQ(found("\xff\xfe\xc3"), "nothing") << "not UTF-8";
}

TEST(Places, suggest__beginnings_then_typing_errors) {
    EXPECT_THAT(suggested("Voir"), Contains("Voiron"));
    EXPECT_THAT(suggested("Voirom"), Contains("Voiron"));
    EXPECT_THAT(suggested("grenobel"), Contains("Grenoble"));
    EXPECT_THAT(suggested("st mart"), Contains("Saint-Martin-d'Hères"));
    EXPECT_THAT(suggested("385"), Contains("Voiron"));
    EXPECT_THAT(suggested("qqqqqqqqq"), IsEmpty());
    EXPECT_THAT(suggested(""), IsEmpty());
    EXPECT_LE(suggested("s", 5).size(), 5U);
    EXPECT_EQ(suggested("gre").front(), "Grenoble") << "the largest first";
}

TEST(Places, distance_km__is_that_of_the_map) {
    EXPECT_NEAR(distance_km(45.3636, 5.5922, 45.1885, 5.7245), 22.0, 0.5) << "Voiron to Grenoble";
    EXPECT_DOUBLE_EQ(distance_km(45, 5, 45, 5), 0);
}

TEST(Places, load__missing_or_foreign_file__names_it) {
    const auto missing = Places::load("/nonexistent/communes.csv");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().detail.find("/nonexistent/communes.csv"), std::string::npos);
}

}  // namespace
}  // namespace preau::search
