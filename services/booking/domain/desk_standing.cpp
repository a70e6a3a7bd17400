// What depends on who asks: whether he was here before, what he owes.

#include <algorithm>

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/papers.hpp"

namespace preau::booking {

AskerDays Desk::days_for(Tx& tx, const Place& place, const base::OrganisationId& organisation,
                         bool staff, const rules::Recurrence& when) const {
    AskerDays out;
    const auto today = place.space->zone.local(now()).date;
    if (!staff && settings_.first_use_working_days > 0 &&
        !tx.was_here(organisation, place.space->body)) {
        out.first = first_use_day(today, settings_.first_use_working_days, place.calendar.calendar);
    }
    const bool series =
        when.kind == rules::RecurrenceKind::weekly || when.kind == rules::RecurrenceKind::monthly;
    if (series && settings_.series_in_school_year) out.last = end_of_school_year(when.from);
    if (!series && settings_.single_horizon_days > 0) {
        out.last = today + settings_.single_horizon_days;
    }
    return out;
}

std::vector<std::string_view> Desk::obstacles_of(Tx& tx, const Space& space,
                                                 const Booking& booking) const {
    const auto affiliation = tx.affiliation(booking.organisation, booking.body);
    const auto today = space.zone.local(now()).date;
    const auto a_year_ago = today.plus_months(-incident_months).value_or(today + -366);
    const auto since = space.zone.instant_or_jump(a_year_ago, 0);
    AutoAcceptFacts facts;
    facts.category = affiliation.category;
    facts.affiliation = affiliation.status;
    facts.contract_signed = affiliation.contract_signed_on.has_value();
    facts.incidents = tx.incidents(booking.organisation, booking.body, since);
    facts.headcount = booking.headcount;
    facts.space_kind = space.kind;
    facts.ground_known = !booking.free_of_charge() || !ground_of(tx, booking, {}).empty();
    facts.two_levels = space.two_levels;
    facts.debt = debt_of(tx, booking.organisation, booking.establishment, booking.zone).state;
    const auto kept = booking.kept();
    facts.insured = std::ranges::all_of(kept, [&](const Occurrence* one) {
        return insured_on(one->slot, affiliation.insurance_valid_until);
    });
    facts.known_slot = !kept.empty() && std::ranges::all_of(kept, [&](const Occurrence* one) {
        return tx.had_slot(booking.organisation, booking.offer, one->slot, since, now());
    });
    return auto_accept_obstacles(facts);
}

Debt Desk::debt_of(Tx& tx, const base::OrganisationId& organisation,
                   const base::EstablishmentId& establishment, const time::Zone& zone) const {
    return booking::debt_of(tx.open_invoices(organisation, establishment, now()), zone,
                            zone.local(now()).date, settings_.debt);
}

}  // namespace preau::booking
