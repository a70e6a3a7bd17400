#include "shared/rules/recurrence.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::at;
using testing::dates_of;
using testing::day;
using ::testing::ElementsAre;
using testing::isere;
using testing::single;
using testing::weekly;
using enum time::Weekday;

const time::Zone& paris() {
    return time::Zone::paris();
}

Expansion all(const Recurrence& rule, const Calendar& calendar = isere()) {
    auto out = expand(rule, paris(), calendar);
    EXPECT_TRUE(out) << out.error().code << " " << out.error().detail;
    return out ? *out : Expansion{};
}

std::string fault(const Recurrence& rule, const Calendar& calendar = isere()) {
    const auto out = expand(rule, paris(), calendar);
    return out ? "none" : out.error().code;
}

Recurrence outside_holidays(Recurrence rule) {
    rule.skip_school_holidays = true;
    rule.skip_public_holidays = true;
    return rule;
}

std::vector<std::string> skipped_dates(const Expansion& expansion) {
    std::vector<std::string> out;
    for (const auto& skip : expansion.skipped)
        out.push_back(skip.date.iso());
    return out;
}

std::vector<int> utc_hours(const Expansion& expansion) {
    std::vector<int> out;
    for (const auto& slot : expansion.slots) {
        out.push_back(static_cast<int>(slot.interval.start.seconds % 86'400 / 3'600));
    }
    return out;
}

TEST(Recurrence, tuesdays_from_1_september__are_36) {
    const auto year =
        all(outside_holidays(weekly({tue}, "2026-09-01", "2027-06-29", "18:00", "20:00")));
    EXPECT_EQ(year.slots.size(), 36U);
    EXPECT_EQ(year.skipped.size(), 8U);
}

// S06
TEST(Recurrence, zero_negative_and_absurd_durations__are_invalid_interval) {
    EXPECT_EQ(fault(single("2026-12-01", "18:00", "18:00")), "invalid_interval");
    EXPECT_EQ(fault(single("2026-12-01", "18:00", "17:00")), "invalid_interval");
    EXPECT_EQ(fault(single("2026-12-01", "18:00", "19:00", true)), "invalid_interval") << "25 h";
    auto absurd = single("2026-12-01", "18:00", "19:00");
    absurd.end_minute = 400 * time::minutes_per_day;
    EXPECT_EQ(fault(absurd), "invalid_interval");
    absurd = single("2026-12-01", "18:00", "19:00");
    absurd.start_minute = -15;
    EXPECT_EQ(fault(absurd), "invalid_interval");
    absurd.start_minute = time::minutes_per_day;
    absurd.end_minute = time::minutes_per_day + 60;
    EXPECT_EQ(fault(absurd), "invalid_interval");
    EXPECT_EQ(fault(single("2026-12-01", "18:00", "20:00")), "none");
    EXPECT_EQ(fault(single("2026-12-01", "18:00", "18:00", true)), "none") << "24 h";
    EXPECT_EQ(fault(weekly({tue}, "2026-12-02", "2026-12-01", "18:00", "20:00")),
              "invalid_interval");
    auto rhythm = weekly({tue}, "2026-12-01", "2026-12-29", "18:00", "20:00");
    rhythm.interval_weeks = 0;
    EXPECT_EQ(fault(rhythm), "invalid_interval");
}

// S52
TEST(Recurrence, weekly__skips_school_holidays_and_lists_them) {
    const SchoolCalendar fixture{
        "X",
        day("2026-09-01"),
        day("2027-08-31"),
        {{"Toussaint", Period::small_holidays, day("2026-10-17"), day("2026-11-01")}}};
    auto rule = weekly({tue}, "2026-10-13", "2026-11-10", "19:00", "21:00");
    rule.skip_school_holidays = true;
    const auto out = all(rule, {&fixture, nullptr});
    EXPECT_THAT(dates_of(out), ElementsAre("2026-10-13", "2026-11-03", "2026-11-10"));
    EXPECT_THAT(skipped_dates(out), ElementsAre("2026-10-20", "2026-10-27"));
}

// S53
TEST(Recurrence, public_holiday_inside_a_series__is_left_out_when_asked) {
    auto rule = weekly({wed}, "2026-11-04", "2026-11-18", "19:00", "21:00");
    EXPECT_EQ(all(rule).slots.size(), 3U) << "kept: the rule of the space then decides";
    rule.skip_public_holidays = true;
    const auto out = all(rule);
    EXPECT_THAT(dates_of(out), ElementsAre("2026-11-04", "2026-11-18"));
    ASSERT_EQ(out.skipped.size(), 1U);
    EXPECT_EQ(out.skipped[0].reason, SkipReason::public_holiday);
    EXPECT_EQ(out.skipped[0].name, "11 novembre");
}

