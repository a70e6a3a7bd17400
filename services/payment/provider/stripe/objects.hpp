#pragma once
// Stripe's objects in our own words. A member that is missing or of another type reads as empty:
// what matters (ids, amounts, states) is checked by the rules afterwards.

#include <optional>

#include <nlohmann/json.hpp>

#include "services/payment/domain/provider.hpp"

namespace preau::payment::stripe {

std::optional<SeenSession> session_from(const nlohmann::json& object);
std::optional<SeenCharge> charge_from(const nlohmann::json& object);
std::optional<SeenRefund> refund_from(const nlohmann::json& object);
std::optional<SeenDispute> dispute_from(const nlohmann::json& object);
std::optional<SeenAccount> account_from(const nlohmann::json& object);
/// A dispute's movements are called "dispute" and "dispute_reversal", where Stripe says adjustment.
std::optional<SeenTxn> txn_from(const nlohmann::json& object);
std::optional<SeenPayout> payout_from(const nlohmann::json& object);

}  // namespace preau::payment::stripe
