#include "shared/wire/price.hpp"

#include <array>

#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

constexpr json::IntegerBounds kCents{.min = 0, .max = base::cents_max.value};
constexpr json::IntegerBounds kQuarters{.min = 0, .max = 1'000'000};
constexpr json::IntegerBounds kPercent{.min = 0, .max = 400};
constexpr json::IntegerBounds kBasisPoints{.min = 0, .max = 10'000};
constexpr json::IntegerBounds kYear{.min = 1'970, .max = 9'999};
constexpr json::IntegerBounds kUses{.min = 1, .max = 100};
constexpr json::TextBounds kName{.length_min = 1, .length_max = 40};
constexpr json::TextBounds kSentence{.length_min = 0, .length_max = 500};
constexpr std::array<std::string_view, 3> kLineKinds{"room", "extra", "free_use"};
constexpr std::array<std::string_view, 2> kUseKinds{"weekday", "weekend"};

template <class Value, std::size_t size>
std::optional<Value> one_of(const std::array<std::string_view, size>& words,
                            std::string_view text) {
    const auto at = std::ranges::find(words, text);
    if (at == words.end()) return std::nullopt;
    return static_cast<Value>(at - words.begin());
}

std::optional<rules::LineKind> line_kind_from(std::string_view text) {
    return one_of<rules::LineKind>(kLineKinds, text);
}

std::optional<rules::UseKind> use_kind_from(std::string_view text) {
    return one_of<rules::UseKind>(kUseKinds, text);
}

std::vector<time::Date> dates_of(json::Fields& in, const nlohmann::json& object) {
    std::vector<time::Date> out;
    for (const auto& text : texts_of(in, object, "dates")) {
        if (const auto date = time::Date::parse(text)) {
            out.push_back(*date);
        } else {
            in.refuse("dates", "format", "YYYY-MM-DD");
        }
    }
    return out;
}

nlohmann::json dates_json(const std::vector<time::Date>& dates) {
    nlohmann::json out = nlohmann::json::array();
    for (const time::Date date : dates)
        out.push_back(date.iso());
    return out;
}

nlohmann::json text_or_null(const std::string& text) {
    return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
}

nlohmann::json line_json(const rules::PriceLine& line) {
    nlohmann::json supplements = nlohmann::json::array();
    for (const rules::Supplement& one : line.supplements) {
        supplements.push_back({{"kind", rules::to_string(one.kind)},
                               {"percent", one.percent},
                               {"per_date", money(one.per_date)},
                               {"amount", money(one.amount)},
                               {"dates", dates_json(one.dates)}});
    }
    return {{"kind", kLineKinds[static_cast<std::size_t>(line.kind)]},
            {"code", text_or_null(line.code)},
            {"label", text_or_null(line.label)},
            {"unit", rules::to_string(line.unit)},
            {"quantity_quarters", line.quantity_quarters},
            {"unit_price", money(line.unit_price)},
            {"amount", money(line.amount)},
            {"supplements", std::move(supplements)},
            {"dates", dates_json(line.dates)},
            {"vat",
             {{"basis_points", line.vat.basis_points},
              {"note", line.vat.note},
              {"tax", money(line.tax())}}},
            {"tariff_id", line.tariff_id}};
}

void read_supplements(json::Fields& in, const nlohmann::json& object, const std::string& pointer,
                      rules::PriceLine& line) {
    if (!object.contains("supplements")) return;
    std::size_t index = 0;
    each(in, object, pointer, "supplements", [&](json::Fields& item, const nlohmann::json& value) {
        const std::string here = pointer + "/supplements/" + std::to_string(index++);
        rules::Supplement one;
        one.kind = choice_of(item, "kind", rules::modifier_kind_from, rules::ModifierKind::heating);
        one.percent = static_cast<int>(item.integer("percent", kPercent));
        one.per_date = money_of(item, here, "per_date");
        one.amount = money_of(item, here, "amount");
        one.dates = dates_of(item, value);
        line.supplements.push_back(std::move(one));
    });
}

rules::PriceLine line_of(json::Fields& in, const nlohmann::json& object,
                         const std::string& pointer) {
    rules::PriceLine line;
    if (in.has("kind")) {
        line.kind = choice_of(in, "kind", line_kind_from, rules::LineKind::room);
    }
    line.code = in.optional_text("code", kName).value_or("");
    line.label = in.optional_text("label", kSentence).value_or("");
    line.unit = choice_of(in, "unit", rules::unit_from, rules::Unit::hour);
    line.quantity_quarters = in.integer("quantity_quarters", kQuarters);
    line.unit_price = money_of(in, pointer, "unit_price");
    line.amount = money_of(in, pointer, "amount");
    line.tariff_id = in.text("tariff_id", kName);
    if (!line.tariff_id.empty() && !base::is_ulid(line.tariff_id)) {
        in.refuse("tariff_id", "format");
    }
    line.dates = dates_of(in, object);
    read_supplements(in, object, pointer, line);
    if (const auto at = object.find("vat"); at != object.end() && at->is_object()) {
        json::Fields vat(*at, pointer + "/vat");
        line.vat.basis_points = static_cast<int>(vat.integer("basis_points", kBasisPoints));
        line.vat.note = vat.text("note", kSentence);
        in.absorb(vat);
    }
    return line;
}

nlohmann::json free_use_json(const std::optional<rules::FreeUse>& use) {
    if (!use) return nullptr;
    return {{"kind", kUseKinds[static_cast<std::size_t>(use->kind)]},
            {"school_year", use->school_year},
            {"nth", use->nth},
            {"of", use->of}};
}

nlohmann::json down_payment_json(const std::optional<rules::DownPaymentDue>& due) {
    if (!due) return nullptr;
    return {{"amount", money(due->amount)},
            {"balance", money(due->balance)},
            {"balance_by", due->balance_by.iso()}};
}

nlohmann::json lowered_json(const std::optional<rules::Lowered>& lowered) {
    if (!lowered) return nullptr;
    return {{"before", money(lowered->before)}, {"ground", lowered->ground}};
}

/// What prices of before did not have.
void read_more(json::Fields& in, const nlohmann::json& value, rules::Price& out) {
    out.reference = in.has("reference") ? money_of(in, "", "reference") : out.total;
    if (value.contains("deposits")) {
        std::size_t index = 0;
        each(in, value, "", "deposits", [&](json::Fields& item, const nlohmann::json&) {
            const std::string here = "/deposits/" + std::to_string(index++);
            out.deposits.push_back({item.text("code", kName),
                                    item.optional_text("label", kSentence).value_or(""),
                                    money_of(item, here, "amount")});
        });
    }
    if (const auto at = value.find("down_payment"); at != value.end() && at->is_object()) {
        json::Fields due(*at, "/down_payment");
        out.down_payment = {money_of(due, "/down_payment", "amount"),
                            money_of(due, "/down_payment", "balance"), date_of(due, "balance_by")};
        in.absorb(due);
    }
    if (const auto at = value.find("lowered"); at != value.end() && at->is_object()) {
        json::Fields lowered(*at, "/lowered");
        out.lowered = {money_of(lowered, "/lowered", "before"), lowered.text("ground", kSentence)};
        in.absorb(lowered);
    }
    if (const auto at = value.find("free_use"); at != value.end() && at->is_object()) {
        json::Fields use(*at, "/free_use");
        out.free_use = {choice_of(use, "kind", use_kind_from, rules::UseKind::weekday),
                        static_cast<int>(use.integer("school_year", kYear)),
                        static_cast<int>(use.integer("nth", kUses)),
                        static_cast<int>(use.integer("of", kUses))};
        in.absorb(use);
    }
}

}  // namespace

