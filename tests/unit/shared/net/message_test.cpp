#include "shared/net/message.hpp"

#include <gtest/gtest.h>

namespace preau::net {
namespace {

TEST(Pairs, find__gives_the_first_of_a_name_and_all_gives_every_one) {
    Pairs pairs;
    pairs.add("a", "1");
    pairs.add("b", "2");
    pairs.add("a", "3");
    EXPECT_EQ(pairs.find("a"), "1");
    EXPECT_EQ(pairs.find("A"), std::nullopt);
    EXPECT_EQ(pairs.get("c", "none"), "none");
    EXPECT_EQ(pairs.all("a"), (std::vector<std::string_view>{"1", "3"}));
    EXPECT_EQ(pairs.list().size(), 3U);
}

TEST(Method, names__go_both_ways) {
    for (const Method method : all_methods)
        EXPECT_EQ(method_named(to_string(method)), method);
    EXPECT_EQ(method_named("get"), std::nullopt);
    EXPECT_EQ(method_named("OPTIONS"), std::nullopt);
}

TEST(Request, json__needs_a_json_content_type) {
    const auto code = [](const std::string& type, const std::string& body) {
        Request request;
        request.headers.add("content-type", type);
        request.body = body;
        const auto json = request.json();
        return json ? "" : json.error().code;
    };
    EXPECT_EQ(code("application/json", "{}"), "");
    EXPECT_EQ(code("Application/JSON; charset=utf-8", "{}"), "");
    EXPECT_EQ(code("application/merge-patch+json", "{}"), "");
    EXPECT_EQ(code("text/plain", "{}"), "unsupported_media_type");
    EXPECT_EQ(code("application/jsonp", "{}"), "unsupported_media_type");
    EXPECT_EQ(code("", "{}"), "unsupported_media_type");
    EXPECT_EQ(code("application/json", "{"), "bad_json");
    EXPECT_EQ(code("application/json", std::string(100, '[') + std::string(100, ']')), "bad_json");
}

TEST(Response, problem__carries_status_and_shape) {
    const Response response = Response::problem({"stale_version", "newer", {}}, {{"version", 3}});
    EXPECT_EQ(response.status, 412);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto json = nlohmann::json::parse(response.body);
    EXPECT_EQ(json["code"], "stale_version");
    EXPECT_EQ(json["version"], 3);
    EXPECT_TRUE(response.headers.empty());
}

TEST(Response, problem__that_passes_says_when_to_come_again) {
    const Response response = Response::problem({"overloaded", "", {}});
    EXPECT_EQ(response.status, 503);
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].first, "Retry-After");
}

TEST(Response, redirect__is_303) {
    const Response response = Response::redirect("/elsewhere");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(response.headers[0], (std::pair<std::string, std::string>{"Location", "/elsewhere"}));
}

}  // namespace
}  // namespace preau::net
