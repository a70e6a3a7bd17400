#pragma once
// Days that count for an answer: weekdays that are no public holiday (rule R-03). How long one may
// pay.

#include "shared/rules/calendar.hpp"
#include "shared/time/civil.hpp"
#include "shared/time/zone.hpp"

namespace preau::booking {

/// The `days`-th working day after `from`. Where public holidays are not known only weekends are
/// left out: a deadline must exist.
time::Date working_days_after(time::Date from, int days, const rules::Calendar& calendar);

/// The first day that an organisation may ask for which was never here: so many working days
/// lie between the request and it.
time::Date first_use_day(time::Date today, int working_days, const rules::Calendar& calendar);

/// 31 August of the school year (September to August) of a day: how far a series may go.
time::Date end_of_school_year(time::Date day);

/// The moment by which a request made at `asked` should be answered: 18:00 local of the working
/// day.
base::Instant answer_deadline(base::Instant asked, int days, const rules::Calendar& calendar,
                              const time::Zone& zone);

/// A page of the payment provider lives at least 30 minutes; five more to get there.
inline constexpr std::int64_t pay_seconds_min = 35 * 60;
/// With less than this left no new page can be opened: payment asks for an extension.
inline constexpr std::int64_t pay_seconds_extendable = 31 * 60;

/// By when an accepted booking is to be paid: `days` × 24 h after the acceptance stands, but not
/// after the first date has started, and never less than `pay_seconds_min`. An automatic acceptance
/// gives only those.
base::Instant pay_deadline(base::Instant stands_at, bool instant, int days,
                           base::Instant first_start);

}  // namespace preau::booking