base::Cents money_of(json::Fields& in, const std::string& pointer, std::string_view name) {
    const nlohmann::json& value = in.object(name);
    if (!value.is_object()) return {};
    json::Fields member(value, pointer + "/" + std::string(name));
    const base::Cents out{member.integer("amount", kCents)};
    in.absorb(member);
    return out;
}

nlohmann::json money(base::Cents amount) {
    return {{"amount", amount.value}, {"currency", "EUR"}};
}

nlohmann::json to_json(const rules::Extra& extra) {
    return {{"code", extra.code},
            {"label", extra.label},
            {"per", rules::to_string(extra.per)},
            {"price", money(extra.amount)},
            {"count_max", extra.count_max},
            {"deposit", money(extra.deposit)}};
}

nlohmann::json to_json(const rules::Price& price) {
    nlohmann::json lines = nlohmann::json::array();
    for (const rules::PriceLine& line : price.lines)
        lines.push_back(line_json(line));
    nlohmann::json deposits = nlohmann::json::array();
    for (const rules::DepositDue& one : price.deposits) {
        deposits.push_back({{"code", one.code},
                            {"label", text_or_null(one.label)},
                            {"amount", money(one.amount)}});
    }
    nlohmann::json shares = nlohmann::json::array();
    for (const rules::VatShare& one : rules::vat_shares(price)) {
        shares.push_back({{"basis_points", one.vat.basis_points},
                          {"note", one.vat.note},
                          {"net", money(one.net)},
                          {"tax", money(one.tax)}});
    }
    nlohmann::json tariff_id = price.lines.empty() ? nlohmann::json(nullptr)
                                                   : nlohmann::json(price.lines.front().tariff_id);
    return {{"total", money(price.total)},
            {"lines", std::move(lines)},
            {"by_the_hour", money(price.by_the_hour)},
            {"reference", money(price.reference)},
            {"deposits", std::move(deposits)},
            {"down_payment", down_payment_json(price.down_payment)},
            {"free_use", free_use_json(price.free_use)},
            {"lowered", lowered_json(price.lowered)},
            {"vat", std::move(shares)},
            {"vat_note", price.vat_note},
            {"tariff_id", std::move(tariff_id)}};
}

base::Result<rules::Price> price_from_json(const nlohmann::json& value) {
    rules::Price out;
    json::Fields in(value);
    out.total = money_of(in, "", "total");
    out.by_the_hour = money_of(in, "", "by_the_hour");
    out.vat_note = in.text("vat_note", kSentence);
    if (value.is_object()) {
        std::size_t index = 0;
        each(in, value, "", "lines", [&](json::Fields& item, const nlohmann::json& object) {
            out.lines.push_back(line_of(item, object, "/lines/" + std::to_string(index++)));
        });
        read_more(in, value, out);
    }
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    return out;
}

}  // namespace preau::wire
