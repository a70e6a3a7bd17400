// What changes of a booking after it was made: where and when it is, and the time kept free
// around them.

#include "services/booking/store/dates.hpp"
#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

void SqlTx::rewrite(const Booking& booking) {
    const BookingRow row(booking);
    sql() << "UPDATE booking SET space_id = :a1, offer_id = :a2, request_hash = :a3, "
             "payment_kind = :a4, answer_by = :a5, details = :a6 WHERE booking_id = :a7",
        soci::use(row.space), soci::use(row.offer), soci::use(row.request_hash),
        soci::use(row.payment), soci::use(row.answer_by), soci::use(row.details), soci::use(row.id);
    delete_dates(session_, booking_dates, booking.id.str());
    insert_dates(session_, booking_dates, booking.id.str(), booking.occurrences);
}

void SqlTx::update_buffers(const Booking& booking) {
    Number start = 0;
    Number before = 0;
    Number after = 0;
    std::string id;
    soci::statement occurrence =
        (sql().prepare << "UPDATE booking_occurrence SET buffer_before_s = :a1, "
                          "buffer_after_s = :a2 WHERE booking_id = :b1 AND occurrence_id = :b2",
         soci::use(before), soci::use(after), soci::use(booking.id.str()), soci::use(id));
    soci::statement held =
        (sql().prepare << "UPDATE occupied_interval SET buffer_before_s = :a1, buffer_after_s = "
                          ":a2 WHERE booking_id = :b1 AND start_at = :b2",
         soci::use(before), soci::use(after), soci::use(booking.id.str()), soci::use(start));
    for (const auto* one : booking.kept()) {
        start = one->slot.interval.start.seconds;
        before = one->buffer_before_s;
        after = one->buffer_after_s;
        id = one->id.str();
        occurrence.execute(true);
        held.execute(true);
    }
}

}  // namespace preau::booking
