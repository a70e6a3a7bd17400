#include "services/booking/domain/deadlines.hpp"

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

base::Instant answer_deadline(base::Instant asked, int days, const rules::Calendar& calendar,
                              const time::Zone& zone) {
    const auto day = working_days_after(zone.local(asked).date, days, calendar);
    return zone.instant_or_jump(day, kEndOfOfficeDay);
}

}  // namespace preau::booking
