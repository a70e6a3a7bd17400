#pragma once
// Views of the finance officer's pages. Every sum is payment's; the pages put them side by side.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/directory.hpp"
#include "services/gateway/pages/posts.hpp"
#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// What every finance page has: the header's scope and tabs, and the choice of an establishment.
/// `tab`: overview, payouts, bank, ledger or months.
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

/// What payment answered for the bank's page.
struct BankPage {
    nlohmann::json statements;
    nlohmann::json lines;    // {items, next}
    nlohmann::json open;     // lines that a person has to decide about
    nlohmann::json account;  // {account, dedicated, csv_columns}
};
/// `error`: what the import refused, line by line.
nlohmann::json bank_view(const Visit& visit, const PostScope& scope, const BankPage& page,
                         const base::Error* error);
/// Lines with what may be done about each, or false.
nlohmann::json decisions_view(const Visit& visit, const PostScope& scope,
                              const nlohmann::json& lines);
/// Why a line is taken for what it is: "référence retrouvée, même montant"; false for nothing.
nlohmann::json reasons_text(const Visit& visit, const nlohmann::json& reasons);

/// `periods`: months that are closed.
nlohmann::json months_view(const Visit& visit, const PostScope& scope,
                           const nlohmann::json& periods);

// Routes of the parts; add_finance_pages calls them.
base::Result<PostScope> finance_scope(const Visit& visit, Directory& directory, bool one);
std::string of_establishment(const std::string& path, const PostScope& scope,
                             std::string_view after = {});
void add_finance_acts(Site& site, net::Router& router, Directory& directory);
nlohmann::json ledger_view(const Visit& visit, const PostScope& scope,
                           const nlohmann::json& balance, const nlohmann::json& verdict);

/// "518,00 €" of a member.
std::string money_of(const Visit& visit, const nlohmann::json& object, std::string_view name);

}  // namespace preau::gateway
