#pragma once
// Names that people read aloud, write on a transfer and type again: "PR-7F3K-2" of a booking,
// "PA-…" of a payment. Crockford letters (no I, L, O, U) and a check character that catches every
// single wrong letter and nearly every swapped pair (Luhn mod 32).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preau::text {

inline constexpr std::string_view booking_prefix = "PR";
inline constexpr std::string_view payment_prefix = "PA";

/// The reference made of the low bits of `random`; `letters` (4 to 8) of payload, 20 to 40 bits.
std::string make_reference(std::string_view prefix, std::uint64_t random, int letters = 4);

/// The reference in its printed form when prefix and check character are right; accepts lower case,
/// missing dashes, and O, I, L for 0, 1, 1.
std::optional<std::string> read_reference(std::string_view prefix, std::string_view typed);

}  // namespace preau::text
