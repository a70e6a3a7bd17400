#pragma once
// The national number of a school (UAI): seven digits and the letter that checks them.

#include <string_view>

namespace preau::inventory {

/// Seven digits, then the letter at (number mod 23) of the alphabet without I, O and Q: "0623014P".
bool is_uai(std::string_view text);

}  // namespace preau::inventory
