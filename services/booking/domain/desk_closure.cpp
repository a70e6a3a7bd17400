// Closures and school needs: they occupy parts as intervals, may overlap one another, list the
// bookings that they touch, and push them aside only with force.

#include <algorithm>

#include "services/booking/domain/acting.hpp"
#include "services/booking/domain/closing.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/papers.hpp"

namespace preau::booking {

Outcome<Closure> Desk::lay_closure(Tx& tx, const Actor& actor,
                                   const ClosureRequest& request) const {
    const auto place = closing_place(tx, request);
    if (!place) return std::unexpected(place.error());
    for (const auto& space : place->spaces) {
        if (!actor.works_at(space->body, space->establishment)) return refuse("not_found", "site");
        if (!actor.holds(PostRole::manager, space->body, space->establishment)) {
            return refuse("forbidden", "role");
        }
    }
    const auto closure = compose_closure(*place, request, actor.id, now());
    if (!closure) return closure;
    if (!settings_.unsafe.no_bump) tx.bump(place->parts, nullptr, closure->body);
    const auto touched = tx.touched(still_to_come(closure->intervals, now()));
    if (!touched.empty() && !request.force) {
        Refusal refusal(base::Error{"closure_touches_bookings", {}, {}});
        refusal.touched = touched;
        refusal.zone = closure->zone;
        return std::unexpected(std::move(refusal));
    }
    const Closer closer{std::string(actor.role_at(closure->body, closure->establishment)),
                        actor.id};
    for (const auto& one : touched) {
        if (const auto done = push_aside(tx, closer, *closure, one, {}); !done) {
            return std::unexpected(done.error());
        }
    }
    tx.insert_closure(*closure);
    tx.publish_closure(*closure, now());
    return closure;
}

Outcome<Closure> Desk::lift_closure(Tx& tx, const Actor& actor, const base::ClosureId& id) const {
    auto closure = tx.find_closure(id);
    if (!closure || !actor.works_at(closure->body, closure->establishment)) {
        return refuse("not_found", "closure");
    }
    if (!actor.holds(PostRole::manager, closure->body, closure->establishment)) {
        return refuse("forbidden", "role");
    }
    if (!closure->active) return *std::move(closure);
    if (!tx.lift_closure(*closure)) return refuse("stale_version");
    tx.publish_closure(*closure, now());
    return *std::move(closure);
}

Outcome<Checks> Desk::checks(Tx& tx, const Actor& actor, const base::BookingId& id) const {
    const auto booking = look(tx, actor, id);
    if (!booking) return std::unexpected(booking.error());
    if (!actor.works_at(booking->body, booking->establishment)) return refuse("forbidden", "role");
    Checks out;
    for (const auto act :
         {Act::accept, Act::endorse, Act::ask_documents, Act::propose, Act::refuse}) {
        if (!decides_for_body(actor, *booking)) break;
        const bool may = next_state(booking->state, act, decider_of(actor, *booking)).has_value();
        if (may && !(act == Act::accept && endorsed_himself(actor, *booking))) {
            out.acts.push_back(act);
        }
    }
    out.affiliation = tx.affiliation(booking->organisation, booking->body);
    out.competing = tx.competing(*booking);
    out.debt = debt_of(tx, booking->organisation, booking->establishment, booking->zone);
    out.past = tx.past(booking->organisation, booking->establishment, booking->id);
    out.ground_needed = booking->free_of_charge() && ground_of(tx, *booking, {}).empty();
    out.insurance_covers_all = std::ranges::all_of(booking->kept(), [&](const Occurrence* one) {
        return insured_on(one->slot, out.affiliation.insurance_valid_until);
    });
    out.contract_needed = contract_missing(tx, *booking);
    const auto place = place_of(tx, booking->offer);
    if (!place) return out;  // withdrawn from inventory: nothing to judge it by
    out.capacity = place->offer->capacity;
    out.auto_accept = place->space->auto_accept;
    if (out.auto_accept) out.auto_obstacles = obstacles_of(tx, *place->space, *booking);
    std::vector<rules::Slot> slots;
    for (const auto* occurrence : booking->kept())
        slots.push_back(occurrence->slot);
    if (slots.empty()) return out;
    const Question question{booking->organisation, booking->id, true, now(), false,
                            booking->buffers()};
    out.dates = judge_slots(tx, *place, slots, question);
    return out;
}

}  // namespace preau::booking
