#pragma once
// The form encoding of Stripe's API: line_items[0][price_data][unit_amount]=4500 becomes nested
// JSON whose leaves are strings. Lists are objects with the keys "0", "1", … turned into arrays.

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace preau::stripe_simulator {

/// Nothing when the text is not a form, or nests deeper than 8 levels.
std::optional<nlohmann::json> parse_form(std::string_view body);

}  // namespace preau::stripe_simulator
