// The acts of the finance pages: a line matched, undone, set aside; a month closed; files; an
// account told. Each posts to payment, which decides, and shows the page again.
#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/finance.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

/// The page again, with what was done or why not; a refusal that is no one's choice stays an error.
base::Result<Reply> after(const PostScope& scope, const std::string& path,
                          const base::Result<Answer>& answer, const char* done) {
    if (!answer) return std::unexpected(answer.error());
    std::vector<std::pair<std::string, std::string>> pairs{{"etablissement", scope.chosen}};
    if (answer->ok()) {
        pairs.emplace_back("fait", done);
    } else if (answer->status == 409 || answer->status == 422) {
        pairs.emplace_back("probleme", answer->error().code);
    } else {
        return std::unexpected(answer->error());
    }
    return Reply::see(path + "?" + query_string(pairs));
}

std::string id_in_path(const Visit& visit) {
    return percent_encode(visit.request.params.get("id"));
}

base::Result<Reply> match_line(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    json body{{"line_id", std::string(visit.request.params.get("id"))}};
    if (const auto match = visit.form.get("match_id"); !match.empty())
        body["match_id"] = std::string(match);
    if (const auto reference = visit.form.get("reference"); !reference.empty())
        body["references"] = {std::string(reference)};
    if (const auto note = visit.form.get("note"); !note.empty()) body["note"] = std::string(note);
    return after(
        *scope, "/finance/banque",
        visit.backend->post("payment", "/v1/matches", body, visit.form.get("idempotency_key")),
        "rapprochee");
}

base::Result<Reply> undo_match(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    return after(
        *scope, "/finance/banque",
        visit.backend->send("payment", net::Method::del, "/v1/matches/" + id_in_path(visit),
                            nullptr, visit.form.get("idempotency_key")),
        "defaite");
}

base::Result<Reply> aside(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const json body{{"note", std::string(visit.form.get("note"))}};
    return after(
        *scope, "/finance/banque",
        visit.backend->post("payment", "/v1/bank-lines/" + id_in_path(visit) + "/set-aside", body,
                            visit.form.get("idempotency_key")),
        "ecartee");
}

base::Result<Reply> take_up(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    return after(*scope, "/finance/banque",
                 visit.backend->post("payment", "/v1/bank-lines/" + id_in_path(visit) + "/take-up",
                                     json::object(), visit.form.get("idempotency_key")),
                 "reprise");
}

base::Result<Reply> save_account(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    json columns;
    for (const auto* name : {"day", "label", "amount", "debit", "credit", "reference"})
        columns[name] = std::string(visit.form.get(std::string("column_") + name));
    const json body{{"account", std::string(visit.form.get("account"))},
                    {"dedicated", visit.form.get("dedicated") == "oui"},
                    {"csv_columns", columns}};
    return after(*scope, "/finance/banque",
                 visit.backend->send("payment", net::Method::put,
                                     of_establishment("/v1/bank-account", *scope), &body,
                                     visit.form.get("idempotency_key")),
                 "compte");
}

base::Result<Reply> save_payee(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, false);
    if (!scope) return std::unexpected(scope.error());
    const json body{{"name", std::string(visit.form.get("name"))},
                    {"iban", std::string(visit.form.get("iban"))}};
    return after(*scope, "/finance",
                 visit.backend->send("payment", net::Method::put,
                                     "/v1/refunds/" + id_in_path(visit) + "/payee", &body,
                                     visit.form.get("idempotency_key")),
                 "compte");
}

base::Result<Reply> months_page(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const auto periods = visit.backend->get("payment", of_establishment("/v1/periods", *scope));
    if (!periods) return std::unexpected(periods.error());
    return Reply::page("finance_months", months_view(visit, *scope, *periods));
}

base::Result<Reply> close_month(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    const json body{{"note", std::string(visit.form.get("note"))}};
    const auto target = of_establishment(
        "/v1/periods/" + percent_encode(visit.form.get("mois")) + "/close", *scope);
    return after(*scope, "/finance/mois",
                 visit.backend->post("payment", target, body, visit.form.get("idempotency_key")),
                 "clos");
}

/// A file of payment's, under the name that payment gives it.
base::Result<Reply> send_file(Visit& visit, const PostScope& scope, const std::string& path) {
    auto target = of_establishment("/v1/exports/" + path, scope);
    if (const auto month = visit.query("mois"); !month.empty()) {
        target += "&" + query_string({{"month", std::string(month)}});
    }
    auto answer = visit.backend->send_raw("payment", net::Method::get, target, nullptr, {});
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 409 || (answer->status == 422 && path == "sepa-refunds.xml")) {
        const auto problem = json::parse(answer->body, nullptr, false);
        return Reply::see("/finance/mois?" +
                          query_string({{"etablissement", scope.chosen},
                                        {"probleme", text_of(problem, "code")}}));
    }
    if (!answer->ok()) {
        const bool missing = answer->status == 404 || answer->status == 422;
        return base::fail(missing ? "not_found" : "forbidden", "no such file");
    }
    const std::string told(answer->headers.get("content-disposition"));
    constexpr std::string_view kName = "filename=\"";
    const auto at = told.find(kName);
    auto name = at == std::string::npos ? path : told.substr(at + kName.size());
    name = name.substr(0, name.find('"'));
    return Reply::download(name, {answer->content_type, std::move(answer->body)});
}

base::Result<Reply> file(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    return send_file(visit, *scope, percent_encode(visit.request.params.get("name")));
}

base::Result<Reply> journal(Visit& visit, Directory& directory) {
    const auto scope = finance_scope(visit, directory, true);
    if (!scope) return std::unexpected(scope.error());
    return send_file(visit, *scope, "journal.csv");
}

}  // namespace

void add_finance_acts(Site& site, net::Router& router, Directory& directory) {
    using Page = base::Result<Reply> (*)(Visit&, Directory&);
    const auto add = [&](net::Method method, const char* path, const char* operation, Page page) {
        site.add(router, method, path, operation,
                 [page, &directory](Visit& visit) { return page(visit, directory); },
                 Access::signed_in, "", {});
    };
    using enum net::Method;
    add(post, "/finance/lignes/{id}/rapprocher", "match_line", match_line);
    add(post, "/finance/lignes/{id}/ecarter", "set_line_aside", aside);
    add(post, "/finance/lignes/{id}/reprendre", "take_line_up", take_up);
    add(post, "/finance/rapprochements/{id}/defaire", "undo_match", undo_match);
    add(post, "/finance/compte", "save_bank_account", save_account);
    add(post, "/finance/remboursements/{id}/compte", "save_refund_payee", save_payee);
    add(get, "/finance/mois", "page_months", months_page);
    add(post, "/finance/mois", "close_month", close_month);
    add(get, "/finance/fichiers/{name}", "finance_file", file);
    add(get, "/finance/journal.csv", "journal_file", journal);
}

}  // namespace preau::gateway
