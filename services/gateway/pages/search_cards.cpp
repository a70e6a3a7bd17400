#include "services/gateway/pages/search_cards.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/series_alternatives.hpp"
#include "services/gateway/pages/strip.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

json strip_view(const Found& found, std::string_view letters) {
    auto months = json::array();
    for (const auto& month : strip_months(letters, found.dates)) {
        auto ticks = json::array();
        for (const char letter : month.ticks)
            ticks.push_back(std::string(1, letter));
        const bool dated = found.dates.size() == letters.size();
        months.push_back({{"label", dated ? found.visit.format.month_initial(month.first) : ""},
                          {"name", dated ? found.visit.format.month_year(month.first) : ""},
                          {"ticks", ticks}});
    }
    return {{"text", strip_sentence(found.visit, letters)}, {"months", months}};
}

std::string card_href(const Found& found, const json& item) {
    const auto slug = text_of(item, "slug");
    const auto offer = text_of(member_of(item, "offer"), "offer_id");
    if (found.form.weekly) {
        return "/recherche/serie?" + query_string(series_question(slug, offer, found.form));
    }
    auto pairs = when_question(found.form);
    pairs.emplace_back("offer_id", offer);
    return "/salles/" + slug + "?" + query_string(pairs);
}

json weekly_of(const Found& found, const json& item, const std::string& letters) {
    const auto free = integer_of(item, "free_dates");
    const auto total = integer_of(item, "dates_total", found.total);
    const auto problems = strip_problems(found.visit, letters);
    json action = false;
    json detail = false;
    if (free < total) {
        action = found.visit.words.count("search.see_problem_dates", total - free);
        if (!problems.empty()) detail = problems;
    }
    return {{"free", std::to_string(free)},
            {"of_text",
             found.visit.words.count("search.of_dates", free, {{"total", std::to_string(total)}})},
            {"all_free", free == total && total > 0},
            {"detail_text", detail},
            {"strip", strip_view(found, letters)},
            {"action_text", action}};
}

json single_of(const Found& found, const json& item) {
    const auto problems = list_of(item, "problems");
    const bool free = integer_of(item, "free_dates") > 0;
    const auto state = free || problems.empty() ? std::string(free ? "free" : "closed")
                                                : text_of(problems.front(), "state");
    json detail = false;
    if (!free && !problems.empty()) detail = reason_text(found.visit, problems.front());
    return {{"tone", slot_tone(state)},
            {"state_text", found.visit.words.text_or("state." + state, state)},
            {"detail_text", detail}};
}

/// "500 € pour 33 dates", "27,40 € pour 2 h": search's list price of the free dates.
json card_price(const Found& found, const json& item) {
    if (!member_of(item, "price").contains("amount")) return false;
    const auto& visit = found.visit;
    const auto unit =
        found.form.weekly
            ? visit.words.count("search.price_dates", integer_of(item, "free_dates"))
            : visit.words.fill("search.price_hours",
                               {{"hours", visit.format.duration(minutes_of(found.when))}});
    return {{"amount", capitalised(visit.format.tariff(cents_of(item, "price")))}, {"unit", unit}};
}

json card_of(const Found& found, const json& item, int number, const std::string& tone) {
    const auto& visit = found.visit;
    const auto offer = member_of(item, "offer");
    const auto commune = text_of(item, "commune_name");
    std::string place = commune;
    if (item.contains("distance_km") && item["distance_km"].is_number()) {
        place =
            visit.words.fill("search.place_distance",
                             {{"place", commune},
                              {"distance", visit.format.distance(number_of(item, "distance_km"))}});
    }
    const auto people = integer_of(offer, "capacity", capacity_of(item));
    // A part of a space is worth saying; the whole goes without.
    json part = false;
    if (people < capacity_of(item)) {
        part = visit.words.fill("search.part", {{"name", text_of(offer, "name")}});
    }
    const bool step_free = is_step_free(item);
    const auto letters = text_of(item, "strip");
    const auto id = "r" + std::to_string(number);
    return {{"id", id},
            {"number", std::to_string(number)},
            {"href", card_href(found, item)},
            {"name", text_of(item, "name")},
            {"place_text", place},
            {"tone", tone},
            {"weekly", found.form.weekly ? weekly_of(found, item, letters) : json(false)},
            {"single", found.form.weekly ? json(false) : single_of(found, item)},
            {"price", card_price(found, item)},
            {"capacity_text", visit.words.count("search.people", people)},
            {"area_text", area_text(visit, item)},
            {"step_free", step_free},
            {"access_text", access_text(visit, step_free)},
            {"part_text", part},
            {"when_text", false},
            {"hold_text", false},
            {"demonstration", flag_of(item, "demonstration")},
            {"selected", false}};
}

