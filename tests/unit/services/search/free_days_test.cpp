// The first free time of a room, the free hours of a site by day, collèges while one types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace testing;
using rules::testing::slot;

class FreeDaysTest : public ::testing::Test {
protected:
    void take(const wire::Space& room, const char* date, const char* start, const char* end) {
        world_.put(
            occupancy("booking " + std::to_string(++taken_), 1, room, {slot(date, start, end)}));
    }
    nlohmann::json first_free(const wire::Space& room, const Query& query = {}) {
        return world_.get("/v1/spaces/" + room.id.str() + "/first-free", query);
    }
    std::string first(const wire::Space& room, const Query& query = {}) {
        const auto found = first_free(room, query)["slot"];
        if (found.is_null()) return "none";
        return found["date"].get<std::string>() + " " + found["start_time"].get<std::string>() +
               "-" + found["end_time"].get<std::string>();
    }

    SearchWorld world_;  // 22 November 2026, 12:00
    int taken_ = 0;
};

// S48: the notice of two days counts.
TEST_F(FreeDaysTest, first_free__begins_after_the_notice_where_nothing_is_taken) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    EXPECT_EQ(first(one), "2026-11-24 08:00-09:00");
    take(one, "2026-11-24", "08:00", "21:30");
    EXPECT_EQ(first(one), "2026-11-25 08:00-09:00") << "half an hour is too short";
    EXPECT_EQ(first(one, {{"start_time", "19:00"}, {"duration_min", "120"}}),
              "2026-11-25 19:00-21:00");
    EXPECT_EQ(first(one, {{"from", "2027-01-05"}, {"end_time", "10:00"}}),
              "2027-01-05 08:00-09:00");
    // What is told can be had: the verdict on it is free.
    const auto judged =
        world_.get("/v1/spaces/" + one.id.str() + "/availability",
                   {{"date", "2026-11-25"}, {"start_time", "08:00"}, {"end_time", "09:00"}});
    EXPECT_EQ(judged["free_count"], 1);
}

TEST_F(FreeDaysTest, first_free__far_away_or_never) {
    auto one = room({.slug = "r"});
    one.opening.frames.clear();
    one.opening.exceptions = {{rules::testing::day("2027-06-01"), {{600, 720}}, "fête"}};
    world_.put({one});
    EXPECT_EQ(first(one), "2027-06-01 10:00-11:00");
    EXPECT_EQ(first(one, {{"duration_min", "180"}}), "none");
}

// S78, S79: on the day that the clocks change the hours are those of the wall.
TEST_F(FreeDaysTest, first_free__leaves_out_the_hour_that_the_clocks_skip) {
    auto night = room({.slug = "night"});
    night.opening = {{rules::testing::always("00:00", "06:00")}, {}, true};
    world_.put({night});
    EXPECT_EQ(first(night, {{"from", "2027-03-28"}, {"start_time", "01:30"}}),
              "2027-03-28 03:00-04:00");
}

TEST_F(FreeDaysTest, first_free__impossible_wishes_name_the_field) {
    const auto one = room({.slug = "r"});
    world_.put({one});
    const auto path = "/v1/spaces/" + one.id.str() + "/first-free";
    const std::pair<Query, const char*> cases[] = {
        {{{"duration_min", "0"}}, "/query/duration_min range"},
        {{{"duration_min", "45"}}, "/query/duration_min invalid_duration"},
        {{{"duration_min", "900"}}, "/query/duration_min invalid_duration"},
        {{{"from", "soon"}}, "/query/from format"},
        {{{"from", "2035-01-01"}}, "/query/from range"},
        {{{"start_time", "20:00"}, {"end_time", "20:30"}}, "/query/end_time invalid_interval"},
    };
    for (const auto& [query, fault] : cases) {
        EXPECT_THAT(world_.faults(path, query), ElementsAre(fault));
        EXPECT_EQ(world_.status, 422);
    }
    first_free(room({.slug = "unknown"}));
    EXPECT_EQ(world_.status, 404);
}

