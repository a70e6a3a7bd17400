// GET /v1/search, by the scenarios.
#include <set>

#include <gmock/gmock.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using rules::testing::slot;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::occupancy;
using testing::one_evening;
using testing::Query;
using testing::room;
using testing::ten_tuesdays;
using testing::with;

class SearchTest : public ::testing::Test {
protected:
    std::vector<std::string> faults(const Query& query) {
        auto out = world_.faults("/v1/search", query);
        EXPECT_EQ(world_.status, 422);
        return out;
    }
    /// Tuesdays of ten_tuesdays(), by their number from 0.
    static rules::Slot tuesday(int number) {
        return slot((rules::testing::day("2026-12-01") + 7 * number).iso(), "19:00", "21:00");
    }

    testing::SearchWorld world_;
};

TEST_F(SearchTest, one_evening__by_fit__free_first_then_near_then_snug) {
    const auto taken = room({.slug = "taken"});
    world_.put(
        {room({.slug = "far", .lat = 45.415}), taken, room({.slug = "near-large", .capacity = 200}),
         room({.slug = "near-snug", .capacity = 45}), room({.slug = "too-small", .capacity = 39}),
         room({.slug = "too-far", .lat = 45.9})});
    world_.put(occupancy("b1", 1, taken, {slot("2026-12-01", "19:00", "21:00")}));
    auto query = with(with(one_evening(), "near", "Voiron"), "capacity", "40");
    EXPECT_THAT(world_.rooms(query), ElementsAre("near-snug", "near-large"));
    query = with(query, "capacity", "20");
    EXPECT_THAT(world_.rooms(query),
                ElementsAre("too-small", "near-snug", "near-large", "far", "taken"));
    const auto answer = world_.get("/v1/search", query);
    EXPECT_EQ(answer["place"]["name"], "Voiron");
    EXPECT_EQ(answer["full_count"], 4);
    EXPECT_EQ(answer["dates_total"], 1);
    const auto& last = answer["items"].back();
    EXPECT_EQ(last["strip"], "t");
    EXPECT_EQ(last["problems"][0]["date"], "2026-12-01");
    EXPECT_EQ(last["problems"][0]["reason"], "taken");
    EXPECT_NEAR(answer["items"][3]["distance_km"].get<double>(), 4.0, 0.5);
}

TEST_F(SearchTest, sorts__by_distance_and_capacity) {
    world_.put({room({.slug = "a", .lat = 45.42, .capacity = 20}),
                room({.slug = "b", .lat = 45.40, .capacity = 60}),
                room({.slug = "c", .lat = 45.39, .capacity = 40})});
    const auto query = with(one_evening(), "near", "Voiron");
    EXPECT_THAT(world_.rooms(with(query, "sort", "distance")), ElementsAre("c", "b", "a"));
    EXPECT_THAT(world_.rooms(with(query, "sort", "capacity")), ElementsAre("a", "c", "b"));
}

// S136
TEST_F(SearchTest, ten_weeks__rooms_free_on_all_first_then_partly_with_the_dates_that_fail) {
    std::vector<wire::Space> rooms;
    for (const char* slug : {"a", "b", "c", "d", "e"})
        rooms.push_back(room({.slug = slug}));
    world_.put(rooms);
    world_.put(occupancy("b1", 1, rooms[0], {tuesday(2)}));
    world_.put(occupancy("b2", 1, rooms[1], {tuesday(0), tuesday(1), tuesday(9)}));
    world_.put(
        occupancy("b3", 1, rooms[3], {tuesday(4), tuesday(5)}, rules::OccupationKind::pending));
    const auto answer = world_.get("/v1/search", ten_tuesdays());
    EXPECT_EQ(world_.status, 200);
    EXPECT_THAT(world_.rooms(ten_tuesdays()), ElementsAre("c", "e", "a", "d", "b"));
    EXPECT_EQ(answer["dates_total"], 10);
    EXPECT_EQ(answer["full_count"], 2);
    EXPECT_EQ(answer["partial_count"], 3);
    EXPECT_EQ(answer["items"][2]["free_dates"], 9);
    EXPECT_EQ(answer["items"][2]["strip"], "fftfffffff");
    EXPECT_EQ(answer["items"][3]["strip"], "ffffppffff");
    EXPECT_EQ(answer["items"][4]["problems"].size(), 3U);
    EXPECT_EQ(answer["items"][4]["problems"][2]["date"], tuesday(9).local_date.iso());
}

