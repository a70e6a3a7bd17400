// Questions that leave a choice: anywhere in a window, one of several weekdays, several dates,
// monthly, every other week.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace testing;
using rules::testing::slot;

class ChoicesTest : public ::testing::Test {
protected:
    /// Taken on a date, from `start` to `end`.
    void take(const wire::Space& room, const char* date, const char* start, const char* end) {
        world_.put(
            occupancy("booking " + std::to_string(++taken_), 1, room, {slot(date, start, end)}));
    }
    nlohmann::json first(const Query& query) { return world_.get("/v1/search", query)["items"][0]; }

    /// Two hours anywhere between 17:00 and 22:00 of 1 December 2026.
    Query two_hours() const {
        return {{"date", "2026-12-01"},
                {"start_time", "17:00"},
                {"end_time", "22:00"},
                {"duration_min", "120"}};
    }

    SearchWorld world_;
    int taken_ = 0;
};

// S136
TEST_F(ChoicesTest, two_hours_anywhere__the_first_free_start_is_told) {
    const auto busy = room({.slug = "busy"});
    const auto full = room({.slug = "full"});
    world_.put({busy, full, room({.slug = "free"})});
    take(busy, "2026-12-01", "18:00", "19:30");
    take(full, "2026-12-01", "18:30", "20:30");
    const auto answer = world_.get("/v1/search", two_hours());
    EXPECT_EQ(answer["full_count"], 2);
    EXPECT_EQ(answer["dates_total"], 1);
    std::map<std::string, std::string> starts;
    for (const auto& item : answer["items"]) {
        starts[item["slug"]] = item["when"]["start_time"].get<std::string>() + "-" +
                               item["when"]["end_time"].get<std::string>() + " " +
                               item["strip"].get<std::string>();
    }
    EXPECT_EQ(starts["free"], "17:00-19:00 f");
    EXPECT_EQ(starts["busy"], "19:30-21:30 f");
    EXPECT_EQ(starts["full"], "17:00-19:00 t");
}

// S136, S54: a series keeps one time; the start with the fewest clashes is proposed.
TEST_F(ChoicesTest, weekly_window__one_time_serves_all_dates) {
    const auto gym = room({.slug = "gym"});
    world_.put({gym});
    take(gym, "2026-12-01", "17:00", "18:00");
    take(gym, "2026-12-08", "17:00", "18:30");
    auto query = with(with(with(ten_tuesdays(), "start_time", "17:00"), "end_time", "22:00"),
                      "duration_min", "120");
    EXPECT_EQ(first(query)["when"]["start_time"], "18:30");
    EXPECT_EQ(first(query)["strip"], "ffffffffff");
    // No start is free on both: the earliest of the best.
    take(gym, "2026-12-08", "18:30", "22:00");
    EXPECT_EQ(first(query)["when"]["start_time"], "18:00");
    EXPECT_EQ(first(query)["strip"], "ftffffffff");
    EXPECT_EQ(first(query)["free_dates"], 9);
}

// S46: what buffers keep from being booked is no start.
TEST_F(ChoicesTest, two_hours_anywhere__buffers_and_grid_count) {
    auto gym = room({.slug = "gym"});
    gym.offers[0].buffer_after_min = 15;
    world_.put({gym});
    take(gym, "2026-12-01", "17:00", "19:00");
    EXPECT_EQ(first(two_hours())["when"]["start_time"], "19:30") << "19:15 is off the half hour";
    EXPECT_EQ(first(two_hours())["when"]["end_time"], "21:30");
    auto fine = room({.slug = "gym"});
    fine.version = 2;
    fine.offers[0].buffer_after_min = 15;
    fine.offers[0].grid_min = 15;
    world_.put({fine});
    EXPECT_EQ(first(two_hours())["when"]["start_time"], "19:15");
}

// S38: the window may end at midnight.
TEST_F(ChoicesTest, window_until_midnight__is_open_to_its_end) {
    auto late = room({.slug = "late"});
    late.opening = {{rules::testing::always("22:00", "24:00")}, {}, true};
    world_.put({late});
    const Query query = {{"date", "2026-12-01"},
                         {"start_time", "20:00"},
                         {"end_time", "24:00"},
                         {"duration_min", "90"}};
    EXPECT_EQ(first(query)["when"]["start_time"], "22:00");
    EXPECT_EQ(first(query)["strip"], "f");
}

// S77: the hour that the clocks skip is no start, the others are.
TEST_F(ChoicesTest, window_over_a_clock_change__leaves_the_missing_hour_out) {
    auto night = room({.slug = "night"});
    night.opening = {{rules::testing::always("00:00", "24:00")}, {}, true};
    night.offers[0].grid_min = 15;
    world_.put({night});
    take(night, "2027-03-28", "00:00", "01:00");
    const Query query = {{"date", "2027-03-28"},
                         {"start_time", "00:00"},
                         {"end_time", "06:00"},
                         {"duration_min", "60"}};
    EXPECT_EQ(first(query)["when"]["start_time"], "03:00") << "nothing begins or ends at 02:00";
}

