// GET /v1/search and GET /v1/places.

#include <algorithm>
#include <map>

#include "services/search/http/free_routes.hpp"
#include "services/search/http/handlers.hpp"
#include "services/search/http/query.hpp"
#include "services/search/http/room_routes.hpp"
#include "services/search/http/views.hpp"
#include "services/search/index/colleges.hpp"
#include "shared/json/fields.hpp"
#include "shared/rules/vocabulary.hpp"
#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

using net::Request;
using net::Response;
using nlohmann::json;

constexpr std::size_t kSuggestionsMax = 8;
constexpr std::size_t kPlaceSuggestionsMax = 5;

/// Pointers of rules speak of a request's body; here the fields stand in the query.
base::Error in_query(base::Error error) {
    for (auto& field : error.fields) {
        if (field.pointer.starts_with("/when/")) field.pointer.replace(0, 5, "/query");
        if (field.pointer == "/headcount") field.pointer = "/query/capacity";
    }
    return error;
}

/// The pointer that a person can act on, for errors of the whole rule.
base::Error with_pointer(base::Error error, const rules::Recurrence& when) {
    error = in_query(std::move(error));
    if (!error.fields.empty()) return error;
    const bool weekly = when.kind == rules::RecurrenceKind::weekly;
    const char* pointer = error.code == "no_occurrence" ? "/query/weekdays"
                          : weekly                      ? "/query/until"
                                                        : "/query/date";
    error.fields.push_back({pointer, error.code, error.detail});
    return error;
}

json places_json(const std::vector<Place>& places) {
    json out = json::array();
    for (const auto& place : places)
        out.push_back(to_json(place));
    return out;
}

Response refuse_search(const base::Error& error, const Request& request, const Context& context) {
    const bool place = std::ranges::any_of(
        error.fields, [](const auto& field) { return field.code == "unknown_place"; });
    json more = json::object();
    if (place) {
        more["suggestions"] = places_json(context.places.suggest(
            request.query.get("near"), context.departement, kPlaceSuggestionsMax));
    }
    return Response::problem(error, more);
}

/// What is left out in the first calendar that was met; of several ways, what any leaves out.
json skipped_json(const Answer& answered) {
    std::map<time::Date, json> out;
    for (const auto& way : answered.ways) {
        const AskedDates* dates = way->known_dates().first();
        if (dates == nullptr) continue;
        for (const auto& skipped : dates->skipped())
            out.try_emplace(skipped.date, wire::to_json(skipped));
    }
    json list = json::array();
    for (auto& [date, one] : out)
        list.push_back(std::move(one));
    return list;
}

std::size_t dates_total(const Answer& answered) {
    std::size_t most = 0;
    for (const auto& way : answered.ways) {
        const AskedDates* dates = way->known_dates().first();
        if (dates != nullptr) most = std::max(most, dates->size());
    }
    return most;
}

json count_json(const Count& count) {
    return {{"rooms_count", count.rooms}, {"full_count", count.full}};
}

/// Words of which there is a room, fullest first.
json words_json(std::span<const std::string_view> words, const std::vector<Count>& counts) {
    std::vector<std::size_t> order;
    for (std::size_t n = 0; n < words.size(); ++n) {
        if (counts[n].rooms > 0) order.push_back(n);
    }
    std::ranges::sort(order, {}, [&](std::size_t n) {
        return std::pair(-static_cast<std::int64_t>(counts[n].rooms), n);
    });
    json out = json::array();
    for (const std::size_t n : order) {
        json one = count_json(counts[n]);
        one["value"] = words[n];
        out.push_back(std::move(one));
    }
    return out;
}

json facets_json(const Facets& facets, const Question& question) {
    json without = json::array();
    for (std::size_t n = 0; n < facets.without.size(); ++n) {
        const auto filter = static_cast<Filter>(n);
        if (!facets.without[n]) continue;
        json one = count_json(*facets.without[n]);
        one["filter"] = to_string(filter);
        if (filter == Filter::radius) {
            one["radius_km"] = std::min(2 * question.radius_km, radius_km_widest);
        }
        without.push_back(std::move(one));
    }
    return {{"without", std::move(without)},
            {"kinds", words_json(rules::kind_words(), facets.kinds)},
            {"equipment", words_json(rules::equipment_words(), facets.equipment)},
            {"purposes", words_json(rules::purpose_words(), facets.purposes)},
            {"step_free", count_json(facets.step_free)},
            {"instant", count_json(facets.instant)}};
}

