// The finance officer's first page: four sums, what to look at, the payments.
#include "services/gateway/pages/finance.hpp"

#include <algorithm>
#include <array>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

struct Tab {
    const char* name;
    const char* path;
};

constexpr std::array<Tab, 5> kTabs{{{"overview", "/finance"},
                                    {"bank", "/finance/banque"},
                                    {"payouts", "/finance/virements"},
                                    {"ledger", "/finance/grand-livre"},
                                    {"months", "/finance/mois"}}};
constexpr std::array<const char*, 3> kStages{"at_provider", "on_the_way", "arrived"};
constexpr std::array<const char*, 4> kSums{"to_collect", "at_provider", "on_the_way",
                                           "arrived_unmatched"};
constexpr std::size_t kTodoMax = 50;

/// Sum over the establishments of the page.
std::int64_t sum_of(const Overview& overview, const char* name) {
    std::int64_t sum = 0;
    for (const auto& [id, summary] : overview.summaries)
        sum += cents_of(summary, name);
    return sum;
}

json figures_of(const Visit& visit, const Overview& overview) {
    auto figures = json::array();
    for (const auto* name : kSums) {
        const std::string key = std::string("finance.sum.") + name;
        figures.push_back({{"label", visit.text(key + ".label")},
                           {"text", visit.text(key + ".text")},
                           {"amount", visit.format.money(sum_of(overview, name))}});
    }
    return figures;
}

/// The three counts of one stage, over the establishments of the page.
struct Stage {
    std::int64_t ledger = 0;
    std::int64_t provider = 0;
    std::int64_t bank = 0;
    bool with_bank = false;
    bool agrees = true;
};

Stage stage_of(const Overview& overview, const char* name) {
    Stage out;
    for (const auto& [id, summary] : overview.summaries) {
        for (const auto& one : list_of(summary, "agreement")) {
            if (text_of(one, "stage") != name) continue;
            out.ledger += cents_of(one, "ledger");
            out.provider += cents_of(one, "provider");
            out.bank += cents_of(one, "bank");
            out.with_bank = out.with_bank || member_of(one, "bank").contains("amount");
            out.agrees = out.agrees && cents_of(one, "difference") == 0;
        }
    }
    return out;
}

/// Ledger, provider and bank beside one another: they agree, or by how much they do not.
json agreement_of(const Visit& visit, const Overview& overview) {
    auto rows = json::array();
    std::int64_t difference = 0;
    bool agreed = true;
    for (const auto* name : kStages) {
        const auto stage = stage_of(overview, name);
        auto gap = stage.ledger - stage.provider;
        if (gap == 0 && stage.with_bank) gap = stage.ledger - stage.bank;
        difference += gap;
        agreed = agreed && stage.agrees;
        rows.push_back({{"label", visit.text(std::string("finance.stage.") + name)},
                        {"ledger", visit.format.money(stage.ledger)},
                        {"provider", visit.format.money(stage.provider)},
                        {"bank", stage.with_bank ? visit.format.money(stage.bank) : "–"},
                        {"difference", visit.format.money(gap)},
                        {"tone", stage.agrees ? "free" : "warm"},
                        {"state_text", visit.text(stage.agrees ? "finance.stage.agrees"
                                                               : "finance.stage.differs")}});
    }
    std::string until;
    for (const auto& [id, summary] : overview.summaries) {
        const auto day = text_of(summary, "matched_until");
        if (!day.empty() && (until.empty() || day < until)) until = day;
    }
    json until_text = false;
    if (const auto date = time::Date::parse(until)) {
        until_text = visit.words.fill("finance.matched_until",
                                      {{"date", visit.format.day_month_year(*date)}});
    }
    return {{"tone", agreed ? "info" : "warm"},
            {"text", agreed ? visit.text("finance.agreed")
                            : visit.words.fill("finance.disagreed",
                                               {{"difference", visit.format.money(difference)}})},
            {"until_text", agreed ? until_text : json(false)},
            {"rows", rows}};
}

