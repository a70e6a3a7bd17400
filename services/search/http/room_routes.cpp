#include "services/search/http/room_routes.hpp"

#include <algorithm>

#include "services/search/http/query.hpp"
#include "services/search/http/views.hpp"
#include "services/search/index/alternatives.hpp"
#include "services/search/index/week.hpp"
#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

using net::Request;
using net::Response;
using nlohmann::json;

using Asked = AskedRoom;

Response week(const Request& request, const Context& context) {
    const Index::View view(context.index);
    const auto asked = read_room(view, request);
    if (!asked) return Response::problem(asked.error());
    const auto text = request.query.get("date");
    const auto date =
        text.empty() ? asked->space->zone.local(view.now()).date : time::Date::parse(text);
    const auto distance = date ? *date - asked->space->zone.local(view.now()).date : 0;
    if (!date || std::abs(distance) > days_ahead) {
        const base::Error error{"invalid", {}, {{"/query/date", date ? "range" : "format", {}}}};
        return Response::problem(error);
    }
    json days = json::array();
    for (const auto& day : week_of(view, *asked->space, *asked->offer, date->monday())) {
        json segments = json::array();
        for (const auto& segment : day.segments) {
            segments.push_back({{"start_time", time::format_minute(segment.start_minute)},
                                {"end_time", time::format_minute(segment.end_minute)},
                                {"state", rules::to_string(segment.state)},
                                {"reason", segment.reason}});
        }
        days.push_back({{"date", day.date.iso()}, {"segments", std::move(segments)}});
    }
    return Response::json({{"space_id", asked->space->facts.id.str()},
                           {"offer_id", asked->offer->id.str()},
                           {"monday", date->monday().iso()},
                           {"zone", asked->space->zone.name()},
                           {"as_of", to_json(context.as_of())},
                           {"days", std::move(days)}});
}

Response availability(const Request& request, const Context& context) {
    const auto when = wire::when_from_query(request.query);
    if (!when) return Response::problem(when.error());
    const Index::View view(context.index);
    const auto asked = read_room(view, request);
    if (!asked) return Response::problem(asked.error());
    const auto expansion = rules::expand(*when, asked->space->zone, asked->space->calendar);
    if (!expansion) return Response::problem(expansion.error());
    json dates = judged_dates(view, *asked->space, *asked->offer, expansion->slots);
    const auto free =
        std::ranges::count_if(dates, [](const json& d) { return d["state"] == "free"; });
    json skipped = json::array();
    for (const auto& date : expansion->skipped)
        skipped.push_back(wire::to_json(date));
    return Response::json({{"space_id", asked->space->facts.id.str()},
                           {"offer_id", asked->offer->id.str()},
                           {"when", wire::to_json(*when)},
                           {"free_count", free},
                           {"total_count", dates.size()},
                           {"dates", std::move(dates)},
                           {"skipped", std::move(skipped)},
                           {"as_of", to_json(context.as_of())}});
}

/// Two each of other weekdays and other rooms, as many as are taken in at one glance.
constexpr std::size_t kSeriesMax = 2;

json other_series_json(const OtherSeries& one) {
    json out = one.weekday ? json{{"weekday", time::to_string(*one.weekday)}} : json::object();
    out["free_count"] = one.free_count;
    out["total_count"] = one.total_count;
    out["price"] = one.price ? wire::money(*one.price) : json(nullptr);
    out["room"] = room_reference(*one.space, *one.offer, one.distance_km);
    return out;
}

json missing_date_json(const MissingDate& missing, const Index::View& view, const Asked& asked) {
    json date = judged_date(view, *asked.space, *asked.offer, missing.slot);
    json proposals = json::array();
    for (const auto& one : missing.alternatives) {
        proposals.push_back({{"kind", to_string(one.kind)},
                             {"slot", wire::to_json(one.slot, one.space->zone)},
                             {"price", one.price ? wire::money(*one.price) : json(nullptr)},
                             {"room", room_reference(*one.space, *one.offer, one.distance_km)}});
    }
    date["alternatives"] = std::move(proposals);
    return date;
}

Response alternatives_of(const Request& request, const Context& context) {
    const auto read = read_alternatives(request.query);
    if (!read) return Response::problem(read.error());
    const Index::View view(context.index);
    const auto asked = read_room(view, request);
    if (!asked) return Response::problem(asked.error());
    const Question& question = read->question;
    const Wish wish{question.when,     asked->space,       asked->offer,
                    question.capacity, question.radius_km, question.category};
    const auto found = alternatives(view, wish, read->per_date, kSeriesMax);
    if (!found) return Response::problem(found.error());
    json dates = json::array();
    for (const auto& missing : found->dates)
        dates.push_back(missing_date_json(missing, view, *asked));
    json weekdays = json::array();
    for (const auto& one : found->weekdays)
        weekdays.push_back(other_series_json(one));
    json rooms = json::array();
    for (const auto& one : found->rooms)
        rooms.push_back(other_series_json(one));
    return Response::json({{"space_id", asked->space->facts.id.str()},
                           {"offer_id", asked->offer->id.str()},
                           {"when", wire::to_json(question.when)},
                           {"price_category", std::string(1, question.category)},
                           {"dates", std::move(dates)},
                           {"other_weekdays", std::move(weekdays)},
                           {"other_rooms", std::move(rooms)},
                           {"as_of", to_json(context.as_of())}});
}

}  // namespace

void add_room_routes(net::Router& router, std::shared_ptr<const Context> context) {
    router.add(net::Method::get, "/v1/spaces/{id}/week", "weekOfSpace",
               [context](const Request& request) { return week(request, *context); });
    router.add(net::Method::get, "/v1/spaces/{id}/availability", "availabilityOfSpace",
               [context](const Request& request) { return availability(request, *context); });
    router.add(net::Method::get, "/v1/spaces/{id}/alternatives", "alternativesOfSpace",
               [context](const Request& request) { return alternatives_of(request, *context); });
}

}  // namespace preau::search
