#pragma once
// When a message that did not leave is tried again, and when it is given up.

#include <cstdint>
#include <optional>

namespace preau::notification {

/// Seconds from the n-th failed attempt (from 1) to the next; nothing when it was the last: 13
/// attempts within about three days.
std::optional<std::int64_t> pause_after(std::int64_t attempt);

/// A fact that was this old when it was first read is not told: a new or restored installation
/// reads facts of long ago.
inline constexpr std::int64_t fact_age_max_s = 48 * 3'600;

}  // namespace preau::notification