TEST(Recurrence, dates_left_out_on_request__need_no_calendar) {
    auto rule = outside_holidays(weekly({tue}, "2028-06-20", "2028-07-04", "18:00", "20:00"));
    EXPECT_EQ(fault(rule), "calendar_unknown") << "4 July 2028 is not published";
    rule.except = {day("2028-07-04")};
    const auto out = all(rule);
    EXPECT_THAT(dates_of(out), ElementsAre("2028-06-20", "2028-06-27"));
    EXPECT_EQ(out.skipped.back().reason, SkipReason::left_out);
}

TEST(Recurrence, holidays_to_skip_where_no_calendar_is_known__is_calendar_unknown) {
    auto rule = weekly({tue}, "2026-09-01", "2026-10-01", "18:00", "20:00");
    rule.skip_school_holidays = true;
    EXPECT_EQ(fault(rule, {nullptr, &testing::metropole()}), "calendar_unknown");
    rule.skip_school_holidays = false;
    rule.skip_public_holidays = true;
    EXPECT_EQ(fault(rule, {&testing::school('A'), nullptr}), "calendar_unknown");
    rule.skip_public_holidays = false;
    EXPECT_EQ(fault(rule, {}), "none");
}

// S58
TEST(Recurrence, series_that_overlaps_itself__is_refused) {
    auto daily =
        weekly({mon, tue, wed, thu, fri, sat, sun}, "2026-12-01", "2026-12-07", "20:00", "21:00");
    EXPECT_EQ(fault(daily), "none");
    daily.end_minute += time::minutes_per_day;
    EXPECT_EQ(fault(daily), "self_overlap");
    daily.end_minute = daily.start_minute + time::minutes_per_day;
    EXPECT_EQ(fault(daily), "none") << "each ends when the next begins";
}

// S63
TEST(Recurrence, weekday_that_never_occurs__is_no_occurrence) {
    EXPECT_EQ(fault(weekly({sat}, "2026-11-30", "2026-12-02", "18:00", "20:00")), "no_occurrence");
    EXPECT_EQ(fault(outside_holidays(weekly({tue}, "2026-12-22", "2026-12-29", "18:00", "20:00"))),
              "no_occurrence")
        << "all in the holidays";
    EXPECT_EQ(fault(weekly({}, "2026-11-30", "2026-12-20", "18:00", "20:00")), "no_occurrence");
}

// S64
TEST(Recurrence, every_two_weeks__does_not_slide_after_holidays) {
    auto rule = outside_holidays(weekly({tue}, "2026-09-01", "2026-12-15", "18:00", "20:00"));
    rule.interval_weeks = 2;
    const auto out = all(rule);
    for (const auto& slot : out.slots)
        EXPECT_EQ((slot.local_date - day("2026-09-01")) % 14, 0);
    EXPECT_THAT(skipped_dates(out), ElementsAre("2026-10-27"));
    EXPECT_THAT(dates_of(out), ElementsAre("2026-09-01", "2026-09-15", "2026-09-29", "2026-10-13",
                                           "2026-11-10", "2026-11-24", "2026-12-08"));
}

TEST(Recurrence, every_two_weeks__rhythm_hangs_on_the_week_of_the_first_day) {
    auto rule = weekly({mon, wed}, "2026-09-02", "2026-09-17", "18:00", "20:00");
    rule.interval_weeks = 2;  // from a Wednesday: its week counts, the Monday before it does not
    EXPECT_THAT(dates_of(all(rule)), ElementsAre("2026-09-02", "2026-09-14", "2026-09-16"));
}

// S64: on the real calendar, several weekdays every second week; a holiday week that is "on" is
// lost, the next one is still two weeks later.
TEST(Recurrence, every_two_weeks_on_two_days__keeps_its_parity_over_the_holidays) {
    auto rule = outside_holidays(weekly({tue, thu}, "2026-09-29", "2026-11-26", "18:00", "20:00"));
    rule.interval_weeks = 2;
    EXPECT_THAT(dates_of(all(rule)),
                ElementsAre("2026-09-29", "2026-10-01", "2026-10-13", "2026-10-15", "2026-11-10",
                            "2026-11-12", "2026-11-24", "2026-11-26"));
}

Recurrence monthly(std::string_view from, std::string_view until, int interval = 1) {
    auto out = single(from, "18:00", "20:00");
    out.kind = RecurrenceKind::monthly;
    out.until = day(until);
    out.interval_months = interval;
    return out;
}

