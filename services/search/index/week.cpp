#include "services/search/index/week.hpp"

namespace preau::search {
namespace {

constexpr time::Minute kQuarter = 15;
constexpr std::int32_t kDays = 7;

}  // namespace

rules::Slot quarter_at(const time::Zone& zone, time::Date date, time::Minute minute) {
    return {date,
            minute,
            minute + kQuarter,
            {zone.instant_or_jump(date, minute), zone.instant_or_jump(date, minute + kQuarter)}};
}

std::vector<Day> week_of(const Index::View& view, const SpaceEntry& space,
                         const rules::Offer& offer, time::Date monday) {
    const time::Interval week{space.zone.instant_or_jump(monday, 0),
                              space.zone.instant_or_jump(monday + kDays, 0)};
    const auto occupations = view.occupations(offer, week);
    std::vector<Day> days;
    for (std::int32_t n = 0; n < kDays; ++n) {
        Day day{monday + n, {}};
        for (time::Minute minute = 0; minute < time::minutes_per_day; minute += kQuarter) {
            const auto slot = quarter_at(space.zone, day.date, minute);
            // The hour that the clock skips has no quarters.
            if (slot.interval.empty()) continue;
            const auto verdict = view.judge(space, offer, slot, occupations);
            const bool same = !day.segments.empty() && day.segments.back().state == verdict.state &&
                              day.segments.back().reason == verdict.reason &&
                              day.segments.back().end_minute == minute;
            if (same) {
                day.segments.back().end_minute = minute + kQuarter;
            } else {
                day.segments.push_back({minute, minute + kQuarter, verdict.state, verdict.reason});
            }
        }
        days.push_back(std::move(day));
    }
    return days;
}

}  // namespace preau::search
