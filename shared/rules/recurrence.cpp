#include "shared/rules/recurrence.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace preau::rules {
namespace {

using time::Date;
using time::minutes_per_day;

constexpr int kIntervalWeeksMax = 8;
constexpr int kIntervalMonthsMax = 12;
constexpr int kWeeksOfMonthMax = 5;

bool well_formed_rhythm(const Recurrence& rule) {
    if (rule.kind == RecurrenceKind::weekly) {
        return rule.interval_weeks >= 1 && rule.interval_weeks <= kIntervalWeeksMax;
    }
    if (rule.interval_months < 1 || rule.interval_months > kIntervalMonthsMax) return false;
    if (rule.week_of_month == 0) return true;
    if (rule.week_of_month < last_week_of_month || rule.week_of_month > kWeeksOfMonthMax) {
        return false;
    }
    return rule.weekdays.size() == 1;
}

bool well_formed(const Recurrence& rule) {
    if (rule.start_minute < 0 || rule.start_minute >= minutes_per_day) return false;
    if (rule.end_minute <= rule.start_minute || rule.end_minute > 2 * minutes_per_day) return false;
    if (rule.kind == RecurrenceKind::single || rule.kind == RecurrenceKind::dates) return true;
    return well_formed_rhythm(rule) && rule.from <= rule.until;
}

/// First and last day that the rule may name.
std::pair<Date, Date> span_of(const Recurrence& rule) {
    switch (rule.kind) {
        case RecurrenceKind::single:
            return {rule.from, rule.from};
        case RecurrenceKind::weekly:
        case RecurrenceKind::monthly:
            return {rule.from, rule.until};
        case RecurrenceKind::dates:
            break;
    }
    if (rule.dates.empty()) return {};
    return {rule.dates.front(), rule.dates.back()};
}

struct NamedDates {
    std::vector<Date> dates;
    std::vector<SkippedDate> missing;  // months without the day
};

/// The rhythm of "every n weeks" hangs on the week of the first day and does not slide after
/// holidays (S64).
std::vector<Date> weekly_dates(const Recurrence& rule) {
    std::vector<Date> out;
    for (Date day = rule.from; day <= rule.until; day = day + 1) {
        const std::int32_t week = (day.monday() - rule.from.monday()) / 7;
        const bool on_week = week % rule.interval_weeks == 0;
        if (on_week && std::ranges::find(rule.weekdays, day.weekday()) != rule.weekdays.end()) {
            out.push_back(day);
        }
    }
    return out;
}

/// The day that the rule names in the month from `first` to `last`, where it has one.
std::optional<Date> day_in_month(const Recurrence& rule, Date first, Date last) {
    Date day = first + static_cast<std::int32_t>(rule.from.day()) - 1;
    if (rule.week_of_month != 0) {
        const auto wanted = static_cast<std::int32_t>(rule.weekdays.front());
        const auto begins = static_cast<std::int32_t>(first.weekday());
        day = first + (wanted - begins + 7) % 7;
        if (rule.week_of_month == last_week_of_month) {
            day = day + (last - day) / 7 * 7;
        } else {
            day = day + 7 * (rule.week_of_month - 1);
        }
    }
    return day <= last ? std::optional(day) : std::nullopt;
}

/// A month without the day gives no date: never the day before or after (S65).
NamedDates monthly_dates(const Recurrence& rule) {
    NamedDates out;
    const Date first_month = rule.from - static_cast<std::int32_t>(rule.from.day()) + 1;
    for (int n = 0;; n += rule.interval_months) {
        const Date first = *first_month.plus_months(n);
        if (first > rule.until) return out;
        const Date last = *first.plus_months(1) - 1;
        const auto day = day_in_month(rule, first, last);
        if (!day && last <= rule.until) {
            out.missing.push_back({last, SkipReason::no_such_day, {}});
        }
        if (day && rule.from <= *day && *day <= rule.until) out.dates.push_back(*day);
    }
}

/// Every date that the rule names, before anything is skipped. The last day counts (S67).
NamedDates named_dates(const Recurrence& rule) {
    switch (rule.kind) {
        case RecurrenceKind::single:
            return {{rule.from}, {}};
        case RecurrenceKind::weekly:
            return {weekly_dates(rule), {}};
        case RecurrenceKind::monthly:
            return monthly_dates(rule);
        case RecurrenceKind::dates:
            break;
    }
    return {rule.dates, {}};
}

/// Why the date is left out, if it is; `calendar_unknown` where that cannot be told (never
/// guessed).
base::Result<std::optional<SkippedDate>> skipped(const Recurrence& rule, const Calendar& calendar,
                                                 Date date) {
    if (std::ranges::find(rule.except, date) != rule.except.end()) {
        return SkippedDate{date, SkipReason::left_out, {}};
    }
    if (rule.skip_school_holidays) {
        if (calendar.school == nullptr || !calendar.school->knows(date)) {
            return base::fail("calendar_unknown", date.iso());
        }
        if (const auto* period = calendar.school->holiday(date)) {
            return SkippedDate{date, SkipReason::school_holiday, period->name};
        }
    }
    if (rule.skip_public_holidays) {
        if (calendar.holidays == nullptr || !calendar.holidays->knows(date)) {
            return base::fail("calendar_unknown", date.iso());
        }
        if (const auto* day = calendar.holidays->holiday(date)) {
            return SkippedDate{date, SkipReason::public_holiday, day->name};
        }
    }
    return std::nullopt;
}

/// The wall times of the rule on `date`: a series keeps its local hours over both clock changes.
base::Result<Slot> slot_on(const Recurrence& rule, const time::Zone& zone, Date date) {
    const auto start = zone.instant(date, rule.start_minute);
    if (!start) return std::unexpected(start.error());
    const auto end = zone.instant(date, rule.end_minute);
    if (!end) return std::unexpected(end.error());
    return Slot{date, rule.start_minute, rule.end_minute, {*start, *end}};
}

bool overlap_one_another(const std::vector<Slot>& slots) {
    return std::ranges::adjacent_find(slots, [](const Slot& a, const Slot& b) {
               return a.interval.overlaps(b.interval);
           }) != slots.end();
}

}  // namespace

