#include <gtest/gtest.h>

#include "services/inventory/domain/territory.hpp"
#include "services/inventory/domain/uai.hpp"

namespace preau::inventory {
namespace {

TEST(Uai, check_letter) {
    EXPECT_TRUE(is_uai("0623014P"));  // golden case 6
    EXPECT_TRUE(is_uai("0382042N"));
    EXPECT_TRUE(is_uai("9870001M"));
    EXPECT_FALSE(is_uai("0623014Q"));
    EXPECT_FALSE(is_uai("0382042P"));
    EXPECT_FALSE(is_uai("0382043N"));  // one digit off
    EXPECT_FALSE(is_uai("0832042N"));  // two digits swapped
    EXPECT_FALSE(is_uai("0382042n"));
    EXPECT_FALSE(is_uai("382042N"));
    EXPECT_FALSE(is_uai("03820420"));
    EXPECT_FALSE(is_uai(""));
}

TEST(Territory, departement_code__knows_the_ministrys_spelling) {
    EXPECT_EQ(departement_code("038"), "38");
    EXPECT_EQ(departement_code("38"), "38");
    EXPECT_EQ(departement_code("02A"), "2A");
    EXPECT_EQ(departement_code("974"), "974");
    EXPECT_EQ(departement_code("979"), "");
    EXPECT_EQ(departement_code("3"), "");
    EXPECT_EQ(departement_code("Isère"), "");
}

TEST(Territory, zone_and_public_holidays__follow_the_departement) {
    EXPECT_EQ(zone_of("38"), "Europe/Paris");
    EXPECT_EQ(zone_of("2A"), "Europe/Paris");
    EXPECT_EQ(zone_of("974"), "Indian/Reunion");
    EXPECT_EQ(zone_of("987", "98735"), "Pacific/Tahiti");
    EXPECT_EQ(zone_of("987", "98719"), "Pacific/Gambier");
    EXPECT_EQ(zone_of("987", "98731"), "Pacific/Marquesas");
    EXPECT_EQ(territory_of("38"), "metropole");
    EXPECT_EQ(territory_of("67"), "alsace-moselle");
    EXPECT_EQ(territory_of("57"), "alsace-moselle");
    EXPECT_EQ(territory_of("977"), "saint-barthelemy");
}

}  // namespace
}  // namespace preau::inventory
