// The bank's side: statements and their lines, and the ledger that all of it is written in.
#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/finance.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

std::string line_tone(const std::string& state) {
    if (state == "matched") return "free";
    if (state == "ignored") return "pending";
    return state == "partly_matched" ? "warm" : "warn";
}

json line_of(const Visit& visit, const json& line) {
    const auto state = text_of(line, "state");
    const auto payout = text_of(line, "payout_id");
    const json why = reasons_text(visit, list_of(line, "reasons"));
    json undo = false;
    json note = false;
    for (const auto& match : list_of(line, "matches")) {
        if (text_of(match, "state") != "made") continue;
        undo = text_of(match, "id");
        note = optional_text(match, "note");
    }
    json what = false;
    std::vector<std::string> references;
    for (const auto& match : list_of(line, "matches")) {
        if (text_of(match, "state") != "made") continue;
        for (const auto& item : list_of(match, "items"))
            references.push_back(text_of(item, "reference"));
    }
    if (!references.empty()) what = visit.format.list(references);
    json gap = false;
    if (member_of(line, "gap").contains("amount")) {
        gap = visit.words.fill("finance.bank.gap", {{"gap", money_of(visit, line, "gap")}});
    }
    return {{"date_text", visit.format.date_text(text_of(line, "date"))},
            {"id", text_of(line, "id")},
            {"undo", undo},
            {"note_text", note},
            {"what_text", what},
            {"again", state == "ignored"},
            {"label", text_of(line, "label")},
            {"reference", optional_text(line, "reference")},
            {"amount", money_of(visit, line, "amount")},
            {"tone", line_tone(state)},
            {"state_text", visit.words.text_or("bank_line_state." + state, state)},
            {"why_text", why},
            {"gap_text", gap},
            {"payout_href",
             payout.empty() ? json(false) : json("/finance/virements/" + percent_encode(payout))}};
}

json statements_of(const Visit& visit, const json& statements) {
    auto items = json::array();
    for (const auto& one : list_of(statements, "items")) {
        items.push_back(
            {{"text", visit.words.fill("finance.bank.statement",
                                       {{"from", visit.format.date_text(text_of(one, "from"))},
                                        {"until", visit.format.date_text(text_of(one, "until"))}})},
             {"detail_text",
              visit.words.fill(
                  "finance.bank.statement_detail",
                  {{"lines", visit.words.count("finance.bank.lines", integer_of(one, "lines"))},
                   {"moment", moment_of(visit, one, "imported_at")}})}});
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

/// "Ligne 12 : le montant ne se lit pas." for each faulty line; nothing of the file was kept.
json import_errors(const Visit& visit, const base::Error& error) {
    auto items = json::array();
    for (const auto& fault : error.fields) {
        const std::string_view pointer = fault.pointer;
        constexpr std::string_view kLine = "/lines/";
        const auto what = visit.words.text_or("statement_error." + fault.code,
                                              visit.text("statement_error.other"));
        items.push_back(
            {{"href", "#f-statement"},
             {"text", pointer.starts_with(kLine)
                          ? visit.words.fill("finance.bank.line_error",
                                             {{"line", std::string(pointer.substr(kLine.size()))},
                                              {"what", what}})
                          : what}});
    }
    if (items.empty()) {
        items.push_back({{"href", "#f-statement"}, {"text", problem_text(visit, error)}});
    }
    return {{"title_text", visit.words.count("finance.bank.errors", std::ssize(items))},
            {"items", items}};
}

std::int64_t number_in(const Visit& visit, const char* name) {
    const auto text = visit.query(name);
    const bool number = !text.empty() && text.size() < 7 &&
                        text.find_first_not_of("0123456789") == std::string_view::npos;
    return number ? std::stoll(std::string(text)) : 0;
}

/// "47 rapprochées, 2 proposées, 1 inconnue."
std::string counts_text(const Visit& visit) {
    return visit.words.fill(
        "finance.bank.counts",
        {{"matched", visit.words.count("finance.bank.matched", number_in(visit, "rapprochees"))},
         {"suggested", visit.words.count("finance.bank.suggested", number_in(visit, "proposees"))},
         {"open", visit.words.count("finance.bank.unmatched", number_in(visit, "restantes"))}});
}

json flash_of(const Visit& visit) {
    const auto done = visit.query("fait");
    if (done == "importe") {
        return flash_view(
            "free",
            visit.words.fill(
                "finance.bank.imported",
                {{"lines", visit.words.count("finance.bank.new", number_in(visit, "lignes"))},
                 {"counts", counts_text(visit)}}));
    }
    if (done == "rapproche") {
        return flash_view("free",
                          visit.words.fill("finance.bank.run", {{"counts", counts_text(visit)}}));
    }
    if (const auto code = visit.query("probleme"); !code.empty()) {
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) return flash_view("warm", visit.text(key));
    }
    const auto key = "finance.done." + std::string(done);
    return !done.empty() && visit.words.has(key) ? flash_view("free", visit.text(key))
                                                 : json(false);
}

json account_of(const Visit& visit, const json& account) {
    auto columns = json::array();
    const auto names = member_of(account, "csv_columns");
    for (const auto* name : {"day", "label", "amount", "debit", "credit", "reference"}) {
        columns.push_back({{"name", name},
                           {"label", visit.text(std::string("finance.bank.column.") + name)},
                           {"value", text_of(names, name)}});
    }
    return {{"known", optional_text(account, "account")},
            {"account_text", visit.words.fill("finance.bank.account_known",
                                              {{"account", text_of(account, "account")}})},
            {"dedicated", flag_of(account, "dedicated")},
            {"columns", columns}};
}

}  // namespace