TEST_F(FreeDaysTest, site__day_week_and_month_list_free_hours_of_each_room) {
    const auto one = room({.slug = "r"});
    auto other = room({.slug = "s"});
    other.site = one.site;
    auto draft = room({.slug = "draft"});
    draft.site = one.site;
    draft.published = false;
    world_.put({one, other, draft, room({.slug = "elsewhere"})});
    take(one, "2026-12-01", "18:00", "20:00");
    const auto path = "/v1/sites/" + one.site.str() + "/availability";
    const auto day = world_.get(path, {{"view", "day"}, {"date", "2026-12-01"}});
    ASSERT_EQ(day["spaces"].size(), 2U);
    const auto& hours = day["spaces"][0]["days"][0];
    EXPECT_EQ(hours["free_min"], 12 * 60);
    EXPECT_EQ(
        hours["free"].dump(),
        R"([{"end_time":"18:00","start_time":"08:00"},{"end_time":"22:00","start_time":"20:00"}])");
    EXPECT_EQ(day["spaces"][1]["days"][0]["free_min"], 14 * 60);

    const auto week = world_.get(path, {{"date", "2026-12-02"}});
    EXPECT_EQ(week["from"], "2026-11-30");
    EXPECT_EQ(week["until"], "2026-12-06");
    EXPECT_EQ(week["spaces"][0]["days"].size(), 7U);
    const auto month = world_.get(path, {{"view", "month"}, {"date", "2027-02-10"}});
    EXPECT_EQ(month["from"], "2027-02-01");
    EXPECT_EQ(month["spaces"][0]["days"].size(), 28U);

    EXPECT_THAT(world_.faults(path, {{"view", "year"}}), ElementsAre("/query/view unknown"));
    world_.get("/v1/sites/nowhere/availability");
    EXPECT_EQ(world_.status, 404);
}

// S79: opening hours stay those of the wall; the day itself has an hour more or less.
TEST_F(FreeDaysTest, site__days_of_clock_changes_keep_their_hours) {
    auto always_open = room({.slug = "r"});
    always_open.opening = {{rules::testing::always("00:00", "24:00")}, {}, true};
    world_.put({always_open, room({.slug = "s"})});
    const auto day = [&](const wire::Space& room, const char* date) -> int {
        return world_.get("/v1/sites/" + room.site.str() + "/availability",
                          {{"view", "day"}, {"date", date}})["spaces"][0]["days"][0]["free_min"];
    };
    EXPECT_EQ(day(room({.slug = "s"}), "2027-03-28"), 14 * 60);
    EXPECT_EQ(day(always_open, "2027-03-28"), 23 * 60);
    EXPECT_EQ(day(always_open, "2027-03-27"), 24 * 60);
}

TEST_F(FreeDaysTest, colleges__are_found_by_any_of_their_words) {
    auto garenne = room({.slug = "g"});
    garenne.establishment_name = "Collège La Garenne";
    garenne.commune_name = "Voiron";
    auto martin = room({.slug = "m"});
    martin.establishment_name = "Collège Édouard Vaillant";
    martin.commune_name = "Saint-Martin-d'Hères";
    world_.put({garenne, martin});
    const auto names = [&](const char* text) {
        std::vector<std::string> out;
        for (const auto& one : world_.get("/v1/places", {{"q", text}})["colleges"])
            out.push_back(one["name"]);
        return out;
    };
    for (const char* text : {"garenne", "la gar", "college GARENNE voiron", "voi"}) {
        EXPECT_THAT(names(text), ElementsAre("Collège La Garenne")) << text;
    }
    for (const char* text : {"edouard", "Édouard", "vaillant st-martin", "Saint Martin"}) {
        EXPECT_THAT(names(text), ElementsAre("Collège Édouard Vaillant")) << text;
    }
    EXPECT_THAT(names("arenne"), IsEmpty()) << "words begin with what is typed";
    EXPECT_THAT(names("colleg"), ElementsAre("Collège La Garenne", "Collège Édouard Vaillant"));
}

}  // namespace
}  // namespace preau::search
