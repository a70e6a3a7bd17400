// Bank statements: import, lines, matching.

#include <algorithm>

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"
#include "services/payment/reconciliation/desk.hpp"
#include "services/payment/reconciliation/statement.hpp"
#include "shared/json/fields.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

json counts_json(const reconciliation::MatchCounts& counts) {
    return {{"matched", counts.matched},
            {"partly_matched", counts.partly_matched},
            {"suggested", counts.suggested},
            {"suspense", counts.suspense},
            {"unmatched", counts.unmatched}};
}

constexpr std::string_view kColumns[] = {"day", "label", "amount", "debit", "credit", "reference"};

std::string& column(reconciliation::CsvProfile& profile, std::size_t i) {
    std::string* const all[] = {&profile.day,   &profile.label,  &profile.amount,
                                &profile.debit, &profile.credit, &profile.reference};
    return *all[i];
}

reconciliation::CsvProfile profile_of(Tx& tx, const base::EstablishmentId& at) {
    reconciliation::CsvProfile out;
    const auto kept = json::parse(tx.csv_profile(at), nullptr, false);
    for (std::size_t i = 0; i < std::size(kColumns); ++i) {
        if (kept.is_object()) column(out, i) = kept.value(std::string(kColumns[i]), "");
    }
    return out;
}

json account_json(Tx& tx, const base::EstablishmentId& at) {
    const auto account = tx.bank_account(at);
    auto profile = profile_of(tx, at);
    json columns;
    for (std::size_t i = 0; i < std::size(kColumns); ++i)
        columns[std::string(kColumns[i])] = column(profile, i);
    return {{"account",
             account ? json(reconciliation::masked_account(account->account)) : json(nullptr)},
            {"dedicated", account && account->dedicated},
            {"csv_columns", std::move(columns)}};
}

/// What the content is, is recognised from the content; a form or JSON is none of it.
bool may_be_statement(std::string_view type) {
    constexpr std::string_view kTypes[] = {"text/csv",          "text/plain",
                                           "application/xml",   "text/xml",
                                           "application/x-ofx", "application/octet-stream"};
    return std::ranges::any_of(kTypes, [&](auto one) { return type.starts_with(one); });
}

json report_json(const reconciliation::ImportReport& report) {
    auto body = counts_json(report.counts);
    body["already_imported"] = report.already_imported;
    body["statement_id"] = report.statement.str();
    body["lines_new"] = report.lines_new;
    body["lines_known"] = report.lines_known;
    body["format"] = reconciliation::to_string(report.format);
    body["account_registered"] = report.account_registered;
    return body;
}

Response import(const Api& api, const Request& request) {
    if (!may_be_statement(request.headers.get("content-type"))) {
        return Response::problem({"unsupported_media_type", "a bank statement", {}});
    }
    const auto who = api.require(request);
    if (!who) return Response::problem(who.error());
    const auto profile = api.store.read([&](Tx& tx) -> base::Result<reconciliation::CsvProfile> {
        const auto at = establishment_for(tx, *who, request, Need::finance);
        if (!at) return std::unexpected(at.error());
        return profile_of(tx, at->id);
    });
    if (!profile) return Response::problem(profile.error());
    // Read before the transaction: a large file takes its time.
    const auto parsed = reconciliation::parse_statement(request.body, *profile);
    if (!parsed) return Response::problem(parsed.error());
    return run_unsafe(api, request, "importBankStatement",
                      [&](Tx& tx, const Identity& officer) -> base::Result<Done> {
                          const auto at = establishment_for(tx, officer, request, Need::finance);
                          if (!at) return std::unexpected(at.error());
                          const auto done = reconciliation::import_statement(
                              tx, *at, request.body, *parsed, officer.actor, api.cashier.now());
                          if (!done) return std::unexpected(done.error());
                          return Done{done->already_imported ? 200 : 201, report_json(*done)};
                      });
}

