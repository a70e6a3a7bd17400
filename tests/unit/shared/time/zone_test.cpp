#include "shared/time/zone.hpp"

#include <gtest/gtest.h>

namespace preau::time {
namespace {

std::string at(const char* date, const char* minute, const char* zone = "Europe/Paris") {
    const auto found = Zone::find(zone);
    const auto instant = found->instant(*Date::parse(date), *parse_minute(minute));
    return instant ? found->rfc3339(*instant) : instant.error().code + " " + instant.error().detail;
}

TEST(Zone, find__unknown_name__is_nothing) {
    EXPECT_FALSE(Zone::find("Europe/Voiron"));
    EXPECT_FALSE(Zone::find(""));
    EXPECT_FALSE(Zone::find("../../etc/passwd"));
    EXPECT_EQ(Zone::find("Europe/Paris")->name(), "Europe/Paris");
    EXPECT_EQ(Zone::paris(), *Zone::find("Europe/Paris"));
}

TEST(Zone, instant__gives_the_offset_of_the_season) {
    EXPECT_EQ(at("2026-12-01", "18:00"), "2026-12-01T18:00:00+01:00");
    EXPECT_EQ(at("2026-06-30", "18:00"), "2026-06-30T18:00:00+02:00");
    EXPECT_EQ(at("2026-06-30", "24:00"), "2026-07-01T00:00:00+02:00");
    EXPECT_EQ(at("2026-12-01", "18:00", "America/Martinique"), "2026-12-01T18:00:00-04:00");
    EXPECT_EQ(at("2026-12-01", "18:00", "Indian/Reunion"), "2026-12-01T18:00:00+04:00");
    EXPECT_EQ(at("2026-12-01", "18:00", "Pacific/Marquesas"), "2026-12-01T18:00:00-09:30");
    EXPECT_EQ(Zone::paris().instant(Date::of(2026, 12, 1), 1080)->seconds, 1'796'144'400);
}

// S75
TEST(Zone, instant__hour_that_does_not_exist__is_refused_and_named) {
    EXPECT_EQ(at("2027-03-28", "02:30"), "nonexistent_local_time 2027-03-28 02:30");
    EXPECT_EQ(at("2027-03-28", "02:00"), "nonexistent_local_time 2027-03-28 02:00");
    EXPECT_EQ(at("2027-03-28", "03:00"), "2027-03-28T03:00:00+02:00");
    EXPECT_EQ(at("2027-03-28", "01:59"), "2027-03-28T01:59:00+01:00");
    // The same wall time as an end that counts on the day before.
    const auto end = Zone::paris().instant(Date::of(2027, 3, 27), 1440 + 150);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().detail, "2027-03-28 02:30");
}

TEST(Zone, instant__hour_shown_twice__is_the_first) {
    EXPECT_EQ(at("2026-10-25", "02:30"), "2026-10-25T02:30:00+02:00");
    EXPECT_EQ(at("2026-10-25", "03:00"), "2026-10-25T03:00:00+01:00");
}

TEST(Zone, instant_or_jump__skipped_time__is_the_jump) {
    const auto jump = Zone::paris().instant_or_jump(Date::of(2027, 3, 28), 150);
    EXPECT_EQ(Zone::paris().rfc3339(jump), "2027-03-28T03:00:00+02:00");
    EXPECT_EQ(Zone::paris().instant_or_jump(Date::of(2026, 12, 1), 1080).seconds, 1'796'144'400);
}

TEST(Zone, local__is_the_inverse_of_instant_over_both_changes) {
    const Zone& paris = Zone::paris();
    for (const Date from : {Date::of(2026, 10, 24), Date::of(2027, 3, 27)}) {
        for (Minute minute = 0; minute < 3 * minutes_per_day; minute += 15) {
            const Date date = from + minute / minutes_per_day;
            const auto instant = paris.instant(date, minute % minutes_per_day);
            if (!instant) continue;
            const LocalTime local = paris.local(*instant);
            ASSERT_EQ(local.date, date);
            ASSERT_EQ(local.minute(), minute % minutes_per_day);
        }
    }
    EXPECT_EQ(paris.local({0}).offset_s, 3'600);
    EXPECT_EQ(paris.local({-3'601}).date, Date::of(1969, 12, 31));
}

TEST(Zone, days_of_the_changes_have_23_and_25_hours) {
    const Zone& paris = Zone::paris();
    const auto hours = [&](Date day) {
        return (paris.instant_or_jump(day, 1440) - paris.instant_or_jump(day, 0)) / 3'600;
    };
    EXPECT_EQ(hours(Date::of(2027, 3, 28)), 23);
    EXPECT_EQ(hours(Date::of(2026, 10, 25)), 25);
    EXPECT_EQ(hours(Date::of(2026, 10, 26)), 24);
}

}  // namespace
}  // namespace preau::time
