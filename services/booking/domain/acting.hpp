#pragma once
// Who acts in whose name. One answer for every act on a booking: the hirer, an agent of the house
// for him, or the body.

#include <string>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// Works at the counter of the establishment: its agents and managers ask on behalf of whoever
/// comes or calls.
bool is_agent(const Actor& actor, const base::BodyId& body,
              const base::EstablishmentId& establishment);

/// In which role the actor acts for the hirer of a booking, or empty when he may not: "hirer" for
/// who may book for the organisation; "counter", "manager" or "admin" for an agent of the house,
/// where an agent asked (channel `counter`).
std::string role_for_hirer(const Actor& actor, const Booking& booking);

/// Decides for the body: holds the manager's post, and it is no organisation of his own.
bool decides_for_body(const Actor& actor, const Booking& booking);

/// In whose name he decides on a request: `body` where one level does, else `college`; `authority`
/// for an administrator of the whole body when it is the body's turn, after the college's opinion
/// or once its answer is so late that the body was told.
Party decider_of(const Actor& actor, const Booking& booking);

/// Two levels are two people: who gave the college's opinion leaves the last word to another.
bool endorsed_himself(const Actor& actor, const Booking& booking);

}  // namespace preau::booking
