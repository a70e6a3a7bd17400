#pragma once
// One row of the table booking, as SOCI binds it.

#include <string>
#include <string_view>

#include "services/booking/domain/types.hpp"
#include "services/booking/store/sql.hpp"

namespace preau::booking {

// Lists of states as SQL writes them, "('submitted', …)", from the rules of domain/states.hpp.
/// The body's turn: nobody of it has decided.
const std::string& states_to_decide();
/// Waits for an answer of whoever (unanswered).
const std::string& states_unanswered();
/// Unanswered or granted.
const std::string& states_living();

struct BookingRow {
    BookingRow() = default;
    explicit BookingRow(const Booking& booking);

    static constexpr std::string_view columns =
        "booking_id, reference, version, state, held, origin, channel, body_id, establishment_id, "
        "site_id, space_id, offer_id, organisation_id, requester_id, category, free_ground, "
        "payment_kind, request_hash, submitted_at, answer_by, first_start, last_start, last_end, "
        "dates_count, decided_role, decided_by, decided_at, reason_code, reason_text, details, "
        "pay_by, pay_by_extended, ask_payment_at, paid, asked_text, answered_text, escalate_by, "
        "overdue_told, two_levels, endorsed_by, "
        "suspended_from";

    /// Binds the variables below to a prepared SELECT of `columns` (further columns may follow).
    void bind(soci::statement& statement);
    /// Without occurrences and deferred effect.
    Booking booking() const;

    std::string id, reference, state, held, origin, channel, body, establishment, site, space,
        offer, organisation, requester, category, free_ground, payment, request_hash, decided_role,
        decided_by, reason_code, reason_text, details, asked, answered, endorsed_by;
    Number version = 0, submitted_at = 0, answer_by = 0, first_start = 0, last_start = 0,
           last_end = 0, dates_count = 0, decided_at = 0, pay_by = 0, extended = 0,
           ask_payment_at = 0, paid = 0, escalate_by = 0, overdue_told = 0, two_levels = 0,
           suspended_from = 0;
};

}  // namespace preau::booking
