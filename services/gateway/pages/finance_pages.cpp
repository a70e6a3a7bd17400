// The routes of the finance pages: whose accounts they are, what is asked of payment, the acts.
#include <algorithm>
#include <set>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/finance.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::size_t kSummariesMax = 150;  // asked one by one for the page of all establishments
constexpr std::size_t kFormBytesMax = 8 * 1024 * 1024 + 16 * 1024;  // a statement and its frame

std::map<std::string, std::string> organisations_of(const Visit& visit, const json& payments) {
    std::set<std::string> ids;
    for (const auto& payment : list_of(payments, "items"))
        ids.insert(text_of(payment, "organisation_id"));
    return organisation_names(visit, ids);
}

base::Result<Reply> overview_page(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, false);
    if (!scope) return std::unexpected(scope.error());
    Overview overview;
    const auto filter = visit.query("etat");
    if (filter == "dus" || filter == "payes") overview.filter = std::string(filter);
    for (const auto& school : scope->schools) {
        if (!scope->chosen.empty() && school.id != scope->chosen) continue;
        if (overview.summaries.size() == kSummariesMax) break;
        auto summary =
            visit.backend->get("payment", "/v1/reconciliation/summary?" +
                                              query_string({{"establishment_id", school.id}}));
        if (summary) {
            overview.summaries.emplace_back(school.id, std::move(*summary));
        } else if (summary.error().code != "not_found") {
            return std::unexpected(summary.error());
        }
    }
    if (!scope->chosen.empty()) {
        auto target = of_establishment("/v1/payments", *scope, visit.query("after"));
        if (overview.filter == "dus")
            target += "&status=created,awaiting_payer,processing,payment_failed";
        if (overview.filter == "payes") target += "&status=paid,paid_late";
        auto payments = visit.backend->get("payment", target);
        if (!payments) return std::unexpected(payments.error());
        overview.payments = std::move(*payments);
        overview.organisations = organisations_of(visit, overview.payments);
    }
    return Reply::page("finance", overview_view(visit, *scope, overview));
}

base::Result<Reply> payouts_page(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const auto payouts = visit.backend->get(
        "payment", of_establishment("/v1/payouts", *scope, visit.query("after")));
    if (!payouts) return std::unexpected(payouts.error());
    return Reply::page("finance_payouts", payouts_view(visit, *scope, *payouts));
}

base::Result<Reply> payout_page(Visit& visit, Directory& directory) {
    auto scope = finance_scope(visit, directory, false);
    if (!scope) return std::unexpected(scope.error());
    const auto payout = visit.backend->get(
        "payment", "/v1/payouts/" + percent_encode(visit.request.params.get("id")));
    if (!payout) return std::unexpected(payout.error());
    scope->chosen = text_of(*payout, "establishment_id");
    return Reply::page("finance_payout", payout_view(visit, *scope, *payout));
}

base::Result<Reply> show_bank(Visit& visit, const PostScope& scope, const base::Error* error) {
    BankPage page;
    page.open = json::array();
    const auto read = [&](json& into, const std::string& target) -> base::Result<void> {
        auto found = visit.backend->get("payment", target);
        if (!found) return std::unexpected(found.error());
        into = *std::move(found);
        return {};
    };
    const auto lines = of_establishment("/v1/bank-lines", scope);
    for (const auto* state : {"suggested", "partly_matched", "suspense"}) {
        json some;
        if (auto done = read(some, lines + "&state=" + state); !done) {
            return std::unexpected(done.error());
        }
        for (const auto& one : list_of(some, "items"))
            page.open.push_back(one);
    }
    for (auto done :
         {read(page.statements, of_establishment("/v1/bank-statements", scope)),
          read(page.account, of_establishment("/v1/bank-account", scope)),
          read(page.lines, of_establishment("/v1/bank-lines", scope, visit.query("after")))}) {
        if (!done) return std::unexpected(done.error());
    }
    return Reply::page("finance_bank", bank_view(visit, scope, page, error),
                       error != nullptr ? 422 : 200);
}

base::Result<Reply> bank_page(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    return show_bank(visit, *scope, nullptr);
}

/// What became of the lines, for the page that is shown next.
void add_counts(std::vector<std::pair<std::string, std::string>>& pairs, const json& report) {
    pairs.emplace_back("rapprochees", text_of(report, "matched"));
    pairs.emplace_back("proposees", std::to_string(integer_of(report, "suggested") +
                                                   integer_of(report, "partly_matched")));
    pairs.emplace_back("restantes", std::to_string(integer_of(report, "unmatched") +
                                                   integer_of(report, "suspense")));
}

