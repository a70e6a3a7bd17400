#include "services/gateway/pages/booking_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

/// The catalogue's word for an act of the history.
std::string act_key(const json& line) {
    const auto act = text_of(line, "act");
    const auto to = text_of(line, "to");
    if (act == "undo") return "undone";
    // These leave the state as it is, or tell more than it.
    static constexpr std::array<std::string_view, 18> kTold{"extend_pay_by",
                                                            "take_late_payment",
                                                            "refund",
                                                            "give_back",
                                                            "end_series",
                                                            "add_again",
                                                            "move",
                                                            "edit",
                                                            "ask_other_dates",
                                                            "shorten_buffers",
                                                            "accept_in_part",
                                                            "ask_documents",
                                                            "propose",
                                                            "provide_documents",
                                                            "accept_proposal",
                                                            "decline_proposal",
                                                            "remind",
                                                            "escalate"};
    if (std::ranges::find(kTold, act) != kTold.end()) return act;
    return to.empty() ? act : to;
}

std::string actor_text(const Visit& visit, const std::string& role) {
    if (role == "hirer" || role == "president" || role == "booker" || role == "member") {
        return visit.text("history.by_hirer");
    }
    if (role == "clock" || role == "rules" || role == "service") {
        return visit.text("history.by_clock");
    }
    return visit.text("history.by_manager");
}

}  // namespace

std::string occurrence_text(const Visit& visit, const json& booking, const std::string& state) {
    if (state == "planned") {
        const auto whole = text_of(booking, "state");
        if (whole == "confirmed") return visit.text("state.confirmed");
        if (whole != "submitted") return state_text(visit, booking);
    }
    return visit.words.text_or("state." + state, state);
}

std::string occurrence_tone(const json& booking, const std::string& state) {
    if (state == "planned") return tone_of(booking);
    if (state == "left_out" || state == "skipped") return "taken";
    if (state == "took_place") return "free";
    return "closed";
}

std::string moment_of(const Visit& visit, const json& object, std::string_view name) {
    const auto text = text_of(object, name);
    return text.empty() ? text : visit.format.moment_text(text);
}

std::string day_of(const Visit& visit, const json& object, std::string_view name) {
    const auto at = parse_moment(text_of(object, name));
    return at ? visit.format.day_month_year(time::Zone::paris().local(*at).date) : std::string{};
}

std::string purpose_text(const Visit& visit, const json& booking) {
    const auto purpose = text_of(booking, "purpose");
    return visit.words.text_or("purpose." + purpose, purpose);
}

std::string state_text(const Visit& visit, const json& booking) {
    const auto state = text_of(booking, "state");
    if (waits_for_payment(booking)) return visit.text("booking_state.to_pay");
    return visit.words.text_or("booking_state." + state, state);
}

std::string tone_of(const json& booking) {
    return waits_for_payment(booking) ? "warn" : booking_tone(text_of(booking, "state"));
}

std::string ground_text(const Visit& visit, const json& booking) {
    const auto ground = text_of(booking, "free_ground");
    return visit.words.text_or("ground." + ground, ground);
}

std::string refusal_text(const Visit& visit, const std::string& code) {
    return visit.words.text_or("refusal." + code, visit.text("refusal.other"));
}

json flash_view(const std::string& tone, const std::string& text) {
    return {{"tone", tone}, {"title", false}, {"text", text}};
}

json dates_view(const Visit& visit, const json& booking, bool open) {
    auto items = json::array();
    for (const auto& one : list_of(booking, "occurrences")) {
        const auto slot = member_of(one, "slot");
        const auto state = text_of(one, "state");
        json reason = false;
        if (state == "left_out" || state == "skipped") reason = reason_text(visit, one);
        if (state == "given_back" && !text_of(one, "reason").empty()) {
            reason = visit.text("date." + text_of(one, "reason"));
        }
        if (state == "suspended") reason = visit.text("date.insurance");
        json href = false;
        if (!list_of(one, "acts").empty()) {
            href = "/suivi/" + text_of(booking, "id") + "/dates/" + text_of(one, "id");
        }
        items.push_back({{"date_text", visit.format.date_text(text_of(slot, "date"))},
                         {"time_text", visit.format.range(text_of(slot, "start_time"),
                                                          text_of(slot, "end_time"))},
                         {"tone", occurrence_tone(booking, state)},
                         {"state_text", occurrence_text(visit, booking, state)},
                         {"reason_text", reason},
                         {"href", href}});
    }
    if (items.empty()) return false;
    return {{"title_text", visit.words.count("series.dates", std::ssize(items))},
            {"caption_text", visit.words.fill("request.dates_caption",
                                              {{"reference", text_of(booking, "reference")}})},
            {"open", open},
            {"items", items}};
}

std::string slot_text(const Visit& visit, const json& slot) {
    return visit.format.date_text(text_of(slot, "date")) + visit.text("format.list") +
           visit.format.range(text_of(slot, "start_time"), text_of(slot, "end_time"));
}

/// Digits of booking's history; anything else is 0.
std::int64_t integer_text(const std::string& text) {
    std::int64_t value = 0;
    for (const char c : text.substr(0, 12)) {
        if (c < '0' || c > '9') return 0;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::string changes_text(const Visit& visit, const json& line) {
    const auto changes = member_of(line, "changes");
    const auto dates = list_of(changes, "dates");
    if (dates.size() > 1) return visit.words.count("series.dates", std::ssize(dates));
    std::vector<std::string> parts;
    const auto add = [&](const std::string& before, const std::string& after) {
        if (before.empty() || after.empty()) return parts.push_back(before + after);
        parts.push_back(visit.words.fill("history.change", {{"before", before}, {"after", after}}));
    };
    for (const auto& one : dates) {
        const auto text = [&](const char* name) {
            const auto slot = member_of(one, name);
            return slot.empty() ? std::string{} : slot_text(visit, slot);
        };
        add(text("before"), text("after"));
    }
    for (const auto& one : list_of(changes, "fields")) {
        const auto name = text_of(one, "name");
        if (name == "price") {
            const auto sum = [&](const char* which) {
                return visit.format.money(integer_text(text_of(one, which)));
            };
            add(visit.text("field.price") + visit.text("history.change_colon") + sum("before"),
                sum("after"));
            continue;
        }
        add(visit.words.text_or("field." + name, name) + visit.text("history.change_colon") +
                text_of(one, "before"),
            text_of(one, "after"));
    }
    return visit.format.list(parts);
}

json history_view(const Visit& visit, const json& booking, const json& history) {
    auto items = json::array();
    for (const auto& line : list_of(history, "items")) {
        const auto key = act_key(line);
        std::string what;
        if (key == "submitted") {
            what = visit.words.count("history.submitted", integer_of(booking, "dates_count"));
        } else {
            what = visit.words.text_or("history." + key, visit.text("history.other"));
        }
        json note = false;
        if (const auto code = text_of(line, "reason_code"); !code.empty()) {
            note = refusal_text(visit, code);
        } else if (const auto text = text_of(line, "reason_text"); !text.empty()) {
            const auto changes = changes_text(visit, line);
            note = changes.empty() ? text : text + visit.text("format.list") + changes;
        } else if (const auto changes = changes_text(visit, line); !changes.empty()) {
            note = changes;
        }
        items.push_back({{"when_text", moment_of(visit, line, "at")},
                         {"who_text", actor_text(visit, text_of(line, "by_role"))},
                         {"what_text", what},
                         {"note_text", note}});
    }
    if (items.empty()) return false;
    return {{"items", items}};
}

}  // namespace preau::gateway
