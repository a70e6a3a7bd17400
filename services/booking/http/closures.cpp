// Closures and school needs.

#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"
#include "shared/json/fields.hpp"

namespace preau::booking::http {

namespace {

constexpr std::size_t kPartsMax = 100;
constexpr std::int64_t kShownBack_s = 7 * 86'400;

std::optional<time::Date> date_of(json::Fields& in, std::string_view name) {
    const auto text = in.text(name, {.length_min = 1, .length_max = 10});
    const auto date = time::Date::parse(text);
    if (!date && !text.empty()) in.refuse(name, "format");
    return date;
}

std::optional<time::Minute> minute_of(json::Fields& in, std::string_view name) {
    const auto text = in.optional_text(name, {.length_min = 0, .length_max = 5});
    if (!text || text->empty()) return std::nullopt;
    const auto minute = time::parse_minute(*text);
    if (!minute) in.refuse(name, "format");
    return minute;
}

void read_where(json::Fields& in, const nlohmann::json& body, ClosureRequest& out) {
    const int given =
        (in.has("site_id") ? 1 : 0) + (in.has("space_id") ? 1 : 0) + (in.has("part_ids") ? 1 : 0);
    if (given != 1) {
        in.refuse("site_id", "required", "one of site_id, space_id, part_ids");
        return;
    }
    if (in.has("site_id")) out.site = in.id<base::SiteId>("site_id");
    if (in.has("space_id")) out.space = in.id<base::SpaceId>("space_id");
    if (!in.has("part_ids")) return;
    const auto& list = body.at("part_ids");
    if (!list.is_array() || list.empty() || list.size() > kPartsMax) {
        in.refuse("part_ids", "length");
        return;
    }
    for (const auto& item : list) {
        const auto id = item.is_string() ? base::PartId::parse(item.get<std::string>())
                                         : std::optional<base::PartId>{};
        if (!id) {
            in.refuse("part_ids", "format");
            return;
        }
        out.parts.push_back(*id);
    }
}

base::Result<ClosureRequest> closure_of(const nlohmann::json& body) {
    json::Fields in(body);
    ClosureRequest out;
    read_where(in, body, out);
    const auto kind = in.choice("kind", {"closure", "school_need", "works"});
    out.kind = static_cast<ClosureKind>(kind);
    out.reason = in.text("reason", {.length_min = 3, .length_max = 200});
    const auto from = date_of(in, "from");
    const auto until = date_of(in, "until");
    out.start_minute = minute_of(in, "start_time");
    out.end_minute = minute_of(in, "end_time");
    if (out.start_minute.has_value() != out.end_minute.has_value()) {
        in.refuse(out.start_minute ? "end_time" : "start_time", "required");
    }
    out.force = in.boolean_or("force", false);
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    out.from = *from;
    out.until = *until;
    return out;
}

net::Response lay(const DeskApi& api, const net::Request& request) {
    const auto body = object_of(request);
    if (!body) return net::Response::problem(body.error());
    const auto asked = closure_of(*body);
    return run_unsafe(api, request, "layClosure", [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
        if (!asked) return std::unexpected(Refusal(asked.error()));
        const auto laid = api.desk.lay_closure(tx, actor, *asked);
        if (!laid) return std::unexpected(laid.error());
        return Done{201, to_json(*laid)};
    });
}

net::Response lift(const DeskApi& api, const net::Request& request) {
    const auto id = path_id<base::ClosureId>(request);
    return run_unsafe(api, request, "liftClosure",
                      [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
                          if (!id) return refuse("not_found", "closure");
                          const auto lifted = api.desk.lift_closure(tx, actor, *id);
                          if (!lifted) return std::unexpected(lifted.error());
                          return Done{200, to_json(*lifted)};
                      });
}

/// When a site is closed is public, as its opening hours are; who closed it is not told.
net::Response list(const DeskApi& api, const net::Request& request) {
    const auto site = base::SiteId::parse(request.query.get("site_id"));
    if (!site) {
        return net::Response::problem({"invalid", {}, {{"/query/site_id", "required", {}}}});
    }
    const auto found = api.store.read([&](Tx& tx) -> Outcome<nlohmann::json> {
        auto items = nlohmann::json::array();
        for (const auto& closure : tx.closures(*site, api.desk.now() + -kShownBack_s)) {
            items.push_back(to_json(closure));
        }
        return nlohmann::json{{"items", std::move(items)}, {"next", nullptr}};
    });
    if (!found) return problem(found.error());
    return net::Response::json(*found);
}

}  // namespace

void add_closure_routes(net::Router& router, const DeskApi& api) {
    router.add(net::Method::post, "/v1/closures", "layClosure",
               [api](const net::Request& request) { return lay(api, request); });
    router.add(net::Method::del, "/v1/closures/{id}", "liftClosure",
               [api](const net::Request& request) { return lift(api, request); });
    router.add(net::Method::get, "/v1/closures", "listClosures",
               [api](const net::Request& request) { return list(api, request); });
}

}  // namespace preau::booking::http