// S37
TEST_F(SearchTest, any_part_is_enough__the_free_part_is_proposed_and_not_the_whole) {
    const auto gym =
        room({.slug = "g", .kind = "gym", .capacity = 90, .parts = {"G1", "G2", "G3"}});
    world_.put({gym});
    const auto busy = slot("2026-12-01", "18:00", "20:00");
    world_.put(occupancy("b1", 1, gym, {busy}, rules::OccupationKind::taken, "G1"));
    world_.put(occupancy("b2", 1, gym, {busy}, rules::OccupationKind::taken, "G2"));
    auto item = world_.get("/v1/search", with(one_evening(), "kind", "gym"))["items"][0];
    EXPECT_EQ(item["offer"]["name"], "G3");
    EXPECT_EQ(item["free_dates"], 1);
    item = world_.get("/v1/search", with(one_evening(), "capacity", "31"))["items"][0];
    EXPECT_EQ(item["offer"]["name"], "Tout") << "a third is too small";
    EXPECT_EQ(item["free_dates"], 0);
}

TEST_F(SearchTest, school_year_of_tuesdays__is_36_dates__skipped_ones_are_named) {
    world_.clock.set(rules::testing::instant("2026-06-15 12:00"));
    world_.index.roll();
    world_.put({room({.slug = "r"})});
    const auto answer = world_.get("/v1/search", {{"weekdays", "tue"},
                                                  {"from", "2026-09-01"},
                                                  {"until", "2027-06-29"},
                                                  {"start_time", "18:00"},
                                                  {"end_time", "20:00"},
                                                  {"school_holidays", "skip"},
                                                  {"public_holidays", "skip"}});
    EXPECT_EQ(answer["dates_total"], 36);
    EXPECT_EQ(answer["items"][0]["strip"], std::string(36, 'f'));
    EXPECT_EQ(answer["skipped"].size(), 8U);
    EXPECT_EQ(answer["skipped"][0]["name"], "Vacances de la Toussaint");
}

TEST_F(SearchTest, other_weekdays__tell_how_many_rooms_are_free_on_all_dates) {
    const auto busy = room({.slug = "busy"});
    world_.put({room({.slug = "a"}), busy});
    world_.put(occupancy("b1", 1, busy, {tuesday(0)}));
    const auto answer = world_.get("/v1/search", ten_tuesdays());
    std::map<std::string, int> counts;
    for (const auto& day : answer["other_weekdays"])
        counts[day["weekday"]] = day["full_count"];
    EXPECT_EQ(counts["tue"], 1);
    EXPECT_EQ(counts["wed"], 2);
    EXPECT_THAT(world_.get("/v1/search", one_evening())["other_weekdays"], IsEmpty());
}

// S51
TEST_F(SearchTest, unpublished_or_inactive__is_never_listed) {
    auto draft = room({.slug = "draft"});
    draft.published = false;
    auto closed_offer = room({.slug = "no-offer"});
    closed_offer.offers[0].active = false;
    world_.put({draft, closed_offer, room({.slug = "open"})});
    EXPECT_THAT(world_.rooms(one_evening()), ElementsAre("open"));
}

TEST_F(SearchTest, filters__kind_step_free_equipment) {
    auto gym = room({.slug = "gym", .kind = "gym"});
    auto fitted = room({.slug = "fitted"});
    fitted.step_free = true;
    fitted.equipment = {"projector", "stage"};
    world_.put({gym, fitted});
    EXPECT_THAT(world_.rooms(with(one_evening(), "kind", "gym")), ElementsAre("gym"));
    EXPECT_THAT(world_.rooms(with(one_evening(), "step_free", "1")), ElementsAre("fitted"));
    EXPECT_THAT(world_.rooms(with(one_evening(), "equipment", "projector,stage")),
                ElementsAre("fitted"));
    EXPECT_THAT(world_.rooms(with(one_evening(), "equipment", "projector,computers")), IsEmpty());
}

