#include "services/booking/domain/acting.hpp"

#include <algorithm>

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

Party decider_of(const Actor& actor, const Booking& booking) {
    if (!booking.two_levels) return Party::body;
    const bool told = booking.state == State::submitted && booking.overdue_told > 1;
    const bool turn = booking.state == State::endorsed || told;
    const bool admin = std::ranges::any_of(actor.posts, [&](const Post& post) {
        return post.role == PostRole::admin && post.body == booking.body &&
               post.establishments.empty();
    });
    return turn && admin ? Party::authority : Party::college;
}

bool endorsed_himself(const Actor& actor, const Booking& booking) {
    return booking.state == State::endorsed && booking.endorsed_by == actor.id;
}

}  // namespace preau::booking
