// The list price of what was found, and the order by it.
#include <gmock/gmock.h>

#include "services/search/jobs/sinks.hpp"
#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using rules::testing::slot;
using ::testing::ElementsAre;
using testing::occupancy;
using testing::one_evening;
using testing::room;
using testing::ten_tuesdays;
using testing::vote;
using testing::with;

class PriceTest : public ::testing::Test {
protected:
    static rules::Slot tuesday(int number) {
        return slot((rules::testing::day("2026-12-01") + 7 * number).iso(), "19:00", "21:00");
    }
    nlohmann::json price_of(const testing::Query& query, std::size_t item = 0) {
        return world_.get("/v1/search", query)["items"][item]["price"];
    }

    testing::SearchWorld world_;
};

TEST_F(PriceTest, each_room__has_the_price_of_its_free_dates) {
    const auto one = room({.slug = "a"});
    world_.put({one});
    world_.put(vote("v1", {{"classroom", 500}}));
    world_.put(occupancy("b1", 1, one, {tuesday(2), tuesday(5)}));
    const auto answer = world_.get("/v1/search", ten_tuesdays());
    EXPECT_EQ(answer["price_category"], "C");
    EXPECT_EQ(answer["items"][0]["price"],
              (nlohmann::json{{"amount", 8'000}, {"currency", "EUR"}}));
    EXPECT_EQ(price_of(one_evening())["amount"], 1'000);
}

TEST_F(PriceTest, category__a_is_free_and_one_without_a_line_has_no_price) {
    world_.put({room({.slug = "a"}), room({.slug = "b", .kind = "dojo"})});
    world_.put(vote("v1", {{"classroom", 500}}));
    EXPECT_EQ(price_of(with(one_evening(), "category", "A"))["amount"], 0);
    EXPECT_TRUE(price_of(with(one_evening(), "category", "E")).is_null());
    EXPECT_TRUE(price_of(one_evening(), 1).is_null());
    EXPECT_EQ(price_of(with(one_evening(), "category", "A"), 1)["amount"], 0);
    EXPECT_EQ(world_.get("/v1/search", with(one_evening(), "category", "A"))["price_category"],
              "A");
    EXPECT_THAT(world_.faults("/v1/search", with(one_evening(), "category", "F")),
                ElementsAre("/query/category unknown"));
}

TEST_F(PriceTest, room_that_is_not_free__has_no_price) {
    const auto one = room({.slug = "a"});
    world_.put({one});
    world_.put(vote("v1", {{"classroom", 500}}));
    world_.put(occupancy("b1", 1, one, {slot("2026-12-01", "18:00", "20:00")}));
    EXPECT_TRUE(price_of(one_evening()).is_null());
}

TEST_F(PriceTest, tariffs__are_followed_and_the_own_vote_goes_first) {
    world_.put({room({.slug = "a"}), room({.slug = "b"})});
    EXPECT_TRUE(price_of(one_evening()).is_null());
    world_.put(vote("v1", {{"classroom", 500}}));
    EXPECT_EQ(price_of(one_evening())["amount"], 1'000);
    world_.put(vote("v1", {{"classroom", 600}}, "", 2));
    world_.put(vote("v1", {{"classroom", 1}}, "", 1));
    EXPECT_EQ(price_of(one_evening())["amount"], 1'200);
    world_.put(vote("own", {{"classroom", 200}}, "b"));
    EXPECT_EQ(price_of(one_evening(), 0)["amount"], 1'200);
    EXPECT_EQ(price_of(one_evening(), 1)["amount"], 400);
}

TEST_F(PriceTest, sort_by_price__full_rooms_first_then_partly_free__without_price_last) {
    const auto partly = room({.slug = "partly-cheap", .kind = "meeting"});
    world_.put({room({.slug = "dear", .kind = "gym"}), partly, room({.slug = "cheap"}),
                room({.slug = "no-tariff", .kind = "dojo"})});
    world_.put(vote("v1", {{"classroom", 500}, {"gym", 1'370}, {"meeting", 100}}));
    world_.put(occupancy("b1", 1, partly, {tuesday(0)}));
    EXPECT_THAT(world_.rooms(with(ten_tuesdays(), "sort", "price")),
                ElementsAre("cheap", "dear", "partly-cheap", "no-tariff"));
    // The order is by the prices that are shown.
    const auto items = world_.get("/v1/search", with(ten_tuesdays(), "sort", "price"))["items"];
    EXPECT_EQ(items[0]["price"]["amount"], 10'000);
    EXPECT_EQ(items[1]["price"]["amount"], 27'400);
    EXPECT_EQ(items[2]["price"]["amount"], 1'800);
}

TEST_F(PriceTest, feed__brings_tariffs_and_a_new_snapshot_forgets_them) {
    const auto sink = inventory_sink(world_.index);
    const auto event = [](std::string type, std::string id, nlohmann::json data) {
        events::Event out;
        out.type = std::move(type);
        out.aggregate_id = std::move(id);
        out.version = 1;
        out.data = std::move(data);
        return out;
    };
    const auto one = room({.slug = "a"});
    const auto grid = vote("v1", {{"classroom", 500}});
    const auto space_told = event("space_changed.v1", one.id.str(), wire::to_json(one));
    const auto school =
        event("calendar_changed.v1", "school:A", wire::to_json(rules::testing::school('A')));
    const auto holidays = event("calendar_changed.v1", "public:metropole",
                                wire::to_json(rules::testing::metropole()));
    sink->replace({school, holidays, event("tariff_changed.v1", grid.grid.id, wire::to_json(grid)),
                   space_told},
                  {"f", 4});
    EXPECT_EQ(price_of(one_evening())["amount"], 1'000);
    auto broken = wire::to_json(grid);
    broken["version"] = 2;
    broken["lines"] = "none";
    sink->apply({event("tariff_changed.v1", grid.grid.id, broken)}, {"f", 5});
    EXPECT_EQ(price_of(one_evening())["amount"], 1'000);
    sink->replace({school, holidays, space_told}, {"g", 3});
    EXPECT_TRUE(price_of(one_evening()).is_null());
}

}  // namespace
}  // namespace preau::search
