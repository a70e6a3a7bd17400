#include "shared/net/router.hpp"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace preau::net {
namespace {

using testing::ElementsAre;

Response nothing(const Request&) {
    return {};
}

Router sample() {
    Router router;
    router.add(Method::get, "/", "home", nothing);
    router.add(Method::get, "/v1/bookings", "list", nothing);
    router.add(Method::post, "/v1/bookings", "create", nothing);
    router.add(Method::get, "/v1/bookings/{id}", "read", nothing);
    router.add(Method::get, "/v1/bookings/mine", "mine", nothing);
    router.add(Method::post, "/v1/bookings/{booking}/accept", "accept", nothing);
    router.add(Method::get, "/v1/bookings/mine/dates/{n}", "dates", nothing);
    router.add(Method::get, "/static/{file...}", "static", nothing);
    return router;
}

std::string operation(const Router& router, Method method, std::string_view path) {
    const auto match = router.find(method, path);
    return match.route ? match.route->operation : match.path_known ? "405" : "404";
}

TEST(Router, find__by_path_and_method) {
    const Router router = sample();
    EXPECT_EQ(operation(router, Method::get, "/"), "home");
    EXPECT_EQ(operation(router, Method::get, "/v1/bookings"), "list");
    EXPECT_EQ(operation(router, Method::post, "/v1/bookings"), "create");
    EXPECT_EQ(operation(router, Method::put, "/v1/bookings"), "405");
    EXPECT_EQ(operation(router, Method::get, "/v1/booking"), "404");
    EXPECT_EQ(operation(router, Method::get, "/v1"), "404");
    EXPECT_EQ(operation(router, Method::get, "/v1/bookings/"), "404");
    EXPECT_EQ(operation(router, Method::get, "//v1/bookings"), "404");
    EXPECT_EQ(operation(router, Method::get, ""), "404");
    EXPECT_EQ(operation(router, Method::get, "v1/bookings"), "404");
}

TEST(Router, find__fixed_segment_goes_before_a_parameter_but_not_for_ever) {
    const Router router = sample();
    EXPECT_EQ(operation(router, Method::get, "/v1/bookings/mine"), "mine");
    // "mine" leads nowhere here, so the parameter takes it.
    EXPECT_EQ(operation(router, Method::post, "/v1/bookings/mine/accept"), "accept");
    EXPECT_EQ(operation(router, Method::get, "/v1/bookings/mine/dates/3"), "dates");
}

TEST(Router, find__gives_the_parameters_under_the_names_of_the_route) {
    const Router router = sample();
    EXPECT_EQ(router.find(Method::get, "/v1/bookings/A b").params.get("id"), "A b");
    const auto match = router.find(Method::post, "/v1/bookings/X/accept");
    EXPECT_EQ(match.params.get("booking"), "X");
    EXPECT_EQ(match.params.find("id"), std::nullopt);
}

TEST(Router, find__rest_takes_all_that_follows) {
    const Router router = sample();
    EXPECT_EQ(router.find(Method::get, "/static/a/b.css").params.get("file"), "a/b.css");
    EXPECT_EQ(operation(router, Method::get, "/static"), "404");
}

TEST(Router, find__head_is_answered_by_get) {
    const Router router = sample();
    EXPECT_EQ(operation(router, Method::head, "/v1/bookings"), "list");
    EXPECT_EQ(operation(router, Method::head, "/v1/bookings/X/accept"), "405");
}

TEST(Router, find__tells_the_methods_that_a_path_knows) {
    const Router router = sample();
    EXPECT_THAT(router.find(Method::del, "/v1/bookings").allowed,
                ElementsAre(Method::get, Method::head, Method::post));
    EXPECT_THAT(router.find(std::nullopt, "/v1/bookings/X/accept").allowed,
                ElementsAre(Method::post));
    EXPECT_TRUE(router.find(Method::get, "/v1/bookings").allowed.empty());
}

TEST(Router, add__refuses_what_cannot_be_meant) {
    Router router = sample();
    EXPECT_THROW(router.add(Method::get, "/v1/bookings/{other}", "x", nothing), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "v1", "x", nothing), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "/a/{b", "x", nothing), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "/a/{}", "x", nothing), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "/a/{b...}/c", "x", nothing), std::logic_error);
}

TEST(Router, routes__stay_findable_when_the_list_grows_and_the_router_moves) {
    Router router;
    for (int i = 0; i < 200; ++i) {
        router.add(Method::get, "/r" + std::to_string(i) + "/{x}", std::to_string(i), nothing);
    }
    const Router moved = std::move(router);
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(operation(moved, Method::get, "/r" + std::to_string(i) + "/y"),
                  std::to_string(i));
    }
}

}  // namespace
}  // namespace preau::net
