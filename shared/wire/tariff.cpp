#include "shared/wire/tariff.hpp"

#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

constexpr json::IntegerBounds kCents{.min = 0, .max = base::cents_max.value};
constexpr json::IntegerBounds kVersion{.min = 1, .max = 1'000'000'000};
constexpr json::IntegerBounds kQuarters{.min = 0, .max = 1'000'000};
constexpr json::TextBounds kName{.length_min = 1, .length_max = 40};

char category_of(json::Fields& in) {
    const std::string text = in.text("category", kName);
    if (text.size() == 1 && text.front() >= 'A' && text.front() <= 'E') return text.front();
    if (!text.empty()) in.refuse("category", "unknown", text);
    return 'A';
}

std::string tariff_id_of(json::Fields& in) {
    std::string id = in.text("tariff_id", kName);
    if (!id.empty() && !base::is_ulid(id)) in.refuse("tariff_id", "format");
    return id;
}

/// A member {"amount","currency"}.
base::Cents money_of(json::Fields& in, const std::string& pointer, std::string_view name) {
    const nlohmann::json& value = in.object(name);
    if (!value.is_object()) return {};
    json::Fields member(value, pointer + "/" + std::string(name));
    const base::Cents out{member.integer("amount", kCents)};
    in.absorb(member);
    return out;
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

}  // namespace

nlohmann::json money(base::Cents amount) {
    return {{"amount", amount.value}, {"currency", "EUR"}};
}

nlohmann::json to_json(const Tariff& tariff) {
    nlohmann::json lines = nlohmann::json::array();
    for (const rules::TariffLine& line : tariff.grid.lines) {
        lines.push_back({{"tariff_kind", line.tariff_kind},
                         {"category", std::string(1, line.category)},
                         {"unit", rules::to_string(line.unit)},
                         {"amount_cents", line.amount.value}});
    }
    return {{"tariff_id", tariff.grid.id},
            {"body_id", tariff.body.str()},
            {"establishment_id",
             tariff.establishment ? nlohmann::json(tariff.establishment->str()) : nullptr},
            {"version_no", tariff.grid.number},
            {"voted_on", tariff.grid.voted_on.iso()},
            {"executory_from", tariff.grid.executory_from.iso()},
            {"lines", std::move(lines)},
            {"vat_note", tariff.grid.vat_note},
            {"version", tariff.version}};
}

base::Result<Tariff> tariff_from_json(const nlohmann::json& value) {
    Tariff out;
    json::Fields in(value);
    out.grid.id = tariff_id_of(in);
    out.body = in.id<base::BodyId>("body_id");
    if (const auto text = in.optional_text("establishment_id", kName)) {
        out.establishment = base::EstablishmentId::parse(*text);
        if (!out.establishment) in.refuse("establishment_id", "format");
    }
    out.grid.number = static_cast<int>(in.integer("version_no", kVersion));
    out.grid.voted_on = date_of(in, "voted_on");
    out.grid.executory_from = date_of(in, "executory_from");
    out.grid.vat_note = in.text("vat_note", {.length_min = 0, .length_max = 500});
    out.grid.own = out.establishment.has_value();
    out.version = in.integer("version", kVersion);
    if (value.is_object()) {
        each(in, value, "", "lines", [&](json::Fields& item, const nlohmann::json&) {
            rules::TariffLine line;
            line.tariff_kind = item.text("tariff_kind", kName);
            line.category = category_of(item);
            line.unit = choice_of(item, "unit", rules::unit_from, rules::Unit::hour);
            line.amount = {item.integer("amount_cents", kCents)};
            out.grid.lines.push_back(std::move(line));
        });
    }
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    return out;
}

nlohmann::json to_json(const rules::Price& price) {
    nlohmann::json lines = nlohmann::json::array();
    for (const rules::PriceLine& line : price.lines) {
        nlohmann::json dates = nlohmann::json::array();
        for (const time::Date date : line.dates)
            dates.push_back(date.iso());
        lines.push_back({{"unit", rules::to_string(line.unit)},
                         {"quantity_quarters", line.quantity_quarters},
                         {"unit_price", money(line.unit_price)},
                         {"amount", money(line.amount)},
                         {"dates", std::move(dates)},
                         {"tariff_id", line.tariff_id}});
    }
    nlohmann::json tariff_id = price.lines.empty() ? nlohmann::json(nullptr)
                                                   : nlohmann::json(price.lines.front().tariff_id);
    return {{"total", money(price.total)},
            {"lines", std::move(lines)},
            {"by_the_hour", money(price.by_the_hour)},
            {"vat_note", price.vat_note},
            {"tariff_id", std::move(tariff_id)}};
}

base::Result<rules::Price> price_from_json(const nlohmann::json& value) {
    rules::Price out;
    json::Fields in(value);
    out.total = money_of(in, "", "total");
    out.by_the_hour = money_of(in, "", "by_the_hour");
    out.vat_note = in.text("vat_note", {.length_min = 0, .length_max = 500});
    if (value.is_object()) {
        std::size_t index = 0;
        each(in, value, "", "lines", [&](json::Fields& item, const nlohmann::json& object) {
            const std::string pointer = "/lines/" + std::to_string(index++);
            rules::PriceLine line;
            line.unit = choice_of(item, "unit", rules::unit_from, rules::Unit::hour);
            line.quantity_quarters = item.integer("quantity_quarters", kQuarters);
            line.unit_price = money_of(item, pointer, "unit_price");
            line.amount = money_of(item, pointer, "amount");
            line.tariff_id = tariff_id_of(item);
            line.dates = dates_of(item, object);
            out.lines.push_back(std::move(line));
        });
    }
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    return out;
}

void Tariffs::put(Tariff tariff) {
    const std::string id = tariff.grid.id;
    const auto known = known_.find(id);
    if (known != known_.end() && known->second.version >= tariff.version) return;
    known_[id] = std::move(tariff);
}

std::vector<rules::TariffVersion> Tariffs::at(const base::BodyId& body,
                                              const base::EstablishmentId& establishment) const {
    std::vector<rules::TariffVersion> out;
    for (const auto& [id, tariff] : known_) {
        if (tariff.body != body) continue;
        if (tariff.establishment && *tariff.establishment != establishment) continue;
        out.push_back(tariff.grid);
        out.back().own = tariff.establishment.has_value();
    }
    return out;
}

}  // namespace preau::wire
