// GET /v1/spaces/{id}/alternatives: what could stand in for the dates that cannot be had.
#include <gmock/gmock.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using nlohmann::json;
using rules::testing::slot;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::occupancy;
using testing::Query;
using testing::room;
using testing::ten_tuesdays;
using testing::with;

class AlternativesTest : public ::testing::Test {
protected:
    AlternativesTest() {
        hall_.site = desks_.site = own_.site;
        own_.purposes = {"sport", "dance"};
        hall_.purposes = {"show", "dance"};
        desks_.purposes = {"meeting"};  // nobody dances there
        far_.lat = own_.lat + 0.05;     // 5.6 km
        away_.lat = own_.lat + 0.5;     // 56 km: outside the radius
        small_.lat = own_.lat + 0.01;
        world_.put({own_, hall_, desks_, far_, away_, small_});
        world_.put(occupancy("b1", 1, own_, {slot("2026-12-08", "20:00", "22:00")}));
    }

    json ask(const Query& more = {}) {
        Query query = ten_tuesdays();
        query.emplace_back("capacity", "30");
        for (const auto& pair : more)
            query.push_back(pair);
        return world_.get("/v1/spaces/" + own_.id.str() + "/alternatives", query);
    }

    /// "other_hours own 16:00" for each proposal of the date.
    static std::vector<std::string> proposals(const json& answer, const std::string& date) {
        std::vector<std::string> out;
        for (const auto& one : answer["dates"]) {
            if (one["slot"]["date"] != date) continue;
            for (const auto& instead : one["alternatives"]) {
                out.push_back(instead["kind"].get<std::string>() + " " +
                              instead["room"]["slug"].get<std::string>() + " " +
                              instead["slot"]["start_time"].get<std::string>());
            }
        }
        return out;
    }

    testing::SearchWorld world_;
    wire::Space own_ = room({.slug = "own", .kind = "gym", .capacity = 40});
    wire::Space hall_ = room({.slug = "hall", .kind = "polyvalente", .capacity = 60});
    wire::Space desks_ = room({.slug = "desks", .kind = "classroom", .capacity = 35});
    wire::Space far_ = room({.slug = "far", .kind = "gym", .capacity = 40});
    wire::Space away_ = room({.slug = "away", .kind = "gym", .capacity = 40});
    wire::Space small_ = room({.slug = "small", .kind = "gym", .capacity = 20});
};

TEST_F(AlternativesTest, alternatives__one_of_each_kind__in_the_order_of_preference) {
    const auto answer = ask();
    ASSERT_EQ(world_.status, 200) << answer.dump();
    ASSERT_EQ(answer["dates"].size(), 1U) << answer.dump();
    EXPECT_EQ(answer["dates"][0]["state"], "taken");
    EXPECT_THAT(proposals(answer, "2026-12-08"),
                ElementsAre("other_hours own 18:00", "same_site hall 19:00", "nearby far 19:00"));
    const auto& nearby = answer["dates"][0]["alternatives"][2];
    EXPECT_NEAR(nearby["room"]["distance_km"].get<double>(), 5.6, 0.1);
}

TEST_F(AlternativesTest,
       alternatives__small_distant_unfit_and_unpublished_rooms__are_not_proposed) {
    auto hidden = room({.slug = "hidden", .kind = "gym", .capacity = 40});
    hidden.published = false;
    world_.put({hidden});
    for (const auto& one : proposals(ask({{"limit", "9"}}), "2026-12-08")) {
        for (const char* slug : {" small ", " away ", " hidden ", " desks "})
            EXPECT_EQ(one.find(slug), std::string::npos) << one;
    }
}

TEST_F(AlternativesTest, alternatives__more_are_wanted__follow_by_nearness) {
    EXPECT_THAT(proposals(ask({{"limit", "9"}}), "2026-12-08"),
                ElementsAre("other_hours own 18:00", "other_hours own 17:30",
                            "other_hours own 17:00", "same_site hall 19:00", "nearby far 19:00"));
    EXPECT_THAT(proposals(ask({{"limit", "1"}}), "2026-12-08"),
                ElementsAre("other_hours own 18:00"));
}

