// What time does by itself: decisions that stand when their window ends, requests that nobody
// answered, bookings whose last date is past.

#include <utility>

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {
/// Whether nothing is required between acceptance and confirmation: no agreement to sign yet, and
/// nothing to be paid before.
bool requirements_met(const Booking& booking) {
    return booking.payment != "before" || booking.paid;
}
}  // namespace

Outcome<void> Desk::acceptance_stands(Tx& tx, Booking& booking) const {
    booking.deferred.reset();
    auto cover = cover_dates(tx, booking);
    if (!cover.suspended.empty()) tx.update_occurrences(booking);
    if (requirements_met(booking)) {
        tx.publish_booking(booking, "accepted", now());
        const auto done = confirm(tx, booking);
        if (done) tell_cover(tx, booking, std::move(cover));
        return done;
    }
    const bool by_rules = booking.decision && booking.decision->by_role == "rules" &&
                          booking.decision->by != auto_accepted;
    booking.pay_by = pay_deadline(now(), by_rules, settings_.pay_by_days, booking.first_start);
    booking.ask_payment_at = booking.pay_by;
    if (const auto saved = save(tx, booking, Act::confirm); !saved) return saved;
    tx.publish_booking(booking, "accepted", now());
    tell_cover(tx, booking, std::move(cover));
    return {};
}

Outcome<void> Desk::release_stands(Tx& tx, Booking& booking, std::string_view what) const {
    booking.deferred.reset();
    tx.free_all(booking.id);
    booking.hold = Hold::none;
    if (const auto saved = save(tx, booking, Act::cancel); !saved) return saved;
    if (booking.proposal) tx.end_proposal(booking, to_string(booking.state));
    tx.publish_occupancy(booking, now());
    tx.publish_booking(booking, what, now());
    return {};
}

Outcome<void> Desk::settle_booking(Tx& tx, Booking& booking) const {
    if (!booking.deferred) return {};
    const auto effect = *std::exchange(booking.deferred, std::nullopt);
    if (!tx.take_deferred(booking.id)) return refuse("stale_version");
    const auto& pushed = effect.before.pushed;
    if (pushed && tx.bulk_closure_is(pushed->by, BulkState::undone)) {
        return give_back_pushed(tx, booking, effect);
    }
    return stands(tx, booking, effect);
}

Outcome<void> Desk::stands(Tx& tx, Booking& booking, const DeferredEffect& effect) const {
    if (effect.before.pushed) return pushed_stands(tx, booking, effect);
    if (effect.act == Act::refuse || effect.act == Act::cancel) {
        return decision_stands(tx, booking, effect.act);
    }
    if (effect.act == Act::accept) {
        const auto& left_out = effect.before.left_out;
        free_dates(tx, booking, left_out);
        if (const auto done = acceptance_stands(tx, booking); !done) return done;
        if (!left_out.empty()) tx.publish_occupancy(booking, now());
        return {};
    }
    const bool asks = effect.act == Act::ask_documents;
    const bool endorses = effect.act == Act::endorse;
    tx.publish_booking(booking,
                       endorses ? "endorsed"
                       : asks   ? "documents_asked"
                                : "counter_proposed",
                       now());
    return {};
}

Outcome<void> Desk::drop_deferred(Tx& tx, Booking& booking) const {
    if (!booking.deferred) return {};
    if (!tx.take_deferred(booking.id)) return refuse("stale_version");
    booking.deferred.reset();
    return {};
}

Outcome<bool> Desk::settle(Tx& tx, const base::BookingId& id) const {
    auto booking = tx.find(id);
    if (!booking || !booking->deferred || booking->deferred->effective_at > machine_now()) {
        return false;
    }
    if (const auto done = settle_booking(tx, *booking); !done) {
        return std::unexpected(done.error());
    }
    return true;
}

Outcome<bool> Desk::expire(Tx& tx, const base::BookingId& id) const {
    auto booking = tx.find(id);
    if (!booking || !unanswered(booking->state)) return false;
    // While a proposal stands it is the hirer's turn, until its deadline.
    const auto ends = booking->proposal ? booking->proposal->deadline : booking->last_start;
    if (ends > now()) return false;
    const auto to = next_state(booking->state, Act::expire, Party::clock);
    if (!to) return false;
    if (const auto dropped = drop_deferred(tx, *booking); !dropped) {
        return std::unexpected(dropped.error());
    }
    const State from = booking->state;
    booking->state = *to;
    if (const auto done = release_stands(tx, *booking, "expired"); !done) {
        return std::unexpected(done.error());
    }
    note(tx, *booking, from, "expire", "clock", {});
    return true;
}

Outcome<bool> Desk::tell_overdue(Tx& tx, const base::BookingId& id) const {
    const auto booking = tx.find(id);
    if (!booking || booking->overdue_told > 1) return false;
    const bool body = booking->state == State::endorsed;  // whose answer is late
    if (booking->state != State::submitted && !body) return false;
    const bool second = booking->overdue_told == 1;
    if ((second ? booking->escalate_by : booking->answer_by) > now()) return false;
    if (!tx.mark_overdue(*booking)) return false;
    const bool escalates = second || body;
    note(tx, *booking, booking->state, escalates ? "escalate" : "remind", "clock", {});
    tx.publish_booking(*booking, escalates ? "answer_overdue" : "answer_due", now());
    return true;
}

Outcome<bool> Desk::close(Tx& tx, const base::BookingId& id) const {
    auto booking = tx.find(id);
    if (!booking || booking->last_end > now()) return false;
    if (booking->deferred) return false;  // dates may come back to it
    const auto to = next_state(booking->state, Act::close, Party::clock);
    if (!to) return false;
    const State from = booking->state;
    booking->state = *to;
    for (auto& occurrence : booking->occurrences) {
        if (!keeps_time(occurrence.state)) continue;
        const bool suspended = occurrence.state == OccurrenceState::suspended;
        occurrence.state = suspended ? OccurrenceState::cancelled : OccurrenceState::took_place;
    }
    tx.update_occurrences(*booking);
    tx.free_all(id);
    booking->hold = Hold::none;
    if (const auto saved = save(tx, *booking, Act::close); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, *booking, from, "close", "clock", {});
    tx.publish_occupancy(*booking, now());
    return true;
}

}  // namespace preau::booking