// S136
TEST_F(ChoicesTest, tuesday_or_thursday__each_room_tells_its_better_day) {
    const auto tuesdays = room({.slug = "tuesdays"});
    const auto thursdays = room({.slug = "thursdays"});
    world_.put({tuesdays, thursdays});
    take(tuesdays, "2026-12-03", "19:00", "21:00");
    take(thursdays, "2026-12-01", "19:00", "21:00");
    auto query = with(ten_tuesdays(), "weekdays", "tue,thu");
    EXPECT_EQ(world_.get("/v1/search", query)["full_count"], 0) << "both days were asked for";
    query = with(query, "any_weekday", "1");
    const auto answer = world_.get("/v1/search", query);
    EXPECT_EQ(answer["full_count"], 2);
    EXPECT_EQ(answer["when"]["weekdays"], (std::vector<std::string>{"tue", "thu"}));
    for (const auto& item : answer["items"]) {
        EXPECT_THAT(item["when"]["weekdays"],
                    ElementsAre(item["slug"] == "tuesdays" ? "tue" : "thu"));
    }
    EXPECT_THAT(answer["other_weekdays"], IsEmpty()) << "the question asks about two already";
}

TEST_F(ChoicesTest, one_rule__has_no_rule_of_its_own_in_each_room) {
    world_.put({room({.slug = "r"})});
    EXPECT_FALSE(first(ten_tuesdays()).contains("when"));
    // A window as long as what is wanted leaves no choice.
    EXPECT_FALSE(first(with(one_evening(), "duration_min", "120")).contains("when"));
}

// S64
TEST_F(ChoicesTest, every_other_week__asks_for_half_the_dates) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    take(one, "2026-12-08", "19:00", "21:00");
    const auto query = with(ten_tuesdays(), "interval_weeks", "2");
    EXPECT_EQ(first(query)["strip"], "fffff") << "the week between does not count";
}

// S65
TEST_F(ChoicesTest, monthly__first_tuesday_and_same_day_of_the_month) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    take(one, "2027-01-05", "18:00", "20:00");
    const Query first_tuesdays = {{"interval_months", "1"}, {"weekdays", "tue"},
                                  {"week_of_month", "1"},   {"from", "2026-12-01"},
                                  {"until", "2027-03-31"},  {"start_time", "18:00"},
                                  {"end_time", "20:00"}};
    EXPECT_EQ(first(first_tuesdays)["strip"], "ftff");
    const Query on_the_31st = {{"interval_months", "1"},
                               {"from", "2026-12-31"},
                               {"until", "2027-04-30"},
                               {"start_time", "18:00"},
                               {"end_time", "20:00"}};
    const auto answer = world_.get("/v1/search", on_the_31st);
    EXPECT_EQ(answer["dates_total"], 3);
    EXPECT_EQ(answer["skipped"].size(), 2U) << "February and April have no 31st";
}

TEST_F(ChoicesTest, several_dates__each_is_judged) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    take(one, "2026-12-12", "10:00", "12:00");
    const Query query = {{"dates", "2026-12-05,2026-12-12,2027-01-16"},
                         {"start_time", "10:00"},
                         {"end_time", "12:00"}};
    EXPECT_EQ(first(query)["strip"], "ftf");
    EXPECT_EQ(first(query)["problems"][0]["reason"], "taken");
}

// S137 over the choices: whatever way is told is free by the verdict on each of its dates.
TEST_F(ChoicesTest, told_way__is_what_availability_says_of_it) {
    const auto gym = room({.slug = "gym", .kind = "gym", .capacity = 90, .parts = {"A", "B", "C"}});
    world_.put({gym});
    take(gym, "2026-12-01", "19:00", "20:00");
    auto query = with(with(with(with(ten_tuesdays(), "weekdays", "tue,thu"), "any_weekday", "1"),
                           "start_time", "18:00"),
                      "duration_min", "90");
    const auto item = first(query);
    const auto& when = item["when"];
    const auto judged =
        world_.get("/v1/spaces/" + item["space_id"].get<std::string>() + "/availability",
                   {{"offer_id", item["offer"]["offer_id"]},
                    {"weekdays", when["weekdays"][0]},
                    {"from", when["from"]},
                    {"until", when["until"]},
                    {"start_time", when["start_time"]},
                    {"end_time", when["end_time"]}});
    EXPECT_EQ(judged["free_count"], item["free_dates"]);
    EXPECT_EQ(judged["total_count"], item["dates_total"]);
}

}  // namespace
}  // namespace preau::search
