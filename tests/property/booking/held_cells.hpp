#pragma once
// The naive answer to which cells a booking must hold, for the random operations to compare with
// the table of occupied cells.

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "services/booking/domain/types.hpp"

namespace preau::booking::test {

/// Part and quarter of an hour.
using Cells = std::set<std::pair<std::string, std::int64_t>>;

/// What a closure took and may still give back; null where nothing.
const PushedAside* pushed_of(const Booking& booking);

/// What a booking must hold, worked out from it alone: its dates and those that a decision took but
/// could still give back, and the proposal that stands.
Cells cells_of_booking(const Booking& booking);

}  // namespace preau::booking::test
