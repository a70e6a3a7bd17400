#include "services/gateway/pages/price_text.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::int64_t kQuartersPerUnit = 4;
constexpr int kMinutesPerQuarter = 15;

/// "33 dates × 2 h à 13,70 € l’heure", "3 journées à 60 € la journée, pour 3 dates".
std::string line_detail(const Visit& visit, const json& line) {
    const auto unit = text_of(line, "unit");
    const auto quarters = integer_of(line, "quantity_quarters");
    const auto dates = integer_of(line, "dates_count", std::ssize(list_of(line, "dates")));
    const auto price = visit.words.fill(
        "price.unit_price", {{"price", visit.format.tariff(cents_of(line, "unit_price"))},
                             {"unit", visit.words.text_or("unit." + unit, unit)}});
    if (unit == "hour") {
        const bool extra = text_of(line, "kind") == "extra";
        const auto hours = [&](std::int64_t count) {
            return visit.format.duration(static_cast<int>(count) * kMinutesPerQuarter);
        };
        if (dates <= 1 || extra)
            return visit.words.fill("price.hours", {{"hours", hours(quarters)}, {"price", price}});
        // Dates of one series last equally long, but for the night when the clock changes.
        if (quarters % dates == 0) {
            return visit.words.count("price.dates_hours", dates,
                                     {{"hours", hours(quarters / dates)}, {"price", price}});
        }
        return visit.words.count("price.dates_hours_total", dates,
                                 {{"hours", hours(quarters)}, {"price", price}});
    }
    const auto units = visit.words.count("unit_count." + unit, quarters / kQuartersPerUnit);
    if (dates <= 1 || text_of(line, "kind") == "extra")
        return visit.words.fill("price.units", {{"units", units}, {"price", price}});
    return visit.words.count("price.units_dates", dates, {{"units", units}, {"price", price}});
}

/// "1 sur 2 en semaine, année scolaire 2026-2027": why the room costs nothing.
std::string free_use_text(const Visit& visit, const json& use) {
    const auto year = integer_of(use, "school_year");
    const auto key = "price.free_use." + text_of(use, "kind");
    if (year == 0 || !visit.words.has(key)) return visit.text("price.free_use.plain");
    return visit.words.fill(key, {{"nth", std::to_string(integer_of(use, "nth"))},
                                  {"of", std::to_string(integer_of(use, "of"))},
                                  {"year", std::to_string(year) + "-" + std::to_string(year + 1)}});
}

/// "20", "5,5": basis points as percent.
std::string rate_text(const Visit& visit, std::int64_t basis_points) {
    constexpr std::int64_t kPerPercent = 100;
    const auto whole = visit.format.number(basis_points / kPerPercent);
    auto rest = std::to_string(basis_points % kPerPercent + kPerPercent).substr(1);
    while (!rest.empty() && rest.back() == '0')
        rest.pop_back();
    return rest.empty() ? whole : whole + visit.text("format.decimal") + rest;
}

/// What a line consists of, and what of its amount was added or is tax.
std::string whole_detail(const Visit& visit, const json& price, const json& line) {
    const auto kind = text_of(line, "kind");
    auto out = kind == "free_use" ? free_use_text(visit, member_of(price, "free_use"))
                                  : line_detail(visit, line);
    const auto add = [&](const std::string& text) { out += visit.text("format.list") + text; };
    for (const auto& added : list_of(line, "supplements")) {
        add(visit.words.fill("price.supplement." + text_of(added, "kind"),
                             {{"amount", visit.format.money(cents_of(added, "amount"))}}));
    }
    const auto vat = member_of(line, "vat");
    if (const auto rate = integer_of(vat, "basis_points"); rate > 0) {
        add(visit.words.fill("price.vat", {{"rate", rate_text(visit, rate)},
                                           {"amount", visit.format.money(cents_of(vat, "tax"))}}));
    }
    return out;
}

