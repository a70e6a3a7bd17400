// What changes of the dates of a booking after it was made: when they are, and the time kept free
// around them.

#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

void SqlTx::update_dates(const Booking& booking) {
    const BookingRow row(booking);
    sql() << "UPDATE booking SET offer_id = :o, request_hash = :h, answer_by = :a, details = :d, "
             "payment_kind = :p WHERE booking_id = :b",
        soci::use(row.offer), soci::use(row.request_hash), soci::use(row.answer_by),
        soci::use(row.details), soci::use(row.payment), soci::use(row.id);
    Number date = 0;
    Number start_minute = 0;
    Number end_minute = 0;
    Number start = 0;
    Number end = 0;
    Number before = 0;
    Number after = 0;
    std::string id;
    soci::statement update =
        (sql().prepare << "UPDATE booking_occurrence SET local_date = :a1, start_minute = :a2, "
                          "end_minute = :a3, start_at = :a4, end_at = :a5, buffer_before_s = :a6, "
                          "buffer_after_s = :a7 WHERE booking_id = :b1 AND occurrence_id = :b2",
         soci::use(date), soci::use(start_minute), soci::use(end_minute), soci::use(start),
         soci::use(end), soci::use(before), soci::use(after), soci::use(row.id), soci::use(id));
    for (const auto& one : booking.occurrences) {
        date = one.slot.local_date.days;
        start_minute = one.slot.start_minute;
        end_minute = one.slot.end_minute;
        start = one.slot.interval.start.seconds;
        end = one.slot.interval.end.seconds;
        before = one.buffer_before_s;
        after = one.buffer_after_s;
        id = one.id.str();
        update.execute(true);
    }
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
