#include "shared/rules/calendar.hpp"

#include <gtest/gtest.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::day;

TEST(SchoolCalendar, holiday__first_and_last_free_day_are_inside) {
    const auto& zone_a = testing::school('A');
    EXPECT_EQ(zone_a.holiday(day("2026-10-16")), nullptr);
    ASSERT_NE(zone_a.holiday(day("2026-10-17")), nullptr);
    EXPECT_EQ(zone_a.holiday(day("2026-10-17"))->name, "Vacances de la Toussaint");
    EXPECT_NE(zone_a.holiday(day("2026-11-01")), nullptr);
    // The last free day is the day before class resumes, not the day of it.
    EXPECT_EQ(zone_a.holiday(day("2026-11-02")), nullptr);
}

TEST(SchoolCalendar, holiday__ascension_bridge__thursday_to_sunday) {
    const auto& zone_a = testing::school('A');
    EXPECT_EQ(zone_a.holiday(day("2027-05-05")), nullptr);
    for (const char* free : {"2027-05-06", "2027-05-07", "2027-05-08", "2027-05-09"}) {
        EXPECT_NE(zone_a.holiday(day(free)), nullptr) << free;
    }
    EXPECT_EQ(zone_a.holiday(day("2027-05-10")), nullptr);
}

TEST(SchoolCalendar, zones_differ) {
    EXPECT_NE(testing::school('A').holiday(day("2027-02-16")), nullptr);
    EXPECT_EQ(testing::school('B').holiday(day("2027-02-16")), nullptr);
    EXPECT_NE(testing::school('C').holiday(day("2027-02-08")), nullptr);
}

TEST(Calendar, period__term_holidays_summer) {
    const auto isere = testing::isere();
    EXPECT_EQ(isere.period(day("2026-12-01")), Period::term);
    EXPECT_EQ(isere.period(day("2026-12-25")), Period::small_holidays);
    EXPECT_EQ(isere.period(day("2026-08-31")), Period::summer);
    EXPECT_EQ(isere.period(day("2026-09-01")), Period::term);
}

TEST(Calendar, period__beyond_what_is_published__is_calendar_unknown) {
    const auto isere = testing::isere();
    EXPECT_EQ(isere.period(day("2028-07-03")), Period::term);
    const auto beyond = isere.period(day("2028-07-04"));
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().code, "calendar_unknown");
    EXPECT_EQ(isere.period(day("2020-01-01")).error().code, "calendar_unknown");
}

TEST(Calendar, without_school_zone__every_day_is_term) {
    EXPECT_EQ(Calendar{}.period(day("2026-12-25")), Period::term);
    EXPECT_EQ(Calendar{}.public_holiday(day("2026-12-25")), nullptr);
}

TEST(Period, words_both_ways) {
    for (const Period period : {Period::term, Period::small_holidays, Period::summer}) {
        EXPECT_EQ(period_from(to_string(period)), period);
    }
    EXPECT_FALSE(period_from("holidays"));
}

}  // namespace
}  // namespace preau::rules
