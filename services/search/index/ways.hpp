#pragma once
// The ways in which a question can be met. A question that leaves a choice ("2 h anywhere between
// 17 h and 22 h", "tuesday or thursday") has one way for each start and weekday: what is found is
// always one rule that can be asked for as it is.

#include <cstdint>
#include <optional>
#include <vector>

#include "services/search/index/dates.hpp"
#include "shared/rules/availability.hpp"

namespace preau::search {

/// Starts are tried on each quarter of an hour that an offer's grid allows.
inline constexpr time::Minute start_step_min = 15;

/// One rule, with its dates in each calendar that is met.
class Way {
public:
    explicit Way(rules::Recurrence rule) : rule_(std::move(rule)), dates_(rule_) {}

    const rules::Recurrence& rule() const { return rule_; }
    /// Null where the rule cannot be expanded in the room's calendar.
    const AskedDates* dates(const RoomEntry& room, const Horizon& horizon) {
        return dates_.of(room, horizon);
    }
    /// Whether offers of these limits can be asked for so. `number`: of the limits.
    bool fits(const rules::Offer& limits, std::uint32_t number);
    /// Why the rule could not be expanded, or fitted no offer.
    const std::optional<base::Error>& date_error() const { return dates_.error(); }
    const std::optional<base::Error>& shape_error() const { return shape_error_; }
    const DatesByCalendar& known_dates() const { return dates_; }

private:
    rules::Recurrence rule_;
    DatesByCalendar dates_;
    std::vector<std::optional<bool>> fits_;  // by number of the limits
    std::optional<base::Error> shape_error_;
};

/// `when` from its start to its end is the window. `length_min` 0: the whole window; else that
/// long, anywhere in it, at the same time on all dates. `any_weekday`: one of a weekly rule's days
/// is enough. Weekdays in their order, earlier starts first.
std::vector<rules::Recurrence> ways_of(const rules::Recurrence& when, time::Minute length_min,
                                       bool any_weekday);
/// How many there are.
std::size_t ways_count(const rules::Recurrence& when, time::Minute length_min, bool any_weekday);

}  // namespace preau::search