/// How the same hours would do on each day of the week; only for one weekday a week.
json other_weekdays(const Answer& answered) {
    json out = json::array();
    if (!answered.full_by_weekday) return out;
    for (std::size_t n = 0; n < answered.full_by_weekday->size(); ++n) {
        out.push_back({{"weekday", time::to_string(static_cast<time::Weekday>(n))},
                       {"full_count", (*answered.full_by_weekday)[n]}});
    }
    return out;
}

/// Every room that there is answers "beyond what is published": then the question does.
bool all_unknown(const json& items) {
    return !items.empty() && std::ranges::all_of(items, [](const json& item) {
        return std::ranges::any_of(
            item["problems"], [](const json& problem) { return problem["state"] == "unknown"; });
    });
}

Response search(const Request& request, const Context& context) {
    const auto asked = read_search(request.query, context);
    if (!asked) return refuse_search(asked.error(), request, context);
    const Question& question = asked->question;

    const Index::View view(context.index);
    const auto answered = answer(view, question, asked->page);
    if (!answered) return Response::problem(with_pointer(answered.error(), question.when));

    json items = json::array();
    Pricer pricer(view, question.category);
    const bool choice = answered->ways.size() > 1;
    for (std::size_t i = answered->page_begin; i < answered->page_end; ++i) {
        const Found& found = answered->found[i];
        items.push_back(room(view, found, pricer, question.near.has_value()));
        if (choice) items.back()["when"] = wire::to_json(*found.when);
    }
    if (all_unknown(items)) {
        return Response::problem(with_pointer({"calendar_unknown", {}, {}}, question.when));
    }
    json out = {{"when", wire::to_json(question.when)},
                {"place", question.near ? to_json(*question.near) : json()},
                {"price_category", std::string(1, question.category)},
                {"dates_total", dates_total(*answered)},
                {"skipped", skipped_json(*answered)},
                {"rooms_count", answered->found.size()},
                {"full_count", answered->full_count},
                {"partial_count", answered->partial_count},
                {"other_weekdays", other_weekdays(*answered)},
                {"as_of", to_json(context.as_of())},
                {"items", std::move(items)},
                {"next", nullptr}};
    if (answered->facets) out["facets"] = facets_json(*answered->facets, question);
    if (answered->page_end < answered->found.size()) {
        const Found& last = answered->found[answered->page_end - 1];
        out["next"] = cursor(asked->fingerprint, answered->page_end, last.space->facts.id.str());
    }
    return Response::json(out);
}

Response suggest(const Request& request, const Context& context) {
    const json values = {{"q", std::string(request.query.get("q"))}};
    preau::json::Fields in(values, "/query");
    const std::string text = in.text("q", {.length_min = 1, .length_max = 60});
    if (const auto bad = in.errors()) return Response::problem(*bad);
    const Index::View view(context.index);
    json colleges = json::array();
    for (const College& one : suggest_colleges(view, text, kSuggestionsMax)) {
        colleges.push_back({{"establishment_id", one.establishment_id},
                            {"name", one.name},
                            {"commune_name", one.commune_name},
                            {"lat", one.lat},
                            {"lon", one.lon}});
    }
    return Response::json(
        {{"items", places_json(context.places.suggest(text, context.departement, kSuggestionsMax))},
         {"colleges", std::move(colleges)},
         {"next", nullptr}});
}

}  // namespace

void add_routes(net::Router& router, Context context) {
    const auto shared = std::make_shared<const Context>(std::move(context));
    router.add(net::Method::get, "/v1/search", "search",
               [shared](const Request& request) { return search(request, *shared); });
    router.add(net::Method::get, "/v1/places", "suggestPlaces",
               [shared](const Request& request) { return suggest(request, *shared); });
    add_room_routes(router, shared);
    add_free_routes(router, shared);
}

}  // namespace preau::search