json reasons_text(const Visit& visit, const json& codes) {
    std::vector<std::string> reasons;
    for (const auto& code : codes) {
        if (!code.is_string()) continue;
        const auto name = code.get<std::string>();
        reasons.push_back(visit.words.text_or("match_reason." + name, name));
    }
    return reasons.empty() ? json(false) : json(visit.format.list(reasons));
}

json bank_view(const Visit& visit, const PostScope& scope, const BankPage& page,
               const base::Error* error) {
    const auto& lines = page.lines;
    auto model = finance_frame(visit, scope, "bank");
    auto items = json::array();
    for (const auto& line : list_of(lines, "items"))
        items.push_back(line_of(visit, line));
    json more = false;
    if (const auto next = text_of(lines, "next"); !next.empty()) {
        more = {{"href", "/finance/banque?" +
                             query_string({{"etablissement", scope.chosen}, {"after", next}}) +
                             "#lignes"},
                {"text", visit.text("finance.more")}};
    }
    model.update({{"title", visit.text("finance.bank.title")},
                  {"errors", error != nullptr ? import_errors(visit, *error) : json(false)},
                  {"flash", error != nullptr ? json(false) : flash_of(visit)},
                  {"upload_error",
                   error != nullptr ? json(visit.text("finance.bank.refused")) : json(false)},
                  {"decisions", decisions_view(visit, scope, page.open)},
                  {"account", account_of(visit, page.account)},
                  {"statements", statements_of(visit, page.statements)},
                  {"lines", items.empty() ? json(false) : json{{"items", items}}},
                  {"more", more}});
    return model;
}

json ledger_view(const Visit& visit, const PostScope& scope, const json& balance,
                 const json& verdict) {
    auto model = finance_frame(visit, scope, "ledger");
    auto items = json::array();
    for (const auto& account : list_of(balance, "accounts")) {
        const auto name = text_of(account, "account");
        items.push_back({{"number", text_of(account, "number")},
                         {"name", visit.words.text_or("account." + name, name)},
                         {"debit", money_of(visit, account, "debit")},
                         {"credit", money_of(visit, account, "credit")},
                         {"balance", money_of(visit, account, "balance")}});
    }
    const bool balanced = flag_of(balance, "balanced");
    json chain = false;
    if (!verdict.empty()) {
        const bool whole = flag_of(verdict, "ok");
        std::vector<std::string> faults;
        for (const auto& fault : list_of(verdict, "faults")) {
            const auto code = text_of(fault, "code");
            faults.push_back(
                visit.words.fill("finance.ledger.fault",
                                 {{"number", text_of(fault, "number")},
                                  {"what", visit.words.text_or("ledger_fault." + code, code)}}));
        }
        chain = {{"tone", whole ? "info" : "warm"},
                 {"text",
                  whole ? visit.words.count("finance.ledger.whole", integer_of(verdict, "entries"))
                        : visit.words.fill("finance.ledger.broken",
                                           {{"faults", visit.format.list(faults)}})}};
    }
    auto months = json::array();
    const auto today = visit.today();
    constexpr int kMonths = 12;
    for (int back = 0; back < kMonths; ++back) {
        const int index = today.year() * kMonths + static_cast<int>(today.month()) - 1 - back;
        const auto first =
            time::Date::of(index / kMonths, static_cast<unsigned>(index % kMonths + 1), 1);
        months.push_back(
            option_view(first.iso().substr(0, 7), visit.format.month_year(first), back == 0));
    }
    model.update({{"title", visit.text("finance.ledger.title")},
                  {"verdict",
                   {{"tone", balanced ? "info" : "warm"},
                    {"text", visit.text(balanced ? "finance.ledger.balanced"
                                                 : "finance.ledger.unbalanced")}}},
                  {"chain", chain},
                  {"table", items.empty() ? json(false)
                                          : json{{"items", items},
                                                 {"debit", money_of(visit, balance, "debit")},
                                                 {"credit", money_of(visit, balance, "credit")}}},
                  {"months", months}});
    return model;
}

}  // namespace preau::gateway
