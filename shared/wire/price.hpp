#pragma once
// The JSON form of a price, as in booking's answers and facts.

#include <nlohmann/json.hpp>

#include "shared/base/money.hpp"
#include "shared/base/result.hpp"
#include "shared/json/fields.hpp"
#include "shared/rules/charges.hpp"
#include "shared/rules/pricing.hpp"

namespace preau::wire {

/// {"amount": cents, "currency": "EUR"}
nlohmann::json money(base::Cents amount);
/// A member {"amount","currency"}; 0 and its faults in `in` where it is none. `pointer` is that of
/// the object that holds it.
base::Cents money_of(json::Fields& in, const std::string& pointer, std::string_view name);

/// An extra as answers offer it: code, label, per, price, count_max, deposit.
nlohmann::json to_json(const rules::Extra& extra);

nlohmann::json to_json(const rules::Price& price);
/// Reads what to_json wrote, and prices of before there were modifiers and extras; `invalid` with
/// pointers otherwise.
base::Result<rules::Price> price_from_json(const nlohmann::json& value);

}  // namespace preau::wire
