// Deciding and giving back: look, accept, refuse, withdraw, cancel, undo, reopen.

#include <algorithm>

#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/refund.hpp"

namespace preau::booking {

Desk::Desk(DeskSettings settings, const base::Clock& business, const base::Clock& machine)
    : settings_(std::move(settings)), business_(business), machine_(machine) {}

bool may_see(const Actor& actor, const Booking& booking) {
    return actor.service || actor.is_member(booking.organisation) ||
           actor.works_at(booking.body, booking.establishment);
}

Outcome<Booking> Desk::look(Tx& tx, const Actor& actor, const base::BookingId& id) const {
    auto booking = tx.find(id);
    if (!booking || !may_see(actor, *booking)) return refuse("not_found", "booking");
    return *std::move(booking);
}

Outcome<Desk::Acting> Desk::for_body(Tx& tx, const Actor& actor, const base::BookingId& id) const {
    auto booking = look(tx, actor, id);
    if (!booking) return std::unexpected(booking.error());
    if (!actor.holds(PostRole::manager, booking->body, booking->establishment)) {
        return refuse("forbidden", "role");
    }
    // Nobody decides for an organisation of his own.
    if (actor.is_member(booking->organisation)) return refuse("forbidden", "own organisation");
    const std::string role(actor.role_at(booking->body, booking->establishment));
    return Acting{*std::move(booking), role, true};
}

Outcome<State> Desk::check_act(const Booking& booking, Act act, Party by,
                               std::int64_t version) const {
    const bool deciding = by == Party::body && (act == Act::accept || act == Act::refuse);
    if (deciding && decided(booking.state) && booking.decision) {
        Refusal refusal(base::Error{"already_decided", {}, {}});
        refusal.decision = booking.decision;
        refusal.state = booking.state;
        return std::unexpected(std::move(refusal));
    }
    if (version != booking.version) {
        Refusal refusal(base::Error{"stale_version", std::to_string(booking.version), {}});
        refusal.state = booking.state;
        return std::unexpected(std::move(refusal));
    }
    const auto to = next_state(booking.state, act, by);
    if (to) return *to;
    Refusal refusal(base::Error{"invalid_transition", {}, {}});
    refusal.state = booking.state;
    return std::unexpected(std::move(refusal));
}

Outcome<void> Desk::save(Tx& tx, Booking& booking, Act act) const {
    if (tx.update(booking)) return {};
    const auto stored = tx.find(booking.id);
    if (!stored) return refuse("not_found", "booking");
    const bool deciding = act == Act::accept || act == Act::refuse;
    Refusal refusal(base::Error{deciding && decided(stored->state) && stored->decision
                                    ? "already_decided"
                                    : "stale_version",
                                std::to_string(stored->version),
                                {}});
    refusal.decision = stored->decision;
    refusal.state = stored->state;
    return std::unexpected(std::move(refusal));
}

void Desk::note(Tx& tx, const Booking& booking, State from, std::string_view act,
                const std::string& role, const std::string& by, std::string reason_code,
                std::string reason_text) const {
    tx.add_history(booking.id,
                   HistoryLine{now(), role, by, std::string(act), from, booking.state,
                               booking.version, std::move(reason_code), std::move(reason_text)});
}

Outcome<void> Desk::defer_or_do(Tx& tx, Booking& booking, Act act, State previous,
                                Hold previous_hold) const {
    if (settings_.undo_window_s > 0) {
        const DeferredEffect effect{booking.id, act, previous, previous_hold,
                                    machine_now() + settings_.undo_window_s};
        tx.defer(effect);
        booking.deferred = effect;
        tx.publish_occupancy(booking, now());
        return {};
    }
    if (act == Act::accept) {
        tx.publish_occupancy(booking, now());
        return acceptance_stands(tx, booking);
    }
    return decision_stands(tx, booking, act);
}

/// An acceptance of a request that holds its time already.
Outcome<void> Desk::accept_in_place(Tx& tx, Booking& booking) const {
    tx.set_pending(booking.id, false);
    booking.hold = Hold::taken;
    return save(tx, booking, Act::accept);
}

Outcome<Booking> Desk::accept(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version, std::optional<std::string> ground) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    const auto to = check_act(booking, Act::accept, Party::body, version);
    if (!to) return std::unexpected(to.error());
    if (booking.free_of_charge()) {
        booking.free_ground =
            ground && !ground->empty()
                ? *ground
                : tx.affiliation(booking.organisation, booking.body).category_ground;
        if (booking.free_ground.empty()) return refuse_field("ground_required", "/ground");
    }
    if (booking.last_start <= now()) {
        Refusal late(base::Error{"invalid_transition", "the last date has started", {}});
        late.state = booking.state;
        return std::unexpected(std::move(late));
    }
    tx.bump(booking.parts, &booking.organisation, booking.body);

