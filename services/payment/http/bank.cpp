// Bank statements: import, lines, matching.

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"
#include "services/payment/reconciliation/desk.hpp"
#include "services/payment/reconciliation/statement.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

json counts_json(const reconciliation::MatchCounts& counts) {
    return {{"matched", counts.matched},
            {"partly_matched", counts.partly_matched},
            {"unmatched", counts.unmatched}};
}

Response import(const Api& api, const Request& request) {
    if (!request.headers.get("content-type").starts_with("text/csv")) {
        return Response::problem({"unsupported_media_type", "text/csv", {}});
    }
    return run_unsafe(api, request, "importBankStatement",
                      [&](Tx& tx, const Identity& who) -> base::Result<Done> {
                          const auto at = establishment_for(tx, who, request, Need::finance);
                          if (!at) return std::unexpected(at.error());
                          const auto done = reconciliation::import_statement(
                              tx, *at, request.body, who.actor, api.cashier.now());
                          if (!done) return std::unexpected(done.error());
                          auto body = counts_json(done->counts);
                          body["already_imported"] = done->already_imported;
                          body["statement_id"] = done->statement.str();
                          body["lines_new"] = done->lines_new;
                          body["lines_known"] = done->lines_known;
                          return Done{done->already_imported ? 200 : 201, std::move(body)};
                      });
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
    if (!state.empty() && state != "unmatched" && state != "matched" && state != "partly_matched") {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/state", "unknown", {}}}});
    }
    const std::string after(request.query.get("after"));
    if (!after.empty() && !base::is_ulid(after)) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/after", "format", {}}}});
    }
    const auto found = tx.lines(at->id, state, after, *limit);
    json items = json::array();
    for (const auto& one : found)
        items.push_back(to_json(one));
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
}

}  // namespace preau::payment::http
