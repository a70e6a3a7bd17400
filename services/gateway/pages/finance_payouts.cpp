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

namespace {

/// payments − refunds − disputes − fees = payout = bank line: each part with its sign, and its
/// lines.
struct Parts {
    std::int64_t payments = 0;
    std::int64_t refunds = 0;
    std::int64_t disputes = 0;
    std::int64_t fees = 0;
    std::int64_t sum() const { return payments + refunds + disputes - fees; }
};

Parts parts_of(const json& payout) {
    Parts out;
    for (const auto& line : list_of(payout, "lines")) {
        const auto type = text_of(line, "type");
        const auto gross = cents_of(line, "gross");
        out.fees += cents_of(line, "fee");
        if (type == "charge" || type == "payment") {
            out.payments += gross;
        } else if (type.find("refund") != std::string::npos) {
            out.refunds += gross;
        } else if (type == "stripe_fee") {
            out.fees -= gross;
        } else {
            out.disputes += gross;
        }
    }
    return out;
}

json sum_view(const Visit& visit, const PostScope& scope, const json& payout, const Parts& parts) {
    auto rows = json::array();
    const auto row = [&](const char* name, std::int64_t cents, const std::string& href) {
        rows.push_back({{"label", visit.text(std::string("finance.payout.part.") + name)},
                        {"amount", visit.format.money(cents)},
                        {"href", href.empty() ? json(false) : json(href)}});
    };
    row("payments", parts.payments, "#mouvements");
    row("refunds", parts.refunds, "#mouvements");
    row("disputes", parts.disputes, "#mouvements");
    row("fees", -parts.fees, "#mouvements");
    row("sum", parts.sum(), "");
    row("payout", cents_of(payout, "amount"), "");
    std::int64_t at_bank = 0;
    const auto lines = list_of(payout, "bank_lines");
    for (const auto& line : lines)
        at_bank += cents_of(line, "amount");
    json bank = false;
    if (!lines.empty()) {
        const auto id = text_of(lines.front(), "id");
        bank = {{"text",
                 visit.words.fill("finance.payout.bank_line",
                                  {{"amount", visit.format.money(at_bank)},
                                   {"date", visit.format.date_text(text_of(lines.front(), "date"))},
                                   {"label", text_of(lines.front(), "label")}})},
                {"href", "/finance/banque?" + query_string({{"etablissement", scope.chosen}}) +
                             "#l-" + id}};
    }
    return {{"rows", rows}, {"bank", bank}};
}

}  // namespace

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
    const auto parts = parts_of(payout);
    // By the service's sum, and by adding up what the page shows.
    auto gap = cents_of(payout, "itemised") - cents_of(payout, "amount");
    if (gap == 0) gap = parts.sum() - cents_of(payout, "amount");
    const bool right = gap == 0;
    const auto id = text_of(payout, "id");
    model.update(
        {{"title", visit.words.fill("finance.payout.title", {{"id", id}})},
         {"payout", row_of(visit, payout)},
         {"lines", items.empty() ? json(false) : json{{"items", items}}},
         {"sum", sum_view(visit, scope, payout, parts)},
         {"gross", visit.format.money(gross)},
         {"fees", visit.format.money(-fees)},
         {"itemised", money_of(visit, payout, "itemised")},
         {"verdict",
          {{"tone", right ? "info" : "warm"},
           {"text", right ? visit.text("finance.payout.right")
                          : visit.words.fill("finance.payout.wrong",
                                             {{"difference", visit.format.money(gap)}})}}}});
    return model;
}

}  // namespace preau::gateway
