#pragma once
// The one command to payment, over HTTP.

#include "services/booking/jobs/timers.hpp"
#include "shared/host/peers.hpp"

namespace preau::booking {

/// POST /v1/payments/by-booking/{id}/cancel. `peers` must outlive what is given.
CancelPayment cancel_through(const host::Peers& peers);

}  // namespace preau::booking
