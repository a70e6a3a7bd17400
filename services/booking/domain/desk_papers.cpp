// Papers: a date that is not insured is suspended and taken up again when it is; a favour needs the
// contract.

#include <algorithm>

#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/papers.hpp"

namespace preau::booking {

Desk::Cover Desk::cover_dates(Tx& tx, Booking& booking) const {
    Cover out;
    if (!settings_.insurance_required || booking.origin == "import") return out;
    const auto until = tx.affiliation(booking.organisation, booking.body).insurance_valid_until;
    for (auto& one : booking.occurrences) {
        if (one.slot.interval.start <= now()) continue;
        const bool insured = insured_on(one.slot, until);
        if (one.state == OccurrenceState::planned && !insured) {
            one.state = OccurrenceState::suspended;
            one.reason = reason_insurance;
            out.suspended.push_back({one.id, one.slot, std::nullopt});
        } else if (one.state == OccurrenceState::suspended && insured) {
            one.state = OccurrenceState::planned;
            one.reason.clear();
            out.resumed.push_back({one.id, std::nullopt, one.slot});
        }
    }
    booking.summarise();
    return out;
}

void Desk::tell_cover(Tx& tx, const Booking& booking, Cover cover) const {
    if (!cover.suspended.empty()) {
        note_changes(tx, booking, booking.state, "suspend", "rules", {}, std::move(cover.suspended),
                     {});
        tx.publish_booking(booking, "suspended", now());
    }
    if (!cover.resumed.empty()) {
        note_changes(tx, booking, booking.state, "resume", "rules", {}, std::move(cover.resumed),
                     {});
        tx.publish_booking(booking, "resumed", now());
    }
}

Outcome<void> Desk::papers_changed(Tx& tx, const base::OrganisationId& organisation,
                                   const base::BodyId& body) const {
    for (const auto& id : tx.granted_of(organisation, body, now())) {
        auto booking = tx.find(id);
        // What can still be taken back is looked at when it stands, or was taken back.
        if (!booking || booking->deferred) continue;
        auto cover = cover_dates(tx, *booking);
        if (cover.suspended.empty() && cover.resumed.empty()) continue;
        tx.update_occurrences(*booking);
        if (const auto saved = save(tx, *booking, Act::cancel); !saved) return saved;
        tell_cover(tx, *booking, std::move(cover));
    }
    return {};
}

Outcome<bool> Desk::lapse_suspended(Tx& tx, const base::BookingId& id) const {
    auto booking = tx.find(id);
    if (!booking || !granted(booking->state) || booking->deferred) return false;
    const auto today = booking->zone.local(now()).date;
    std::vector<base::OccurrenceId> over;
    for (const auto& one : booking->occurrences) {
        const bool near = one.slot.local_date - today <= suspended_days;
        if (one.state == OccurrenceState::suspended && near && one.slot.interval.start > now()) {
            over.push_back(one.id);
        }
    }
    if (over.empty()) return false;
    if (over.size() == booking->kept().size()) {
        if (const auto done = cancel_lapsed(tx, *std::move(booking)); !done) {
            return std::unexpected(done.error());
        }
        return true;
    }
    const auto done = give_dates_back(tx, {}, {*std::move(booking), "clock", false}, over, "lapse");
    if (!done) return std::unexpected(done.error());
    return true;
}

Outcome<void> Desk::cancel_lapsed(Tx& tx, Booking booking) const {
    const auto to = next_state(booking.state, Act::cancel, Party::clock);
    if (!to) return refuse("invalid_transition");
    const State from = booking.state;
    booking.state = *to;
    std::vector<rules::Slot> gone;
    for (auto& one : booking.occurrences) {
        if (!keeps_time(one.state)) continue;
        one.state = OccurrenceState::cancelled;
        one.reason = reason_insurance;
        gone.push_back(one.slot);
    }
    booking.suspended_from.reset();
    booking.decision = Decision{"clock", "", now(), "insurance_missing", {}};
    tx.update_occurrences(booking);
    if (const auto done = release_stands(tx, booking, "cancelled"); !done) return done;
    note(tx, booking, from, "lapse", "clock", {});
    refund_hirer(tx, booking, gone);
    return {};
}

bool Desk::contract_missing(Tx& tx, const Booking& booking) const {
    if (!settings_.contract_required || !booking.price) return false;
    return needs_contract(booking.category, *booking.price) &&
           !tx.affiliation(booking.organisation, booking.body).contract_signed_on;
}

Outcome<void> Desk::check_papers(Tx& tx, const Booking& booking) const {
    if (contract_missing(tx, booking)) return refuse("contract_required");
    if (!settings_.insurance_required) return {};
    const auto until = tx.affiliation(booking.organisation, booking.body).insurance_valid_until;
    const auto today = booking.zone.local(now()).date;
    for (const auto* one : booking.kept()) {
        const bool near = one->slot.local_date - today <= suspended_days;
        if (near && one->slot.interval.start > now() && !insured_on(one->slot, until)) {
            return refuse("insurance_missing", one->slot.local_date.iso());
        }
    }
    return {};
}

}  // namespace preau::booking
