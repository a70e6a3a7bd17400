#pragma once
// Views of the finance officer's pages. Every sum is payment's; the pages put them side by side.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/posts.hpp"
#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// What every finance page has: the header's scope and tabs, and the choice of an establishment.
/// `tab`: overview, payouts, bank or ledger.
nlohmann::json finance_frame(const Visit& visit, const PostScope& scope, const std::string& tab);

/// What the overview shows; lists are empty where nothing was asked.
struct Overview {
    std::vector<std::pair<std::string, nlohmann::json>> summaries;  // by establishment
    nlohmann::json payments;                                        // {items, next}, of the chosen
    std::map<std::string, std::string> organisations;               // names by id
    std::string filter;                                             // "", "dus" or "payes"
};
nlohmann::json overview_view(const Visit& visit, const PostScope& scope, const Overview& overview);

nlohmann::json payouts_view(const Visit& visit, const PostScope& scope,
                            const nlohmann::json& payouts);
nlohmann::json payout_view(const Visit& visit, const PostScope& scope,
                           const nlohmann::json& payout);

/// `error`: what the import refused, line by line.
nlohmann::json bank_view(const Visit& visit, const PostScope& scope,
                         const nlohmann::json& statements, const nlohmann::json& lines,
                         const base::Error* error);
nlohmann::json ledger_view(const Visit& visit, const PostScope& scope,
                           const nlohmann::json& balance, const nlohmann::json& verdict);

/// "518,00 €" of a member.
std::string money_of(const Visit& visit, const nlohmann::json& object, std::string_view name);

}  // namespace preau::gateway
