// GET /v1/spaces/{id}/week, /v1/spaces/{id}/availability and /v1/places.
#include <gmock/gmock.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using nlohmann::json;
using rules::testing::day;
using rules::testing::slot;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::occupancy;
using testing::one_evening;
using testing::Query;
using testing::room;
using testing::with;

class RoomTest : public ::testing::Test {
protected:
    RoomTest() { world_.put({room_}); }

    std::string path(const char* what) { return "/v1/spaces/" + room_.id.str() + "/" + what; }
    /// "18:00-20:00 taken taken" for each segment of the day that is not closed by its frames.
    std::vector<std::string> segments(const std::string& date) {
        const auto week = world_.get(path("week"), {{"date", date}});
        std::vector<std::string> out;
        for (const auto& one : week["days"]) {
            if (one["date"] != date) continue;
            for (const auto& s : one["segments"]) {
                std::string text = s["start_time"].get<std::string>() + "-" +
                                   s["end_time"].get<std::string>() + " " +
                                   s["state"].get<std::string>();
                if (s["state"] == "closed") text += " " + s["reason"].get<std::string>();
                out.push_back(text);
            }
        }
        return out;
    }

    testing::SearchWorld world_;
    wire::Space room_ = room({.slug = "r"});
};

TEST_F(RoomTest, week__seven_days_from_monday__each_from_00_to_24_without_a_hole) {
    world_.put(occupancy("b1", 1, room_, {slot("2026-12-01", "18:00", "20:00")}));
    for (const char* date : {"2026-12-01", "2026-11-22", "2027-03-28", "2026-12-31"}) {
        const auto week = world_.get(path("week"), {{"date", date}});
        ASSERT_EQ(world_.status, 200) << week.dump();
        EXPECT_EQ(week["monday"], day(date).monday().iso());
        EXPECT_EQ(week["zone"], "Europe/Paris");
        ASSERT_EQ(week["days"].size(), 7U);
        for (const auto& one : week["days"]) {
            std::string at = "00:00";
            for (const auto& segment : one["segments"]) {
                if (one["date"] == "2027-03-28" && at == "02:00") at = "03:00";  // jumped over
                EXPECT_EQ(segment["start_time"], at) << one["date"];
                at = segment["end_time"];
            }
            EXPECT_EQ(at, "24:00") << one["date"];
        }
    }
}

TEST_F(RoomTest, week__states_and_reasons) {
    world_.put(occupancy("b1", 1, room_, {slot("2026-12-01", "18:00", "20:00")}));
    world_.put(occupancy("b2", 1, room_, {slot("2026-12-01", "20:00", "21:00")},
                         rules::OccupationKind::pending));
    auto works = occupancy("c1", 1, room_, {slot("2026-12-02", "08:00", "12:00")},
                           rules::OccupationKind::closure);
    for (auto& one : works.occupations)
        one.closure = rules::ClosureKind::works;
    world_.put(std::move(works));
    EXPECT_THAT(
        segments("2026-12-01"),
        ElementsAre("00:00-08:00 closed frames", "08:00-18:00 free", "18:00-20:00 taken",
                    "20:00-21:00 pending", "21:00-22:00 free", "22:00-24:00 closed frames"));
    EXPECT_THAT(segments("2026-12-02"),
                ElementsAre("00:00-08:00 closed frames", "08:00-12:00 closed works",
                            "12:00-22:00 free", "22:00-24:00 closed frames"));
}

TEST_F(RoomTest, week__holiday_exception_past_and_notice) {
    room_.opening.open_on_public_holidays = false;
    room_.opening.exceptions = {{day("2026-12-23"), {}, "inventaire"}};
    room_.version = 2;
    world_.put({room_});
    EXPECT_THAT(segments("2026-12-25"), ElementsAre("00:00-24:00 closed public_holiday"));
    EXPECT_THAT(segments("2026-12-23"), ElementsAre("00:00-24:00 closed exception"));
    EXPECT_THAT(segments("2026-11-21"), ElementsAre("00:00-24:00 past"));
    EXPECT_THAT(segments("2026-11-22"), Contains("00:00-12:00 past"));
    EXPECT_THAT(segments("2026-11-23"), ElementsAre("00:00-24:00 notice"));
}

// S79
TEST_F(RoomTest, week__days_of_the_clock_changes_have_the_usual_hours) {
    world_.clock.set(rules::testing::instant("2026-10-01 12:00"));
    world_.index.roll();
    EXPECT_THAT(segments("2026-10-25"), ElementsAre("00:00-08:00 closed frames", "08:00-22:00 free",
                                                    "22:00-24:00 closed frames"));
    EXPECT_THAT(segments("2027-03-28"), Contains("08:00-22:00 free"));
}

