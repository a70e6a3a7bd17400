#include "shared/words/catalogue.hpp"

#include <gtest/gtest.h>

namespace preau::words {
namespace {

const Catalogue& small() {
    static const Catalogue catalogue(
        Language::fr,
        nlohmann::json::parse(R"({"a":{"b":"B","list":["x",{"y":"Y"}],"off":false}})"));
    return catalogue;
}

TEST(Catalogue, text__follows_names_and_numbers_to_a_sentence) {
    EXPECT_EQ(small().text("a.b"), "B");
    EXPECT_EQ(small().text("a.list.0"), "x");
    EXPECT_EQ(small().text("a.list.1.y"), "Y");
}

TEST(Catalogue, what_is_no_sentence__is_missing) {
    for (const char* key : {"", "a", "b", "a.c", "a.b.c", "a.list", "a.list.2", "a.list.x",
                            "a.list.1", "a.off", ".a.b", "a..b"}) {
        EXPECT_FALSE(small().has(key)) << key;
        EXPECT_EQ(small().text(key), "[" + std::string(key) + "]");
        EXPECT_EQ(small().text_or(key, "else"), "else");
    }
}

}  // namespace
}  // namespace preau::words
