#include "shared/json/parse.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace preau::json {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    out.reserve(piece.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        out += piece;
    return out;
}

TEST(Parse, plain_value__agrees_with_the_library) {
    const std::string text =
        R"({"a":[1,-2,3.5,true,null,"é\n",{"b":{}},[]],"c":{"d":"x"},"e":18446744073709551615})";
    const auto parsed = parse(text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, json::parse(text));
}

TEST(Parse, scalars_at_top__are_values) {
    EXPECT_EQ(parse("12").value(), json(12));
    EXPECT_EQ(parse(" \"x\" ").value(), json("x"));
    EXPECT_TRUE(parse("null").value().is_null());
}

TEST(Parse, depth_at_the_limit__is_read_and_one_more_is_refused) {
    EXPECT_TRUE(parse(repeated("[", 32) + repeated("]", 32)));
    const auto refused = parse(repeated("[", 33) + repeated("]", 33));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "bad_json");
    EXPECT_THAT(refused.error().detail, HasSubstr("32 levels"));
}

TEST(Parse, hundred_thousand_levels__are_refused_without_falling_over) {
    for (const std::string_view piece : {"[", "{\"a\":", "[{\"a\":"}) {
        const auto refused = parse(repeated(piece, 100'000));
        ASSERT_FALSE(refused) << piece;
        EXPECT_EQ(refused.error().code, "bad_json");
    }
}

TEST(Parse, limits__are_the_callers) {
    EXPECT_TRUE(parse("[[1]]", {.depth_max = 2, .nodes_max = 3}));
    EXPECT_FALSE(parse("[[1]]", {.depth_max = 1, .nodes_max = 3}));
    EXPECT_FALSE(parse("[[1]]", {.depth_max = 2, .nodes_max = 2}));
}

TEST(Parse, nodes_beyond_the_limit__are_refused) {
    EXPECT_TRUE(parse("[" + repeated("1,", 9'998) + "1]"));  // the array and 9,999 numbers
    EXPECT_FALSE(parse("[" + repeated("1,", 9'999) + "1]"));
    EXPECT_FALSE(parse("[" + repeated("{},", 9'999) + "1]"));
}

TEST(Parse, duplicate_key__is_refused_at_every_level) {
    EXPECT_FALSE(parse(R"({"a":1,"a":2})"));
    EXPECT_FALSE(parse(R"({"a":1,"\u0061":2})"));  // the same key, written otherwise
    EXPECT_FALSE(parse(R"([{"x":{"a":1,"b":2,"a":{}}}])"));
    EXPECT_EQ(parse(R"({"a":1,"a":2})").error().detail, "duplicate key");
    EXPECT_TRUE(parse(R"([{"a":1},{"a":2}])"));  // negative control: other objects
    EXPECT_TRUE(parse(R"({"a":{"a":1},"A":2})"));
}

TEST(Parse, malformed_text__is_refused) {
    const std::vector<std::string> refused = {
        "",          " ",     "{",    "}",         "[1,]",     "{\"a\":1,}", "{a:1}",   "{'a':1}",
        "[1 2]",     "01",    "+1",   ".5",        "1.",       "0x10",       "NaN",     "Infinity",
        "-Infinity", "[NaN]", "tru",  "\"",        "\"\x01\"", "\"\n\"",     "// c\n1", "/* c */1",
        "{} {}",     "1 2",   "[1]]", R"("\x41")", R"("\u12")"};
    for (const std::string& text : refused) {
        const auto parsed = parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, "bad_json");
    }
}

TEST(Parse, text_that_is_not_unicode__is_refused) {
    const std::vector<std::string> refused = {
        R"("\ud800")",        // lone high surrogate
        R"("\udc00")",        // lone low surrogate
        R"("\ud800\u0041")",  // high surrogate before a letter
        "\"\xff\"",
        "\"\xc0\xaf\"",          // no byte of UTF-8; overlong
        "\"\xed\xa0\x80\"",      // surrogate in UTF-8
        "\"\xf4\x90\x80\x80\"",  // beyond U+10FFFF
        "\"\xc3\""};             // cut short
    for (const std::string& text : refused)
        EXPECT_FALSE(parse(text)) << text;
    EXPECT_EQ(parse(R"("\ud83d\ude00")").value(), json("😀"));  // negative control
}

TEST(Parse, number_out_of_range__is_refused_not_rounded_to_infinity) {
    EXPECT_FALSE(parse("1e999"));
    EXPECT_FALSE(parse("[-1e400]"));
    EXPECT_FALSE(parse("1" + repeated("0", 400)));
    EXPECT_TRUE(parse("1e308"));
    EXPECT_TRUE(parse("1e-999"));  // rounds to zero
}

TEST(Parse, refusal__never_quotes_the_input) {
    const auto refused = parse(R"({"password":"correct horse)");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, testing::Not(HasSubstr("horse")));
}

}  // namespace
}  // namespace preau::json