// S139
TEST_F(SearchTest, cancellation__is_in_the_next_answer) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    world_.put(occupancy("b1", 1, one, {slot("2026-12-01", "18:00", "20:00")}));
    EXPECT_EQ(world_.get("/v1/search", one_evening())["items"][0]["strip"], "t");
    world_.put(occupancy("b1", 2, one, {}));
    EXPECT_EQ(world_.get("/v1/search", one_evening())["items"][0]["strip"], "f");
}

TEST_F(SearchTest, pages__cover_all_rooms_once) {
    std::vector<wire::Space> rooms;
    for (int n = 0; n < 25; ++n)
        rooms.push_back(room({.slug = "r" + std::to_string(100 + n)}));
    world_.put(rooms);
    std::vector<std::string> seen;
    std::string after;
    for (int page = 0; page < 5; ++page) {
        auto query = with(one_evening(), "limit", "10");
        if (!after.empty()) query = with(query, "after", after);
        const auto answer = world_.get("/v1/search", query);
        for (const auto& item : answer["items"])
            seen.push_back(item["slug"]);
        if (answer["next"].is_null()) break;
        after = answer["next"];
    }
    EXPECT_EQ(seen.size(), 25U);
    EXPECT_EQ((std::set<std::string>(seen.begin(), seen.end()).size()), 25U);
    // A cursor of another question is refused.
    EXPECT_THAT(faults(with(with(one_evening(), "after", after), "end_time", "21:00")),
                ElementsAre("/query/after unknown"));
}