std::string label_of(const Visit& visit, const json& line) {
    const auto kind = text_of(line, "kind");
    if (kind == "extra") return text_of(line, "label");
    const auto unit = kind == "free_use" ? kind : text_of(line, "unit");
    return visit.words.text_or("price.line." + unit, unit);
}

/// The legal mentions of all lines, each once.
json notes_of(const Visit& visit, const json& price) {
    std::vector<std::string> notes;
    const auto add = [&notes](std::string note) {
        if (!note.empty() && std::ranges::find(notes, note) == notes.end()) {
            notes.push_back(std::move(note));
        }
    };
    for (const auto& line : list_of(price, "lines"))
        add(text_of(member_of(line, "vat"), "note"));
    if (notes.empty()) add(text_of(price, "vat_note"));
    if (notes.empty()) return false;
    std::string out = notes.front();
    for (std::size_t i = 1; i < notes.size(); ++i)
        out += visit.text("format.list") + notes[i];
    return out;
}

/// What the use is worth, where it is let for nothing.
json aid_of(const Visit& visit, const json& price) {
    const auto total = cents_of(price, "total");
    const auto worth = cents_of(price, "reference", total) - total;
    const bool favour = total == 0 || !member_of(price, "free_use").empty();
    if (worth <= 0 || !favour) return false;
    return visit.words.fill("price.aid", {{"amount", visit.format.money(worth)}});
}

}  // namespace

json deposit_text(const Visit& visit, const json& price) {
    std::vector<std::string> items;
    for (const auto& deposit : list_of(price, "deposits")) {
        const auto code = text_of(deposit, "code");
        const auto label = text_of(deposit, "label");
        const auto what =
            label.empty() ? visit.words.text_or("price.deposit_for." + code, code) : label;
        items.push_back(visit.words.fill(
            "price.deposit_item",
            {{"amount", visit.format.money(cents_of(deposit, "amount"))}, {"what", what}}));
    }
    if (items.empty()) return false;
    return visit.words.fill("price.deposit", {{"list", visit.format.list(items)}});
}

std::string extras_text(const Visit& visit, const json& price) {
    std::vector<std::string> items;
    for (const auto& line : list_of(price, "lines")) {
        if (text_of(line, "kind") == "extra") {
            items.push_back(text_of(line, "label") + " (" + line_detail(visit, line) + ")");
        }
    }
    return visit.format.list(items);
}

std::string own_category(const Visit& visit, std::string_view body_id) {
    if (!visit.me) return {};
    for (const auto& membership : list_of(*visit.me, "memberships")) {
        for (const auto& affiliation : list_of(membership, "affiliations")) {
            const auto category = text_of(affiliation, "category");
            const bool same = body_id.empty() || text_of(affiliation, "body_id") == body_id;
            if (same && category.size() == 1) return category;
        }
    }
    return {};
}

std::string price_category(const Visit& visit, const json& space) {
    const auto own = own_category(visit, text_of(space, "body_id"));
    return own.empty() ? "C" : own;
}

namespace {
/// What a person granted below the vote, in place of what the best combination saves.
json lowered_text(const Visit& visit, const json& price, const json& otherwise) {
    const auto lowered = member_of(price, "lowered");
    if (lowered.empty()) return otherwise;
    return visit.words.fill("price.lowered",
                            {{"before", visit.format.money(cents_of(lowered, "before"))},
                             {"ground", text_of(lowered, "ground")}});
}
}  // namespace

