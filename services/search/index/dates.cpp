#include "services/search/index/dates.hpp"

#include <utility>

namespace preau::search {

const AskedDates* DatesByCalendar::of(const RoomEntry& room, const Horizon& horizon) {
    if (known_.size() <= room.calendar) known_.resize(room.calendar + 1);
    Known& known = known_[room.calendar];
    if (!known.tried) {
        known.tried = true;
        auto expansion = rules::expand(when_, room.space->zone, room.space->calendar);
        if (expansion) {
            known.dates = std::make_unique<AskedDates>(std::move(*expansion), horizon);
        } else if (!error_) {
            error_ = expansion.error();
        }
    }
    return known.dates.get();
}

const AskedDates* DatesByCalendar::first() const {
    for (const Known& known : known_) {
        if (known.dates) return known.dates.get();
    }
    return nullptr;
}

}  // namespace preau::search