Recurrence nth(int week, time::Weekday weekday, std::string_view from, std::string_view until) {
    auto out = monthly(from, until);
    out.week_of_month = week;
    out.weekdays = {weekday};
    return out;
}

std::vector<std::string> missing_in(const Expansion& expansion) {
    std::vector<std::string> out;
    for (const auto& skip : expansion.skipped) {
        if (skip.reason == SkipReason::no_such_day) out.push_back(skip.date.iso().substr(0, 7));
    }
    return out;
}

// S65
TEST(Recurrence, monthly_on_the_31st__skips_months_without_it_and_says_so) {
    const auto out = all(monthly("2027-01-31", "2027-05-31"));
    EXPECT_THAT(dates_of(out), ElementsAre("2027-01-31", "2027-03-31", "2027-05-31"));
    EXPECT_THAT(missing_in(out), ElementsAre("2027-02", "2027-04"));
    EXPECT_EQ(out.skipped.front().date, day("2027-02-28")) << "the last day that February has";
    EXPECT_THAT(missing_in(all(monthly("2027-01-31", "2027-04-29"))), ElementsAre("2027-02"))
        << "April is not over: nothing is missing of it yet";
}

// S65
TEST(Recurrence, yearly_on_29_february__is_never_1_march) {
    const auto out = all(monthly("2028-02-29", "2029-03-31", 12));
    EXPECT_THAT(dates_of(out), ElementsAre("2028-02-29"));
    EXPECT_THAT(missing_in(out), ElementsAre("2029-02"));
    EXPECT_THAT(dates_of(all(monthly("2027-02-28", "2028-02-29", 12))),
                ElementsAre("2027-02-28", "2028-02-28"));
}

TEST(Recurrence, monthly_on_the_same_day__counts_months_from_the_first) {
    EXPECT_THAT(dates_of(all(monthly("2026-09-15", "2027-06-15", 3))),
                ElementsAre("2026-09-15", "2026-12-15", "2027-03-15", "2027-06-15"))
        << "and the last day counts";
}

TEST(Recurrence, monthly_on_the_nth_weekday__first_last_and_fifth) {
    EXPECT_THAT(dates_of(all(nth(1, tue, "2026-09-01", "2026-12-31"))),
                ElementsAre("2026-09-01", "2026-10-06", "2026-11-03", "2026-12-01"));
    EXPECT_THAT(dates_of(all(nth(last_week_of_month, fri, "2026-09-01", "2026-12-31"))),
                ElementsAre("2026-09-25", "2026-10-30", "2026-11-27", "2026-12-25"));
    const auto fifth = all(nth(5, thu, "2026-09-01", "2026-12-31"));
    EXPECT_THAT(dates_of(fifth), ElementsAre("2026-10-29", "2026-12-31"));
    EXPECT_THAT(missing_in(fifth), ElementsAre("2026-09", "2026-11"));
    EXPECT_THAT(dates_of(all(nth(1, tue, "2026-09-02", "2026-11-30"))),
                ElementsAre("2026-10-06", "2026-11-03"))
        << "what lies before the first day is not part of it";
}

TEST(Recurrence, monthly__skips_holidays_with_their_reason) {
    const auto out =
        all(outside_holidays(nth(last_week_of_month, fri, "2026-09-01", "2027-01-31")));
    EXPECT_THAT(dates_of(out), ElementsAre("2026-09-25", "2026-11-27", "2027-01-29"));
    EXPECT_THAT(skipped_dates(out), ElementsAre("2026-10-30", "2026-12-25"));
    EXPECT_EQ(out.skipped.front().reason, SkipReason::school_holiday);
}

TEST(Recurrence, monthly__keeps_its_wall_time_and_refuses_a_skipped_hour) {
    EXPECT_THAT(utc_hours(all(monthly("2026-10-20", "2027-04-20", 1))),
                ElementsAre(16, 17, 17, 17, 17, 17, 16));
    auto night = monthly("2027-02-28", "2027-04-28");
    night.start_minute = at("02:30");
    night.end_minute = at("04:00");
    EXPECT_EQ(fault(night), "nonexistent_local_time");
}

