#include "services/gateway/pages/series_alternatives.hpp"

#include <cstdlib>

#include "services/gateway/pages/request_instead.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

/// The request for the whole series, with this choice for one of its dates.
std::string request_href(const SearchForm& form, const json& space, const std::string& offer_id,
                         const InsteadChoice& choice) {
    auto pairs = series_question(text_of(space, "slug"), offer_id, form);
    pairs.emplace_back("instead", instead_token(choice));
    return "/demande/nouvelle?" + query_string(pairs);
}

json price_text(const Visit& visit, const json& one) {
    if (!member_of(one, "price").contains("amount")) return false;
    return visit.format.money(cents_of(one, "price"));
}

/// ", Tiers A" where only a part of the room is meant.
std::string part_text(const Visit& visit, const json& room) {
    const auto offer = member_of(room, "offer");
    if (flag_of(offer, "whole", true)) return {};
    return visit.text("format.list") + text_of(offer, "name");
}

std::string hours_text(const Visit& visit, const json& slot) {
    return visit.format.range(text_of(slot, "start_time"), text_of(slot, "end_time"));
}

/// "Décaler à 20 h–22 h", "même salle, 2 h plus tard"
json at_other_hours(const Visit& visit, const std::string& start_time, const json& slot) {
    const auto asked = time::parse_minute(start_time);
    const auto start = time::parse_minute(text_of(slot, "start_time"));
    const int by = asked && start ? *start - *asked : 0;
    return {{"name", visit.words.fill("series.shift", {{"hours", hours_text(visit, slot)}})},
            {"detail_text", visit.words.fill(by > 0 ? "series.later" : "series.earlier",
                                             {{"by", visit.format.duration(std::abs(by))}})}};
}

/// "à 2,5 km, 18 h–20 h, Tiers A"
std::string nearby_text(const Visit& visit, const json& room, const std::string& hours) {
    const auto distance = visit.format.distance(number_of(room, "distance_km"));
    return visit.words.fill("series.nearby", {{"distance", distance}, {"hours", hours}}) +
           part_text(visit, room);
}

/// "Salle polyvalente du collège La Garenne", "même établissement, 18 h–20 h"
json in_other_room(const Visit& visit, const json& space, const json& one) {
    const auto room = member_of(one, "room");
    const auto hours = hours_text(visit, member_of(one, "slot"));
    if (text_of(room, "space_id") == text_of(space, "space_id")) {
        return {{"name", text_of(member_of(room, "offer"), "name")},
                {"detail_text", visit.words.fill("series.same_room", {{"hours", hours}})}};
    }
    if (text_of(one, "kind") == "same_site") {
        return {{"name", text_of(room, "name")},
                {"detail_text", visit.words.fill("series.same_site", {{"hours", hours}}) +
                                    part_text(visit, room)}};
    }
    return {{"name", name_and_commune(room)}, {"detail_text", nearby_text(visit, room, hours)}};
}

json series_card(const Visit& visit, const SearchForm& form, const json& one) {
    const auto room = member_of(one, "room");
    const auto offer = member_of(room, "offer");
    const auto free = integer_of(one, "free_count");
    const auto total = integer_of(one, "total_count");
    auto other = form;
    const auto weekday = time::weekday_from(text_of(one, "weekday"));
    if (weekday) other.weekdays = text_of(one, "weekday");
    const auto name =
        weekday ? capitalised(visit.words.fill("series.other_weekday",
                                               {{"weekday", visit.format.weekday(*weekday)}}))
                : name_and_commune(room);
    const auto hours = visit.format.range(form.start_time, form.end_time);
    auto detail = weekday ? hours : nearby_text(visit, room, hours);
    if (const auto price = price_text(visit, one); price.is_string()) {
        detail += visit.text("format.list") + price.get<std::string>();
    }
    return {
        {"href",
         "/recherche/serie?" + query_string(series_question(text_of(room, "slug"),
                                                            text_of(offer, "offer_id"), other))},
        {"name", name},
        {"detail_text", detail},
        {"tone", free == total ? "free" : "warn"},
        {"count_text", visit.words.fill("series.fraction", {{"count", std::to_string(free)},
                                                            {"total", std::to_string(total)}})}};
}

}  // namespace

QueryPairs series_question(const std::string& slug, const std::string& offer_id,
                           const SearchForm& form) {
    QueryPairs pairs{{"space", slug}, {"offer_id", offer_id}, {"mode", "weekly"}};
    if (!form.capacity.empty()) pairs.emplace_back("capacity", form.capacity);
    for (auto& pair : when_question(form))
        pairs.push_back(std::move(pair));
    return pairs;
}

json alternative_text(const Visit& visit, const std::string& start_time, const json& space,
                      const json& alternative) {
    auto out = text_of(alternative, "kind") == "other_hours"
                   ? at_other_hours(visit, start_time, member_of(alternative, "slot"))
                   : in_other_room(visit, space, alternative);
    out["price_text"] = price_text(visit, alternative);
    return out;
}

json date_alternatives(const Visit& visit, const SearchForm& form, const json& space,
                       const std::string& offer_id, const json& alternatives,
                       const std::string& date) {
    for (const auto& one : list_of(alternatives, "dates")) {
        if (text_of(member_of(one, "slot"), "date") != date) continue;
        auto items = json::array();
        for (const auto& instead : list_of(one, "alternatives")) {
            auto item = alternative_text(visit, form.start_time, space, instead);
            item["href"] = request_href(form, space, offer_id, choice_of(date, instead));
            items.push_back(std::move(item));
        }
        if (items.empty()) return false;
        return {{"title_text", visit.words.count("series.alternatives", std::ssize(items))},
                {"items", items}};
    }
    return false;
}

json other_series(const Visit& visit, const SearchForm& form, const json& alternatives) {
    auto items = json::array();
    for (const auto* list : {"other_weekdays", "other_rooms"}) {
        for (const auto& one : list_of(alternatives, list))
            items.push_back(series_card(visit, form, one));
    }
    if (items.empty()) return false;
    return {{"title_text", visit.text("series.others")}, {"items", items}};
}

}  // namespace preau::gateway
