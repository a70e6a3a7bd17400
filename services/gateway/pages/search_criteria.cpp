#include "services/gateway/pages/search_criteria.hpp"

#include <array>
#include <cstdlib>

#include "services/gateway/pages/problems.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> kDurations{"60", "90", "120", "150", "180", "240", "300"};
constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
constexpr std::array<std::string_view, 6> kRhythms{"2", "m1", "m2", "m3", "m4", "m-1"};
constexpr std::array<std::string_view, 2> kPostures{"seated", "standing"};
constexpr std::array<std::string_view, 12> kPurposes{
    "sport", "dance",     "martial_arts", "climbing", "meeting", "general_assembly",
    "show",  "rehearsal", "workshop",     "training", "exam",    "computing"};

/// A list that begins with "it does not matter".
template <std::size_t N, class Text>
json options(const Visit& visit, const char* any, const std::array<std::string_view, N>& values,
             std::string_view chosen, Text text) {
    auto out = json::array();
    out.push_back(option_view("", visit.text(any), chosen.empty()));
    for (const auto value : values)
        out.push_back(option_view(std::string(value), text(std::string(value)), value == chosen));
    return out;
}

/// "12,50" as "1250"; what is no amount stays as it is, for search to refuse.
std::string cents_of_euros(const std::string& text) {
    std::string digits;
    int decimals = -1;
    for (const char c : text) {
        if (c == ' ') continue;
        if ((c == ',' || c == '.') && decimals < 0) {
            decimals = 0;
        } else if (c >= '0' && c <= '9' && decimals < 2) {
            digits += c;
            decimals += decimals >= 0 ? 1 : 0;
        } else {
            return text;
        }
    }
    if (digits.empty() || digits.size() > 9) return text;
    return digits + std::string(decimals < 0 ? 2 : static_cast<std::size_t>(2 - decimals), '0');
}

std::string duration_text(const Visit& visit, const std::string& minutes) {
    return visit.format.duration(std::atoi(minutes.c_str()));
}

}  // namespace

void read_criteria(const net::Pairs& query, SearchForm& form) {
    const auto take = [&query](std::string& member, std::string_view name) {
        if (const auto value = query.find(name)) member = std::string(*value);
    };
    take(form.duration_min, "duration_min");
    take(form.or_weekday, "or_weekday");
    take(form.rhythm, "rhythm");
    take(form.posture, "posture");
    take(form.purpose, "purpose");
    take(form.price_max, "price_max");
    form.instant = query.get("instant") == "1";
    if (form.or_weekday == form.weekdays) form.or_weekday.clear();
    // As a series' address names its rhythm.
    const auto weeks = query.get("interval_weeks", "1");
    if (form.rhythm.empty() && weeks != "1") form.rhythm = std::string(weeks);
    if (form.rhythm.empty() && query.find("week_of_month")) {
        form.rhythm = "m" + std::string(query.get("week_of_month"));
    }
}

bool has_criteria(const SearchForm& form) {
    const bool of_weeks = form.weekly && (!form.or_weekday.empty() || !form.rhythm.empty());
    return of_weeks || !form.duration_min.empty() || !form.posture.empty() ||
           !form.purpose.empty() || !form.price_max.empty() || form.instant;
}

QueryPairs rhythm_question(const SearchForm& form) {
    QueryPairs out{{"weekdays", form.weekdays}};
    if (form.rhythm.starts_with('m')) {
        out.emplace_back("interval_months", "1");
        out.emplace_back("week_of_month", form.rhythm.substr(1));
    } else if (!form.rhythm.empty()) {
        out.emplace_back("interval_weeks", form.rhythm);
    }
    return out;
}

QueryPairs criteria_question(const SearchForm& form) {
    QueryPairs out;
    if (form.weekly && !form.or_weekday.empty()) out.emplace_back("any_weekday", "1");
    if (!form.duration_min.empty()) out.emplace_back("duration_min", form.duration_min);
    if (!form.posture.empty()) out.emplace_back("posture", form.posture);
    if (!form.purpose.empty()) out.emplace_back("purpose", form.purpose);
    if (form.instant) out.emplace_back("instant", "1");
    if (!form.price_max.empty()) out.emplace_back("price_max", cents_of_euros(form.price_max));
    return out;
}