/// The page that explains one thing to look at.
json href_of(const json& item, const std::string& establishment) {
    const auto kind = text_of(item, "kind");
    const auto id = percent_encode(text_of(item, "id"));
    if (kind == "payment") return "/paiements/" + id;
    if (kind == "payout") return "/finance/virements/" + id;
    if (kind == "bank_line") {
        return "/finance/banque?" + query_string({{"etablissement", establishment}}) + "#ligne-" +
               id;
    }
    return false;
}

json todo_of(const Visit& visit, const PostScope& scope, const Overview& overview) {
    struct Item {
        std::int64_t age;
        std::int64_t amount;
        json view;
    };
    std::vector<Item> found;
    for (const auto& [id, summary] : overview.summaries) {
        for (const auto& item : list_of(summary, "to_look_at")) {
            const auto age = integer_of(item, "age_days");
            const auto reason = text_of(item, "reason_code");
            const auto kind = text_of(item, "kind");
            json act = false;
            if (reason == "refund_by_transfer") {
                act = {{"action",
                        "/finance/remboursements/" + percent_encode(text_of(item, "id")) + "/vire"},
                       {"text", visit.text("finance.transferred")},
                       {"etablissement", id},
                       {"payee",
                        {{"action", "/finance/remboursements/" +
                                        percent_encode(text_of(item, "id")) + "/compte"},
                         {"suffix", text_of(item, "id")}}}};
            }
            found.push_back(
                {age,
                 cents_of(item, "amount"),
                 {{"kind_text", visit.words.text_or("finance.kind." + kind, kind)},
                  {"reason_text", visit.words.text_or("finance.reason." + reason, reason)},
                  {"school_text", scope.chosen.empty() ? json(scope.name_of(id)) : json(false)},
                  {"amount", money_of(visit, item, "amount")},
                  {"age_text", visit.words.count("finance.age", age)},
                  {"href", href_of(item, id)},
                  {"act", act}}});
        }
    }
    std::ranges::sort(found, [](const Item& a, const Item& b) {
        return a.age != b.age ? a.age > b.age : a.amount > b.amount;
    });
    auto items = json::array();
    for (const auto& item : found) {
        if (items.size() < kTodoMax) items.push_back(item.view);
    }
    if (items.empty()) return false;
    return {{"title_text", visit.words.count("finance.todo", std::ssize(found))},
            {"caption_text", visit.text("finance.todo_caption")},
            {"items", items}};
}

json schools_of(const Visit& visit, const PostScope& scope, const Overview& overview) {
    if (!scope.chosen.empty()) return false;
    auto items = json::array();
    for (const auto& [id, summary] : overview.summaries) {
        auto sums = json::array();
        for (const auto* name : kSums)
            sums.push_back(money_of(visit, summary, name));
        const auto todo = std::ssize(list_of(summary, "to_look_at"));
        // Where no money ever moved there is nothing to compare.
        const bool quiet = std::ranges::all_of(
            kSums, [&summary](const char* name) { return cents_of(summary, name) == 0; });
        if (quiet && todo == 0 && cents_of(summary, "expected") == 0) continue;
        items.push_back({{"name", scope.name_of(id)},
                         {"href", "/finance?" + query_string({{"etablissement", id}})},
                         {"sums", sums},
                         {"tone", todo > 0 ? "warn" : "free"},
                         {"state_text", todo > 0 ? visit.words.count("finance.todo_short", todo)
                                                 : visit.text("finance.nothing_short")}});
    }
    if (items.empty()) return false;
    return {{"title_text", visit.words.count("finance.schools", std::ssize(items))},
            {"items", items}};
}

