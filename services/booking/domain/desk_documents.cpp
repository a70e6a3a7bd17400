// Asking for what is missing, and the hirer's answer to it.

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"

namespace preau::booking {

Outcome<Booking> Desk::ask_documents(Tx& tx, const Actor& actor, const base::BookingId& id,
                                     std::int64_t version, const std::string& text) const {
    auto acting = for_decision(tx, actor, id, Act::ask_documents, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);

    const State from = booking.state;
    booking.state = acting->to;
    booking.asked = text;
    booking.decision = Decision{acting->role, actor.id, now(), {}, {}};
    if (const auto saved = save(tx, booking, Act::ask_documents); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, from, "ask_documents", acting->role, actor.id, {}, text);
    if (const auto done = defer_or_do(tx, booking, Act::ask_documents, from, booking.hold); !done) {
        return std::unexpected(done.error());
    }
    return booking;
}

Outcome<Booking> Desk::provide_documents(Tx& tx, const Actor& actor, const base::BookingId& id,
                                         std::int64_t version, const std::string& text) const {
    auto acting = for_hirer(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking* booking = &acting->booking;
    const auto to = check_act(*booking, Act::provide_documents, Party::hirer, version);
    if (!to) return std::unexpected(to.error());
    // He answers what he has read: the question stands from now on.
    if (const auto done = settle_booking(tx, *booking); !done) return std::unexpected(done.error());

    const State from = booking->state;
    booking->state = *to;
    booking->asked.clear();
    booking->answered = text;
    booking->decision.reset();
    booking->endorsed_by.clear();  // with what he says now the college begins anew
    if (const auto saved = save(tx, *booking, Act::provide_documents); !saved) {
        return std::unexpected(saved.error());
    }
    restart_answer(tx, *booking);
    note(tx, *booking, from, "provide_documents", acting->role, actor.id, {}, text);
    tx.publish_booking(*booking, "documents_provided", now());
    return std::move(*booking);
}

void Desk::restart_answer(Tx& tx, Booking& booking) const {
    const auto place = place_of(tx, booking.offer);
    const auto calendar = place ? place->calendar.calendar : rules::Calendar{};
    const int days = settings_.answer_working_days;
    booking.answer_by = answer_deadline(now(), days, calendar, booking.zone);
    booking.escalate_by = answer_deadline(now(), 2 * days, calendar, booking.zone);
    booking.overdue_told = 0;
    tx.restart_answer(booking);
}

}  // namespace preau::booking
