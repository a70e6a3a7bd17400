// Payouts, the ledger and its exports.

#include <charconv>

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

constexpr int kVerifyBatch = 500;

struct Month {
    time::Date first;
    time::Date last;
};

base::Result<std::optional<Month>> month_of(const Request& request) {
    const auto text = request.query.find("month");
    if (!text || text->empty()) return std::optional<Month>{};
    const auto first = time::Date::parse(std::string(*text) + "-01");
    const auto next = first ? first->plus_months(1) : std::nullopt;
    if (!next) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/month", "format", {}}}});
    }
    return std::optional<Month>{{*first, *next - 1}};
}

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
    auto& lines = out["lines"] = json::array();
    for (const auto& line : tx.payout_lines(found->id))
        lines.push_back(to_json(line));
    return out;
}

/// Gives the establishment to a caller who has `need` there, outside of any transaction.
base::Result<Establishment> allowed(const Api& api, const Request& request, Need need) {
    const auto who = api.require(request);
    if (!who) return std::unexpected(who.error());
    return api.store.read([&](Tx& tx) -> base::Result<Establishment> {
        return establishment_for(tx, *who, request, need);
    });
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

/// Calls `take` with every entry that the filter lets through.
template <class Take>
void each_entry(Tx& tx, EntryFilter filter, Take take) {
    filter.limit = kVerifyBatch;
    while (true) {
        const auto batch = tx.entries(filter);
        for (const auto& one : batch)
            take(one);
        if (batch.size() < kVerifyBatch) return;
        filter.after = batch.back().number;
    }
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

std::string euros(std::int64_t cents) {
    if (cents == 0) return {};
    const auto rest = std::to_string(cents % 100);
    return std::to_string(cents / 100) + "," + (rest.size() < 2 ? "0" : "") + rest;
}

/// For spreadsheets: quoted where needed, and never a formula.
std::string cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front())) {
        text.insert(0, "'");
    }
    if (text.find_first_of(";\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string_view journal_of(const ledger::Entry& entry) {
    using enum ledger::Account;
    for (const auto& posting : entry.postings) {
        if (posting.account == bank) return "BQ";
        if (posting.account == psp_clearing || posting.account == payout_transit) return "PSP";
    }
    return "VT";
}

Response export_journal(const Api& api, const Request& request) {
    const auto at = allowed(api, request, Need::finance);
    if (!at) return Response::problem(at.error());
    const auto month = month_of(request);
    if (!month) return Response::problem(month.error());
    std::string out =
        "\xEF\xBB\xBF"
        "date;piece;journal;compte;libelle;debit;credit;reference;etablissement_uai\r\n";
    const auto done = api.store.read([&](Tx& tx) -> base::Result<bool> {
        EntryFilter filter;
        filter.establishment = at->id;
        if (*month) {
            filter.from = (*month)->first;
            filter.until = (*month)->last;
        }
        each_entry(tx, filter, [&](const ledger::Written& one) {
            for (const auto& posting : one.entry.postings) {
                out += one.entry.day.iso() + ";" + std::to_string(one.number) + ";" +
                       std::string(journal_of(one.entry)) + ";" +
                       cell(api.numbers.at(posting.account)) + ";" + cell(one.entry.label) + ";" +
                       euros(posting.debit) + ";" + euros(posting.credit) + ";" +
                       cell(one.entry.event_key) + ";" + cell(at->uai) + "\r\n";
            }
        });
        return true;
    });
    if (!done) return Response::problem(done.error());
    Response response;
    response.content_type = "text/csv; charset=utf-8";
    response.body = std::move(out);
    const std::string name =
        "journal-" + at->uai + (*month ? "-" + (*month)->first.iso().substr(0, 7) : "") + ".csv";
    response.with("Content-Disposition", "attachment; filename=\"" + name + "\"");
    return response;
}

/// At the provider, in cents, ledger against mirror; what is owed and what came.
base::Result<json> summary(Tx& tx, const Identity& who, const Request& request, const Api& api) {
    using enum ledger::Account;
    const auto at = establishment_for(tx, who, request, Need::read);
    if (!at) return std::unexpected(at.error());
    const auto month = month_of(request);
    if (!month) return std::unexpected(month.error());
    const auto all = tx.balances(at->id);
    const auto sums = [](const ledger::Balances& of, ledger::Account account) {
        const auto it = of.find(account);
        return it == of.end() ? ledger::Sums{} : it->second;
    };
    const auto period =
        *month ? tx.balances(at->id, (*month)->first, (*month)->last) : tx.balances(at->id);
    std::int64_t unmatched = 0;
    std::optional<time::Date> oldest_open;
    std::optional<time::Date> newest;
    for (const auto& line : tx.lines(at->id, "", "", 10'000)) {
        if (!newest || line.day > *newest) newest = line.day;
        if (line.state == "matched" || line.amount <= 0) continue;
        unmatched += line.amount;
        if (!oldest_open || line.day < *oldest_open) oldest_open = line.day;
    }
    json matched_until = nullptr;
    if (oldest_open) {
        matched_until = (*oldest_open - 1).iso();
    } else if (newest) {
        matched_until = newest->iso();
    }
    const auto now = api.cashier.now();
    json look = json::array();
    for (const auto& one : tx.findings(at->id, 200)) {
        look.push_back({{"kind", one.kind},
                        {"id", one.subject},
                        {"amount", money(one.amount)},
                        {"age_days", std::max<std::int64_t>(0, (now - one.found_at) / 86'400)},
                        {"reason_code", one.reason}});
    }
    const auto clearing = sums(all, psp_clearing).balance();
    return json{{"to_collect", money(sums(all, receivable).balance())},
                {"at_provider", money(clearing)},
                {"on_the_way", money(sums(all, payout_transit).balance())},
                {"arrived_unmatched", money(unmatched)},
                {"matched_until", matched_until},
                {"difference", money(clearing - tx.mirrored_net(at->id))},
                {"expected", money(-sums(period, revenue).balance())},
                {"collected", money(sums(period, receivable).credit)},
                {"to_look_at", std::move(look)}};
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
    reads("/v1/reconciliation/summary", "reconciliationSummary",
          [](const Api& a, Tx& tx, const Identity& who, const Request& r) {
              return summary(tx, who, r, a);
          });
    router.add(Method::post, "/v1/payouts/sync", "syncPayouts",
               [api](const Request& request) { return sync_payouts(api, request); });
    router.add(Method::get, "/v1/exports/journal.csv", "exportJournal",
               [api](const Request& request) { return export_journal(api, request); });
}

}  // namespace preau::payment::http
