#include "shared/time/civil.hpp"

#include <gtest/gtest.h>

namespace preau::time {
namespace {

TEST(Date, parse__reads_iso_dates_only) {
    EXPECT_EQ(Date::parse("1970-01-01"), (Date{0}));
    EXPECT_EQ(Date::parse("2026-12-01"), Date::of(2026, 12, 1));
    for (const char* wrong :
         {"2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-4-1", "", "01/12/2026",
          "2026-12-01 ", "9999-01-01", "1899-12-31", "-026-01-01", "2026-1２-01"}) {
        EXPECT_FALSE(Date::parse(wrong)) << wrong;
    }
    EXPECT_TRUE(Date::parse("2028-02-29"));
}

TEST(Date, iso__and_parse__are_inverse_over_four_centuries) {
    for (Date day = Date::of(1900, 1, 1); day < Date::of(2300, 1, 1); day = day + 1) {
        ASSERT_EQ(Date::parse(day.iso()), day) << day.iso();
        ASSERT_EQ(Date::of(day.year(), day.month(), day.day()), day);
    }
}

TEST(Date, weekday__and_monday) {
    EXPECT_EQ(Date::of(2026, 12, 1).weekday(), Weekday::tue);
    EXPECT_EQ(Date::of(1969, 12, 28).weekday(), Weekday::sun);
    EXPECT_EQ(Date::of(2026, 12, 6).monday(), Date::of(2026, 11, 30));
    EXPECT_EQ(Date::of(2026, 11, 30).monday(), Date::of(2026, 11, 30));
}

// S65
TEST(Date, plus_months__day_that_the_month_lacks__is_nothing) {
    EXPECT_FALSE(Date::of(2027, 1, 31).plus_months(1));
    EXPECT_EQ(Date::of(2027, 1, 31).plus_months(2), Date::of(2027, 3, 31));
    EXPECT_FALSE(Date::of(2028, 2, 29).plus_months(12)) << "never 1 March in silence";
    EXPECT_EQ(Date::of(2028, 2, 29).plus_months(48), Date::of(2032, 2, 29));
    EXPECT_EQ(Date::of(2026, 1, 15).plus_months(-1), Date::of(2025, 12, 15));
}

TEST(Weekday, words_both_ways) {
    EXPECT_EQ(to_string(Weekday::tue), "tue");
    EXPECT_EQ(weekday_from("sun"), Weekday::sun);
    EXPECT_FALSE(weekday_from("mardi"));
}

TEST(Minute, parse__24_00_is_an_end__beyond_is_refused) {
    EXPECT_EQ(parse_minute("00:00"), 0);
    EXPECT_EQ(parse_minute("18:30"), 1110);
    EXPECT_EQ(parse_minute("24:00"), 1440);
    for (const char* wrong :
         {"24:01", "25:00", "18:60", "18h30", "8:00", "", "-1:00", "18:30:00"}) {
        EXPECT_FALSE(parse_minute(wrong)) << wrong;
    }
}

TEST(Minute, format__midnight_of_the_end_is_24_00) {
    EXPECT_EQ(format_minute(0), "00:00");
    EXPECT_EQ(format_minute(1110), "18:30");
    EXPECT_EQ(format_minute(1440), "24:00");
    EXPECT_EQ(format_minute(1500), "01:00");
}

}  // namespace
}  // namespace preau::time
