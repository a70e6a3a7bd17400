// Payouts and the ledger.

#include <charconv>

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

json page(json items, std::size_t asked, std::string last) {
    const bool more = items.size() == asked;
    return {{"items", std::move(items)}, {"next", more ? json(std::move(last)) : json(nullptr)}};
}

base::Result<json> payouts(Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::read);
    if (!at) return std::unexpected(at.error());
    const auto limit = limit_of(request);
    if (!limit) return std::unexpected(limit.error());
    const auto found = tx.payouts(at->id, std::string(request.query.get("after")), *limit);
    json items = json::array();
    for (const auto& one : found)
        items.push_back(to_json(one));
    return page(std::move(items), static_cast<std::size_t>(*limit),
                found.empty() ? "" : found.back().id);
}

base::Result<json> payout(Tx& tx, const Identity& who, const Request& request) {
    const auto found = tx.find_payout(std::string(request.params.get("id")));
    if (!found) return base::fail("not_found", "payout");
    const auto owner = tx.establishment(found->establishment);
    const bool mine = owner && (who.is_service() ||
                                who.holds(security::StaffRole::finance, owner->body, owner->id) ||
                                who.holds(security::StaffRole::manager, owner->body, owner->id));
    if (!mine) return base::fail("not_found", "payout");
    auto out = to_json(*found);
    json bank_lines = json::array();
    for (const auto& id : tx.book().lines_of_payout(found->id)) {
        if (const auto line = tx.book().line(id)) bank_lines.push_back(to_json(line->second));
    }
    out["bank_lines"] = std::move(bank_lines);
    auto& lines = out["lines"] = json::array();
    for (const auto& line : tx.payout_lines(found->id))
        lines.push_back(to_json(line));
    return out;
}

Response sync_payouts(const Api& api, const Request& request) {
    const auto at = allowed(api, request, Need::finance);
    if (!at) return Response::problem(at.error());
    const auto done = api.cashier.sync_account(*at);
    if (!done) return Response::problem(done.error());
    return Response::json({{"transactions", done->txns}, {"payouts", done->payouts}});
}

base::Result<json> trial_balance(const Api& api, Tx& tx, const Identity& who,
                                 const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    const auto balances = tx.balances(at->id);
    json accounts = json::array();
    for (const auto& [account, sums] : balances) {
        accounts.push_back({{"account", ledger::to_string(account)},
                            {"number", api.numbers.at(account)},
                            {"debit", money(sums.debit)},
                            {"credit", money(sums.credit)},
                            {"balance", money(sums.balance())}});
    }
    const auto sum = ledger::total(balances);
    return json{{"establishment_id", at->id.str()},
                {"accounts", std::move(accounts)},
                {"debit", money(sum.debit)},
                {"credit", money(sum.credit)},
                {"balanced", sum.debit == sum.credit}};
}

base::Result<json> entries(const Api& api, Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    const auto limit = limit_of(request);
    if (!limit) return std::unexpected(limit.error());
    EntryFilter filter;
    filter.establishment = at->id;
    filter.payment_id = std::string(request.query.get("payment_id"));
    filter.limit = *limit;
    const auto after = request.query.get("after", "0");
    const auto [end, bad] =
        std::from_chars(after.data(), after.data() + after.size(), filter.after);
    if (bad != std::errc{} || end != after.data() + after.size()) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/after", "format", {}}}});
    }
    const auto found = tx.entries(filter);
    json items = json::array();
    for (const auto& one : found)
        items.push_back(to_json(one, api.numbers));
    return page(std::move(items), static_cast<std::size_t>(*limit),
                found.empty() ? "" : std::to_string(found.back().number));
}

base::Result<json> verify(Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    ledger::Verifier verifier;
    EntryFilter filter;
    filter.establishment = at->id;
    each_entry(tx, filter, [&](const ledger::Written& one) { verifier.next(one); });
    json faults = json::array();
    for (const auto& fault : verifier.finish())
        faults.push_back({{"number", fault.number}, {"code", std::string(fault.code)}});
    const bool ok = faults.empty();
    return json{{"ok", ok},
                {"entries", verifier.count()},
                {"head", verifier.head().empty() ? json(nullptr) : json(verifier.head())},
                {"faults", std::move(faults)}};
}

}  // namespace

void add_money_routes(net::Router& router, const Api& api) {
    using net::Method;
    using Read =
        std::function<base::Result<json>(const Api&, Tx&, const Identity&, const Request&)>;
    const auto reads = [&](std::string pattern, std::string operation, Read read) {
        router.add(Method::get, std::move(pattern), std::move(operation),
                   [api, read = std::move(read)](const Request& request) {
                       return run_read(api, request, [&](Tx& tx, const Identity& who) {
                           return read(api, tx, who, request);
                       });
                   });
    };
    reads("/v1/payouts", "listPayouts",
          [](const Api&, Tx& tx, const Identity& who, const Request& r) {
              return payouts(tx, who, r);
          });
    reads("/v1/payouts/{id}", "getPayout",
          [](const Api&, Tx& tx, const Identity& who, const Request& r) {
              return payout(tx, who, r);
          });
    reads("/v1/ledger/trial-balance", "trialBalance", trial_balance);
    reads("/v1/ledger/entries", "listLedgerEntries", entries);
    reads("/v1/ledger/verify", "verifyLedger",
          [](const Api&, Tx& tx, const Identity& who, const Request& r) {
              return verify(tx, who, r);
          });
    router.add(Method::post, "/v1/payouts/sync", "syncPayouts",
               [api](const Request& request) { return sync_payouts(api, request); });
}

}  // namespace preau::payment::http
