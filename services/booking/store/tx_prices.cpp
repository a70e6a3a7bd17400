// Free uses of a school year, and what cancelled dates are still owed when they are let again.

#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/db/insert_many.hpp"

namespace preau::booking {

namespace {
std::string_view word_of(rules::UseKind kind) {
    return kind == rules::UseKind::weekday ? "weekday" : "weekend";
}
}  // namespace

int SqlTx::count_free_uses(const base::OrganisationId& organisation, const base::BodyId& body,
                           const rules::FreeUse& use, const base::BookingId& but) {
    const Number year = use.school_year;
    const std::string kind(word_of(use.kind));
    Number count = 0;
    sql() << "SELECT COUNT(*) FROM free_use f JOIN booking b ON b.booking_id = f.booking_id "
             "LEFT JOIN deferred_effect d ON d.booking_id = f.booking_id "
             "WHERE f.organisation_id = :o AND f.body_id = :b AND f.school_year = :y AND "
             "f.kind = :k AND f.booking_id <> :but AND (d.booking_id IS NOT NULL OR b.state = "
             "'closed' OR b.state IN "
          << states_living() << ")",
        soci::use(organisation.str()), soci::use(body.str()), soci::use(year), soci::use(kind),
        soci::use(but.str()), soci::into(count);
    return static_cast<int>(count);
}

void SqlTx::note_free_use(const Booking& booking) {
    const Number year = booking.price->free_use->school_year;
    const std::string kind(word_of(booking.price->free_use->kind));
    sql() << "INSERT INTO free_use (booking_id, organisation_id, body_id, school_year, kind) "
             "VALUES (:a1, :a2, :a3, :a4, :a5)",
        soci::use(booking.id.str()), soci::use(booking.organisation.str()),
        soci::use(booking.body.str()), soci::use(year), soci::use(kind);
}

void SqlTx::keep_claims(const Booking& booking, std::span<const KeptShare> kept) {
    std::vector<std::vector<db::Cell>> rows;
    for (const auto& one : kept) {
        rows.push_back({std::string_view(booking.id.str()), one.interval.start.seconds,
                        one.interval.end.seconds, std::string_view(booking.space.str()),
                        one.amount.value, std::string_view{}});
    }
    if (rows.empty()) return;
    db::insert_many(session_, "relet_claim",
                    {"booking_id", "start_at", "end_at", "space_id", "amount_cents", "relet_by"},
                    rows);
}

std::vector<ReletClaim> SqlTx::open_claims(const base::SpaceId& space, time::Interval window) {
    std::vector<ReletClaim> out;
    const Number from = window.start.seconds;
    const Number until = window.end.seconds;
    std::string booking;
    Number start = 0;
    Number end = 0;
    Number amount = 0;
    soci::statement query =
        (sql().prepare << "SELECT booking_id, start_at, end_at, amount_cents FROM relet_claim "
                          "WHERE space_id = :s AND relet_by = '' AND start_at >= :f AND "
                          "end_at <= :u ORDER BY booking_id, start_at",
         soci::use(space.str()), soci::use(from), soci::use(until), soci::into(booking),
         soci::into(start), soci::into(end), soci::into(amount));
    each(query,
         [&] { out.push_back({base::BookingId::trusted(booking), {{{start}, {end}}, {amount}}}); });
    return out;
}

bool SqlTx::answer_claim(const ReletClaim& claim, const base::BookingId& relet_by) {
    const Number start = claim.share.interval.start.seconds;
    soci::statement update =
        (sql().prepare << "UPDATE relet_claim SET relet_by = :r WHERE booking_id = :b AND "
                          "start_at = :s AND relet_by = ''",
         soci::use(relet_by.str()), soci::use(claim.booking.str()), soci::use(start));
    return changed(update) == 1;
}

}  // namespace preau::booking
