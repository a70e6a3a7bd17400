#include "shared/rules/calendar.hpp"

#include <algorithm>

namespace preau::rules {

std::string_view to_string(Period period) {
    switch (period) {
        case Period::term:
            return "term";
        case Period::small_holidays:
            return "small_holidays";
        case Period::summer:
            return "summer";
    }
    return "term";
}

std::optional<Period> period_from(std::string_view text) {
    for (const Period period : {Period::term, Period::small_holidays, Period::summer}) {
        if (to_string(period) == text) return period;
    }
    return std::nullopt;
}

const HolidayPeriod* SchoolCalendar::holiday(time::Date date) const {
    const auto after = std::ranges::upper_bound(periods, date, {}, &HolidayPeriod::first_free);
    if (after == periods.begin()) return nullptr;
    const HolidayPeriod& last_begun = *std::prev(after);
    return date <= last_begun.last_free ? &last_begun : nullptr;
}

const PublicHoliday* PublicHolidays::holiday(time::Date date) const {
    const auto at = std::ranges::lower_bound(days, date, {}, &PublicHoliday::date);
    return at != days.end() && at->date == date ? &*at : nullptr;
}

base::Result<Period> Calendar::period(time::Date date) const {
    if (school == nullptr) return Period::term;
    if (!school->knows(date)) return base::fail("calendar_unknown", date.iso());
    const HolidayPeriod* free = school->holiday(date);
    return free == nullptr ? Period::term : free->kind;
}

const PublicHoliday* Calendar::public_holiday(time::Date date) const {
    return holidays == nullptr ? nullptr : holidays->holiday(date);
}

}  // namespace preau::rules
