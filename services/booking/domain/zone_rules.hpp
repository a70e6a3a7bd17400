#pragma once
// When the rules of a time zone change (a country gives up its summer time), what was booked keeps
// its local hours: the instants of dates to come are worked out anew.

#include "services/booking/domain/store.hpp"

namespace preau::booking {

/// Whether the zone of a slot to come gives other instants than those that are stored.
bool follows_zone(const rules::Slot& slot, const time::Zone& zone);

/// In one transaction, for all living bookings of an establishment and its closures: their instants
/// and cells as the zone has them now. All move together, so that none meets another; the local
/// date and hours stay. A wall time that the new rules skip keeps the instant that it had. Gives
/// the number of bookings that moved. Proposals keep theirs until their deadline.
Outcome<int> follow_zone_rules(Tx& tx, const base::EstablishmentId& establishment,
                               base::Instant now);

}  // namespace preau::booking