    // Dates that went by without an answer are not part of what is granted.
    bool left_out = false;
    for (auto& occurrence : booking.occurrences) {
        if (!keeps_time(occurrence.state) || occurrence.slot.interval.start > now()) continue;
        occurrence.state = OccurrenceState::left_out;
        occurrence.reason = "past";
        left_out = true;
        if (booking.hold != Hold::none) tx.free_one(booking, occurrence.slot.interval);
    }
    booking.summarise();
    const State from = booking.state;
    const Hold hold_before = booking.hold;
    booking.state = *to;
    booking.decision = Decision{acting->role, actor.id, now(), {}, {}};

    if (hold_before == Hold::pending) {
        if (const auto done = accept_in_place(tx, booking); !done) {
            return std::unexpected(done.error());
        }
    } else {
        auto granted = take_again(tx, std::move(booking), Hold::taken, Act::accept);
        if (!granted) return granted;
        booking = *std::move(granted);
    }
    if (left_out) {
        tx.update_occurrences(booking);
        reprice(tx, booking);
    }
    note(tx, booking, from, "accept", acting->role, actor.id);
    if (const auto done = defer_or_do(tx, booking, Act::accept, from, hold_before); !done) {
        return std::unexpected(done.error());
    }
    return booking;
}

Outcome<Booking> Desk::take_again(Tx& tx, Booking booking, Hold hold, Act act) const {
    Taking taking;
    taking.offer = booking.offer;
    taking.organisation = booking.organisation;
    taking.booking = booking.id;
    taking.staff = true;
    taking.now = now();
    taking.buffers = booking.buffers();
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place&) -> Outcome<Plan> {
        Plan plan;
        for (const auto* occurrence : booking.kept())
            plan.slots.push_back(occurrence->slot);
        return plan;
    };
    taking.write = [&](const Place& place, const std::vector<JudgedSlot>&) -> Outcome<Booking> {
        booking.hold =
            hold == Hold::pending && !place.space->pending_holds ? Hold::requested : hold;
        if (const auto saved = save(tx, booking, act); !saved) {
            return std::unexpected(saved.error());
        }
        return booking;
    };
    return take_time(tx, taking);
}

Outcome<Booking> Desk::refuse_request(Tx& tx, const Actor& actor, const base::BookingId& id,
                                      std::int64_t version, const std::string& reason_code,
                                      const std::string& reason_text) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    const auto to = check_act(booking, Act::refuse, Party::body, version);
    if (!to) return std::unexpected(to.error());

    const State from = booking.state;
    booking.state = *to;
    booking.decision = Decision{acting->role, actor.id, now(), reason_code, reason_text};
    if (const auto saved = save(tx, booking, Act::refuse); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, from, "refuse", acting->role, actor.id, reason_code, reason_text);
    if (const auto done = defer_or_do(tx, booking, Act::refuse, from, booking.hold); !done) {
        return std::unexpected(done.error());
    }
    return booking;
}

Outcome<Booking> Desk::withdraw(Tx& tx, const Actor& actor, const base::BookingId& id,
                                std::int64_t version) const {
    auto found = look(tx, actor, id);
    if (!found) return found;
    Booking booking = *std::move(found);
    if (!actor.may_book_for(booking.organisation)) return refuse("forbidden", "role");
    const auto to = check_act(booking, Act::withdraw, Party::hirer, version);
    if (!to) return std::unexpected(to.error());

    const State from = booking.state;
    booking.state = *to;
    if (const auto done = release_stands(tx, booking, "withdrawn"); !done) {
        return std::unexpected(done.error());
    }
    note(tx, booking, from, "withdraw", "hirer", actor.id);
    return booking;
}

