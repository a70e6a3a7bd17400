#pragma once
// The words that describe rooms: their kinds and what is in them. People read them as kind.* and
// equipment.* of frontend/messages. What they are good for: purpose_words() of shared/rules/space.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace preau::rules {

std::span<const std::string_view> kind_words();
/// At most 64, so that what a room has fits into one word of bits.
std::span<const std::string_view> equipment_words();

/// The number of a word in its list, or nothing.
std::optional<std::size_t> word_number(std::span<const std::string_view> words,
                                       std::string_view word);

}  // namespace preau::rules