// S143, S06
TEST_F(SearchTest, impossible_questions__name_the_field) {
    world_.put({room({.slug = "r"})});
    const auto evening = one_evening();
    const std::tuple<Query, std::string> cases[] = {
        {with(evening, "date", "2026-02-30"), "/query/date"},
        {with(evening, "date", "9999-12-01"), "/query/date"},
        {with(evening, "start_time", "25:00"), "/query/start_time"},
        {with(evening, "end_time", "18:00"), "/query/end_time"},
        {with(evening, "end_time", "17:00"), "/query/end_time"},
        {with(evening, "capacity", "-3"), "/query/capacity"},
        {with(evening, "capacity", "many"), "/query/capacity"},
        {with(evening, "capacity", "99999999999999999999"), "/query/capacity"},
        {with(evening, "kind", "castle"), "/query/kind"},
        {with(evening, "near", std::string(10'000, 'x')), "/query/near"},
        {with(evening, "kind", std::string(10'000, 'x')), "/query/kind"},
        {with(evening, "unheard_of", std::string(10'000, 'x')), "/query/unheard_of"},
        {with(evening, std::string(10'000, 'x'), "1"), "/query/" + std::string(40, 'x')},
        {with(evening, "after", "xyz"), "/query/after"},
        {with(evening, "limit", "0"), "/query/limit"},
        {with(evening, "limit", "101"), "/query/limit"},
        {with(evening, "sort", "cheapest"), "/query/sort"},
        {with(evening, "radius_km", "0"), "/query/radius_km"},
        {with(evening, "radius_km", "10"), "/query/radius_km"},
        {with(evening, "sort", "distance"), "/query/sort"},
        {with(evening, "lat", "45.4"), "/query/lon"},
        {with(with(with(evening, "near", "Voiron"), "lat", "45.4"), "lon", "5"), "/query/near"},
        {with(evening, "equipment", "projector,organ"), "/query/equipment"},
        {with(evening, "purpose", "mischief"), "/query/purpose"},
        {with(evening, "posture", "lying"), "/query/posture"},
        {with(evening, "instant", "2"), "/query/instant"},
        {with(evening, "price_max", "-1"), "/query/price_max"},
        {with(evening, "duration_min", "0"), "/query/duration_min"},
        {with(evening, "duration_min", "121"), "/query/duration_min"},
        {with(evening, "any_weekday", "1"), "/query/any_weekday"},
        {with(with(with(with(ten_tuesdays(), "weekdays", "mon,tue,wed,thu,fri,sat,sun"),
                        "any_weekday", "1"),
                   "start_time", "08:00"),
              "duration_min", "60"),
         "/query/end_time"},
        {with(evening, "lat", "91"), "/query/lat"},
        {with(with(evening, "lat", "nan"), "lon", "5"), "/query/lat"},
        {with(evening, "near", std::string(1'500, 'x')), "/query/near"},
        {with(evening, "start_time", "18:10"), "/query/start_time"},
        {with(evening, "end_time", "18:15"), "/query/end_time"},
        {with(ten_tuesdays(), "until", "2026-01-01"), "/query/until"},
        {with(ten_tuesdays(), "until", "2029-12-01"), "/query/until"},
        {with(ten_tuesdays(), "weekdays", "noday"), "/query/weekdays"},
        {with(with(ten_tuesdays(), "until", "2026-12-03"), "weekdays", "sat"), "/query/weekdays"},
        {with(ten_tuesdays(), "interval_weeks", "0"), "/query/interval_weeks"},
        {with(ten_tuesdays(), "school_holidays", "maybe"), "/query/school_holidays"},
    };
    for (const auto& [query, pointer] : cases) {
        const auto answer = world_.get("/v1/search", query);
        EXPECT_EQ(world_.status, 422) << pointer << " " << answer.dump();
        bool named = false;
        for (const auto& error : answer.value("errors", nlohmann::json::array())) {
            named = named || error["pointer"] == pointer;
        }
        EXPECT_TRUE(named) << pointer << " " << answer.dump();
    }
    world_.get("/v1/search", {});
    EXPECT_EQ(world_.status, 422);
}

TEST_F(SearchTest, unknown_place__suggests_what_was_meant) {
    world_.put({room({.slug = "r"})});
    const auto answer = world_.get("/v1/search", with(one_evening(), "near", "Voirom"));
    EXPECT_EQ(world_.status, 422);
    EXPECT_EQ(answer["code"], "unknown_place");
    EXPECT_EQ(answer["errors"][0]["pointer"], "/query/near");
    std::vector<std::string> names;
    for (const auto& place : answer["suggestions"])
        names.push_back(place["name"]);
    EXPECT_THAT(names, Contains("Voiron"));
    EXPECT_LE(names.size(), 5U);
}

TEST_F(SearchTest, beyond_what_is_published__is_refused_and_never_guessed) {
    auto open = room({.slug = "r"});
    open.offers[0].horizon_days = 900;
    world_.put({open});
    auto query = with(with(ten_tuesdays(), "from", "2028-06-20"), "until", "2028-09-12");
    const auto skipping = world_.get("/v1/search", with(query, "school_holidays", "skip"));
    EXPECT_EQ(world_.status, 422);
    EXPECT_EQ(skipping["code"], "calendar_unknown");
    EXPECT_EQ(skipping["errors"][0]["pointer"], "/query/until");
}

TEST_F(SearchTest, answer__says_how_fresh_it_is) {
    world_.put({room({.slug = "r"})});
    auto as_of = world_.get("/v1/search", one_evening())["as_of"];
    EXPECT_EQ(as_of["inventory"], 41);
    EXPECT_EQ(as_of["booking"], 7);
    EXPECT_FALSE(as_of.contains("stale"));
    world_.as_of.lag_s = 11;
    EXPECT_EQ(world_.get("/v1/search", one_evening())["as_of"]["stale"], true);
}

TEST_F(SearchTest, answer__never_says_who) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    auto booking = occupancy("b1", 1, one, {slot("2026-12-01", "18:00", "20:00")});
    const auto club = rules::testing::id<base::OrganisationId>("club");
    for (auto& occupation : booking.occupations)
        occupation.organisation = club;
    world_.put(std::move(booking));
    EXPECT_EQ(world_.get("/v1/search", one_evening()).dump().find(club.str()), std::string::npos);
}

}  // namespace
}  // namespace preau::search
