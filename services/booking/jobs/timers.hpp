#pragma once
// The clock's work: decisions whose undo window has ended, requests that nobody answered before
// their last date, bookings whose last date is past. Each booking in a transaction of its own;
// doing it twice, or on two replicas at once, does it once.

#include <chrono>
#include <functional>
#include <string>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

/// Gives the pause until it is worth looking again.
std::chrono::milliseconds settle_decisions(Store& store, const Desk& desk);
std::chrono::milliseconds end_what_is_past(Store& store, const Desk& desk);
/// Requests whose answer is overdue: the managers are reminded once, the body's administrators told
/// once at twice the time.
std::chrono::milliseconds tell_overdue(Store& store, const Desk& desk);

/// Closures at many sites that a stop left half done are carried on; those whose window is over
/// stand.
std::chrono::milliseconds finish_bulk_closures(Store& store, const Desk& desk);

/// The command to payment "nothing shall be paid any more for this booking": its outcome, or an
/// error when payment does not answer. The key is the same for a repeated try.
using CancelPayment = std::function<base::Result<std::string>(const base::BookingId& booking,
                                                              const std::string& key)>;

/// Bookings whose time to pay is over. Payment is asked outside any transaction; the time is freed
/// only when it says `cancelled`, `expired` or `none`. While money is on its way (`processing`) or
/// was paid (its fact is on its way here) it is asked again a minute later.
std::chrono::milliseconds release_unpaid(Store& store, const Desk& desk,
                                         const CancelPayment& cancel);

/// Deletes quotes that are over.
std::chrono::milliseconds prune_quotes(Store& store, const Desk& desk);

}  // namespace preau::booking