TEST_F(RoomTest, week__what_cannot_be__is_refused) {
    EXPECT_THAT(world_.faults(path("week"), {{"date", "demain"}}),
                ElementsAre("/query/date format"));
    EXPECT_THAT(world_.faults(path("week"), {{"date", "2999-01-01"}}),
                ElementsAre("/query/date range"));
    world_.get("/v1/spaces/01ARZ3NDEKTSV4RRFFQ69G5FAV/week");
    EXPECT_EQ(world_.status, 404);
    world_.get("/v1/spaces/nonsense/week");
    EXPECT_EQ(world_.status, 404);
    world_.get(path("week"), {{"offer_id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"}});
    EXPECT_EQ(world_.status, 422);
    room_.published = false;
    room_.version = 2;
    world_.put({room_});
    world_.get(path("week"));
    EXPECT_EQ(world_.status, 404) << "S51";
}

TEST_F(RoomTest, availability__each_date_with_state_and_reason) {
    world_.put(occupancy("b1", 1, room_, {slot("2026-12-08", "18:00", "19:00")}));
    const auto answer = world_.get(path("availability"), {{"weekdays", "tue"},
                                                          {"from", "2026-12-01"},
                                                          {"until", "2027-01-05"},
                                                          {"start_time", "18:00"},
                                                          {"end_time", "20:00"},
                                                          {"school_holidays", "skip"}});
    EXPECT_EQ(world_.status, 200);
    EXPECT_EQ(answer["free_count"], 3);
    EXPECT_EQ(answer["total_count"], 4);
    EXPECT_EQ(answer["dates"][1]["slot"]["date"], "2026-12-08");
    EXPECT_EQ(answer["dates"][1]["state"], "taken");
    EXPECT_EQ(answer["dates"][1]["reason"], "taken");
    EXPECT_EQ(answer["dates"][0]["slot"]["start"], "2026-12-01T18:00:00+01:00");
    EXPECT_EQ(answer["skipped"].size(), 2U);
    EXPECT_EQ(answer["skipped"][0]["reason"], "school_holiday");
}

// S38, S39, S45, S75
TEST_F(RoomTest, availability__midnight_buffers_and_clock_changes) {
    const auto state = [&](const Query& query) {
        const auto answer = world_.get(path("availability"), query);
        return world_.status == 200 ? answer["dates"][0]["state"].get<std::string>()
                                    : answer["code"].get<std::string>();
    };
    room_.opening.frames = {rules::testing::always("20:00", "02:00", true)};
    room_.offers[0].buffer_after_min = 30;
    room_.version = 2;
    world_.put({room_});
    const Query night{{"date", "2026-12-04"}, {"start_time", "23:00"}, {"end_time", "01:00"}};
    EXPECT_EQ(state(with(night, "end_next_day", "1")), "free");
    EXPECT_EQ(state(night), "invalid_interval");
    EXPECT_EQ(state(with(with(night, "end_time", "03:00"), "end_next_day", "1")), "closed");
    EXPECT_EQ(state(with(with(night, "end_time", "02:00"), "end_next_day", "1")), "free")
        << "the buffer hangs over closing time";
    EXPECT_EQ(state({{"date", "2027-03-28"}, {"start_time", "02:30"}, {"end_time", "03:30"}}),
              "nonexistent_local_time");
}

TEST_F(RoomTest, availability__faults_name_the_field) {
    EXPECT_THAT(world_.faults(path("availability"), with(one_evening(), "end_time", "18:00")),
                ElementsAre("/query/end_time invalid_interval"));
    EXPECT_THAT(
        world_.faults(path("availability"), {{"start_time", "18:00"}, {"end_time", "20:00"}}),
        ElementsAre("/query/date required"));
}

TEST_F(RoomTest, places__for_typing_along) {
    const auto answer = world_.get("/v1/places", {{"q", "voir"}});
    EXPECT_EQ(world_.status, 200);
    EXPECT_EQ(answer["items"][0]["name"], "Voiron");
    EXPECT_EQ(answer["items"][0]["insee"], "38563");
    EXPECT_THAT(world_.faults("/v1/places", {}), ElementsAre("/query/q required"));
    EXPECT_THAT(world_.faults("/v1/places", {{"q", std::string(500, 'a')}}),
                ElementsAre("/query/q length"));
}

}  // namespace
}  // namespace preau::search
