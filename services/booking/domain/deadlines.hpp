#pragma once
// Days that count for an answer: weekdays that are no public holiday (rule R-03).

#include "shared/rules/calendar.hpp"
#include "shared/time/civil.hpp"
#include "shared/time/zone.hpp"

namespace preau::booking {

/// The `days`-th working day after `from`. Where public holidays are not known only weekends are
/// left out: a deadline must exist.
time::Date working_days_after(time::Date from, int days, const rules::Calendar& calendar);

/// The moment by which a request made at `asked` should be answered: 18:00 local of the working
/// day.
base::Instant answer_deadline(base::Instant asked, int days, const rules::Calendar& calendar,
                              const time::Zone& zone);

}  // namespace preau::booking
