#include "shared/json/problem.hpp"

#include <gmock/gmock.h>

namespace preau::json {
namespace {

using nlohmann::json;

TEST(Problem, known_code__has_its_status_and_title) {
    EXPECT_EQ(problem_kind("overlap").status, 409);
    EXPECT_EQ(problem_kind("not_found").status, 404);
    EXPECT_EQ(problem_kind("too_many_requests").status, 429);
    EXPECT_EQ(problem_kind("stale_version").status, 412);
    EXPECT_FALSE(problem_kind("storage_full").title.empty());
}

TEST(Problem, unknown_code__answers_as_internal) {
    EXPECT_EQ(problem_kind("no_such_code").code, "internal");
    EXPECT_EQ(problem_kind("").status, 500);
}

TEST(Problem, body__has_the_members_of_rfc_9457_and_no_empty_one) {
    EXPECT_EQ(problem_body({"not_found", "", {}}),
              json::parse(R"({"type":"/problems/not_found","title":"There is nothing here for you",
                              "status":404,"code":"not_found"})"));
}

TEST(Problem, field_errors__are_listed) {
    const json body =
        problem_body({"invalid", "", {{"/a", "range", "1..5"}, {"/b", "required", ""}}});
    EXPECT_EQ(body["errors"], json::parse(R"([{"pointer":"/a","code":"range","detail":"1..5"},
                                              {"pointer":"/b","code":"required"}])"));
}

TEST(Problem, extensions__are_merged_but_replace_nothing) {
    const json body =
        problem_body({"overlap", "x", {}}, {{"conflicts", json::array({1})}, {"status", 200}});
    EXPECT_EQ(body["conflicts"], json::array({1}));
    EXPECT_EQ(body["status"], 409);
    EXPECT_EQ(problem_body({"overlap", "", {}}, json::array({1})).count("conflicts"), 0U);
}

}  // namespace
}  // namespace preau::json
