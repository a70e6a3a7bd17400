#include "services/search/http/free_routes.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "services/search/http/query.hpp"
#include "services/search/http/views.hpp"
#include "services/search/index/free_days.hpp"
#include "shared/json/fields.hpp"
#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

using net::Request;
using net::Response;
using nlohmann::json;

/// A date of the query within what the planes know, or `otherwise`.
time::Date date_of(const net::Pairs& query, preau::json::Fields& in, std::string_view name,
                   time::Date today, time::Date otherwise) {
    const auto text = query.get(name);
    if (text.empty()) return otherwise;
    const auto date = time::Date::parse(text);
    if (!date) in.refuse(name, "format", "YYYY-MM-DD");
    if (date && (*date < today - days_behind || *date > today + days_ahead)) {
        in.refuse(name, "range");
    }
    return date.value_or(otherwise);
}

time::Minute minute_of(const net::Pairs& query, preau::json::Fields& in, std::string_view name,
                       time::Minute otherwise) {
    const auto text = query.get(name);
    if (text.empty()) return otherwise;
    const auto minute = time::parse_minute(text);
    if (!minute) in.refuse(name, "format", "HH:MM");
    return minute.value_or(otherwise);
}

time::Minute length_of(const net::Pairs& query, preau::json::Fields& in, time::Minute otherwise) {
    const auto text = query.get("duration_min");
    if (text.empty()) return otherwise;
    int minutes = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), minutes);
    const bool whole = fault == std::errc{} && end == text.data() + text.size();
    if (!whole || minutes < 15 || minutes > time::minutes_per_day) {
        in.refuse("duration_min", "range", "15..1440");
        return otherwise;
    }
    return minutes;
}

Response first_free_of(const Request& request, const Context& context) {
    const Index::View view(context.index);
    const auto asked = read_room(view, request);
    if (!asked) return Response::problem(asked.error());
    const auto& [space, offer] = *asked;
    const time::Date today = space->zone.local(view.now()).date;
    const json none = json::object();
    preau::json::Fields in(none, "/query");
    const time::Date from = date_of(request.query, in, "from", today, today);
    const time::Minute length = length_of(request.query, in, offer->duration_min_min);
    const Window window{minute_of(request.query, in, "start_time", 0),
                        minute_of(request.query, in, "end_time", time::minutes_per_day)};
    if (window.end_minute - window.start_minute < length) {
        in.refuse("end_time", "invalid_interval", "shorter than what is wanted");
    }
    if (const auto bad = in.errors()) return Response::problem(*bad);
    const auto found = first_free(view, *space, *offer, length, window, from);
    if (!found) {
        auto error = found.error();
        for (auto& field : error.fields)
            field.pointer = "/query/duration_min";
        return Response::problem(error);
    }
    return Response::json({{"space_id", space->facts.id.str()},
                           {"offer_id", offer->id.str()},
                           {"duration_min", length},
                           {"slot", *found ? wire::to_json(**found, space->zone) : json(nullptr)},
                           {"as_of", to_json(context.as_of())}});
}

json days_json(const std::vector<FreeDay>& days) {
    json out = json::array();
    for (const FreeDay& day : days) {
        json ranges = json::array();
        time::Minute minutes = 0;
        for (const FreeRange& range : day.free) {
            minutes += range.end_minute - range.start_minute;
            ranges.push_back({{"start_time", time::format_minute(range.start_minute)},
                              {"end_time", time::format_minute(range.end_minute)}});
        }
        out.push_back(
            {{"date", day.date.iso()}, {"free_min", minutes}, {"free", std::move(ranges)}});
    }
    return out;
}

struct Span {
    time::Date from;
    std::int32_t days = 1;
};

Span span_of(std::size_t view, time::Date date) {
    if (view == 0) return {date, 1};
    if (view == 1) return {date.monday(), 7};
    const time::Date first = date - static_cast<std::int32_t>(date.day()) + 1;
    return {first, first.plus_months(1).value_or(first + 28) - first};
}

Response site(const Request& request, const Context& context) {
    const Index::View view(context.index);
    // Sites are shown by their own clocks; before any is known, a bound in days needs none.
    const time::Date today = time::Zone::paris().local(view.now()).date;
    json values = json::object();
    if (const auto text = request.query.get("view"); !text.empty()) values["view"] = text;
    preau::json::Fields in(values, "/query");
    const time::Date date = date_of(request.query, in, "date", today, today);
    const std::size_t kind = in.optional_choice("view", {"day", "week", "month"}).value_or(1);
    if (const auto bad = in.errors()) return Response::problem(*bad);
    const Span span = span_of(kind, date);
    const std::string id(request.params.get("id"));
    const auto rooms = site_days(view, id, span.from, span.days);
    if (rooms.empty()) return Response::problem({"not_found", {}, {}});
    json items = json::array();
    for (const RoomDays& room : rooms) {
        const wire::Space& facts = room.space->facts;
        items.push_back({{"space_id", facts.id.str()},
                         {"slug", facts.slug},
                         {"name", facts.name},
                         {"kind", facts.kind},
                         {"offer_id", room.offer->id.str()},
                         {"days", days_json(room.days)}});
    }
    return Response::json({{"site_id", id},
                           {"establishment_name", rooms.front().space->facts.establishment_name},
                           {"zone", rooms.front().space->zone.name()},
                           {"from", span.from.iso()},
                           {"until", (span.from + span.days - 1).iso()},
                           {"as_of", to_json(context.as_of())},
                           {"spaces", std::move(items)}});
}

}  // namespace

void add_free_routes(net::Router& router, std::shared_ptr<const Context> context) {
    router.add(net::Method::get, "/v1/spaces/{id}/first-free", "firstFreeOfSpace",
               [context](const Request& request) { return first_free_of(request, *context); });
    router.add(net::Method::get, "/v1/sites/{id}/availability", "availabilityOfSite",
               [context](const Request& request) { return site(request, *context); });
}

}  // namespace preau::search