// S32, S37: a sibling part is another room of the same site
TEST_F(AlternativesTest, alternatives__part_is_taken__its_sibling_is_proposed) {
    const auto gym =
        room({.slug = "thirds", .kind = "gym", .capacity = 90, .parts = {"a", "b", "c"}});
    world_.put({gym});
    world_.put(occupancy("b2", 1, gym, {slot("2026-12-08", "08:00", "22:00")},
                         rules::OccupationKind::taken, "a"));
    Query query = with(ten_tuesdays(), "offer_id", testing::offer_id(gym, "a").str());
    const auto answer = world_.get("/v1/spaces/" + gym.id.str() + "/alternatives", query);
    ASSERT_EQ(answer["dates"].size(), 1U) << answer.dump();
    const auto& first = answer["dates"][0]["alternatives"][0];
    EXPECT_EQ(first["kind"], "same_site");
    EXPECT_EQ(first["room"]["offer"]["offer_id"], testing::offer_id(gym, "b").str());
}

TEST_F(AlternativesTest, series__other_weekdays_and_rooms__only_where_fewer_dates_are_missing) {
    world_.put(occupancy("b3", 1, own_, {slot("2026-12-02", "18:00", "22:00")}));
    const auto answer = ask();
    ASSERT_EQ(answer["other_weekdays"].size(), 2U) << answer.dump();
    // A Wednesday is missing too: Monday and Thursday are better than Tuesday.
    EXPECT_EQ(answer["other_weekdays"][0]["weekday"], "mon");
    EXPECT_EQ(answer["other_weekdays"][1]["weekday"], "thu");
    EXPECT_EQ(answer["other_weekdays"][0]["free_count"],
              answer["other_weekdays"][0]["total_count"]);
    ASSERT_EQ(answer["other_rooms"].size(), 1U);
    EXPECT_EQ(answer["other_rooms"][0]["room"]["slug"], "far");
    EXPECT_EQ(answer["other_rooms"][0]["free_count"], 10);
}

TEST_F(AlternativesTest, alternatives__all_dates_free__nothing_is_proposed) {
    const auto answer = world_.get("/v1/spaces/" + far_.id.str() + "/alternatives", ten_tuesdays());
    EXPECT_THAT(answer["dates"], IsEmpty());
    EXPECT_THAT(answer["other_weekdays"], IsEmpty());
    EXPECT_THAT(answer["other_rooms"], IsEmpty());
}

// S46, S137
TEST_F(AlternativesTest, alternatives__each_proposal__is_free_when_asked_for_itself) {
    world_.put(occupancy("b4", 1, far_, {slot("2026-12-15", "19:00", "20:00")}));
    world_.put(occupancy("b5", 1, own_, {slot("2026-12-15", "16:00", "21:00")}));
    const auto answer = ask({{"limit", "9"}});
    std::size_t asked = 0;
    for (const auto& date : answer["dates"]) {
        for (const auto& one : date["alternatives"]) {
            const auto& when = one["slot"];
            const auto verdict = world_.get(
                "/v1/spaces/" + one["room"]["space_id"].get<std::string>() + "/availability",
                {{"offer_id", one["room"]["offer"]["offer_id"].get<std::string>()},
                 {"date", when["date"].get<std::string>()},
                 {"start_time", when["start_time"].get<std::string>()},
                 {"end_time", when["end_time"].get<std::string>()}});
            EXPECT_EQ(verdict["free_count"], 1) << one.dump();
            ++asked;
        }
    }
    EXPECT_GE(asked, 6U);
}

// S143
TEST_F(AlternativesTest, alternatives__bad_filters__name_their_fields) {
    const auto path = "/v1/spaces/" + own_.id.str() + "/alternatives";
    EXPECT_THAT(world_.faults(path, with(with(ten_tuesdays(), "limit", "0"), "capacity", "-1")),
                ::testing::UnorderedElementsAre("/query/limit range", "/query/capacity range"));
    world_.get("/v1/spaces/01ARZ3NDEKTSV4RRFFQ69G5FAV/alternatives", ten_tuesdays());
    EXPECT_EQ(world_.status, 404);
}

}  // namespace
}  // namespace preau::search
