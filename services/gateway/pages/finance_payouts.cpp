// What the provider paid out: the list, and one payout with all that it is made of.
#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/finance.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

std::string payout_tone(const std::string& status) {
    if (status == "bank_confirmed") return "free";
    if (status == "discrepancy" || status == "failed") return "warm";
    return "pending";
}

json row_of(const Visit& visit, const json& payout) {
    const auto status = text_of(payout, "status");
    return {{"id", text_of(payout, "id")},
            {"href", "/finance/virements/" + percent_encode(text_of(payout, "id"))},
            {"created_text", day_of(visit, payout, "created_at")},
            {"arrival_text", visit.format.date_text(text_of(payout, "arrival_on"))},
            {"amount", money_of(visit, payout, "amount")},
            {"tone", payout_tone(status)},
            {"state_text", visit.words.text_or("payout_state." + status, status)},
            {"trace_text", optional_text(payout, "trace")}};
}

json line_of(const Visit& visit, const json& line) {
    const auto type = text_of(line, "type");
    const auto payment = text_of(line, "payment_id");
    return {{"id", text_of(line, "id")},
            {"type_text", visit.words.text_or("payout_line." + type, type)},
            {"booking_text", optional_text(line, "booking_reference")},
            {"reference", optional_text(line, "public_ref")},
            {"href", payment.empty() ? json(false) : json("/paiements/" + payment)},
            {"gross", money_of(visit, line, "gross")},
            {"fee", visit.format.money(-cents_of(line, "fee"))},
            {"net", money_of(visit, line, "net")}};
}

}  // namespace

json payouts_view(const Visit& visit, const PostScope& scope, const json& payouts) {
    auto model = finance_frame(visit, scope, "payouts");
    auto items = json::array();
    for (const auto& payout : list_of(payouts, "items"))
        items.push_back(row_of(visit, payout));
    json more = false;
    if (const auto next = text_of(payouts, "next"); !next.empty()) {
        more = {{"href", "/finance/virements?" +
                             query_string({{"etablissement", scope.chosen}, {"after", next}})},
                {"text", visit.text("finance.more")}};
    }
    json flash = false;
    if (const auto read = visit.query("lus");
        !read.empty() && read.size() < 7 &&
        read.find_first_not_of("0123456789") == std::string_view::npos) {
        flash =
            flash_view("free", visit.words.count("finance.synced", std::stoll(std::string(read))));
    }
    model.update({{"title", visit.text("finance.payouts.title")},
                  {"flash", flash},
                  {"table", items.empty() ? json(false) : json{{"items", items}}},
                  {"more", more}});
    return model;
}

json payout_view(const Visit& visit, const PostScope& scope, const json& payout) {
    auto model = finance_frame(visit, scope, "payouts");
    auto items = json::array();
    std::int64_t gross = 0;
    std::int64_t fees = 0;
    for (const auto& line : list_of(payout, "lines")) {
        gross += cents_of(line, "gross");
        fees += cents_of(line, "fee");
        items.push_back(line_of(visit, line));
    }
    const bool right = cents_of(payout, "amount") == cents_of(payout, "itemised");
    const auto id = text_of(payout, "id");
    model.update({{"title", visit.words.fill("finance.payout.title", {{"id", id}})},
                  {"payout", row_of(visit, payout)},
                  {"lines", items.empty() ? json(false) : json{{"items", items}}},
                  {"gross", visit.format.money(gross)},
                  {"fees", visit.format.money(-fees)},
                  {"itemised", money_of(visit, payout, "itemised")},
                  {"verdict",
                   {{"tone", right ? "info" : "warm"},
                    {"text", right ? visit.text("finance.payout.right")
                                   : visit.words.fill(
                                         "finance.payout.wrong",
                                         {{"difference",
                                           visit.format.money(cents_of(payout, "itemised") -
                                                              cents_of(payout, "amount"))}})}}}});
    return model;
}

}  // namespace preau::gateway
