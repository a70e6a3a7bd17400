// What the officer decides: lines that are not certain, months that are closed.
#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/finance.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr int kMonths = 13;  // back from today, on the page of the months

struct File {
    const char* name;
    const char* path;
    bool of_month;
};
constexpr File kFiles[] = {
    {"fec", "fec.txt", true},          {"journal", "journal.csv", true},
    {"orders", "titres.csv", true},    {"payouts", "payouts.csv", true},
    {"mandate", "mandate.csv", false}, {"refunds", "sepa-refunds.xml", false}};

json suggestion_of(const Visit& visit, const json& line, const json& match) {
    std::vector<std::string> references;
    std::int64_t sum = 0;
    for (const auto& item : list_of(match, "items")) {
        references.push_back(text_of(item, "reference"));
        sum += cents_of(item, "amount");
    }
    const bool differs = sum != cents_of(line, "amount");
    return {{"id", text_of(match, "id")},
            {"id_line", text_of(line, "id")},
            {"text",
             visit.words.fill("finance.desk.accept", {{"what", visit.format.list(references)}})},
            {"why_text", reasons_text(visit, list_of(match, "reasons"))},
            {"differs",
             differs ? json{{"text",
                             visit.words.fill(
                                 "finance.desk.differs",
                                 {{"gap", visit.format.money(cents_of(line, "amount") - sum)}})}}
                     : json(false)}};
}

/// The month `back` months before this one.
time::Date month_back(const Visit& visit, int back) {
    constexpr int kYear = 12;
    const auto today = visit.today();
    const int index = today.year() * kYear + static_cast<int>(today.month()) - 1 - back;
    return time::Date::of(index / kYear, static_cast<unsigned>(index % kYear + 1), 1);
}

json files_of(const Visit& visit, const PostScope& scope, const std::string& month, bool of_month) {
    auto out = json::array();
    for (const auto& file : kFiles) {
        if (file.of_month != of_month) continue;
        out.push_back(
            {{"text", visit.text(std::string("finance.file.") + file.name)},
             {"href", std::string("/finance/fichiers/") + file.path + "?" +
                          query_string({{"etablissement", scope.chosen}, {"mois", month}})}});
    }
    return out;
}

}  // namespace

json decisions_view(const Visit& visit, const PostScope& scope, const json& lines) {
    auto items = json::array();
    for (const auto& line : lines) {
        auto suggestions = json::array();
        for (const auto& match : list_of(line, "matches")) {
            if (text_of(match, "state") == "suggested")
                suggestions.push_back(suggestion_of(visit, line, match));
        }
        const auto state = text_of(line, "state");
        items.push_back({{"id", text_of(line, "id")},
                         {"label", text_of(line, "label")},
                         {"reference", optional_text(line, "reference")},
                         {"amount", money_of(visit, line, "amount")},
                         {"date_text", visit.format.date_text(text_of(line, "date"))},
                         {"tone", state == "partly_matched" ? "warm" : "warn"},
                         {"state_text", visit.words.text_or("bank_line_state." + state, state)},
                         {"suggestions", suggestions},
                         {"etablissement", scope.chosen}});
    }
    if (items.empty()) return false;
    return {{"title_text", visit.words.count("finance.desk.title", std::ssize(items))},
            {"items", items}};
}

json months_view(const Visit& visit, const PostScope& scope, const json& periods) {
    auto model = finance_frame(visit, scope, "months");
    auto items = json::array();
    for (int back = 0; back < kMonths; ++back) {
        const auto first = month_back(visit, back);
        const auto month = first.iso().substr(0, 7);
        json closed = false;
        json note = false;
        for (const auto& one : list_of(periods, "items")) {
            if (text_of(one, "month") != month) continue;
            closed = visit.words.fill("finance.months.closed",
                                      {{"moment", moment_of(visit, one, "closed_at")}});
            note = optional_text(one, "note");
        }
        const bool may_close = back > 0 && closed == json(false);
        items.push_back({{"month_text", capitalised(visit.format.month_year(first))},
                         {"month", month},
                         {"tone", closed != json(false) ? "free" : "pending"},
                         {"state_text", closed != json(false) ? closed
                                        : back == 0 ? json(visit.text("finance.months.current"))
                                                    : json(visit.text("finance.months.open"))},
                         {"note_text", note},
                         {"close", may_close},
                         {"etablissement", scope.chosen},
                         {"files", files_of(visit, scope, month, true)}});
    }
    json flash = false;
    if (visit.query("fait") == "clos")
        flash = flash_view("free", visit.text("finance.months.done"));
    if (const auto code = visit.query("probleme"); !code.empty()) {
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) flash = flash_view("warm", visit.text(key));
    }
    model.update({{"title", visit.text("finance.months.title")},
                  {"flash", flash},
                  {"items", items},
                  {"files", files_of(visit, scope, visit.today().iso().substr(0, 7), false)}});
    return model;
}

}  // namespace preau::gateway
