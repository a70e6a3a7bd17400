#pragma once
// The clock's work: decisions whose undo window has ended, requests that nobody answered before
// their last date, bookings whose last date is past. Each booking in a transaction of its own;
// doing it twice, or on two replicas at once, does it once.

#include <chrono>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

/// Gives the pause until it is worth looking again.
std::chrono::milliseconds settle_decisions(Store& store, const Desk& desk);
std::chrono::milliseconds end_what_is_past(Store& store, const Desk& desk);

}  // namespace preau::booking
