#include "services/gateway/pages/search_form.hpp"

#include <algorithm>
#include <array>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_criteria.hpp"

namespace preau::gateway {

namespace {

constexpr std::array<std::string_view, 8> kKinds{
    "gym", "polyvalente", "auditorium", "classroom", "it_room", "dojo", "meeting", "any"};
constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
constexpr std::array<std::string_view, 5> kRadii{"5", "10", "15", "30", "60"};
constexpr std::array<std::string_view, 8> kEquipment{"showers", "changing_rooms", "projector",
                                                     "stage",   "sound_system",   "kitchen_corner",
                                                     "tables",  "parking"};
constexpr int kHorizonMonths = 18;

bool in_list(const std::vector<std::string>& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

nlohmann::json value_view(const std::string& value, const nlohmann::json& error) {
    return {{"value", value}, {"error", error}};
}

template <std::size_t N>
nlohmann::json choices(const Visit& visit, const std::array<std::string_view, N>& values,
                       const std::string& prefix, const std::string& suffix,
                       std::string_view chosen) {
    auto options = nlohmann::json::array();
    for (const auto value : values) {
        options.push_back(option_view(
            std::string(value), visit.text(prefix + std::string(value) + suffix), value == chosen));
    }
    return options;
}

}  // namespace

std::string field_of(std::string_view pointer) {
    if (pointer.starts_with("/query/")) pointer.remove_prefix(7);
    if (pointer.starts_with("/when/")) pointer.remove_prefix(6);
    if (pointer.starts_with('/')) pointer.remove_prefix(1);
    return std::string(pointer.substr(0, pointer.find('/')));
}

SearchForm default_search(time::Date today) {
    SearchForm form;
    form.date = (today.monday() + (today.weekday() < time::Weekday::tue ? 8 : 15)).iso();
    // Seasons run from September to the end of June.
    const bool summer = today.month() == 7 || today.month() == 8;
    const int end_year = today.month() >= 7 ? today.year() + 1 : today.year();
    const auto start = summer ? time::Date::of(today.year(), 9, 1) : today + 7;
    auto end = time::Date::of(end_year, 6, 30);
    if (end - start < 28) end = time::Date::of(end_year + 1, 6, 30);
    form.from = start.iso();
    form.until = end.iso();
    return form;
}

SearchForm search_form_of(const net::Pairs& query, time::Date today) {
    auto form = default_search(today);
    form.asked = !query.list().empty();
    if (!form.asked) return form;
    const auto take = [&query](std::string& member, std::string_view name) {
        if (const auto value = query.find(name)) member = std::string(*value);
    };
    const auto mode = query.get("mode");
    form.weekly = mode.empty() ? !query.find("date").has_value() : mode == "weekly";
    take(form.kind, "kind");
    take(form.capacity, "capacity");
    take(form.near, "near");
    take(form.radius_km, "radius_km");
    take(form.date, "date");
    take(form.weekdays, "weekdays");
    take(form.from, "from");
    take(form.until, "until");
    take(form.start_time, "start_time");
    take(form.end_time, "end_time");
    read_criteria(query, form);
    take(form.sort, "sort");
    take(form.category, "category");
    take(form.after, "after");
    if (!mode.empty()) {
        // A box that is not ticked sends nothing.
        form.skip_school_holidays = query.get("school_holidays") == "skip";
        form.skip_public_holidays = query.get("public_holidays") == "skip";
    } else {
        form.skip_school_holidays = query.get("school_holidays", "skip") == "skip";
        form.skip_public_holidays = query.get("public_holidays", "skip") == "skip";
    }
    form.step_free = query.get("step_free") == "1";
    for (const auto value : query.all("equipment")) {
        if (!value.empty()) form.equipment.emplace_back(value);
    }
    return form;
}

QueryPairs when_question(const SearchForm& form) {
    QueryPairs pairs;
    if (form.weekly) {
        pairs = rhythm_question(form);
        pairs.insert(pairs.end(),
                     {{"from", form.from},
                      {"until", form.until},
                      {"school_holidays", form.skip_school_holidays ? "skip" : "keep"},
                      {"public_holidays", form.skip_public_holidays ? "skip" : "keep"}});
    } else {
        pairs = {{"date", form.date}};
    }
    pairs.emplace_back("start_time", form.start_time);
    pairs.emplace_back("end_time", form.end_time);
    return pairs;
}

QueryPairs search_question(const SearchForm& form) {
    QueryPairs pairs;
    if (!form.kind.empty() && form.kind != "any") pairs.emplace_back("kind", form.kind);
    if (!form.capacity.empty()) pairs.emplace_back("capacity", form.capacity);
    if (!form.near.empty()) {
        pairs.emplace_back("near", form.near);
        pairs.emplace_back("radius_km", form.radius_km);
    }
    for (auto& pair : when_question(form)) {
        // Either day will do: the search tells which.
        const bool either = pair.first == "weekdays" && !form.or_weekday.empty();
        pairs.emplace_back(pair.first, either ? pair.second + "," + form.or_weekday : pair.second);
    }
    for (auto& pair : criteria_question(form))
        pairs.push_back(std::move(pair));
    if (form.step_free) pairs.emplace_back("step_free", "1");
    if (!form.equipment.empty()) {
        std::string joined;
        for (const auto& item : form.equipment)
            joined += (joined.empty() ? "" : ",") + item;
        pairs.emplace_back("equipment", joined);
    }
    if (!form.sort.empty()) pairs.emplace_back("sort", form.sort);
    if (!form.category.empty()) pairs.emplace_back("category", form.category);
    return pairs;
}

std::string search_href(const SearchForm& form) {
    QueryPairs pairs{{"mode", form.weekly ? "weekly" : "single"}, {"kind", form.kind}};
    if (!form.capacity.empty()) pairs.emplace_back("capacity", form.capacity);
    if (!form.near.empty()) {
        pairs.emplace_back("near", form.near);
        pairs.emplace_back("radius_km", form.radius_km);
    }
    if (form.weekly) {
        pairs.emplace_back("weekdays", form.weekdays);
        if (!form.or_weekday.empty()) pairs.emplace_back("or_weekday", form.or_weekday);
        if (!form.rhythm.empty()) pairs.emplace_back("rhythm", form.rhythm);
        pairs.emplace_back("from", form.from);
        pairs.emplace_back("until", form.until);
        if (form.skip_school_holidays) pairs.emplace_back("school_holidays", "skip");
        if (form.skip_public_holidays) pairs.emplace_back("public_holidays", "skip");
    } else {
        pairs.emplace_back("date", form.date);
    }
    pairs.emplace_back("start_time", form.start_time);
    pairs.emplace_back("end_time", form.end_time);
    if (!form.duration_min.empty()) pairs.emplace_back("duration_min", form.duration_min);
    if (!form.posture.empty()) pairs.emplace_back("posture", form.posture);
    if (!form.purpose.empty()) pairs.emplace_back("purpose", form.purpose);
    if (!form.price_max.empty()) pairs.emplace_back("price_max", form.price_max);
    if (form.instant) pairs.emplace_back("instant", "1");
    if (form.step_free) pairs.emplace_back("step_free", "1");
    for (const auto& item : form.equipment)
        pairs.emplace_back("equipment", item);
    if (!form.sort.empty()) pairs.emplace_back("sort", form.sort);
    if (!form.category.empty()) pairs.emplace_back("category", form.category);
    if (!form.after.empty()) pairs.emplace_back("after", form.after);
    return "/recherche?" + query_string(pairs);
}

nlohmann::json option_view(std::string value, std::string label, bool selected) {
    return {{"value", std::move(value)}, {"label", std::move(label)}, {"selected", selected}};
}

nlohmann::json time_options(const Visit& visit, time::Minute first, time::Minute last,
                            std::string_view chosen) {
    constexpr time::Minute kStep = 30;
    const auto wanted = time::parse_minute(chosen);
    auto options = nlohmann::json::array();
    const auto add = [&](time::Minute minute) {
        options.push_back(option_view(time::format_minute(minute), visit.format.time(minute),
                                      wanted && *wanted == minute));
    };
    const bool off_list = wanted && (*wanted % kStep != 0 || *wanted < first || *wanted > last);
    bool added = !off_list;
    for (auto minute = first; minute <= last; minute += kStep) {
        if (!added && *wanted < minute) {
            add(*wanted);
            added = true;
        }
        add(minute);
    }
    if (!added) add(*wanted);
    return options;
}

nlohmann::json search_form_view(const Visit& visit, const SearchForm& form,
                                const std::vector<base::FieldError>& faults) {
    const auto error = [&](std::string_view field) { return field_error(visit, faults, field); };
    const auto today = visit.today();
    auto equipment = nlohmann::json::array();
    for (const auto item : kEquipment) {
        equipment.push_back(option_view(std::string(item),
                                        visit.text("equipment." + std::string(item)),
                                        in_list(form.equipment, item)));
    }
    auto radii = nlohmann::json::array();
    for (const auto km : kRadii) {
        radii.push_back(option_view(std::string(km),
                                    visit.words.fill("format.distance", {{"km", std::string(km)}}),
                                    km == form.radius_km));
    }
    constexpr time::Minute kFirst = 8 * 60;
    constexpr time::Minute kLastStart = 22 * 60;
    constexpr time::Minute kLastEnd = 24 * 60;
    const bool more = has_criteria(form) || form.step_free || !form.equipment.empty();
    nlohmann::json view = {
        {"mode_single", !form.weekly},
        {"mode_weekly", form.weekly},
        {"kind",
         {{"error", error("kind")},
          {"options", choices(visit, kKinds, "kind.", ".article", form.kind)}}},
        {"capacity", value_view(form.capacity, error("capacity"))},
        {"near", value_view(form.near, error("near"))},
        {"radius_km", {{"error", error("radius_km")}, {"options", radii}}},
        {"date", value_view(form.date, error("date"))},
        {"weekdays",
         {{"error", error("weekdays")},
          {"options", choices(visit, kWeekdays, "weekday_on.", "", form.weekdays)}}},
        {"start_time",
         {{"error", error("start_time")},
          {"options", time_options(visit, kFirst, kLastStart, form.start_time)}}},
        {"end_time",
         {{"error", error("end_time")},
          {"options", time_options(visit, kFirst + 30, kLastEnd, form.end_time)}}},
        {"from", value_view(form.from, error("from"))},
        {"until", value_view(form.until, error("until"))},
        {"school_holidays",
         {{"checked", form.skip_school_holidays}, {"error", error("school_holidays")}}},
        {"public_holidays",
         {{"checked", form.skip_public_holidays}, {"error", error("public_holidays")}}},
        {"step_free", {{"checked", form.step_free}, {"error", error("step_free")}}},
        {"equipment", {{"error", error("equipment")}, {"options", equipment}}},
        {"sort", form.sort},
        {"category", form.category},
        {"date_min", today.iso()},
        {"date_max", today.plus_months(kHorizonMonths).value_or(today + 548).iso()},
        {"dates_text", false},
        {"open", !faults.empty() || more},
        {"more_open", !faults.empty() || more},
    };
    view.update(criteria_view(visit, form, faults));
    return view;
}

}  // namespace preau::gateway
