#pragma once
// The statement of the bank account behind a simulated account.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace preau::stripe_simulator {

/// As French banks export it: semicolons, decimal comma, balances on the first and last line. The
/// account starts at 1,000.00 €.
std::string bank_statement(std::vector<nlohmann::json> payouts, std::int64_t today);

}  // namespace preau::stripe_simulator