json price_view(const Visit& visit, const json& price, const std::string& total_label) {
    if (!price.is_object() || price.empty()) return false;
    auto lines = json::array();
    for (const auto& line : list_of(price, "lines")) {
        lines.push_back({{"label", label_of(visit, line)},
                         {"detail_text", whole_detail(visit, price, line)},
                         {"amount", visit.format.money(cents_of(line, "amount"))}});
    }
    const auto total = cents_of(price, "total");
    const auto by_the_hour = cents_of(price, "by_the_hour", total);
    json saving = false;
    if (total > 0 && by_the_hour > total) {
        saving =
            visit.words.fill("price.saving", {{"hourly", visit.format.money(by_the_hour)},
                                              {"saved", visit.format.money(by_the_hour - total)}});
    }
    return {{"title_text", visit.text("price.title")},
            {"lines", lines},
            {"total_label", total_label.empty() ? visit.text("price.total") : total_label},
            {"total", visit.format.money(total)},
            {"saving_text", lowered_text(visit, price, saving)},
            {"deposit_text", deposit_text(visit, price)},
            {"aid_text", aid_of(visit, price)},
            {"note_text", notes_of(visit, price)}};
}

std::optional<std::int64_t> list_price(const Visit& visit, const json& space, const json& offer,
                                       const QueryPairs& when, const std::string& category) {
    // Search prices the offer that it would propose: asked for as many people as this offer takes,
    // around this very place, it is this one or there is no answer.
    const auto site = member_of(space, "site");
    const auto lat = number_of(space, "lat", number_of(site, "lat"));
    const auto lon = number_of(space, "lon", number_of(site, "lon"));
    QueryPairs question = when;
    question.emplace_back("kind", text_of(space, "kind"));
    question.emplace_back("capacity",
                          std::to_string(std::max<std::int64_t>(1, integer_of(offer, "capacity"))));
    if (lat != 0.0) {
        question.emplace_back("lat", std::to_string(lat));
        question.emplace_back("lon", std::to_string(lon));
        question.emplace_back("radius_km", "1");
    }
    if (!category.empty()) question.emplace_back("category", category);
    question.emplace_back("limit", "100");
    const auto found = visit.backend->get("search", "/v1/search?" + query_string(question));
    if (!found) return std::nullopt;
    for (const auto& item : list_of(*found, "items")) {
        if (text_of(item, "space_id") != text_of(space, "space_id")) continue;
        const bool same =
            text_of(member_of(item, "offer"), "offer_id") == text_of(offer, "offer_id");
        if (!same || !member_of(item, "price").contains("amount")) return std::nullopt;
        return cents_of(item, "price");
    }
    return std::nullopt;
}

bool waits_for_payment(const json& booking) {
    return text_of(booking, "state") == "accepted" &&
           text_of(member_of(booking, "requirement"), "payment") == "before" &&
           text_of(member_of(booking, "payment"), "status") != "paid";
}

std::string payment_state_text(const Visit& visit, const json& payment) {
    const auto refunds = text_of(payment, "refund_state");
    if (refunds == "partial" || refunds == "full")
        return visit.text("payment_state.refund_" + refunds);
    const auto status = text_of(payment, "status");
    if (text_of(payment, "requirement") == "later" && is_payable(payment)) {
        return visit.text("payment_state.later");
    }
    return visit.words.text_or("payment_state." + status, status);
}

std::string payment_tone(const json& payment) {
    const auto refunds = text_of(payment, "refund_state");
    if (refunds == "partial" || refunds == "full") return "closed";
    const auto status = text_of(payment, "status");
    if (status == "paid") return "free";
    if (status == "processing") return "pending";
    if (status == "paid_late" || status == "payment_failed") return "warn";
    if (status == "expired" || status == "canceled") return "taken";
    return "pending";
}

bool is_payable(const json& payment) {
    const auto status = text_of(payment, "status");
    return status == "created" || status == "awaiting_payer" || status == "payment_failed";
}

std::string deadline_text(const Visit& visit, const json& object, std::string_view name) {
    const auto at = parse_moment(text_of(object, name));
    if (!at) return {};
    return visit.words.fill("format.moment",
                            {{"date", visit.format.date(time::Zone::paris().local(*at).date)},
                             {"time", visit.format.clock_time(*at)}});
}

}  // namespace preau::gateway