Outcome<Booking> Desk::cancel(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version, const std::string& reason_text) const {
    auto found = look(tx, actor, id);
    if (!found) return found;
    Booking booking = *std::move(found);
    const bool by_hirer = actor.may_book_for(booking.organisation);
    const bool by_body = actor.holds(PostRole::manager, booking.body, booking.establishment);
    if (!by_hirer && !by_body) return refuse("forbidden", "role");
    const auto party = by_hirer ? Party::hirer : Party::body;
    if (!by_hirer && reason_text.empty()) return refuse_field("reason_required", "/reason_text");
    if (auto may = check_act(booking, Act::cancel, party, version); !may) {
        return std::unexpected(may.error());
    }
    // An acceptance that could still be taken back stands from now on: the hirer counted on it.
    if (const auto done = settle_booking(tx, booking); !done) return std::unexpected(done.error());
    const auto to = next_state(booking.state, Act::cancel, party);
    if (!to) return refuse("invalid_transition");

    const State from = booking.state;
    const Hold hold_before = booking.hold;
    const std::string role(by_hirer ? "hirer" : actor.role_at(booking.body, booking.establishment));
    booking.state = *to;
    std::vector<time::Date> dates;  // that will not take place
    for (auto& occurrence : booking.occurrences) {
        if (!keeps_time(occurrence.state)) continue;
        const bool began = occurrence.slot.interval.start <= now();
        occurrence.state = began ? OccurrenceState::took_place : OccurrenceState::cancelled;
        if (!began) dates.push_back(occurrence.slot.local_date);
    }
    booking.decision = Decision{role, actor.id, now(), "cancelled", reason_text};
    tx.update_occurrences(booking);
    if (by_hirer) {
        if (const auto done = release_stands(tx, booking, "cancelled"); !done) {
            return std::unexpected(done.error());
        }
        note(tx, booking, from, "cancel", role, actor.id, {}, reason_text);
        if (booking.price) {
            const auto today = booking.zone.local(now()).date;
            order_refund(tx, booking, refund_to_hirer(*booking.price, dates, today),
                         "cancelled_by_hirer");
        }
        return booking;
    }
    if (const auto saved = save(tx, booking, Act::cancel); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, from, "cancel", role, actor.id, {}, reason_text);
    if (const auto done = defer_or_do(tx, booking, Act::cancel, from, hold_before); !done) {
        return std::unexpected(done.error());
    }
    return booking;
}

Outcome<Booking> Desk::undo(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    Refusal too_late(base::Error{"invalid_transition", "nothing to take back", {}});
    too_late.state = booking.state;
    if (!booking.deferred) return std::unexpected(std::move(too_late));
    if (version != booking.version) return refuse("stale_version", std::to_string(booking.version));
    const DeferredEffect effect = *booking.deferred;
    // Whoever deletes the row first wins; the clock may just have done so.
    if (effect.effective_at <= machine_now() || !tx.take_deferred(id)) {
        return std::unexpected(std::move(too_late));
    }
    booking.deferred.reset();

    const State from = booking.state;
    booking.state = effect.previous_state;
    booking.hold = effect.previous_hold;
    booking.decision.reset();
    if (effect.act == Act::accept) {
        booking.free_ground.clear();
        if (effect.previous_hold == Hold::pending) {
            tx.set_pending(id, true);
        } else {
            tx.free_all(id);
            if (booking.hold == Hold::requested) tx.take(booking, true, false);
        }
    }
    if (effect.act == Act::cancel) {
        for (auto& occurrence : booking.occurrences) {
            if (occurrence.state == OccurrenceState::cancelled && occurrence.reason.empty()) {
                occurrence.state = OccurrenceState::planned;
            }
        }
        booking.summarise();
        tx.update_occurrences(booking);
    }
    if (const auto saved = save(tx, booking, Act::reopen); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, from, "undo", acting->role, actor.id);
    tx.publish_occupancy(booking, now());
    if (booking.state == State::accepted && booking.paid) {
        // Paid while its cancellation could still be taken back.
        if (const auto done = confirm(tx, booking); !done) return std::unexpected(done.error());
    }
    return booking;
}

Outcome<Booking> Desk::reopen(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    const auto to = check_act(booking, Act::reopen, Party::body, version);
    if (!to) return std::unexpected(to.error());
    if (const auto done = settle_booking(tx, booking); !done) return std::unexpected(done.error());

    const State from = booking.state;
    booking.state = *to;
    booking.decision.reset();
    auto again = take_again(tx, std::move(booking), Hold::pending, Act::reopen);
    if (!again) return again;
    note(tx, *again, from, "reopen", acting->role, actor.id);
    tx.publish_occupancy(*again, now());
    tx.publish_booking(*again, "submitted", now());
    return again;
}

}  // namespace preau::booking
