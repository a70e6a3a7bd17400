#pragma once
// Prices in words: what a booking costs, line by line, and where its payment stands. Sums come from
// the services; none is computed here.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// The visitor's tariff category with this body, or with any when `body_id` is empty; "" when they
/// have none.
std::string own_category(const Visit& visit, std::string_view body_id);

/// The category whose prices a page shows: the visitor's own, else C, the other associations'.
std::string price_category(const Visit& visit, const nlohmann::json& space);

/// The `price` box of a quote's, booking's or payment's price: lines, total, what the cheapest
/// combination saves, tax; false without a price.
nlohmann::json price_view(const Visit& visit, const nlohmann::json& price,
                          const std::string& total_label);

/// The deposits of a price in one sentence that says where they go; false where there are none.
nlohmann::json deposit_text(const Visit& visit, const nlohmann::json& price);
/// "Sonorisation (1 fois à 30 € la réservation) et …" of a price; "" without extras.
std::string extras_text(const Visit& visit, const nlohmann::json& price);

/// Search's list price for the free dates of a question in one offer of a space; nothing where
/// there is none, or search does not say.
std::optional<std::int64_t> list_price(const Visit& visit, const nlohmann::json& space,
                                       const nlohmann::json& offer, const QueryPairs& when,
                                       const std::string& category);

/// Whether an accepted booking waits for its hirer's money.
bool waits_for_payment(const nlohmann::json& booking);

/// "payé", "à payer", … and the tone of a payment's status, its refunds included.
std::string payment_state_text(const Visit& visit, const nlohmann::json& payment);
std::string payment_tone(const nlohmann::json& payment);
/// Whether it can still be paid at the provider.
bool is_payable(const nlohmann::json& payment);

/// "mardi 1ᵉʳ décembre 2026 à 18 h 30" of a deadline; "" when absent.
std::string deadline_text(const Visit& visit, const nlohmann::json& object, std::string_view name);

}  // namespace preau::gateway
