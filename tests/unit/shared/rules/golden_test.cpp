// The golden cases of the rulebook on the real calendars of data/ (zone A, metropolitan holidays).

#include <algorithm>

#include <gmock/gmock.h>

#include "shared/rules/pricing.hpp"
#include "shared/rules/recurrence.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::day;
using ::testing::ElementsAre;
using testing::isere;
using testing::single;
using testing::weekly;
using enum time::Weekday;

Expansion outside_holidays(Recurrence rule) {
    rule.skip_school_holidays = true;
    rule.skip_public_holidays = true;
    return expand(rule, time::Zone::paris(), isere()).value();
}

std::vector<std::string> skipped_dates(const Expansion& expansion, SkipReason reason) {
    std::vector<std::string> out;
    for (const auto& skip : expansion.skipped) {
        if (skip.reason == reason) out.push_back(skip.date.iso());
    }
    return out;
}

TEST(Golden, golden_case_1__tuesdays_of_a_school_year_are_35) {
    const auto year = outside_holidays(weekly({tue}, "2026-09-08", "2027-06-29", "18:00", "20:00"));
    EXPECT_EQ(year.slots.size(), 35U);
    EXPECT_EQ(year.slots.size() + year.skipped.size(), 43U);
    EXPECT_THAT(skipped_dates(year, SkipReason::school_holiday),
                ElementsAre("2026-10-20", "2026-10-27", "2026-12-22", "2026-12-29", "2027-02-16",
                            "2027-02-23", "2027-04-13", "2027-04-20"));
    EXPECT_EQ(year.skipped.front().name, "Vacances de la Toussaint");
}

// The rulebook has its holidays from memory and tells the day on which class resumes as their end;
// the arrêté of 22 October 2025 in data/ gives the last free day, and the Ascension bridge that the
// rulebook leaves out. Neither touches a Monday of this series.
TEST(Golden, golden_case_2__mondays_of_a_school_year_are_33) {
    const auto year = outside_holidays(weekly({mon}, "2026-09-07", "2027-06-28", "18:00", "20:00"));
    EXPECT_EQ(year.slots.size(), 33U);
    EXPECT_EQ(year.slots.size() + year.skipped.size(), 43U);
    EXPECT_THAT(skipped_dates(year, SkipReason::public_holiday),
                ElementsAre("2027-03-29", "2027-05-17"));
    EXPECT_EQ(isere().school->holiday(day("2026-11-02")), nullptr) << "class resumes";
    EXPECT_NE(isere().school->holiday(day("2027-05-07")), nullptr) << "the Ascension bridge";
}

TEST(Golden, golden_case_3__a_series_keeps_its_local_hour) {
    const auto year = expand(weekly({tue}, "2026-10-20", "2027-03-30", "18:00", "20:00"),
                             time::Zone::paris(), isere())
                          .value();
    const auto utc_hour = [&](const char* iso) {
        const auto found = std::ranges::find(year.slots, day(iso), &Slot::local_date);
        return found->interval.start.seconds % 86'400 / 3'600;
    };
    EXPECT_EQ(utc_hour("2026-10-20"), 16);
    EXPECT_EQ(utc_hour("2026-10-27"), 17);
    EXPECT_EQ(utc_hour("2027-03-23"), 17);
    EXPECT_EQ(utc_hour("2027-03-30"), 16);
}

// S77
TEST(Golden, golden_case_4__a_night_of_a_clock_change_costs_the_hours_that_pass) {
    TariffVersion grid;
    grid.id = "grid";
    grid.executory_from = day("2026-01-01");
    grid.lines = {{"gym", 'C', Unit::hour, {1'000}}};
    const auto night = [&](const char* date) {
        auto slots = expand(single(date, "01:00", "04:00"), time::Zone::paris(), isere())->slots;
        const auto hours = slots.front().interval.seconds() / 3'600;
        return std::pair(hours, price(slots, "gym", 'C', {grid}, day(date))->total.value);
    };
    EXPECT_EQ(night("2027-03-28"), std::pair(2L, 2'000L));
    EXPECT_EQ(night("2026-10-25"), std::pair(4L, 4'000L));
    EXPECT_EQ(night("2026-10-24"), std::pair(3L, 3'000L)) << "any other night";
    EXPECT_EQ(testing::metropole().holiday(day("2027-03-28")), nullptr)
        << "Easter Sunday is a Sunday, no public holiday of its own in data/";
}

TEST(Golden, golden_case_5__movable_days_are_where_they_must_be) {
    const auto name = [](const char* iso) {
        const auto* found = testing::metropole().holiday(day(iso));
        return found == nullptr ? std::string() : found->name;
    };
    for (const char* easter_monday : {"2026-04-06", "2027-03-29", "2028-04-17"}) {
        EXPECT_EQ(name(easter_monday), "Lundi de Pâques");
    }
    for (const char* ascension : {"2026-05-14", "2027-05-06", "2028-05-25"}) {
        EXPECT_EQ(name(ascension), "Ascension");
    }
    EXPECT_EQ(name("2026-11-10"), "");
    EXPECT_EQ(name("2024-03-29"), "") << "Good Friday is a holiday in Alsace-Moselle only";
}

}  // namespace
}  // namespace preau::rules
