#include <gmock/gmock.h>

#include "shared/rules/availability.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::always;
using testing::at;
using testing::day;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum time::Weekday;

const time::Zone& paris() {
    return time::Zone::paris();
}

std::vector<std::string> open_on(const Opening& opening, const char* date,
                                 const Calendar& calendar = testing::isere()) {
    const auto open = open_intervals(opening, calendar, paris(), day(date));
    if (!open) return {open.error().code};
    std::vector<std::string> out;
    for (const auto& interval : *open) {
        const auto hour = [&](base::Instant t) {
            const auto local = paris().local(t);
            const time::Minute of_day =
                local.minute() + (local.date - day(date)) * time::minutes_per_day;
            return time::format_minute(of_day) + (of_day > time::minutes_per_day ? "+1" : "");
        };
        out.push_back(hour(interval.start) + "-" + hour(interval.end));
    }
    return out;
}

/// The frames that ship as default.
Opening usual() {
    Opening out;
    out.frames.push_back({{Period::term}, {mon, tue, thu, fri}, at("18:00"), at("22:00"), {}, {}});
    out.frames.push_back({{Period::term}, {wed}, at("13:30"), at("22:00"), {}, {}});
    out.frames.push_back({{Period::term}, {sat, sun}, at("08:00"), at("22:00"), {}, {}});
    out.frames.push_back(
        {{Period::small_holidays}, {mon, tue, wed, thu, fri}, at("08:00"), at("20:00"), {}, {}});
    return out;
}

TEST(Opening, frames__by_kind_of_period_and_weekday) {
    EXPECT_THAT(open_on(usual(), "2026-12-01"), ElementsAre("18:00-22:00"));
    EXPECT_THAT(open_on(usual(), "2026-12-02"), ElementsAre("13:30-22:00"));
    EXPECT_THAT(open_on(usual(), "2026-12-22"), ElementsAre("08:00-20:00"));
    EXPECT_THAT(open_on(usual(), "2026-12-26"), IsEmpty()) << "a Saturday in the holidays";
    EXPECT_THAT(open_on(usual(), "2026-08-20"), IsEmpty()) << "summer";
}

// S53
TEST(Opening, public_holiday__is_closed_unless_the_space_says_otherwise) {
    auto opening = usual();
    EXPECT_THAT(open_on(opening, "2026-11-11"), IsEmpty());
    EXPECT_EQ(closed_reason(opening, testing::isere(), day("2026-11-11")), "public_holiday");
    opening.open_on_public_holidays = true;
    EXPECT_THAT(open_on(opening, "2026-11-11"), ElementsAre("13:30-22:00"));
    EXPECT_EQ(closed_reason(opening, testing::isere(), day("2026-11-11")), "frames");
}

// S42
TEST(Opening, exception_day__beats_the_weekly_rule_and_the_holiday) {
    Opening opening{{always("08:00", "22:00")}, {}, true};
    opening.exceptions = {{day("2026-11-11"), {}, "travaux"},
                          {day("2026-11-14"), {{at("10:00"), at("12:00")}}, "portes ouvertes"}};
    EXPECT_THAT(open_on(opening, "2026-11-11"), IsEmpty());
    EXPECT_EQ(closed_reason(opening, testing::isere(), day("2026-11-11")), "exception");
    EXPECT_THAT(open_on(opening, "2026-11-14"), ElementsAre("10:00-12:00"));
    EXPECT_THAT(open_on(opening, "2026-11-15"), ElementsAre("08:00-22:00"));
    opening.open_on_public_holidays = false;
    opening.exceptions = {{day("2026-11-11"), {{at("10:00"), at("12:00")}}, "commémoration"}};
    EXPECT_THAT(open_on(opening, "2026-11-11"), ElementsAre("10:00-12:00"));
}

TEST(Opening, frame_validity__both_ends_inclusive) {
    Opening opening{{always("08:00", "22:00")}, {}, true};
    opening.frames[0].valid_from = day("2026-12-01");
    opening.frames[0].valid_until = day("2026-12-02");
    EXPECT_THAT(open_on(opening, "2026-11-30"), IsEmpty());
    EXPECT_THAT(open_on(opening, "2026-12-01"), ElementsAre("08:00-22:00"));
    EXPECT_THAT(open_on(opening, "2026-12-02"), ElementsAre("08:00-22:00"));
    EXPECT_THAT(open_on(opening, "2026-12-03"), IsEmpty());
}

TEST(Opening, overlapping_frames__are_joined) {
    const Opening opening{{always("08:00", "12:00"), always("11:00", "14:00")}, {}, true};
    EXPECT_THAT(open_on(opening, "2026-12-01"), ElementsAre("08:00-14:00"));
}

// S38, S39
TEST(Opening, midnight_and_beyond) {
    EXPECT_THAT(open_on({{always("18:00", "24:00")}, {}, true}, "2026-12-04"),
                ElementsAre("18:00-24:00"));
    EXPECT_THAT(open_on({{always("20:00", "02:00", true)}, {}, true}, "2026-12-04"),
                ElementsAre("20:00-02:00+1"));
}

// S79
TEST(Opening, day_of_a_clock_change__has_its_usual_grid) {
    const Opening opening{{always("08:00", "22:00")}, {}, true};
    for (const char* date : {"2026-10-25", "2027-03-28", "2026-10-24"}) {
        const auto open = open_intervals(opening, testing::isere(), paris(), day(date)).value();
        ASSERT_EQ(open.size(), 1U);
        EXPECT_EQ(open[0].seconds() / time::cell_seconds, 56) << date;
        EXPECT_EQ(paris().local(open[0].start).minute(), at("08:00")) << date;
    }
}

TEST(Opening, night_of_a_clock_change__hours_that_do_not_exist_are_jumped) {
    const Opening opening{{always("02:30", "05:00")}, {}, true};
    const auto open = open_intervals(opening, testing::isere(), paris(), day("2027-03-28")).value();
    EXPECT_EQ(open[0].seconds(), 2 * 3'600) << "03:00 to 05:00";
    const Opening gone{{always("02:00", "03:00")}, {}, true};
    EXPECT_THAT(open_on(gone, "2027-03-28"), IsEmpty());
}

TEST(Opening, beyond_the_calendar__is_unknown_and_never_guessed) {
    EXPECT_THAT(open_on(usual(), "2028-07-04"), ElementsAre("calendar_unknown"));
    auto with_exception = usual();
    with_exception.exceptions = {{day("2028-07-04"), {}, "fermé"}};
    EXPECT_THAT(open_on(with_exception, "2028-07-04"), IsEmpty())
        << "an exception needs no calendar";
    const Calendar no_school{nullptr, &testing::metropole()};
    EXPECT_THAT(open_on(usual(), "2031-12-30", no_school), ElementsAre("18:00-22:00"));
    EXPECT_THAT(open_on(usual(), "2032-01-06", no_school), ElementsAre("calendar_unknown"));
}

}  // namespace
}  // namespace preau::rules
