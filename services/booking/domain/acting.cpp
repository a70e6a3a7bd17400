#include "services/booking/domain/acting.hpp"

namespace preau::booking {

bool is_agent(const Actor& actor, const base::BodyId& body,
              const base::EstablishmentId& establishment) {
    return actor.holds(PostRole::counter, body, establishment) ||
           actor.holds(PostRole::manager, body, establishment);
}

std::string role_for_hirer(const Actor& actor, const Booking& booking) {
    if (actor.may_book_for(booking.organisation)) return "hirer";
    const bool agent = is_agent(actor, booking.body, booking.establishment);
    if (booking.channel != "counter" || !agent) return {};
    return std::string(actor.role_at(booking.body, booking.establishment));
}

bool decides_for_body(const Actor& actor, const Booking& booking) {
    return actor.holds(PostRole::manager, booking.body, booking.establishment) &&
           !actor.is_member(booking.organisation);
}

}  // namespace preau::booking