base::Result<Reply> import_statement(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const auto file = std::ranges::find(visit.files, "statement", &Part::name);
    if (file == visit.files.end() || file->body.empty()) {
        const base::Error none{"invalid", {}, {{"/statement", "required", {}}}};
        return show_bank(visit, *scope, &none);
    }
    const auto answer = visit.backend->upload(
        "payment", of_establishment("/v1/bank-statements", *scope),
        {"application/octet-stream", file->body}, visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) {
        const auto error = answer->error();
        if (answer->status != 422 && answer->status != 409 && answer->status != 413) {
            return std::unexpected(error);
        }
        return show_bank(visit, *scope, &error);
    }
    std::vector<std::pair<std::string, std::string>> pairs{{"etablissement", scope->chosen}};
    const auto& report = answer->body;
    if (flag_of(report, "already_imported")) {
        pairs.emplace_back("fait", "deja");
    } else {
        pairs.emplace_back("fait", "importe");
        pairs.emplace_back("lignes", text_of(report, "lines_new"));
        add_counts(pairs, report);
    }
    return Reply::see("/finance/banque?" + query_string(pairs));
}

base::Result<Reply> match_again(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const auto answer =
        visit.backend->post("payment", of_establishment("/v1/reconciliation/runs", *scope),
                            json::object(), visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return std::unexpected(answer->error());
    std::vector<std::pair<std::string, std::string>> pairs{{"etablissement", scope->chosen},
                                                           {"fait", "rapproche"}};
    add_counts(pairs, answer->body);
    return Reply::see("/finance/banque?" + query_string(pairs));
}

base::Result<Reply> sync_payouts(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const auto answer = visit.backend->post("payment", of_establishment("/v1/payouts/sync", *scope),
                                            json::object(), visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return std::unexpected(answer->error());
    return Reply::see("/finance/virements?" +
                      query_string({{"etablissement", scope->chosen},
                                    {"lus", text_of(answer->body, "transactions")}}));
}

base::Result<Reply> mark_transferred(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, false);
    if (!scope) return std::unexpected(scope.error());
    const auto id = percent_encode(visit.request.params.get("id"));
    const auto answer = visit.backend->post("payment", "/v1/refunds/" + id + "/mark-transferred",
                                            json::object(), visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    std::vector<std::pair<std::string, std::string>> pairs;
    if (!scope->chosen.empty()) pairs.emplace_back("etablissement", scope->chosen);
    if (answer->ok()) {
        pairs.emplace_back("fait", "vire");
    } else if (answer->status == 409) {
        pairs.emplace_back("probleme", answer->error().code);
    } else {
        return std::unexpected(answer->error());
    }
    return Reply::see("/finance?" + query_string(pairs));
}

base::Result<Reply> ledger_page(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const auto balance =
        visit.backend->get("payment", of_establishment("/v1/ledger/trial-balance", *scope));
    if (!balance) return std::unexpected(balance.error());
    const auto verdict =
        visit.backend->get("payment", of_establishment("/v1/ledger/verify", *scope));
    return Reply::page("finance_ledger",
                       ledger_view(visit, *scope, *balance, verdict ? *verdict : json::object()));
}

}  // namespace

base::Result<PostScope> finance_scope(const Visit& visit, Directory& directory, bool one) {
    return scope_of_posts(visit, directory, {"finance", "admin"}, one);
}

std::string of_establishment(const std::string& path, const PostScope& scope,
                             std::string_view after) {
    std::vector<std::pair<std::string, std::string>> pairs{{"establishment_id", scope.chosen}};
    if (!after.empty()) pairs.emplace_back("after", std::string(after));
    return path + "?" + query_string(pairs);
}

void add_finance_pages(Site& site, net::Router& router, Directory& directory) {
    using Page = base::Result<Reply> (*)(Visit&, Directory&);
    const auto add = [&](net::Method method, const char* path, const char* operation, Page page,
                         const net::RouteOptions& options = {}) {
        site.add(
            router, method, path, operation,
            [page, &directory](Visit& visit) { return page(visit, directory); }, Access::signed_in,
            "", options);
    };
    add(net::Method::get, "/finance", "page_finance", overview_page);
    add(net::Method::get, "/finance/virements", "page_payouts", payouts_page);
    add(net::Method::post, "/finance/virements", "sync_payouts", sync_payouts);
    add(net::Method::get, "/finance/virements/{id}", "page_payout", payout_page);
    add(net::Method::get, "/finance/banque", "page_bank", bank_page);
    add(net::Method::post, "/finance/banque", "import_statement", import_statement,
        {.body_bytes_max = kFormBytesMax});
    add(net::Method::post, "/finance/rapprochement", "match_again", match_again);
    add(net::Method::post, "/finance/remboursements/{id}/vire", "mark_transferred",
        mark_transferred);
    add(net::Method::get, "/finance/grand-livre", "page_ledger", ledger_page);
    add_finance_acts(site, router, directory);
}

}  // namespace preau::gateway
