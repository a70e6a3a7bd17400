#pragma once
// The name of a booking that people read aloud: "PR-7F3K-2". Crockford letters (no I, L, O, U) and
// a check character that catches every single wrong letter and nearly every swapped pair (Luhn mod
// 32).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preau::booking {

/// The reference made of the low bits of `random`; `letters` (4 to 8) of payload, 20 to 40 bits.
std::string make_reference(std::uint64_t random, int letters = 4);

/// The reference in its printed form when the check character is right; accepts lower case, missing
/// dashes, and O, I, L for 0, 1, 1.
std::optional<std::string> read_reference(std::string_view typed);

}  // namespace preau::booking
