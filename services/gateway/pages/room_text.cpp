#include "services/gateway/pages/room_text.hpp"

#include <algorithm>

#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

std::string address_of(const nlohmann::json& place) {
    const auto street = text_of(place, "address");
    auto town = text_of(place, "postcode");
    const auto commune = text_of(place, "commune_name");
    if (!town.empty() && !commune.empty()) town += " ";
    town += commune;
    return street.empty() ? town : street + ", " + town;
}

std::int64_t capacity_of(const nlohmann::json& space) {
    return std::max(integer_of(space, "capacity_seated"), integer_of(space, "capacity_standing"));
}

nlohmann::json area_text(const Visit& visit, const nlohmann::json& space) {
    const auto area = integer_of(space, "area_m2");
    if (area <= 0) return false;
    return visit.words.fill("format.area", {{"m2", visit.format.number(area)}});
}

std::string access_text(const Visit& visit, bool step_free) {
    return visit.text(step_free ? "access.step_free" : "access.steps");
}

nlohmann::json words_text(const Visit& visit, const nlohmann::json& codes, const std::string& key) {
    std::string out;
    for (const auto& code : codes) {
        if (!code.is_string()) continue;
        const auto name = key + "." + code.get<std::string>();
        if (!visit.words.has(name)) continue;
        out += out.empty() ? visit.text(name)
                           : visit.text("format.list") + uncapitalised(visit.text(name));
    }
    return out.empty() ? nlohmann::json(false) : nlohmann::json(out);
}

std::string name_and_commune(const nlohmann::json& space) {
    const auto name = text_of(space, "name");
    const auto commune = text_of(space, "commune_name");
    return commune.empty() ? name : name + ", " + commune;
}

nlohmann::json room_row(const Visit& visit, const nlohmann::json& space) {
    std::vector<std::string> parts;
    for (const auto& part : list_of(space, "parts"))
        parts.push_back(text_of(part, "name"));
    nlohmann::json note = false;
    if (parts.size() > 1) note = visit.format.list(parts);
    return {{"name", text_of(space, "name")},
            {"kind", text_of(space, "kind")},
            {"kind_text", false},
            {"capacity_text", visit.words.count("search.people", capacity_of(space))},
            {"area_text", area_text(visit, space)},
            {"step_free", is_step_free(space)},
            {"note_text", note},
            {"href", "/salles/" + text_of(space, "slug")}};
}

bool is_step_free(const nlohmann::json& space) {
    return flag_of(space, "step_free", flag_of(space, "floor_step_free"));
}

std::string slot_tone(std::string_view state) {
    if (state == "free" || state == "taken" || state == "pending") return std::string(state);
    return "closed";
}

std::string reason_text(const Visit& visit, const nlohmann::json& date) {
    const auto reason = text_of(date, "reason");
    const auto state = text_of(date, "state");
    const auto name = text_of(date, "name");
    if (!name.empty()) return name;
    // An exception of the opening frames closes the school; in a series it is the hirer's own wish.
    if (reason == "exception" && state == "closed") return visit.text("reason.closure");
    if (visit.words.has("reason." + reason)) return visit.text("reason." + reason);
    // A manager's reason for not granting a date.
    if (visit.words.has("refusal." + reason)) return uncapitalised(visit.text("refusal." + reason));
    // Free words of a closure ("Conseils de classe") against codes ("outside_frames").
    const bool code = reason.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    if (!reason.empty() && !code) return reason;
    return visit.words.text_or("reason." + state, visit.text("reason.other"));
}

std::string booking_tone(std::string_view state) {
    if (state == "submitted" || state == "endorsed" || state == "awaiting_documents" ||
        state == "counter_proposed") {
        return "pending";
    }
    if (state == "accepted" || state == "confirmed") return "free";
    if (state == "refused" || state == "expired") return "taken";
    return "closed";
}

}  // namespace preau::gateway
