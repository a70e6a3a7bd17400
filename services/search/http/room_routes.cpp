#include "services/search/http/room_routes.hpp"

#include <algorithm>

#include "services/search/http/views.hpp"
#include "services/search/index/week.hpp"
#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

using net::Request;
using net::Response;
using nlohmann::json;

struct Asked {
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
};

/// The published space and the offer asked for, or the one of all parts.
base::Result<Asked> read_room(const Index::View& view, const Request& request) {
    const SpaceEntry* space = view.space(std::string(request.params.get("id")));
    if (space == nullptr || !space->facts.published) return base::fail("not_found");
    const auto& offers = space->facts.offers;
    const auto wanted = request.query.find("offer_id");
    auto offer = offers.end();
    if (wanted && !wanted->empty()) {
        offer = std::ranges::find(offers, *wanted, [](const auto& o) { return o.id.str(); });
        if (offer == offers.end()) return base::fail_field("invalid", "/query/offer_id", "unknown");
    } else {
        offer = std::ranges::max_element(
            offers, {}, [](const auto& o) { return std::pair(o.active, o.parts.size()); });
        if (offer == offers.end()) return base::fail("not_found");
    }
    return Asked{space, &*offer};
}

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

}  // namespace

void add_room_routes(net::Router& router, std::shared_ptr<const Context> context) {
    router.add(net::Method::get, "/v1/spaces/{id}/week", "weekOfSpace",
               [context](const Request& request) { return week(request, *context); });
    router.add(net::Method::get, "/v1/spaces/{id}/availability", "availabilityOfSpace",
               [context](const Request& request) { return availability(request, *context); });
}

}  // namespace preau::search
