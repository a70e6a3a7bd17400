#include "services/search/index/ways.hpp"

#include <algorithm>
#include <utility>

namespace preau::search {
namespace {

std::vector<rules::Recurrence> by_weekday(const rules::Recurrence& when, bool any_weekday) {
    if (!any_weekday || when.kind != rules::RecurrenceKind::weekly) return {when};
    std::vector<rules::Recurrence> out;
    for (const auto day : when.weekdays) {
        out.push_back(when);
        out.back().weekdays = {day};
    }
    return out;
}

/// The first quarter of an hour in the window.
time::Minute first_start(const rules::Recurrence& when) {
    return (when.start_minute + start_step_min - 1) / start_step_min * start_step_min;
}

std::size_t starts_count(const rules::Recurrence& when, time::Minute length_min) {
    if (length_min == 0) return 1;
    const time::Minute last =
        std::min(when.end_minute - length_min, time::minutes_per_day - start_step_min);
    const time::Minute spare = last - first_start(when);
    return spare < 0 ? 0 : static_cast<std::size_t>(spare / start_step_min) + 1;
}

}  // namespace

bool Way::fits(const rules::Offer& limits, std::uint32_t number) {
    if (fits_.size() <= number) fits_.resize(number + 1);
    if (!fits_[number]) {
        const auto checked = rules::check_shape(rule_, limits, 0);
        if (!checked && !shape_error_) shape_error_ = checked.error();
        fits_[number] = checked.has_value();
    }
    return *fits_[number];
}

std::vector<rules::Recurrence> ways_of(const rules::Recurrence& when, time::Minute length_min,
                                       bool any_weekday) {
    std::vector<rules::Recurrence> out;
    const std::size_t starts = starts_count(when, length_min);
    for (const rules::Recurrence& rule : by_weekday(when, any_weekday)) {
        for (std::size_t n = 0; n < starts; ++n) {
            rules::Recurrence& way = out.emplace_back(rule);
            if (length_min == 0) continue;
            way.start_minute = first_start(rule) + static_cast<time::Minute>(n) * start_step_min;
            way.end_minute = way.start_minute + length_min;
        }
    }
    return out;
}

std::size_t ways_count(const rules::Recurrence& when, time::Minute length_min, bool any_weekday) {
    const bool each_day = any_weekday && when.kind == rules::RecurrenceKind::weekly;
    return starts_count(when, length_min) * (each_day ? when.weekdays.size() : 1);
}

}  // namespace preau::search