Response save_account(const Api& api, const Request& request) {
    return run_unsafe(api, request, "saveBankAccount",
                      [&](Tx& tx, const Identity& who) -> base::Result<Done> {
                          const auto at = establishment_for(tx, who, request, Need::finance);
                          if (!at) return std::unexpected(at.error());
                          const auto body = request.json();
                          if (!body) return std::unexpected(body.error());
                          if (!body->is_object())
                              return base::fail("bad_json", "an object is expected");
                          preau::json::Fields in(*body);
                          const auto account = in.optional_text("account", {.length_max = 42});
                          const bool dedicated = in.boolean_or("dedicated", false);
                          if (in.has("csv_columns")) {
                              preau::json::Fields names(in.object("csv_columns"), "/csv_columns");
                              json kept;
                              for (const auto name : kColumns)
                                  kept[std::string(name)] =
                                      names.optional_text(name, {.length_max = 60}).value_or("");
                              in.absorb(names);
                              if (auto bad = in.errors()) return std::unexpected(*bad);
                              tx.save_csv_profile(at->id, kept.dump());
                          }
                          if (auto bad = in.errors()) return std::unexpected(*bad);
                          const auto known = tx.bank_account(at->id);
                          const auto told = account && !account->empty() ? *account
                                            : known                      ? known->account
                                                                         : std::string();
                          if (!told.empty()) {
                              const auto done = reconciliation::register_account(
                                  tx, *at, told, dedicated, who.actor, api.cashier.now());
                              if (!done) return std::unexpected(done.error());
                          }
                          return Done{200, account_json(tx, at->id)};
                      });
}

base::Result<json> show_account(Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    return account_json(tx, at->id);
}

Response run_matching(const Api& api, const Request& request) {
    const auto who = api.require(request);
    if (!who) return Response::problem(who.error());
    const auto work = [&](Tx& tx) -> base::Result<json> {
        const auto at = establishment_for(tx, *who, request, Need::finance);
        if (!at) return std::unexpected(at.error());
        const auto done = reconciliation::match_open(tx, *at, api.cashier.now());
        if (!done) return std::unexpected(done.error());
        return counts_json(*done);
    };
    auto done = api.store.transact(work);
    if (!done && done.error().code == "stale_version") done = api.store.transact(work);
    if (!done) return Response::problem(done.error());
    return Response::json(*done);
}

base::Result<json> statements(Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    json items = json::array();
    for (const auto& one : tx.statements(at->id))
        items.push_back(to_json(one));
    return json{{"items", std::move(items)}, {"next", nullptr}};
}

base::Result<json> lines(Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    const auto limit = limit_of(request);
    if (!limit) return std::unexpected(limit.error());
    const std::string state(request.query.get("state"));
    constexpr std::string_view kStates[] = {
        "", "unmatched", "suggested", "matched", "partly_matched", "suspense", "ignored"};
    if (std::ranges::find(kStates, state) == std::end(kStates)) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/state", "unknown", {}}}});
    }
    const std::string after(request.query.get("after"));
    if (!after.empty() && !base::is_ulid(after)) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/after", "format", {}}}});
    }
    const auto found = tx.lines(at->id, state, after, *limit);
    json items = json::array();
    for (const auto& one : found) {
        auto shown = to_json(one);
        shown["matches"] = json::array();
        for (const auto& match : tx.book().matches_of(one.id))
            shown["matches"].push_back(to_json(match));
        items.push_back(std::move(shown));
    }
    const bool more = static_cast<int>(found.size()) == *limit;
    return json{{"items", std::move(items)},
                {"next", more ? json(found.back().id.str()) : json(nullptr)}};
}

}  // namespace

void add_bank_routes(net::Router& router, const Api& api) {
    using net::Method;
    net::RouteOptions large;
    large.body_bytes_max = reconciliation::statement_bytes_max;
    router.add(
        Method::post, "/v1/bank-statements", "importBankStatement",
        [api](const Request& request) { return import(api, request); }, large);
    router.add(Method::post, "/v1/reconciliation/runs", "runReconciliation",
               [api](const Request& request) { return run_matching(api, request); });
    const auto reads = [&](const char* pattern, const char* operation, auto read) {
        router.add(Method::get, pattern, operation, [api, read](const Request& request) {
            return run_read(api, request,
                            [&](Tx& tx, const Identity& who) { return read(tx, who, request); });
        });
    };
    reads("/v1/bank-statements", "listBankStatements", statements);
    reads("/v1/bank-lines", "listBankLines", lines);
    reads("/v1/bank-account", "getBankAccount", show_account);
    router.add(Method::put, "/v1/bank-account", "saveBankAccount",
               [api](const Request& request) { return save_account(api, request); });
}

}  // namespace preau::payment::http