/// Where the question left a choice: the card of the way that serves this room best, which is said
/// and is what its links ask for.
json card_of_choice(const Found& found, const json& item, int number, const std::string& tone) {
    const auto when = member_of(item, "when");
    if (when.empty()) return card_of(found, item, number, tone);
    SearchForm form = found.form;
    form.start_time = text_of(when, "start_time");
    form.end_time = text_of(when, "end_time");
    form.duration_min.clear();
    form.or_weekday.clear();
    const auto days = list_of(when, "weekdays");
    if (days.size() == 1 && days[0].is_string()) form.weekdays = days[0].get<std::string>();
    Found own{found.visit, form, found.answer, when, {}, found.place, found.radius, found.total};
    own.dates = dates_of(when, list_of(found.answer, "skipped"));
    json card = card_of(own, item, number, tone);
    card["when_text"] = capitalised(when_short(found.visit, when));
    return card;
}

std::vector<MapPoint> shown_points(const ResultFrame& frame, const Cards& cards) {
    std::vector<MapPoint> points;
    for (const auto& pin : cards.pins) {
        const auto at = frame.at(pin.lat, pin.lon);
        if (frame.shows(at)) points.push_back(at);
    }
    return points;
}

json map_points(const Found& found, const ResultFrame& frame, const Cards& cards) {
    const auto& visit = found.visit;
    std::map<std::string, std::vector<const Cards::Pin*>> towns;
    for (const auto& pin : cards.pins)
        towns[pin.commune].push_back(&pin);
    auto points = json::array();
    for (const auto& [commune, pins] : towns) {
        const auto at = frame.at(pins.front()->lat, pins.front()->lon);
        if (!frame.shows(at)) continue;
        int first = pins.front()->number;
        int last = first;
        std::string tone = "partial";
        for (const auto* pin : pins) {
            first = std::min(first, pin->number);
            last = std::max(last, pin->number);
            if (pin->tone == "full") tone = "full";
        }
        const auto numbers = first == last ? std::to_string(first)
                                           : std::to_string(first) + "–" + std::to_string(last);
        const char* state = found.form.weekly
                                ? (tone == "full" ? "search.map_full" : "search.map_partial")
                                : (tone == "full" ? "search.map_free" : "search.map_not_free");
        constexpr double kRightHalf = 320;
        const bool left = at.x > kRightHalf;
        points.push_back(
            {{"x", coordinate(at.x)},
             {"y", coordinate(at.y)},
             {"tone", tone},
             {"number_text", numbers},
             {"name", commune},
             {"href", "#r" + std::to_string(first)},
             {"title_text", visit.words.fill("search.map_point", {{"numbers", numbers},
                                                                  {"name", commune},
                                                                  {"state", visit.text(state)}})},
             {"label_x", coordinate(left ? at.x - 20 : at.x + 20)},
             {"label_y", coordinate(at.y + 5)},
             {"anchor", left ? "end" : "start"}});
    }
    return points;
}

}  // namespace

Cards cards_of(const Found& found, const std::vector<School>& schools) {
    std::map<std::string, std::pair<double, double>> towns;
    for (const auto& school : schools)
        towns.try_emplace(school.commune, school.lat, school.lon);
    Cards cards;
    int number = 0;
    const auto add = [&](const json& item, json& list, const std::string& tone) {
        list.push_back(card_of_choice(found, item, ++number, tone));
        const auto commune = text_of(item, "commune_name");
        auto at = std::pair{number_of(item, "lat"), number_of(item, "lon")};
        if (at.first == 0.0) {
            const auto town = towns.find(commune);
            if (town == towns.end()) return;
            at = town->second;
        }
        cards.pins.push_back({commune, tone, number, at.first, at.second});
    };
    const auto items = list_of(found.answer, "items");
    const auto is_full = [&](const json& item) {
        return integer_of(item, "free_dates") >= integer_of(item, "dates_total", found.total);
    };
    for (const auto& item : items) {
        if (is_full(item)) add(item, cards.full, "full");
    }
    for (const auto& item : items) {
        if (is_full(item)) continue;
        // In a season a room without a single date is no "nearly": it is only named.
        if (found.form.weekly && integer_of(item, "free_dates") == 0) {
            cards.none.push_back(name_and_commune(item));
        } else {
            add(item, cards.partial, "partial");
        }
    }
    return cards;
}

json result_map(const Found& found, const Cards& cards) {
    const auto place = member_of(found.answer, "place");
    if (cards.pins.empty() || number_of(place, "lat") == 0.0) return false;
    const auto& visit = found.visit;
    const double radius = std::clamp(std::atof(found.form.radius_km.c_str()), 1.0, 100.0);
    const ResultFrame frame(number_of(place, "lat"), number_of(place, "lon"), radius);
    auto rings = json::array();
    constexpr double kCentreY = 260;
    for (const double part : {1.0 / 3.0, 2.0 / 3.0, 1.0}) {
        const double km = std::round(radius * part);
        if (km < 1) continue;
        const double r = frame.ring(km);
        rings.push_back({{"km_text", visit.words.fill("format.distance",
                                                      {{"km", std::to_string(std::llround(km))}})},
                         {"r", coordinate(r)},
                         {"y", coordinate(kCentreY - r)}});
    }
    return {{"title_text", visit.words.fill("search.map_title", {{"place", found.place}})},
            {"view", frame.view()},
            {"inset", frame.inset(shown_points(frame, cards))},
            {"rings", rings},
            {"points", map_points(found, frame, cards)},
            {"note_text", visit.words.fill("search.map_note", {{"place", found.place}})}};
}

}  // namespace preau::gateway
