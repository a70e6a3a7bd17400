#include "services/inventory/domain/deliberation.hpp"

#include <algorithm>

namespace preau::inventory {

bool Deliberation::covers(const base::SpaceId& space, time::Date day) const {
    if (day < valid_from || day > valid_until) return false;
    return spaces.empty() || std::ranges::find(spaces, space) != spaces.end();
}

bool covered(std::span<const Deliberation> all, const base::SpaceId& space, time::Date day) {
    return std::ranges::any_of(all,
                               [&](const Deliberation& one) { return one.covers(space, day); });
}

base::Result<void> check(const Deliberation& deliberation, time::Date today) {
    base::Error error{"invalid", {}, {}};
    if (deliberation.voted_on > today) error.fields.push_back({"/voted_on", "range", "not yet"});
    const auto& from = deliberation.valid_from;
    const auto last = time::Date::of(from.year() + deliberation_years_max, from.month(), 1);
    if (deliberation.valid_until < from) {
        error.fields.push_back({"/valid_until", "invalid_interval", {}});
    } else if (deliberation.valid_until > last) {
        error.fields.push_back({"/valid_until", "range", last.iso()});
    }
    if (!error.fields.empty()) return std::unexpected(std::move(error));
    return {};
}

}  // namespace preau::inventory