TEST(Recurrence, monthly__malformed_is_invalid_and_a_month_that_never_has_it_no_occurrence) {
    EXPECT_EQ(fault(monthly("2026-09-15", "2026-12-15", 0)), "invalid_interval");
    EXPECT_EQ(fault(monthly("2026-09-15", "2026-12-15", 13)), "invalid_interval");
    EXPECT_EQ(fault(nth(6, tue, "2026-09-01", "2026-12-31")), "invalid_interval");
    EXPECT_EQ(fault(nth(-2, tue, "2026-09-01", "2026-12-31")), "invalid_interval");
    auto two_days = nth(1, tue, "2026-09-01", "2026-12-31");
    two_days.weekdays = {tue, wed};
    EXPECT_EQ(fault(two_days), "invalid_interval");
    EXPECT_EQ(fault(nth(5, thu, "2026-09-01", "2026-09-30")), "no_occurrence");
    EXPECT_EQ(fault(monthly("2026-09-15", "2029-09-15")), "series_too_long");
}

// S67
TEST(Recurrence, end_date__is_inclusive) {
    const auto out = all(weekly({tue}, "2026-10-13", "2026-11-10", "19:00", "21:00"));
    EXPECT_EQ(dates_of(out).back(), "2026-11-10");
}

// S68
TEST(Recurrence, too_long_a_series__is_refused) {
    EXPECT_EQ(fault(weekly({tue}, "2026-09-01", "2029-09-01", "18:00", "20:00")),
              "series_too_long");
    EXPECT_EQ(fault(weekly({mon, tue, wed, thu, fri, sat, sun}, "2026-09-01", "2027-03-20", "18:00",
                           "20:00")),
              "series_too_long")
        << "201 dates";
    EXPECT_EQ(all(weekly({mon, tue, wed, thu, fri, sat, sun}, "2026-09-01", "2027-03-19", "18:00",
                         "20:00"))
                  .slots.size(),
              200U);
    EXPECT_EQ(fault(weekly({tue}, "1900-01-01", "2999-12-31", "18:00", "20:00")),
              "series_too_long");
}

// S72
TEST(Recurrence, weekly_across_october__keeps_wall_time) {
    const auto out = all(weekly({tue}, "2026-10-13", "2026-11-10", "19:00", "21:00"));
    EXPECT_THAT(utc_hours(out), ElementsAre(17, 17, 18, 18, 18));
    for (const auto& slot : out.slots) {
        EXPECT_EQ(slot.local_date.weekday(), tue);
        EXPECT_EQ(slot.interval.seconds(), 7'200);
        EXPECT_EQ(paris().local(slot.interval.start).minute(), at("19:00"));
    }
}

// S73
TEST(Recurrence, weekly_across_march__keeps_wall_time) {
    EXPECT_THAT(utc_hours(all(weekly({tue}, "2027-03-23", "2027-03-30", "19:00", "21:00"))),
                ElementsAre(18, 17));
}

// S75
TEST(Recurrence, hour_that_does_not_exist__is_refused_with_its_date) {
    EXPECT_EQ(fault(single("2027-03-28", "02:30", "03:30")), "nonexistent_local_time");
    const auto series =
        expand(weekly({sun}, "2027-03-14", "2027-04-11", "02:30", "04:00"), paris(), isere());
    ASSERT_FALSE(series);
    EXPECT_EQ(series.error().detail, "2027-03-28 02:30");
    auto without = weekly({sun}, "2027-03-14", "2027-04-11", "02:30", "04:00");
    without.except = {day("2027-03-28")};
    EXPECT_EQ(all(without).slots.size(), 4U);
}

// S77
TEST(Recurrence, night_of_a_clock_change__lasts_what_it_lasts) {
    EXPECT_EQ(all(single("2026-10-25", "01:00", "04:00")).slots[0].interval.seconds(), 4 * 3'600);
    EXPECT_EQ(all(single("2027-03-28", "01:00", "04:00")).slots[0].interval.seconds(), 2 * 3'600);
}

// S78
TEST(Recurrence, whole_day_of_23_and_25_hours__is_one_slot) {
    EXPECT_EQ(all(single("2027-03-28", "00:00", "24:00")).slots[0].interval.seconds(), 23 * 3'600);
    EXPECT_EQ(all(single("2026-10-25", "00:00", "24:00")).slots[0].interval.seconds(), 25 * 3'600);
}

TEST(Recurrence, dates__each_with_the_same_hours) {
    auto rule = single("2026-12-01", "18:00", "20:00");
    rule.kind = RecurrenceKind::dates;
    EXPECT_EQ(fault(rule), "no_occurrence");
    rule.dates = {day("2026-12-01"), day("2026-12-03")};
    EXPECT_THAT(dates_of(all(rule)), ElementsAre("2026-12-01", "2026-12-03"));
    rule.dates.push_back(day("2029-12-03"));
    EXPECT_EQ(fault(rule), "series_too_long");
}

}  // namespace
}  // namespace preau::rules
