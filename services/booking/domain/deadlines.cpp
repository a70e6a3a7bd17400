#include "services/booking/domain/deadlines.hpp"

#include <algorithm>

namespace preau::booking {

namespace {
constexpr time::Minute kEndOfOfficeDay = 18 * 60;
}

time::Date working_days_after(time::Date from, int days, const rules::Calendar& calendar) {
    time::Date day = from;
    while (days > 0) {
        day = day + 1;
        const auto weekday = day.weekday();
        if (weekday == time::Weekday::sat || weekday == time::Weekday::sun) continue;
        if (calendar.holidays != nullptr && calendar.public_holiday(day) != nullptr) continue;
        --days;
    }
    return day;
}

time::Date first_use_day(time::Date today, int working_days, const rules::Calendar& calendar) {
    return working_days_after(today, working_days, calendar);
}

time::Date end_of_school_year(time::Date day) {
    constexpr unsigned kSeptember = 9;
    return time::Date::of(day.year() + (day.month() >= kSeptember ? 1 : 0), 8, 31);
}

base::Instant answer_deadline(base::Instant asked, int days, const rules::Calendar& calendar,
                              const time::Zone& zone) {
    const auto day = working_days_after(zone.local(asked).date, days, calendar);
    return zone.instant_or_jump(day, kEndOfOfficeDay);
}

base::Instant pay_deadline(base::Instant stands_at, bool instant, int days,
                           base::Instant first_start) {
    constexpr std::int64_t kDay_s = 86'400;
    const auto least = stands_at + pay_seconds_min;
    if (instant) return least;
    return std::max(least, std::min(stands_at + days * kDay_s, first_start));
}

}  // namespace preau::booking
