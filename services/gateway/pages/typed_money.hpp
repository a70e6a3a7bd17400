#pragma once
// Sums as people type them.

#include <cstdint>
#include <optional>
#include <string_view>

namespace preau::gateway {

/// "10", "10,5", "10.50 €" in cents; nothing where it is no sum.
std::optional<std::int64_t> cents_typed(std::string_view typed);

}  // namespace preau::gateway
