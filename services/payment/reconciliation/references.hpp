#pragma once
// References in the labels of bank lines, as they arrive: in capitals, without their dashes and
// spaces, with letters for digits, now and then mistyped. Pure.

#include <string>
#include <string_view>

namespace preau::payment::reconciliation {

/// Capital letters and digits only, as labels get mangled on their way.
std::string bare(std::string_view text);
/// bare(), with O read as 0, and I and L as 1.
std::string plain(std::string_view text);
/// Whether `text` (plain) holds `reference` (plain) but for one letter: changed, missing, added, or
/// two swapped.
bool nearly_names(std::string_view text, std::string_view reference);
/// Whether `text` (plain) holds something of the form of a payment's reference.
bool looks_like_reference(std::string_view text);

}  // namespace preau::payment::reconciliation
