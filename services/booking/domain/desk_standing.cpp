// What depends on who asks: whether he was here before, what he owes.

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"

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

Debt Desk::debt_of(Tx& tx, const base::OrganisationId& organisation,
                   const base::EstablishmentId& establishment, const time::Zone& zone) const {
    return booking::debt_of(tx.open_invoices(organisation, establishment, now()), zone,
                            zone.local(now()).date, settings_.debt);
}

}  // namespace preau::booking
