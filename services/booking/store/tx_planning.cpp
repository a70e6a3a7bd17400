// The planning of an establishment: bookings of some days with their dates of those days.

#include <algorithm>
#include <map>

#include "services/booking/store/dates.hpp"
#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

std::vector<Booking> SqlTx::planned(const base::EstablishmentId& establishment,
                                    time::Interval window, int limit) {
    const Number from = window.start.seconds;
    const Number until = window.end.seconds;
    const Number most = limit;
    BookingRow row;
    soci::statement statement(sql());
    statement.alloc();
    statement.prepare(
        "SELECT " + std::string(BookingRow::columns) +
        " FROM booking b WHERE establishment_id = :e AND last_end > :f AND "
        "first_start < :u AND state IN " +
        states_living() +
        " AND EXISTS (SELECT 1 FROM "
        "booking_occurrence o WHERE o.booking_id = b.booking_id AND o.start_at < :u2 "
        "AND o.end_at > :f2 AND o.state IN ('planned', 'suspended')) ORDER BY first_start, "
        "booking_id LIMIT :n");
    statement.exchange(soci::use(establishment.str()));
    for (const auto* bound : {&from, &until, &until, &from, &most})
        statement.exchange(soci::use(*bound));
    row.bind(statement);
    std::vector<Booking> out;
    each(statement, [&] { out.push_back(row.booking()); });
    for (auto& booking : out) {
        booking.occurrences = dates_of(session_, booking_dates, booking.id.str());
        std::erase_if(booking.occurrences, [&](const Occurrence& one) {
            return !keeps_time(one.state) || !one.slot.interval.overlaps(window);
        });
    }
    return out;
}

}  // namespace preau::booking
