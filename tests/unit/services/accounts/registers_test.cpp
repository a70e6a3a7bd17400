#include "services/accounts/domain/registers.hpp"

#include <gmock/gmock.h>

namespace preau::accounts {
namespace {

TEST(Registers, typed_numbers__lose_their_separators) {
    EXPECT_EQ(compacted("w 38 1.000-001"), "W381000001");
    EXPECT_EQ(compacted("732 829 320 00074"), "73282932000074");
}

// Golden case 7.
TEST(Registers, rna__has_a_letter_in_corsica_and_overseas) {
    for (const char* good : {"W381000001", "W2A1000123", "W9R1000123"})
        EXPECT_TRUE(is_rna(good));
    for (const char* bad : {"", "W38100001", "381000001", "W3810000010", "w381000001", "WA81000001",
                            "W38100000A", "W3é100001"}) {
        EXPECT_FALSE(is_rna(bad)) << bad;
    }
}

// Golden case 6.
TEST(Registers, siren_and_siret__satisfy_luhn) {
    EXPECT_TRUE(is_siren("732829320"));
    EXPECT_FALSE(is_siren("732829321"));
    EXPECT_FALSE(is_siren("000000000"));
    EXPECT_FALSE(is_siren("73282932"));
    EXPECT_TRUE(is_siret("73282932000074"));
    EXPECT_FALSE(is_siret("73282932000075"));
    EXPECT_FALSE(is_siret("7328293200007"));
    EXPECT_FALSE(is_siret("7328293200007A"));
}

TEST(Registers, every_single_wrong_digit__is_found) {
    const std::string good = "73282932000074";
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (char c = '0'; c <= '9'; ++c) {
            std::string changed = good;
            changed[i] = c;
            EXPECT_EQ(is_siret(changed), changed == good) << changed;
        }
    }
}

TEST(Registers, offices_of_la_poste__count_their_digits_by_five) {
    EXPECT_TRUE(is_siret("35600000000048"));  // the seat: Luhn
    EXPECT_TRUE(is_siret("35600000049837"));  // sum of digits 45
    EXPECT_FALSE(is_siret("35600000049838"));
    EXPECT_FALSE(is_siret("73282932000011"));  // negative control: sum 40, but not La Poste
}

TEST(Registers, alsace_moselle__has_court_registers_instead) {
    const auto entry = court_entry("67/Strasbourg/82/1234");
    ASSERT_TRUE(entry);
    EXPECT_EQ(*entry, (CourtEntry{"67", "Strasbourg", "82", "1234"}));
    for (const char* bad :
         {"", "38/Grenoble/1/2", "67/Strasbourg/82", "67//82/1", "67/Strasbourg/x/1",
          "67/Strasbourg/82/1/2", "67/Stras8ourg/82/1", "67/Strasbourg/82/"}) {
        EXPECT_FALSE(court_entry(bad)) << bad;
    }
}

}  // namespace
}  // namespace preau::accounts
