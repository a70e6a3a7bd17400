// How an organisation stands with those who lend to it: whether it was here, what it owes.

#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

bool SqlTx::was_here(const base::OrganisationId& organisation, const base::BodyId& body) {
    Number one = 0;
    sql() << "SELECT 1 FROM booking WHERE organisation_id = :o AND body_id = :b AND state IN "
             "('accepted', 'confirmed', 'closed') LIMIT 1",
        soci::use(organisation.str()), soci::use(body.str()), soci::into(one);
    return sql().got_data();
}

int SqlTx::incidents(const base::OrganisationId& organisation, const base::BodyId& body,
                     base::Instant since) {
    const Number from = since.seconds;
    Number missed = 0;
    Number refused = 0;
    sql() << "SELECT COUNT(*) FROM booking b JOIN booking_occurrence o "
             "ON o.booking_id = b.booking_id WHERE b.organisation_id = :o AND b.body_id = :b AND "
             "o.state = 'no_show' AND o.start_at >= :t",
        soci::use(organisation.str()), soci::use(body.str()), soci::use(from), soci::into(missed);
    sql() << "SELECT COUNT(*) FROM booking WHERE organisation_id = :o AND body_id = :b AND "
             "reason_code = 'previous_incident' AND decided_at >= :t",
        soci::use(organisation.str()), soci::use(body.str()), soci::use(from), soci::into(refused);
    return static_cast<int>(missed + refused);
}

bool SqlTx::had_slot(const base::OrganisationId& organisation, const base::OfferId& offer,
                     const rules::Slot& slot, base::Instant since, base::Instant until) {
    const Number from = since.seconds;
    const Number to = until.seconds;
    const Number day = slot.local_date.days;
    const Number start = slot.start_minute;
    const Number end = slot.end_minute;
    Number one = 0;
    sql() << "SELECT 1 FROM booking b JOIN booking_occurrence o ON o.booking_id = b.booking_id "
             "WHERE b.organisation_id = :o AND b.offer_id = :f AND b.state IN ('confirmed', "
             "'closed') AND o.state IN ('planned', 'took_place') AND o.start_at >= :t AND "
             "o.start_at < :u AND o.start_minute = :s AND o.end_minute = :e AND "
             "(o.local_date - :d) % 7 = 0 LIMIT 1",
        soci::use(organisation.str()), soci::use(offer.str()), soci::use(from), soci::use(to),
        soci::use(start), soci::use(end), soci::use(day), soci::into(one);
    return sql().got_data();
}

std::vector<base::BookingId> SqlTx::granted_of(const base::OrganisationId& organisation,
                                               const base::BodyId& body, base::Instant now) {
    std::vector<base::BookingId> out;
    const Number after = now.seconds;
    std::string id;
    soci::statement query =
        (sql().prepare << "SELECT booking_id FROM booking WHERE organisation_id = :o AND "
                          "body_id = :b AND state IN ('accepted', 'confirmed') AND last_end > :t "
                          "ORDER BY booking_id",
         soci::use(organisation.str()), soci::use(body.str()), soci::use(after), soci::into(id));
    each(query, [&] { out.push_back(base::BookingId::trusted(id)); });
    return out;
}

std::vector<base::BookingId> SqlTx::suspended_until(base::Instant until, int limit) {
    std::vector<base::BookingId> out;
    const Number by = until.seconds;
    const Number most = limit;
    std::string id;
    soci::statement query =
        // COALESCE keeps the planner from the index on states, which holds all bookings that stand.
        (sql().prepare << "SELECT booking_id FROM booking WHERE suspended_from > 0 AND "
                          "suspended_from <= :t AND COALESCE(state, '') IN ('accepted', "
                          "'confirmed') ORDER BY suspended_from LIMIT :n",
         soci::use(by), soci::use(most), soci::into(id));
    each(query, [&] { out.push_back(base::BookingId::trusted(id)); });
    return out;
}

std::vector<OpenInvoice> SqlTx::open_invoices(const base::OrganisationId& organisation,
                                              const base::EstablishmentId& establishment,
                                              base::Instant now) {
    std::vector<OpenInvoice> out;
    const Number until = now.seconds;
    Number amount = 0;
    Number last_end = 0;
    soci::statement query =
        (sql().prepare
             << "SELECT p.amount_cents, b.last_end FROM booking b JOIN payment_projection p "
                "ON p.booking_id = b.booking_id WHERE b.organisation_id = :o AND "
                "b.establishment_id = :e AND b.payment_kind = 'later' AND b.state IN "
                "('confirmed', 'closed') AND b.last_end <= :t AND p.status NOT IN "
                "('paid', 'paid_late', 'canceled', 'expired')",
         soci::use(organisation.str()), soci::use(establishment.str()), soci::use(until),
         soci::into(amount), soci::into(last_end));
    each(query, [&] { out.push_back({base::Cents{amount}, base::Instant{last_end}}); });
    return out;
}

}  // namespace preau::booking
