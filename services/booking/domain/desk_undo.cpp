// Taking a decision back while its window is open: whoever deletes the deferred effect first wins,
// the manager or the clock.

#include <algorithm>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

void Desk::restore_dates(Tx& tx, Booking& booking, const DeferredEffect& effect) const {
    const auto& left_out = effect.before.left_out;
    for (auto& occurrence : booking.occurrences) {
        const bool cancelled = effect.act == Act::cancel && occurrence.reason.empty() &&
                               occurrence.state == OccurrenceState::cancelled;
        const bool not_granted = std::ranges::find(left_out, occurrence.id) != left_out.end();
        if (!cancelled && !not_granted) continue;
        occurrence.state = OccurrenceState::planned;
        occurrence.reason.clear();
    }
    booking.summarise();
    tx.update_occurrences(booking);
    if (left_out.empty() && !effect.before.lowered) return;
    booking.price = effect.before.price;
    booking.payment = effect.before.payment;
    tx.update_price(booking);
}

void Desk::restore_hold(Tx& tx, Booking& booking, const DeferredEffect& effect) const {
    booking.hold = effect.previous_hold;
    if (effect.act == Act::accept && booking.hold == Hold::pending) {
        tx.set_pending(booking.id, true);
    } else if (effect.act == Act::accept || effect.act == Act::propose) {
        tx.free_all(booking.id);
        if (booking.hold != Hold::none) tx.take(booking, true);
    }
}

Outcome<Booking> Desk::undo(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    Refusal too_late(base::Error{"invalid_transition", "nothing to take back", {}});
    too_late.state = booking.state;
    // What a closure took comes back with the closure.
    if (!booking.deferred || booking.deferred->before.pushed) {
        return std::unexpected(std::move(too_late));
    }
    if (version != booking.version) return refuse("stale_version", std::to_string(booking.version));
    const DeferredEffect effect = *booking.deferred;
    // Whoever deletes the row first wins; the clock may just have done so.
    if (effect.effective_at <= machine_now() || !tx.take_deferred(id)) {
        return std::unexpected(std::move(too_late));
    }
    booking.deferred.reset();

    const State from = booking.state;
    booking.state = effect.previous_state;
    booking.decision.reset();
    booking.asked.clear();
    if (effect.act == Act::endorse) booking.endorsed_by.clear();
    if (effect.act == Act::accept) booking.free_ground.clear();
    if (booking.proposal) tx.end_proposal(booking, "undone");
    booking.proposal.reset();
    restore_dates(tx, booking, effect);
    restore_hold(tx, booking, effect);
    if (const auto saved = save(tx, booking, Act::reopen); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, from, "undo", acting->role, actor.id);
    if (granted(booking.state)) {
        // Its dates were looked at last before the decision that is gone.
        if (auto cover = cover_dates(tx, booking); !cover.suspended.empty()) {
            tx.update_occurrences(booking);
            if (const auto saved = save(tx, booking, Act::reopen); !saved) {
                return std::unexpected(saved.error());
            }
            tell_cover(tx, booking, std::move(cover));
        }
    }
    tx.publish_occupancy(booking, now());
    if (booking.state == State::accepted && booking.paid) {
        // Paid while its cancellation could still be taken back.
        if (const auto done = confirm(tx, booking); !done) return std::unexpected(done.error());
    }
    return booking;
}

}  // namespace preau::booking
