#include "services/notification/channel/email/letter_facts.hpp"

namespace preau::notification::email {

namespace {

using nlohmann::json;

const json* at(const json& object, std::initializer_list<const char*> path) {
    const json* here = &object;
    for (const auto* name : path) {
        if (!here->is_object()) return nullptr;
        const auto found = here->find(name);
        if (found == here->end()) return nullptr;
        here = &*found;
    }
    return here;
}

}  // namespace

std::string text_at(const json& object, std::initializer_list<const char*> path) {
    const auto* found = at(object, path);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<std::int64_t> integer_at(const json& object,
                                       std::initializer_list<const char*> path) {
    const auto* found = at(object, path);
    if (found == nullptr || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

std::vector<Slot> slots_of(const json& booking) {
    std::vector<Slot> out;
    const auto* list = at(booking, {"occurrences"});
    if (list == nullptr || !list->is_array()) return out;
    for (const auto& one : *list) {
        const auto start = words::parse_moment(text_at(one, {"slot", "start"}));
        const auto end = words::parse_moment(text_at(one, {"slot", "end"}));
        if (!start || !end) continue;
        out.push_back({text_at(one, {"id"}), text_at(one, {"state"}), text_at(one, {"reason"}),
                       *start, *end, text_at(one, {"slot", "date"}),
                       text_at(one, {"slot", "start_time"}), text_at(one, {"slot", "end_time"})});
    }
    return out;
}

time::Zone zone_of(const json& booking) {
    return time::Zone::find(text_at(booking, {"zone"})).value_or(time::Zone::paris());
}

std::string slot_text(const words::Format& format, const Slot& slot) {
    return format.date_text(slot.date) + ", " + format.range(slot.start_time, slot.end_time);
}

std::optional<std::int64_t> price_of(const json& facts, const json& booking) {
    if (const auto cents = integer_at(booking, {"price", "total", "amount"})) return cents;
    if (const auto cents = integer_at(facts, {"price", "total", "amount"})) return cents;
    return integer_at(facts, {"price", "total_amount"});
}

std::optional<base::Instant> pay_by_of(const json& facts, const json& booking) {
    if (const auto at = words::parse_moment(text_at(booking, {"requirement", "pay_by"}))) return at;
    if (const auto s = integer_at(facts, {"requirement", "pay_by"})) return base::Instant{*s};
    return std::nullopt;
}

}  // namespace preau::notification::email