json criteria_view(const Visit& visit, const SearchForm& form,
                   const std::vector<base::FieldError>& faults) {
    const auto error = [&](std::string_view field) { return field_error(visit, faults, field); };
    const auto named = [&visit](const char* prefix) {
        return [&visit, prefix](const std::string& value) { return visit.text(prefix + value); };
    };
    const auto anywhere = [&visit](const std::string& value) {
        return visit.words.fill("ask.duration_any", {{"duration", duration_text(visit, value)}});
    };
    return {{"duration_min",
             {{"error", error("duration_min")},
              {"options",
               options(visit, "ask.duration_whole", kDurations, form.duration_min, anywhere)}}},
            {"or_weekday",
             {{"error", error("any_weekday")},
              {"options", options(visit, "ask.or_weekday_none", kWeekdays, form.or_weekday,
                                  named("weekday_on."))}}},
            {"rhythm",
             {{"error", error("interval_weeks")},
              {"options",
               options(visit, "ask.rhythm.1", kRhythms, form.rhythm, named("ask.rhythm."))}}},
            {"posture",
             {{"error", error("posture")},
              {"options",
               options(visit, "ask.posture_any", kPostures, form.posture, named("ask.posture_"))}}},
            {"purpose",
             {{"error", error("purpose")},
              {"options",
               options(visit, "ask.purpose_any", kPurposes, form.purpose, named("purpose."))}}},
            {"price_max", {{"value", form.price_max}, {"error", error("price_max")}}},
            {"instant", {{"checked", form.instant}, {"error", error("instant")}}}};
}

std::vector<Criterion> criteria_in_force(const Visit& visit, const SearchForm& form) {
    std::vector<Criterion> out;
    const auto add = [&](const char* filter, std::string text, auto without) {
        out.push_back({filter, std::move(text), form});
        out.back().without.after.clear();
        without(out.back().without);
    };
    if (!form.capacity.empty() && form.capacity.size() < 6) {
        add("capacity",
            visit.words.count("search.filter_capacity", std::atoll(form.capacity.c_str())),
            [](SearchForm& f) { f.capacity.clear(); });
    }
    if (!form.posture.empty()) {
        add("", visit.words.text_or("ask.posture_" + form.posture, form.posture),
            [](SearchForm& f) { f.posture.clear(); });
    }
    if (!form.purpose.empty()) {
        add("purpose", visit.words.text_or("purpose." + form.purpose, form.purpose),
            [](SearchForm& f) { f.purpose.clear(); });
    }
    if (!form.duration_min.empty()) {
        add("",
            visit.words.fill("search.filter_duration",
                             {{"duration", duration_text(visit, form.duration_min)}}),
            [](SearchForm& f) { f.duration_min.clear(); });
    }
    if (form.weekly && !form.or_weekday.empty()) {
        add("",
            visit.words.fill(
                "search.filter_or_weekday",
                {{"weekday", visit.words.text_or("weekday_on." + form.or_weekday, "")}}),
            [](SearchForm& f) { f.or_weekday.clear(); });
    }
    if (form.weekly && !form.rhythm.empty()) {
        add("", visit.words.text_or("ask.rhythm." + form.rhythm, form.rhythm),
            [](SearchForm& f) { f.rhythm.clear(); });
    }
    if (!form.price_max.empty()) {
        add("price_max", visit.words.fill("search.filter_price", {{"euros", form.price_max}}),
            [](SearchForm& f) { f.price_max.clear(); });
    }
    if (form.instant) {
        add("instant", visit.text("search.filter_instant"),
            [](SearchForm& f) { f.instant = false; });
    }
    if (form.step_free) {
        add("step_free", visit.text("search.filter_step_free"),
            [](SearchForm& f) { f.step_free = false; });
    }
    for (const auto& item : form.equipment) {
        add(form.equipment.size() == 1 ? "equipment" : "",
            visit.words.text_or("equipment." + item, item),
            [&item](SearchForm& f) { std::erase(f.equipment, item); });
    }
    return out;
}

}  // namespace preau::gateway
