#include "services/booking/store/held.hpp"

#include <algorithm>

namespace preau::booking {

namespace {

void add(Held& row, const Holding& holding) {
    const auto& one = *holding.occurrence;
    row.end = std::max(row.end, one.slot.interval.end.seconds);
    row.before = std::max(row.before, one.buffer_before_s);
    row.after = std::max(row.after, one.buffer_after_s);
    if (row.offer == nullptr || !holding.pending) row.offer = holding.offer;
    row.pending = row.pending && holding.pending;
}

}  // namespace

HeldRows held_by(const Booking& booking) {
    HeldRows out;
    for (const auto& holding : holdings(booking)) {
        const auto start = holding.occurrence->slot.interval.start.seconds;
        for (const auto& part : *holding.parts)
            add(out[{std::string_view(part.str()), start}], holding);
    }
    return out;
}

}  // namespace preau::booking
