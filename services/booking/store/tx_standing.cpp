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
