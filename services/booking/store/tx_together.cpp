// Which bookings were asked for in one request.

#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

void SqlTx::join_request(const base::BookingId& first, const base::BookingId& booking) {
    sql() << "INSERT INTO joint_request (booking_id, first_id) VALUES (:a1, :a2)",
        soci::use(booking.str()), soci::use(first.str());
}

std::vector<base::BookingId> SqlTx::joined_with(const base::BookingId& booking) {
    std::vector<base::BookingId> out;
    std::string id;
    soci::statement query =
        (sql().prepare << "SELECT o.booking_id FROM joint_request m JOIN joint_request o "
                          "ON o.first_id = m.first_id AND o.booking_id <> m.booking_id "
                          "WHERE m.booking_id = :b ORDER BY o.booking_id",
         soci::use(booking.str()), soci::into(id));
    each(query, [&] { out.push_back(base::BookingId::trusted(id)); });
    return out;
}

}  // namespace preau::booking