std::string_view to_string(SkipReason reason) {
    switch (reason) {
        case SkipReason::school_holiday:
            return "school_holiday";
        case SkipReason::public_holiday:
            return "public_holiday";
        case SkipReason::left_out:
            return "left_out";
        case SkipReason::no_such_day:
            return "no_such_day";
    }
    return "left_out";
}

base::Result<Expansion> expand(const Recurrence& rule, const time::Zone& zone,
                               const Calendar& calendar, const ExpansionLimits& limits) {
    if (!well_formed(rule)) return base::fail("invalid_interval");
    const auto [first, last] = span_of(rule);
    if (last - first > limits.days_max) return base::fail("series_too_long", "days");

    Expansion out;
    NamedDates named = named_dates(rule);
    for (const Date date : named.dates) {
        auto skip = skipped(rule, calendar, date);
        if (!skip) return std::unexpected(std::move(skip.error()));
        if (skip->has_value()) {
            out.skipped.push_back(std::move(**skip));
            continue;
        }
        auto slot = slot_on(rule, zone, date);
        if (!slot) return std::unexpected(std::move(slot.error()));
        out.slots.push_back(*slot);
        if (out.slots.size() > limits.occurrences_max) {
            return base::fail("series_too_long", "occurrences");
        }
    }
    if (out.slots.empty()) return base::fail("no_occurrence");
    out.skipped.insert(out.skipped.end(), named.missing.begin(), named.missing.end());
    std::ranges::sort(out.skipped, {}, &SkippedDate::date);
    if (overlap_one_another(out.slots)) return base::fail("self_overlap");
    if (rule.end_minute - rule.start_minute > minutes_per_day) {
        return base::fail("invalid_interval", "longer than a day");
    }
    return out;
}

}  // namespace preau::rules
