#include "shared/wire/calendar.hpp"

#include <gmock/gmock.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::wire {
namespace {

using rules::testing::day;

TEST(WireCalendar, real_calendars__both_ways_are_the_same) {
    Calendars known;
    for (const char zone : {'A', 'B', 'C'}) {
        const auto value = to_json(rules::testing::school(zone));
        EXPECT_EQ(value["kind"], "school");
        known.put(calendar_from_json(value).value());
        EXPECT_EQ(to_json(known.schools.at(std::string(1, zone))), value);
    }
    const auto value = to_json(rules::testing::metropole());
    known.put(calendar_from_json(value).value());
    EXPECT_EQ(to_json(known.territories.at("metropole")), value);
    const auto isere = known.of("A", "metropole");
    EXPECT_EQ(isere.period(day("2026-10-20")), rules::Period::small_holidays);
    EXPECT_NE(isere.public_holiday(day("2026-11-11")), nullptr);
}

TEST(WireCalendar, unsorted_days__are_sorted) {
    auto value = to_json(rules::testing::metropole());
    std::reverse(value["days"].begin(), value["days"].end());
    const auto holidays = std::get<rules::PublicHolidays>(calendar_from_json(value).value());
    EXPECT_NE(holidays.holiday(day("2026-11-11")), nullptr);
}

TEST(WireCalendar, wrong_members__are_named) {
    auto value = to_json(rules::testing::school('A'));
    value["periods"][1]["last_free"] = "2020-01-01";
    value["periods"][2].erase("first_free");
    value["known_until"] = 3;
    const auto out = calendar_from_json(value);
    ASSERT_FALSE(out);
    std::vector<std::string> pointers;
    for (const auto& field : out.error().fields)
        pointers.push_back(field.pointer);
    EXPECT_THAT(pointers, ::testing::UnorderedElementsAre("/periods/1/last_free",
                                                          "/periods/2/first_free", "/known_until"));
    EXPECT_FALSE(calendar_from_json(nullptr));
    EXPECT_FALSE(calendar_from_json({{"kind", "lunar"}}));
}

TEST(WireCalendar, named_but_unknown__is_calendar_unknown__unnamed_is_none) {
    const Calendars nothing;
    EXPECT_EQ(nothing.of("A", "metropole").period(day("2026-12-01")).error().code,
              "calendar_unknown");
    EXPECT_FALSE(nothing.of("A", "metropole").holidays->knows(day("2026-12-01")));
    EXPECT_EQ(nothing.of("", "").period(day("2026-12-01")), rules::Period::term);
    EXPECT_EQ(nothing.of("", "").holidays, nullptr);
}

}  // namespace
}  // namespace preau::wire
