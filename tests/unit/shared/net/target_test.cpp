#include "shared/net/target.hpp"

#include <string>

#include <gtest/gtest.h>

namespace preau::net {
namespace {

std::string path_of(const std::string& target) {
    const auto parsed = parse_target(target);
    return parsed ? parsed->path : "refused: " + parsed.error().code;
}

TEST(Target, path__is_decoded) {
    EXPECT_EQ(path_of("/v1/spaces/coll%C3%A8ge%20a"), "/v1/spaces/collège a");
    EXPECT_EQ(path_of("/a+b"), "/a+b");
    EXPECT_EQ(path_of("/?x=/../"), "/");
    EXPECT_EQ(path_of("/a.b/..c/...."), "/a.b/..c/....");
}

TEST(Target, path__that_could_be_read_in_two_ways_is_refused) {
    for (const char* target : {"/a/../b", "/..", "/.", "/a/./b", "/%2e%2e/b", "/a/.%2E", "/a%2Fb",
                               "/a%2fb", "/a%5Cb", "/a%00b", "/a%0Ab", "/a%7f", "/%C3", "/%C0%AF",
                               "/%ED%A0%80", "/%", "/%4", "/%4g", "/%zz"}) {
        EXPECT_EQ(path_of(target), "refused: bad_request") << target;
    }
}

TEST(Target, query__is_decoded_in_order) {
    const auto target =
        parse_target("/s?when=a+b&near=Saint-%C3%89gr%C3%A8ve&flag&e=&e=2&&x=1%2B1");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->query.get("when"), "a b");
    EXPECT_EQ(target->query.get("near"), "Saint-Égrève");
    EXPECT_EQ(target->query.find("flag"), "");
    EXPECT_EQ(target->query.all("e").size(), 2U);
    EXPECT_EQ(target->query.get("e", "none"), "");
    EXPECT_EQ(target->query.get("x"), "1+1");
    EXPECT_EQ(target->query.find("absent"), std::nullopt);
    EXPECT_EQ(target->query.get("absent", "none"), "none");
}

TEST(Target, query__that_is_malformed_is_refused) {
    for (const char* query : {"a=%", "a=%1", "%GG=1", "a=%00", "%00=a", "a=%FF"}) {
        EXPECT_FALSE(parse_target(std::string("/s?") + query)) << query;
    }
}

TEST(Target, percent_encode__comes_back_as_it_was) {
    std::string all;
    for (int c = 1; c < 256; ++c)
        all.push_back(static_cast<char>(c));
    EXPECT_EQ(percent_decode(percent_encode(all), true), all);
    EXPECT_EQ(percent_encode("a b/é~"), "a%20b%2F%C3%A9~");
}

TEST(Target, utf8__is_told_from_what_only_looks_like_it) {
    EXPECT_TRUE(is_utf8("plain é € 😀"));
    for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3\x28", "a\xE2\x82"}) {
        EXPECT_FALSE(is_utf8(bad)) << bad;
    }
}

}  // namespace
}  // namespace preau::net