json payment_row(const Visit& visit, const Overview& overview, const json& payment) {
    const auto organisation = overview.organisations.find(text_of(payment, "organisation_id"));
    const auto payout = text_of(payment, "payout_id");
    const auto settled = text_of(payment, "settlement");
    return {{"booking_text", text_of(payment, "booking_reference")},
            {"booking_href", "/suivi/" + text_of(payment, "booking_id")},
            {"reference", text_of(payment, "public_ref")},
            {"href", "/paiements/" + text_of(payment, "id")},
            {"organisation", organisation == overview.organisations.end()
                                 ? visit.text("finance.someone")
                                 : organisation->second},
            {"amount", money_of(visit, payment, "amount")},
            {"tone", payment_tone(payment)},
            {"state_text", payment_state_text(visit, payment)},
            {"payout_href",
             payout.empty() ? json(false) : json("/finance/virements/" + percent_encode(payout))},
            {"settlement_text", visit.words.text_or("settlement." + settled, settled)}};
}

json payments_of(const Visit& visit, const PostScope& scope, const Overview& overview) {
    if (scope.chosen.empty()) return false;
    const auto href = [&](const std::string& filter, const std::string& after) {
        std::vector<std::pair<std::string, std::string>> pairs{{"etablissement", scope.chosen}};
        if (!filter.empty()) pairs.emplace_back("etat", filter);
        if (!after.empty()) pairs.emplace_back("after", after);
        return "/finance?" + query_string(pairs);
    };
    auto tabs = json::array();
    for (const std::string filter : {"", "dus", "payes"}) {
        tabs.push_back({{"text", visit.text("finance.filter." +
                                            (filter.empty() ? std::string("all") : filter))},
                        {"href", href(filter, {}) + "#paiements"},
                        {"current", filter == overview.filter}});
    }
    auto items = json::array();
    for (const auto& payment : list_of(overview.payments, "items"))
        items.push_back(payment_row(visit, overview, payment));
    json more = false;
    if (const auto next = text_of(overview.payments, "next"); !next.empty()) {
        more = {{"href", href(overview.filter, next) + "#paiements"},
                {"text", visit.text("finance.more")}};
    }
    return {{"tabs", tabs},
            {"table", items.empty() ? json(false) : json{{"items", items}}},
            {"more", more}};
}

}  // namespace

std::string money_of(const Visit& visit, const json& object, std::string_view name) {
    return visit.format.money(cents_of(object, name));
}

json finance_frame(const Visit& visit, const PostScope& scope, const std::string& tab) {
    auto tabs = json::array();
    std::string path = "/finance";
    for (const auto& one : kTabs) {
        const bool current = tab == one.name;
        if (current) path = one.path;
        tabs.push_back({{"text", visit.text(std::string("finance.tab.") + one.name)},
                        {"href", one.path + scope_query(scope)},
                        {"current", current}});
    }
    return {{"tabs", tabs},
            {"chooser", chooser_view(visit, scope, path, tab == "overview")},
            {"scope_id", scope.chosen},
            {"scope_text", scope.chosen.empty() ? visit.text("finance.all_schools")
                                                : scope.name_of(scope.chosen)}};
}

json overview_view(const Visit& visit, const PostScope& scope, const Overview& overview) {
    auto model = finance_frame(visit, scope, "overview");
    json flash = false;
    if (visit.query("fait") == "vire")
        flash = flash_view("free", visit.text("finance.transfer_noted"));
    if (visit.query("fait") == "compte")
        flash = flash_view("free", visit.text("finance.payee_noted"));
    if (const auto code = visit.query("probleme"); !code.empty()) {
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) flash = flash_view("warm", visit.text(key));
    }
    model.update({{"title", visit.text("finance.title")},
                  {"flash", flash},
                  {"agreement", agreement_of(visit, overview)},
                  {"figures", figures_of(visit, overview)},
                  {"todo", todo_of(visit, scope, overview)},
                  {"nothing_text", visit.text(sum_of(overview, "arrived_unmatched") == 0
                                                  ? "finance.nothing_text"
                                                  : "finance.nothing_waiting")},
                  {"schools", schools_of(visit, scope, overview)},
                  {"payments", payments_of(visit, scope, overview)}});
    return model;
}

}  // namespace preau::gateway
