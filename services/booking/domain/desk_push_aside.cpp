// What a closure takes of a booking: at once, or with a quarter of an hour in which it can be given
// back. Until then the booking keeps the time that it lost.

#include <algorithm>

#include "services/booking/domain/closing.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/refund.hpp"

namespace preau::booking {

namespace {

bool touches(const Closure& closure, const std::vector<base::PartId>& parts,
             const Occurrence& occurrence, base::Instant now) {
    if (occurrence.slot.interval.end <= now) return false;
    return std::ranges::any_of(closure.intervals, [&](const PartInterval& one) {
        return one.interval.overlaps(occurrence.slot.interval) &&
               std::ranges::find(parts, one.part) != parts.end();
    });
}

/// What a closure takes of some dates, and whether any other is still to come.
struct Swept {
    std::vector<base::OccurrenceId> gone;
    bool some_left = false;
};

Swept sweep(const Closure& closure, const std::vector<base::PartId>& parts,
            std::vector<Occurrence>& occurrences, base::Instant now) {
    Swept out;
    for (auto& occurrence : occurrences) {
        if (!keeps_time(occurrence.state)) continue;
        if (touches(closure, parts, occurrence, now)) {
            occurrence.state = OccurrenceState::cancelled;
            occurrence.reason = reason_closure;
            out.gone.push_back(occurrence.id);
        } else if (occurrence.slot.interval.start > now) {
            out.some_left = true;
        }
    }
    return out;
}

/// Takes the dates out of a proposal; what is left costs no more than before.
void sweep_proposal(const Closure& closure, Proposal& proposal, base::Instant now, Swept& out) {
    out = sweep(closure, proposal.parts, proposal.occurrences, now);
    if (out.gone.empty() || !proposal.price) return;
    std::vector<rules::Slot> slots;
    for (const auto* one : proposal.kept())
        slots.push_back(one->slot);
    proposal.price = price_part(*std::move(proposal.price), slots);
}

bool names(const std::vector<base::OccurrenceId>& ids, const base::OccurrenceId& id) {
    return std::ranges::find(ids, id) != ids.end();
}

void plan_again(std::vector<Occurrence>& occurrences, const std::vector<base::OccurrenceId>& ids) {
    for (auto& one : occurrences) {
        if (!names(ids, one.id)) continue;
        one.state = OccurrenceState::planned;
        one.reason.clear();
    }
}

}  // namespace

Outcome<void> Desk::push_aside(Tx& tx, const Closer& closer, const Closure& closure,
                               const TouchedBooking& touched, const BulkClosureId& by) const {
    auto found = tx.find(touched.id);
    if (!found) return {};
    Booking booking = *std::move(found);
    if (const auto done = settle_booking(tx, booking); !done) return done;
    if (booking.hold == Hold::none) return {};  // its cancellation stood with that

    const State from = booking.state;
    PushedAside pushed{by, {}, {}, {}, booking.decision};
    auto own = sweep(closure, booking.parts, booking.occurrences, now());
    Swept offered;
    if (booking.proposal) {
        pushed.proposal_price = booking.proposal->price;
        sweep_proposal(closure, *booking.proposal, now(), offered);
    }
    if (own.gone.empty() && offered.gone.empty()) return {};
    pushed.dates = std::move(own.gone);
    pushed.proposed = std::move(offered.gone);

    // Where a proposal stands it is what can still be had.
    const bool goes_on = booking.proposal ? offered.some_left : own.some_left;
    // A request that was never answered is refused; what was granted is cancelled.
    const Act act = !goes_on && unanswered(from) ? Act::refuse : Act::cancel;
    if (!goes_on) {
        auto to = next_state(from, act, Party::body);
        // Where it is the hirer's turn nothing is left that he could answer.
        if (!to) to = next_state(from, act, Party::rules);
        if (!to) return refuse("invalid_transition");
        booking.state = *to;
        booking.decision =
            Decision{closer.role, closer.id, now(), std::string(reason_closure), closure.reason};
    }
    tx.update_occurrences(booking);
    if (booking.proposal) tx.update_proposal(booking);
    booking.summarise();
    const std::string_view noted = goes_on ? "cancel_dates" : to_string(act);
    DeferredEffect effect{booking.id, act, from, booking.hold, machine_now(), {}};
    effect.before.pushed = std::move(pushed);
    if (!by.empty()) {
        if (const auto saved = save(tx, booking, act); !saved) return saved;
        tx.defer(effect);
        booking.deferred = effect;
        tx.publish_occupancy(booking, now());
    } else if (const auto done = pushed_stands(tx, booking, effect); !done) {
        return done;
    }
    note(tx, booking, from, noted, closer.role, closer.id, std::string(reason_closure),
         closure.reason);
    return {};
}

Outcome<void> Desk::pushed_stands(Tx& tx, Booking& booking, const DeferredEffect& effect) const {
    const auto& pushed = *effect.before.pushed;
    if (booking.state != effect.previous_state) {
        const bool refused = effect.act == Act::refuse;
        if (const auto done = release_stands(tx, booking, refused ? "refused" : "cancelled");
            !done) {
            return done;
        }
    } else {
        if (!granted(booking.state) && !pushed.dates.empty()) {
            reprice(tx, booking);  // nothing was agreed yet: it costs what is left of it
            tx.update_price(booking);
        }
        if (const auto saved = save(tx, booking, Act::cancel); !saved) return saved;
        if (booking.proposal) {
            tx.free_all(booking.id);  // they may lie over one another
            tx.take(booking, true);
        } else {
            free_dates(tx, booking, pushed.dates);
        }
        tx.publish_occupancy(booking, now());
        tx.publish_booking(booking, "dates_cancelled", now());
    }
    std::vector<time::Date> gone;
    for (const auto& one : booking.occurrences) {
        if (names(pushed.dates, one.id)) gone.push_back(one.slot.local_date);
    }
    if (booking.price) {
        order_refund(tx, booking, refund_in_full(*booking.price, gone), reason_closure);
    }
    if (booking.state == State::accepted && booking.paid) return confirm(tx, booking);
    return {};
}

Outcome<void> Desk::give_back_pushed(Tx& tx, Booking& booking, const DeferredEffect& effect) const {
    const auto& pushed = *effect.before.pushed;
    const State from = booking.state;
    if (booking.state != effect.previous_state) booking.decision = pushed.decision;
    booking.state = effect.previous_state;
    plan_again(booking.occurrences, pushed.dates);
    if (booking.proposal) {
        plan_again(booking.proposal->occurrences, pushed.proposed);
        booking.proposal->price = pushed.proposal_price;
        tx.update_proposal(booking);
    }
    booking.summarise();
    auto cover = granted(booking.state) ? cover_dates(tx, booking) : Cover{};
    tx.update_occurrences(booking);
    if (const auto saved = save(tx, booking, Act::reopen); !saved) return saved;
    note(tx, booking, from, "undo", "rules", {}, std::string(reason_closure));
    tell_cover(tx, booking, std::move(cover));
    tx.publish_occupancy(booking, now());
    // Paid while its dates could still be given back.
    if (booking.state == State::accepted && booking.paid) return confirm(tx, booking);
    return {};
}

}  // namespace preau::booking
