// GET /v1/search and GET /v1/places.

#include <algorithm>

#include "services/search/http/handlers.hpp"
#include "services/search/http/query.hpp"
#include "services/search/http/room_routes.hpp"
#include "services/search/http/views.hpp"
#include "shared/json/fields.hpp"
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

json skipped_json(const Answer& answered) {
    json out = json::array();
    if (answered.dates.empty()) return out;
    for (const auto& skipped : answered.dates.front()->skipped())
        out.push_back(wire::to_json(skipped));
    return out;
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
    const auto answered = answer(view, question, asked->first + asked->count);
    if (!answered) return Response::problem(with_pointer(answered.error(), question.when));

    const std::size_t end = std::min(answered->found.size(), asked->first + asked->count);
    json items = json::array();
    Pricer pricer(view, question.category);
    for (std::size_t i = asked->first; i < end; ++i) {
        items.push_back(room(view, answered->found[i], pricer, question.near.has_value()));
    }
    if (all_unknown(items)) {
        return Response::problem(with_pointer({"calendar_unknown", {}, {}}, question.when));
    }
    const bool more = end < answered->found.size();
    const std::size_t dates = answered->dates.empty() ? 0 : answered->dates.front()->size();
    return Response::json({{"when", wire::to_json(question.when)},
                           {"place", question.near ? to_json(*question.near) : json()},
                           {"price_category", std::string(1, question.category)},
                           {"dates_total", dates},
                           {"skipped", skipped_json(*answered)},
                           {"rooms_count", answered->found.size()},
                           {"full_count", answered->full_count},
                           {"partial_count", answered->partial_count},
                           {"other_weekdays", other_weekdays(*answered)},
                           {"as_of", to_json(context.as_of())},
                           {"items", std::move(items)},
                           {"next", more ? json(cursor(asked->fingerprint, end)) : json()}});
}

Response suggest(const Request& request, const Context& context) {
    const json values = {{"q", std::string(request.query.get("q"))}};
    preau::json::Fields in(values, "/query");
    const std::string text = in.text("q", {.length_min = 1, .length_max = 60});
    if (const auto bad = in.errors()) return Response::problem(*bad);
    return Response::json(
        {{"items", places_json(context.places.suggest(text, context.departement, kSuggestionsMax))},
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
}

}  // namespace preau::search
