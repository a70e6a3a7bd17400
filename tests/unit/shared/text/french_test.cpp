#include "shared/text/french.hpp"

#include <gtest/gtest.h>

namespace preau::text {
namespace {

TEST(Text, folded__drops_accents_and_punctuation) {
    EXPECT_EQ(folded("Saint-Égrève"), "saint egreve");
    EXPECT_EQ(folded("L'Isle-d'Abeau"), "l isle d abeau");
    EXPECT_EQ(folded("  Œuvre, ÿ & Ça  "), "oeuvre y ca");
    EXPECT_EQ(folded("«»"), "");
}

TEST(Text, folded__broken_utf8__separates_words) {
    EXPECT_EQ(folded("a\xC3"), "a");
    EXPECT_EQ(folded("a\xFFz"), "a z");
}

TEST(Text, slug__is_readable) {
    EXPECT_EQ(slug("Collège La Garenne"), "college-la-garenne");
    EXPECT_EQ(slug("Salle 104"), "salle-104");
}

TEST(Text, without_shouting__calms_official_capitals) {
    EXPECT_EQ(without_shouting("Avenue MARIE CURIE"), "Avenue Marie Curie");
    EXPECT_EQ(without_shouting("Rue DE LA RETOURDIERE"), "Rue de la Retourdiere");
    EXPECT_EQ(without_shouting("8 avenue COMMANDANT L'HERMINIER"),
              "8 avenue Commandant l'Herminier");
    EXPECT_EQ(without_shouting("101 rue DE L' EGLISE"), "101 rue de l' Eglise");
    EXPECT_EQ(without_shouting("2 rue JEAN XXIII"), "2 rue Jean XXIII");
    EXPECT_EQ(without_shouting("3 rue ÉMILE  ZOLA"), "3 rue Émile Zola");
}

TEST(Text, without_shouting__leaves_calm_words) {
    EXPECT_EQ(without_shouting("350 rue d'Italie"), "350 rue d'Italie");
    EXPECT_EQ(without_shouting("165 route du 16 Mai 1944"), "165 route du 16 Mai 1944");
    EXPECT_EQ(without_shouting("Place A"), "Place A");
}

TEST(Text, is_clean_utf8__refuses_what_is_not_text) {
    EXPECT_TRUE(is_clean_utf8("Échirolles, 12 rue\n"));
    EXPECT_TRUE(is_clean_utf8("\xF0\x9F\x8F\x90"));
    EXPECT_FALSE(is_clean_utf8("Coll\xE8ge"));  // Latin-1
    EXPECT_FALSE(is_clean_utf8(std::string("a\0b", 3)));
    EXPECT_FALSE(is_clean_utf8("\xC0\xAF"));      // overlong
    EXPECT_FALSE(is_clean_utf8("\xED\xA0\x80"));  // surrogate
    EXPECT_FALSE(is_clean_utf8("a\xC3"));         // cut
}

}  // namespace
}  // namespace preau::text
