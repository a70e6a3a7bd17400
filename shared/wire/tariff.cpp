#include "shared/wire/tariff.hpp"

#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

constexpr json::IntegerBounds kCents{.min = 0, .max = base::cents_max.value};
constexpr json::IntegerBounds kVersion{.min = 1, .max = 1'000'000'000};
constexpr json::IntegerBounds kPercent{.min = 0, .max = 400};
constexpr json::IntegerBounds kPart{.min = 0, .max = 100};
constexpr json::IntegerBounds kCount{.min = 1, .max = 100};
constexpr json::IntegerBounds kDays{.min = 0, .max = 366};
constexpr json::IntegerBounds kBasisPoints{.min = 0, .max = 10'000};
constexpr json::TextBounds kName{.length_min = 1, .length_max = 40};
constexpr json::TextBounds kSentence{.length_min = 0, .length_max = 500};

char category_of(json::Fields& in) {
    const std::string text = in.text("category", kName);
    if (text.size() == 1 && text.front() >= 'A' && text.front() <= 'E') return text.front();
    if (!text.empty()) in.refuse("category", "unknown", text);
    return 'A';
}

rules::Vat vat_of(json::Fields& in) {
    return {static_cast<int>(in.optional_integer("vat_basis_points", kBasisPoints).value_or(0)),
            in.optional_text("vat_note", kSentence).value_or("")};
}

void put_vat(nlohmann::json& out, const rules::Vat& vat) {
    if (vat.basis_points != 0) out["vat_basis_points"] = vat.basis_points;
    if (!vat.note.empty()) out["vat_note"] = vat.note;
}

rules::MonthDay month_day_of(json::Fields& in, std::string_view name, rules::MonthDay otherwise) {
    const auto text = in.optional_text(name, kName);
    if (!text) return otherwise;
    const auto day = rules::MonthDay::parse(*text);
    if (!day) in.refuse(name, "format", "MM-DD");
    return day.value_or(otherwise);
}

rules::Modifier modifier_of(json::Fields& in) {
    rules::Modifier out;
    out.kind = choice_of(in, "kind", rules::modifier_kind_from, rules::ModifierKind::heating);
    out.tariff_kind = in.text("tariff_kind", kName);
    out.percent = static_cast<int>(in.integer("percent", kPercent));
    out.per_date = {in.integer("per_date_cents", kCents)};
    if (out.percent != 0 && out.per_date.value != 0) in.refuse("percent", "range", "one of both");
    out.from = month_day_of(in, "from", out.from);
    out.until = month_day_of(in, "until", out.until);
    return out;
}

rules::Extra extra_of(json::Fields& in, const nlohmann::json& object) {
    rules::Extra out;
    out.code = in.text("code", kName);
    out.label = in.text("label", {.length_min = 1, .length_max = 120});
    out.tariff_kinds = texts_of(in, object, "tariff_kinds");
    out.per = choice_of(in, "per", rules::unit_from, rules::Unit::booking);
    if (rules::lets_a_room(out.per) && out.per != rules::Unit::hour) in.refuse("per", "unknown");
    out.amount = {in.integer("amount_cents", kCents)};
    out.count_max = static_cast<int>(in.optional_integer("count_max", kCount).value_or(1));
    out.deposit = {in.optional_integer("deposit_cents", kCents).value_or(0)};
    out.vat = vat_of(in);
    return out;
}

rules::Deposit deposit_of(json::Fields& in) {
    rules::Deposit out;
    out.tariff_kind = in.text("tariff_kind", kName);
    out.unit = choice_of(in, "unit", rules::unit_from, rules::Unit::weekend);
    if (!rules::lets_a_room(out.unit)) in.refuse("unit", "unknown");
    out.amount = {in.integer("amount_cents", kCents)};
    return out;
}

/// A member that may be missing or null.
const nlohmann::json* optional_object(const nlohmann::json& object, std::string_view name) {
    const auto at = object.find(name);
    return at == object.end() || !at->is_object() ? nullptr : &*at;
}

/// As `each`, for a list that may be missing: votes of before had none.
void each_of_any(json::Fields& in, const nlohmann::json& object, std::string_view name,
                 const std::function<void(json::Fields&, const nlohmann::json&)>& read) {
    if (object.contains(name)) each(in, object, "", name, read);
}

void read_rules(json::Fields& in, const nlohmann::json& value, rules::TariffVersion& grid) {
    grid.by_creation =
        in.optional_choice("price_date", {"by_start", "by_creation"}).value_or(0) == 1;
    each_of_any(in, value, "modifiers", [&](json::Fields& item, const nlohmann::json&) {
        grid.modifiers.push_back(modifier_of(item));
    });
    each_of_any(in, value, "extras", [&](json::Fields& item, const nlohmann::json& object) {
        grid.extras.push_back(extra_of(item, object));
    });
    each_of_any(in, value, "deposits", [&](json::Fields& item, const nlohmann::json&) {
        grid.deposits.push_back(deposit_of(item));
    });
    if (const auto* object = optional_object(value, "down_payment")) {
        json::Fields item(*object, "/down_payment");
        grid.down_payment = {static_cast<int>(item.integer("percent", kPart)),
                             {item.integer("above_cents", kCents)},
                             static_cast<int>(item.integer("balance_days", kDays))};
        in.absorb(item);
    }
    if (const auto* object = optional_object(value, "free_uses")) {
        json::Fields item(*object, "/free_uses");
        grid.free_uses = {texts_of(item, *object, "tariff_kinds"),
                          static_cast<int>(item.integer("weekday", kPart)),
                          static_cast<int>(item.integer("weekend", kPart))};
        in.absorb(item);
    }
}

}  // namespace

nlohmann::json rules_json(const rules::TariffVersion& grid) {
    nlohmann::json modifiers = nlohmann::json::array();
    for (const rules::Modifier& one : grid.modifiers) {
        modifiers.push_back({{"kind", rules::to_string(one.kind)},
                             {"tariff_kind", one.tariff_kind},
                             {"percent", one.percent},
                             {"per_date_cents", one.per_date.value},
                             {"from", one.from.text()},
                             {"until", one.until.text()}});
    }
    nlohmann::json extras = nlohmann::json::array();
    for (const rules::Extra& one : grid.extras) {
        nlohmann::json extra{{"code", one.code},
                             {"label", one.label},
                             {"tariff_kinds", one.tariff_kinds},
                             {"per", rules::to_string(one.per)},
                             {"amount_cents", one.amount.value},
                             {"count_max", one.count_max},
                             {"deposit_cents", one.deposit.value}};
        put_vat(extra, one.vat);
        extras.push_back(std::move(extra));
    }
    nlohmann::json deposits = nlohmann::json::array();
    for (const rules::Deposit& one : grid.deposits) {
        deposits.push_back({{"tariff_kind", one.tariff_kind},
                            {"unit", rules::to_string(one.unit)},
                            {"amount_cents", one.amount.value}});
    }
    const rules::DownPayment& down = grid.down_payment;
    const rules::FreeUses& free = grid.free_uses;
    return {{"price_date", grid.by_creation ? "by_creation" : "by_start"},
            {"modifiers", std::move(modifiers)},
            {"extras", std::move(extras)},
            {"deposits", std::move(deposits)},
            {"down_payment",
             {{"percent", down.percent},
              {"above_cents", down.above.value},
              {"balance_days", down.balance_days}}},
            {"free_uses",
             {{"tariff_kinds", free.tariff_kinds},
              {"weekday", free.weekday},
              {"weekend", free.weekend}}}};
}

base::Result<void> rules_from_json(const nlohmann::json& value, rules::TariffVersion& grid) {
    json::Fields in(value);
    if (value.is_object()) read_rules(in, value, grid);
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    return {};
}

nlohmann::json to_json(const Tariff& tariff) {
    nlohmann::json lines = nlohmann::json::array();
    for (const rules::TariffLine& line : tariff.grid.lines) {
        nlohmann::json one{{"tariff_kind", line.tariff_kind},
                           {"category", std::string(1, line.category)},
                           {"unit", rules::to_string(line.unit)},
                           {"amount_cents", line.amount.value}};
        put_vat(one, line.vat);
        lines.push_back(std::move(one));
    }
    nlohmann::json out = rules_json(tariff.grid);
    out.update({{"tariff_id", tariff.grid.id},
                {"body_id", tariff.body.str()},
                {"establishment_id",
                 tariff.establishment ? nlohmann::json(tariff.establishment->str()) : nullptr},
                {"version_no", tariff.grid.number},
                {"voted_on", tariff.grid.voted_on.iso()},
                {"executory_from", tariff.grid.executory_from.iso()},
                {"lines", std::move(lines)},
                {"vat_note", tariff.grid.vat_note},
                {"version", tariff.version}});
    return out;
}

base::Result<Tariff> tariff_from_json(const nlohmann::json& value) {
    Tariff out;
    json::Fields in(value);
    out.grid.id = in.text("tariff_id", kName);
    if (!out.grid.id.empty() && !base::is_ulid(out.grid.id)) in.refuse("tariff_id", "format");
    out.body = in.id<base::BodyId>("body_id");
    if (const auto text = in.optional_text("establishment_id", kName)) {
        out.establishment = base::EstablishmentId::parse(*text);
        if (!out.establishment) in.refuse("establishment_id", "format");
    }
    out.grid.number = static_cast<int>(in.integer("version_no", kVersion));
    out.grid.voted_on = date_of(in, "voted_on");
    out.grid.executory_from = date_of(in, "executory_from");
    out.grid.vat_note = in.text("vat_note", kSentence);
    out.grid.own = out.establishment.has_value();
    out.version = in.integer("version", kVersion);
    if (value.is_object()) {
        each(in, value, "", "lines", [&](json::Fields& item, const nlohmann::json&) {
            rules::TariffLine line;
            line.tariff_kind = item.text("tariff_kind", kName);
            line.category = category_of(item);
            line.unit = choice_of(item, "unit", rules::unit_from, rules::Unit::hour);
            if (!rules::lets_a_room(line.unit)) item.refuse("unit", "unknown");
            line.amount = {item.integer("amount_cents", kCents)};
            line.vat = vat_of(item);
            out.grid.lines.push_back(std::move(line));
        });
        read_rules(in, value, out.grid);
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
