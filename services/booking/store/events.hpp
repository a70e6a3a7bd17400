#pragma once
// The facts that leave this service (api/events/occupancy_changed.v1, closure_changed.v1,
// booking_*.v1) and its snapshot.

#include <functional>

#include "services/booking/domain/types.hpp"
#include "shared/db/database.hpp"
#include "shared/events/event.hpp"

namespace preau::booking {

/// All that occupies time, as events with seq 0: the occupancy of bookings that hold time ending
/// after `since`, the closures in force; and the acceptances that payment has to know of, so that a
/// payment service that begins anew misses none.
void emit_snapshot(db::Session& session, base::Instant since,
                   const std::function<void(events::Event)>& emit);

}  // namespace preau::booking
