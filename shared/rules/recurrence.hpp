#pragma once
// From the words of a request ("every Tuesday 18–20 h from September to June, outside school
// holidays") to dated slots in the site's zone, each clock change right.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/rules/calendar.hpp"
#include "shared/time/interval.hpp"
#include "shared/time/zone.hpp"

namespace preau::rules {

enum class RecurrenceKind { single, weekly, dates, monthly };

/// Recurrence::week_of_month: the last such weekday of the month, whether fourth or fifth.
inline constexpr int last_week_of_month = -1;

/// Wall times belong to the site's zone. end_minute may exceed 1,440: the slot ends on the next day
/// and counts on the day of its start.
struct Recurrence {
    RecurrenceKind kind = RecurrenceKind::single;
    std::vector<time::Weekday> weekdays;  // weekly: at least one, sorted, distinct
    int interval_weeks = 1;               // weekly: 1 to 8, parity anchored to the week of `from`
    int interval_months = 1;              // monthly: 1 to 12, counted from the month of `from`
    /// monthly: 0 = the day of the month of `from`; 1 to 5 or last_week_of_month = that one of the
    /// month's days named in `weekdays` (then exactly one).
    int week_of_month = 0;
    time::Date from;                // single: the date; weekly, monthly: first day, inclusive
    time::Date until;               // weekly, monthly: last day, inclusive
    std::vector<time::Date> dates;  // dates: sorted, distinct
    time::Minute start_minute = 0;  // 0 to 1,439
    time::Minute end_minute = 0;    // start + 1 to start + 1,440
    bool skip_school_holidays = false;
    bool skip_public_holidays = false;
    std::vector<time::Date> except;  // left out on request
};

/// One dated slot. `local_date` is the day on which it counts.
struct Slot {
    time::Date local_date;
    time::Minute start_minute = 0;
    time::Minute end_minute = 0;
    time::Interval interval;
};

/// no_such_day: the month has no 31st, or no fifth Tuesday. The date is never moved to another day.
enum class SkipReason { school_holiday, public_holiday, left_out, no_such_day };
std::string_view to_string(SkipReason reason);

struct SkippedDate {
    time::Date date;  // no_such_day: the last day of the month that lacks it
    SkipReason reason = SkipReason::school_holiday;
    std::string name;  // of the holiday
};

struct Expansion {
    std::vector<Slot> slots;  // in order of date
    std::vector<SkippedDate> skipped;
};

struct ExpansionLimits {
    std::size_t occurrences_max = 200;
    std::int32_t days_max = 550;  // 18 months
};

/// Errors: `invalid_interval`, `series_too_long`, `no_occurrence`, `self_overlap`,
/// `nonexistent_local_time` (names the date), `calendar_unknown` (when school or public holidays
/// are to be skipped beyond the published dates, or no calendar is known for the site).
base::Result<Expansion> expand(const Recurrence& rule, const time::Zone& zone,
                               const Calendar& calendar, const ExpansionLimits& limits = {});

}  // namespace preau::rules
