#include "shared/rules/space.hpp"

#include <algorithm>
#include <array>

namespace preau::rules {

namespace {
constexpr std::array<std::string_view, 12> kPurposes{
    "sport", "dance",     "martial_arts", "climbing", "meeting", "general_assembly",
    "show",  "rehearsal", "workshop",     "training", "exam",    "computing"};
}

std::span<const std::string_view> purpose_words() {
    return kPurposes;
}

bool purpose_allowed(std::string_view purpose, std::span<const std::string> allowed) {
    if (allowed.empty() || std::ranges::find(kPurposes, purpose) == kPurposes.end()) return true;
    return std::ranges::find(allowed, purpose) != allowed.end();
}

}  // namespace preau::rules
