// Closures and school needs, of one site and of many.

#include <algorithm>

#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"
#include "shared/json/fields.hpp"

namespace preau::booking::http {

namespace {

constexpr std::size_t kPartsMax = 100;
constexpr std::int64_t kShownBack_s = 7 * 86'400;
constexpr int kBulkShownMax = 20;

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

/// What every closure has besides its place.
template <class Request>
base::Result<Request> read_rest(json::Fields& in, Request out) {
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

base::Result<ClosureRequest> closure_of(const nlohmann::json& body) {
    json::Fields in(body);
    ClosureRequest out;
    read_where(in, body, out);
    return read_rest(in, std::move(out));
}

base::Result<BulkClosureRequest> bulk_closure_of(const nlohmann::json& body) {
    json::Fields in(body);
    BulkClosureRequest out;
    const auto list = body.value("site_ids", nlohmann::json::array());
    if (!list.is_array() || list.empty() || list.size() > bulk_closure_sites_max) {
        in.refuse("site_ids", "length", std::to_string(bulk_closure_sites_max));
    } else {
        for (const auto& item : list) {
            const auto id = item.is_string() ? base::SiteId::parse(item.get<std::string>())
                                             : std::optional<base::SiteId>{};
            if (id) {
                out.sites.push_back(*id);
            } else {
                in.refuse("site_ids", "format");
            }
        }
    }
    std::ranges::sort(out.sites);
    const auto [first, last] = std::ranges::unique(out.sites);
    out.sites.erase(first, last);
    return read_rest(in, std::move(out));
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

/// The operation as it is after all that can be done now: what a stop leaves undone the clock does,
/// or the same key.
net::Response carried_on(const DeskApi& api, const net::Response& begun) {
    const auto body = nlohmann::json::parse(begun.body, nullptr, false);
    const auto id = body.is_object() ? BulkClosureId::parse(body.value("id", "")) : std::nullopt;
    if (begun.status >= 300 || !id) return begun;
    (void)carry_on(api.store, api.desk, *id);
    const auto found = api.store.read([&](Tx& tx) -> Outcome<nlohmann::json> {
        const auto bulk = tx.find_bulk_closure(*id);
        if (!bulk) return refuse("not_found", "bulk_closure");
        return to_json(*bulk);
    });
    if (!found) return problem(found.error());
    auto response = net::Response::json(*found);
    response.status = begun.status;
    return response;
}

net::Response begin_bulk(const DeskApi& api, const net::Request& request) {
    const auto body = object_of(request);
    if (!body) return net::Response::problem(body.error());
    const auto asked = bulk_closure_of(*body);
    return carried_on(api, run_unsafe(api, request, "beginBulkClosure",
                                      [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
                                          if (!asked)
                                              return std::unexpected(Refusal(asked.error()));
                                          const auto begun =
                                              api.desk.begin_bulk_closure(tx, actor, *asked);
                                          if (!begun) return std::unexpected(begun.error());
                                          return Done{201, {{"id", begun->id.str()}}};
                                      }));
}

net::Response undo_bulk(const DeskApi& api, const net::Request& request) {
    const auto id = path_id<BulkClosureId>(request);
    return carried_on(api, run_unsafe(api, request, "undoBulkClosure",
                                      [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
                                          if (!id) return refuse("not_found", "bulk_closure");
                                          const auto undone =
                                              api.desk.undo_bulk_closure(tx, actor, *id);
                                          if (!undone) return std::unexpected(undone.error());
                                          return Done{200, {{"id", undone->id.str()}}};
                                      }));
}

net::Response get_bulk(const DeskApi& api, const net::Request& request) {
    const auto id = path_id<BulkClosureId>(request);
    return run_read(api, request, [&](Tx& tx, const Actor& actor) -> Outcome<nlohmann::json> {
        if (!id) return refuse("not_found", "bulk_closure");
        const auto bulk = api.desk.look_at_bulk_closure(tx, actor, *id);
        if (!bulk) return std::unexpected(bulk.error());
        return to_json(*bulk);
    });
}

/// The last ones of a body that the reader may see.
net::Response list_bulk(const DeskApi& api, const net::Request& request) {
    const auto body = base::BodyId::parse(request.query.get("body_id"));
    if (!body) return net::Response::problem({"invalid", {}, {{"/query/body_id", "required", {}}}});
    return run_read(api, request, [&](Tx& tx, const Actor& actor) -> Outcome<nlohmann::json> {
        auto items = nlohmann::json::array();
        for (const auto& id : tx.bulk_closures(*body, kBulkShownMax)) {
            const auto bulk = api.desk.look_at_bulk_closure(tx, actor, id);
            if (bulk) items.push_back(to_json(*bulk));
        }
        return nlohmann::json{{"items", std::move(items)}, {"next", nullptr}};
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
    router.add(net::Method::post, "/v1/bulk-closures", "beginBulkClosure",
               [api](const net::Request& request) { return begin_bulk(api, request); });
    router.add(net::Method::get, "/v1/bulk-closures", "listBulkClosures",
               [api](const net::Request& request) { return list_bulk(api, request); });
    router.add(net::Method::get, "/v1/bulk-closures/{id}", "getBulkClosure",
               [api](const net::Request& request) { return get_bulk(api, request); });
    router.add(net::Method::post, "/v1/bulk-closures/{id}/undo", "undoBulkClosure",
               [api](const net::Request& request) { return undo_bulk(api, request); });
}

}  // namespace preau::booking::http
