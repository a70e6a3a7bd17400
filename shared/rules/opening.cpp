// When is a space open? Frames by kind of period, the exception of a day before them (S42),
// public holidays closed unless the space says otherwise (S53).

#include <algorithm>

#include "shared/rules/availability.hpp"

namespace preau::rules {
namespace {

using time::Date;
using time::Interval;

bool applies(const Frame& frame, Period period, Date date) {
    const auto names = [](const auto& list, auto value) {
        return std::ranges::find(list, value) != list.end();
    };
    return names(frame.periods, period) && names(frame.weekdays, date.weekday()) &&
           (!frame.valid_from || *frame.valid_from <= date) &&
           (!frame.valid_until || date <= *frame.valid_until);
}

Interval on(const time::Zone& zone, Date date, time::Minute start, time::Minute end) {
    return {zone.instant_or_jump(date, start), zone.instant_or_jump(date, end)};
}

}  // namespace

const DayException* exception_on(const Opening& opening, Date date) {
    const auto at = std::ranges::lower_bound(opening.exceptions, date, {}, &DayException::date);
    return at != opening.exceptions.end() && at->date == date ? &*at : nullptr;
}

base::Result<std::vector<Interval>> open_intervals(const Opening& opening, const Calendar& calendar,
                                                   const time::Zone& zone, Date date) {
    std::vector<Interval> out;
    if (const DayException* exception = exception_on(opening, date)) {
        for (const MinuteRange& range : exception->ranges) {
            out.push_back(on(zone, date, range.start_minute, range.end_minute));
        }
        return time::merged(std::move(out));
    }
    if (!opening.open_on_public_holidays && calendar.holidays != nullptr) {
        if (!calendar.holidays->knows(date)) return base::fail("calendar_unknown", date.iso());
        if (calendar.public_holiday(date) != nullptr) return out;
    }
    const auto period = calendar.period(date);
    if (!period) return std::unexpected(period.error());
    for (const Frame& frame : opening.frames) {
        if (!applies(frame, *period, date)) continue;
        out.push_back(on(zone, date, frame.start_minute, frame.end_minute));
    }
    return time::merged(std::move(out));
}

}  // namespace preau::rules
