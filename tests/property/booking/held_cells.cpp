#include "tests/property/booking/held_cells.hpp"

#include <algorithm>

namespace preau::booking::test {

namespace {

void add_cells(const std::vector<base::PartId>& parts, const Occurrence& occurrence, Cells& into) {
    const auto& interval = occurrence.slot.interval;
    for (const auto& part : parts) {
        for (auto at = interval.start.seconds; at < interval.end.seconds; at += 900)
            into.emplace(part.str(), at / 900);
    }
}

}  // namespace

const PushedAside* pushed_of(const Booking& booking) {
    if (!booking.deferred || !booking.deferred->before.pushed) return nullptr;
    return &*booking.deferred->before.pushed;
}

Cells cells_of_booking(const Booking& booking) {
    Cells out;
    for (const auto& one : booking.occurrences) {
        if (booking.hold == Hold::none || booking.hold == Hold::requested) break;
        bool held = one.state == OccurrenceState::planned;
        const auto* pushed = pushed_of(booking);
        if (pushed != nullptr) {
            held = held || std::ranges::find(pushed->dates, one.id) != pushed->dates.end();
        } else if (booking.deferred) {
            const auto& left_out = booking.deferred->before.left_out;
            // Where requests do not hold, a grant takes only what is granted.
            held = held || (booking.deferred->previous_hold == Hold::pending &&
                            std::ranges::find(left_out, one.id) != left_out.end());
            // A date that has a reason was cancelled before, by a closure that stands.
            held = held || (booking.deferred->act == Act::cancel && one.reason.empty() &&
                            one.state == OccurrenceState::cancelled);
        }
        if (held) add_cells(booking.parts, one, out);
    }
    if (!booking.proposal) return out;
    const auto* pushed = pushed_of(booking);
    for (const auto& one : booking.proposal->occurrences) {
        const bool comes_back = pushed != nullptr && std::ranges::find(pushed->proposed, one.id) !=
                                                         pushed->proposed.end();
        if (one.state == OccurrenceState::planned || comes_back) {
            add_cells(booking.proposal->parts, one, out);
        }
    }
    return out;
}

}  // namespace preau::booking::test
