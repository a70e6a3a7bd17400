// Filters beyond kind and place, what other filters would find, and pages that stay put.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using namespace testing;
using rules::testing::slot;

class FacetsTest : public ::testing::Test {
protected:
    /// "filter rooms/full" of each filter in force.
    std::vector<std::string> without(const Query& query) {
        const auto answer = world_.get("/v1/search", with(query, "facets", "1"));
        std::vector<std::string> out;
        for (const auto& one : answer["facets"]["without"]) {
            out.push_back(one["filter"].get<std::string>() + " " + one["rooms_count"].dump() + "/" +
                          one["full_count"].dump());
        }
        return out;
    }

    SearchWorld world_;
};

// S37, S50
TEST_F(FacetsTest, capacity__seated_and_standing__parts_have_their_share) {
    auto hall = room({.slug = "hall", .kind = "gym", .capacity = 120, .parts = {"A", "B", "C"}});
    hall.capacity_seated = 60;
    hall.capacity_standing = 120;
    world_.put({hall});
    const auto offer = [&](const char* capacity, const char* posture) -> std::string {
        const auto answer = world_.get(
            "/v1/search", with(with(one_evening(), "capacity", capacity), "posture", posture));
        const auto& items = answer["items"];
        return items.empty() ? "none" : items[0]["offer"]["name"];
    };
    EXPECT_EQ(offer("40", "standing"), "A");
    EXPECT_EQ(offer("20", "seated"), "A");
    EXPECT_EQ(offer("21", "seated"), "Tout") << "a third seats a third";
    EXPECT_EQ(offer("61", "seated"), "none");
    EXPECT_EQ(offer("120", "standing"), "Tout");
    // Nobody says how many may stand in a classroom.
    world_.put({room({.slug = "class", .capacity = 200})});
    EXPECT_EQ(offer("121", "standing"), "none");
}

TEST_F(FacetsTest, purpose__finds_what_the_room_is_good_for) {
    auto dancing = room({.slug = "dancing"});
    dancing.purposes = {"dance", "sport"};
    world_.put({dancing, room({.slug = "other"})});
    EXPECT_THAT(world_.rooms(with(one_evening(), "purpose", "dance")), ElementsAre("dancing"));
    EXPECT_THAT(world_.rooms(with(one_evening(), "purpose", "exam")), IsEmpty());
}

TEST_F(FacetsTest, instant__or_on_request) {
    auto instant = room({.slug = "instant"});
    instant.offers[0].instant = true;
    world_.put({instant, room({.slug = "asked"})});
    EXPECT_THAT(world_.rooms(with(one_evening(), "instant", "1")), ElementsAre("instant"));
    EXPECT_THAT(world_.rooms(with(one_evening(), "instant", "0")), ElementsAre("asked"));
    EXPECT_THAT(world_.rooms(one_evening()), UnorderedElementsAre("instant", "asked"));
}

TEST_F(FacetsTest, price_ceiling__is_that_of_a_date_for_my_category) {
    world_.put(vote("grid", {{"classroom", 1'000}, {"gym", 2'500}}));
    const auto gym = room({.slug = "gym", .kind = "gym"});
    world_.put({room({.slug = "class"}), gym, room({.slug = "unpriced", .kind = "dojo"})});
    EXPECT_THAT(world_.rooms(with(one_evening(), "price_max", "2000")), ElementsAre("class"));
    EXPECT_THAT(world_.rooms(with(one_evening(), "price_max", "1999")), IsEmpty());
    EXPECT_THAT(world_.rooms(with(one_evening(), "price_max", "5000")),
                UnorderedElementsAre("class", "gym"));
    // Category A never pays.
    EXPECT_THAT(world_.rooms(with(with(one_evening(), "price_max", "0"), "category", "A")),
                UnorderedElementsAre("class", "gym", "unpriced"));
    // Of a series, each date; whatever is taken.
    EXPECT_THAT(world_.rooms(with(ten_tuesdays(), "price_max", "2000")), ElementsAre("class"));
    world_.put(occupancy("b", 1, gym, {slot("2026-12-01", "18:00", "20:00")}));
    EXPECT_THAT(without(with(one_evening(), "price_max", "2000")), ElementsAre("price_max 3/2"));
}

