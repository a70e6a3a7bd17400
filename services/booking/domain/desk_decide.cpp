// Deciding and giving back: look, accept, refuse, withdraw, cancel, undo, reopen.

#include <algorithm>

#include "services/booking/domain/acting.hpp"
#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {
/// The acts of a body that answer a request: of two managers one comes first.
bool decides(Act act) {
    return act == Act::accept || act == Act::refuse || act == Act::ask_documents ||
           act == Act::propose || act == Act::endorse;
}

/// Whether the act came too late for this party: somebody answered before.
bool answered_before(const Booking& booking, Act act, Party by) {
    if (!decides(act) || !booking.decision) return false;
    if (by == Party::college && booking.state == State::endorsed) return true;
    return by != Party::hirer && by != Party::rules && decided(booking.state);
}
}  // namespace

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
    if (!decides_for_body(actor, *booking)) {
        const bool own = actor.is_member(booking->organisation);
        return refuse("forbidden", own ? "own organisation" : "role");
    }
    const std::string role(actor.role_at(booking->body, booking->establishment));
    return Acting{*std::move(booking), role, true};
}

Outcome<Desk::Acting> Desk::for_hirer(Tx& tx, const Actor& actor, const base::BookingId& id) const {
    auto booking = look(tx, actor, id);
    if (!booking) return std::unexpected(booking.error());
    auto role = role_for_hirer(actor, *booking);
    if (role.empty()) return refuse("forbidden", "role");
    return Acting{*std::move(booking), std::move(role), false};
}

Outcome<State> Desk::check_act(const Booking& booking, Act act, Party by,
                               std::int64_t version) const {
    if (answered_before(booking, act, by)) {
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

Outcome<Desk::Acting> Desk::for_decision(Tx& tx, const Actor& actor, const base::BookingId& id,
                                         Act act, std::int64_t version) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return acting;
    Booking& booking = acting->booking;
    const auto by = decider_of(actor, booking);
    if (by == Party::college && booking.state == State::submitted &&
        (act == Act::accept || act == Act::propose)) {
        return refuse("forbidden", "the body has the last word");
    }
    const auto to = check_act(booking, act, by, version);
    if (!to) return std::unexpected(to.error());
    if (act == Act::accept && endorsed_himself(actor, booking)) {
        return refuse("forbidden", "who gave the opinion");
    }
    if (const auto done = settle_booking(tx, booking); !done) return std::unexpected(done.error());
    acting->to = *to;
    return acting;
}

Outcome<void> Desk::save(Tx& tx, Booking& booking, Act act) const {
    if (tx.update(booking)) return {};
    const auto stored = tx.find(booking.id);
    if (!stored) return refuse("not_found", "booking");
    const bool late =
        answered_before(*stored, act, act == Act::endorse ? Party::college : Party::body);
    Refusal refusal(base::Error{
        late ? "already_decided" : "stale_version", std::to_string(stored->version), {}});
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
                                Hold previous_hold, Before before) const {
    if (settings_.undo_window_s > 0) {
        const DeferredEffect effect{
            booking.id,       act, previous, previous_hold, machine_now() + settings_.undo_window_s,
            std::move(before)};
        tx.defer(effect);
        booking.deferred = effect;
        tx.publish_occupancy(booking, now());
        return {};
    }
    if (act == Act::accept || act == Act::propose) {
        free_dates(tx, booking, before.left_out);
        tx.publish_occupancy(booking, now());
    }
    return stands(tx, booking, {booking.id, act, previous, previous_hold, {}, {}});
}

Outcome<Booking> Desk::refuse_request(Tx& tx, const Actor& actor, const base::BookingId& id,
                                      std::int64_t version, const std::string& reason_code,
                                      const std::string& reason_text) const {
    auto acting = for_decision(tx, actor, id, Act::refuse, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);

    const State from = booking.state;
    booking.state = acting->to;
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

Outcome<Booking> Desk::endorse(Tx& tx, const Actor& actor, const base::BookingId& id,
                               std::int64_t version, const std::string& text) const {
    auto acting = for_decision(tx, actor, id, Act::endorse, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);

    const State from = booking.state;
    booking.state = acting->to;
    booking.endorsed_by = actor.id;
    booking.decision = Decision{acting->role, actor.id, now(), {}, text};
    if (const auto saved = save(tx, booking, Act::endorse); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, from, "endorse", acting->role, actor.id, {}, text);
    if (const auto done = defer_or_do(tx, booking, Act::endorse, from, booking.hold); !done) {
        return std::unexpected(done.error());
    }
    return booking;
}

Outcome<Booking> Desk::withdraw(Tx& tx, const Actor& actor, const base::BookingId& id,
                                std::int64_t version) const {
    auto acting = for_hirer(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    const auto to = check_act(booking, Act::withdraw, Party::hirer, version);
    if (!to) return std::unexpected(to.error());
    if (const auto dropped = drop_deferred(tx, booking); !dropped) {
        return std::unexpected(dropped.error());
    }

    const State from = booking.state;
    booking.state = *to;
    if (const auto done = release_stands(tx, booking, "withdrawn"); !done) {
        return std::unexpected(done.error());
    }
    note(tx, booking, from, "withdraw", acting->role, actor.id);
    return booking;
}

Outcome<Booking> Desk::cancel(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version, const std::string& reason_text) const {
    auto found = look(tx, actor, id);
    if (!found) return found;
    Booking booking = *std::move(found);
    const bool by_body = decides_for_body(actor, booking);
    auto role = role_for_hirer(actor, booking);
    // Who may do both decides: what a manager cancels is the house's doing, also at its counter.
    const bool by_hirer = role == "hirer" || (!role.empty() && !by_body);
    if (!by_hirer && !by_body) return refuse("forbidden", "role");
    if (!by_hirer) role = actor.role_at(booking.body, booking.establishment);
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
    booking.state = *to;
    std::vector<rules::Slot> gone;  // that will not take place
    for (auto& occurrence : booking.occurrences) {
        if (!keeps_time(occurrence.state)) continue;
        const bool began = occurrence.slot.interval.start <= now();
        occurrence.state = began ? OccurrenceState::took_place : OccurrenceState::cancelled;
        occurrence.reason.clear();  // it may have been suspended
        if (!began) gone.push_back(occurrence.slot);
    }
    booking.decision =
        Decision{by_hirer ? "hirer" : role, actor.id, now(), "cancelled", reason_text};
    tx.update_occurrences(booking);
    if (by_hirer) {
        if (const auto done = release_stands(tx, booking, "cancelled"); !done) {
            return std::unexpected(done.error());
        }
        note(tx, booking, from, "cancel", role, actor.id, {}, reason_text);
        refund_hirer(tx, booking, gone);
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
    booking.endorsed_by.clear();
    auto again = take_again(tx, std::move(booking), Hold::pending, Act::reopen);
    if (!again) return again;
    restart_answer(tx, *again);
    note(tx, *again, from, "reopen", acting->role, actor.id);
    tx.publish_occupancy(*again, now());
    tx.publish_booking(*again, "submitted", now());
    return again;
}

}  // namespace preau::booking
