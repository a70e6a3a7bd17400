#include "services/search/index/dates.hpp"

#include <utility>

namespace preau::search {

const AskedDates* DatesByCalendar::of(const SpaceEntry& space, const Horizon& horizon) {
    for (const Known& known : known_) {
        if (known.school == space.calendar.school && known.holidays == space.calendar.holidays &&
            known.zone == space.zone) {
            return known.dates.get();
        }
    }
    auto expansion = rules::expand(when_, space.zone, space.calendar);
    if (!expansion && !error_) error_ = expansion.error();
    known_.push_back(
        {space.zone, space.calendar.school, space.calendar.holidays,
         expansion ? std::make_unique<AskedDates>(std::move(*expansion), horizon) : nullptr});
    return known_.back().dates.get();
}

std::vector<std::unique_ptr<AskedDates>> DatesByCalendar::take() {
    std::vector<std::unique_ptr<AskedDates>> out;
    for (Known& known : known_) {
        if (known.dates) out.push_back(std::move(known.dates));
    }
    return out;
}

}  // namespace preau::search