TEST_F(FacetsTest, without_a_filter__says_how_many_rooms_there_would_be) {
    auto fitted = room({.slug = "fitted", .capacity = 40});
    fitted.step_free = true;
    fitted.equipment = {"projector"};
    fitted.purposes = {"meeting"};
    auto taken = room({.slug = "taken", .capacity = 40});
    taken.equipment = {"projector"};
    auto gym = room({.slug = "gym", .kind = "gym", .capacity = 40});
    gym.step_free = true;
    gym.equipment = {"projector"};
    const auto far = [&] {
        auto out = fitted;
        out.slug = "far";
        out.id = rules::testing::id<base::SpaceId>("far");
        out.lat += 0.2;  // 22 km
        return out;
    }();
    world_.put({fitted, taken, gym, far, room({.slug = "small", .capacity = 20})});
    world_.put(occupancy("b", 1, taken, {slot("2026-12-01", "18:00", "20:00")}));
    const Query query =
        with(with(with(with(with(with(one_evening(), "near", "Voiron"), "radius_km", "15"), "kind",
                            "classroom"),
                       "capacity", "30"),
                  "step_free", "1"),
             "equipment", "projector");
    EXPECT_THAT(world_.rooms(query), ElementsAre("fitted"));
    EXPECT_THAT(without(query), ElementsAre("kind 2/2", "capacity 1/1", "step_free 2/1",
                                            "equipment 1/1", "radius_km 2/2"));
    EXPECT_FALSE(world_.get("/v1/search", query).contains("facets")) << "only where asked for";
}

TEST_F(FacetsTest, dead_end__is_left_by_its_facets) {
    auto one = room({.slug = "one", .capacity = 20});
    one.step_free = true;
    world_.put({one, room({.slug = "two", .kind = "gym", .capacity = 20})});
    const auto query = with(with(one_evening(), "capacity", "60"), "step_free", "1");
    EXPECT_THAT(world_.rooms(query), IsEmpty());
    EXPECT_THAT(without(query), ElementsAre("capacity 1/1", "step_free 0/0"));
}

TEST_F(FacetsTest, facets__count_what_each_further_filter_would_leave) {
    auto fitted = room({.slug = "fitted"});
    fitted.equipment = {"projector", "stage"};
    fitted.purposes = {"show"};
    fitted.step_free = true;
    auto plain = room({.slug = "plain"});
    plain.equipment = {"projector"};
    world_.put({fitted, plain, room({.slug = "gym", .kind = "gym"})});
    world_.put(occupancy("b", 1, plain, {slot("2026-12-01", "18:00", "20:00")}));
    const auto facets = world_.get(
        "/v1/search", with(with(one_evening(), "kind", "classroom"), "facets", "1"))["facets"];
    const auto counts = [](const nlohmann::json& list) {
        std::vector<std::string> out;
        for (const auto& one : list) {
            out.push_back(one["value"].get<std::string>() + " " + one["rooms_count"].dump() + "/" +
                          one["full_count"].dump());
        }
        return out;
    };
    EXPECT_THAT(counts(facets["kinds"]), ElementsAre("classroom 2/1", "gym 1/1"));
    EXPECT_THAT(counts(facets["equipment"]), ElementsAre("projector 2/1", "stage 1/1"));
    EXPECT_THAT(counts(facets["purposes"]), ElementsAre("show 1/1"));
    EXPECT_EQ(facets["step_free"]["rooms_count"], 1);
    EXPECT_EQ(facets["instant"]["rooms_count"], 0);
}

TEST_F(FacetsTest, pages__stay_put_while_rooms_come_and_go) {
    const auto numbered = [](int n) {
        return room({.slug = "r" + std::to_string(n), .lat = 45.379 + 0.001 * n});
    };
    std::vector<wire::Space> rooms;
    for (int n = 10; n < 30; ++n)
        rooms.push_back(numbered(n));
    world_.put(rooms);
    const auto query = with(with(one_evening(), "near", "Voiron"), "limit", "5");
    const auto first = world_.get("/v1/search", query);
    EXPECT_EQ(first["items"][4]["slug"], "r14");
    // A nearer room appears and one that was shown goes: neither shifts the next page.
    auto gone = numbered(11);
    gone.version = 2;
    gone.published = false;
    world_.put({numbered(1), numbered(2), gone});
    const auto second = world_.get("/v1/search", with(query, "after", first["next"]));
    EXPECT_EQ(second["items"][0]["slug"], "r15");
    EXPECT_EQ(second["items"][4]["slug"], "r19");
    // Even the last one that was shown may go: its place counts.
    auto last = numbered(19);
    last.version = 2;
    last.published = false;
    world_.put({last});
    const auto third = world_.get("/v1/search", with(query, "after", second["next"]));
    EXPECT_EQ(third["items"].size(), 5U);
}

}  // namespace
}  // namespace preau::search
