// Votes of a school's board: its staff records them, nobody changes them.

#include "services/inventory/http/access.hpp"
#include "services/inventory/http/routes.hpp"
#include "shared/json/fields.hpp"
#include "shared/net/idempotency_key.hpp"
#include "shared/security/digest.hpp"
#include "shared/time/zone.hpp"
#include "shared/wire/members.hpp"

namespace preau::inventory {
namespace {

nlohmann::json view_of(const Deliberation& one) {
    auto spaces = nlohmann::json::array();
    for (const auto& space : one.spaces)
        spaces.push_back(space.str());
    return {{"id", one.id.str()},
            {"establishment_id", one.establishment.str()},
            {"number", one.number},
            {"voted_on", one.voted_on.iso()},
            {"valid_from", one.valid_from.iso()},
            {"valid_until", one.valid_until.iso()},
            {"space_ids", std::move(spaces)}};
}

base::Result<Deliberation> deliberation_of(const nlohmann::json& body,
                                           const base::EstablishmentId& establishment,
                                           const std::string& by, time::Date today) {
    json::Fields in(body);
    Deliberation out;
    out.id = DeliberationId::make();
    out.establishment = establishment;
    out.number = in.text("number", {.length_min = 1, .length_max = 40});
    out.voted_on = wire::date_of(in, "voted_on");
    out.valid_from = wire::date_of(in, "valid_from");
    out.valid_until = wire::date_of(in, "valid_until");
    if (in.has("space_ids")) {
        const auto& list = in.array("space_ids");
        if (list.size() > deliberation_spaces_max) in.refuse("space_ids", "length");
        for (const auto& item : list) {
            const auto id = item.is_string() ? base::SpaceId::parse(item.get<std::string>())
                                             : std::optional<base::SpaceId>{};
            if (id) {
                out.spaces.push_back(*id);
            } else {
                in.refuse("space_ids", "format");
            }
        }
    }
    out.recorded_by = by;
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    if (auto sound = check(out, today); !sound) return std::unexpected(sound.error());
    return out;
}

base::Result<void> may_record(const security::Identity& caller, const EstablishmentFacts& at) {
    if (caller.holds(security::StaffRole::manager, at.establishment.body, at.establishment.id)) {
        return {};
    }
    return base::fail("not_found");
}

}  // namespace

net::Response record_deliberation(const Operations& on, const net::Request& request) {
    const auto caller = on.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    if (caller->kind == security::ActorKind::anonymous) {
        return net::Response::problem(base::fail("unauthenticated").error());
    }
    const auto id = base::EstablishmentId::parse(request.params.get("id"));
    if (!id) return net::Response::problem(base::fail("not_found").error());
    const auto key = net::idempotency_key(request);
    if (!key) return net::Response::problem(key.error());
    const auto body = request.json();
    if (!body) return net::Response::problem(body.error());
    const auto today = time::Zone::paris().local(on.business_clock.now()).date;
    const auto given = deliberation_of(*body, *id, caller->actor, today);
    // Who may not record learns nothing of what he sent.
    const auto may = [&](const EstablishmentFacts& at) -> base::Result<void> {
        if (auto allowed = may_record(*caller, at); !allowed) return allowed;
        if (!given) return std::unexpected(given.error());
        return {};
    };
    const Once once{caller->actor, "recordDeliberation", *key,
                    security::sha256_hex(id->str() + " " + request.body)};
    Deliberation wanted;
    wanted.establishment = *id;
    if (given) wanted = *given;
    const auto done = on.catalogue.record(once, wanted, may, {201, view_of(wanted).dump()});
    if (!done) return net::Response::problem(done.error());
    net::Response response;
    response.status = done->status;
    response.body = done->body;
    return response;
}

net::Response list_deliberations(const Operations& on, const net::Request& request) {
    const auto caller = on.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    const auto at = on.catalogue.establishment(request.params.get("id"));
    if (!at) return net::Response::problem(at.error());
    if (auto allowed = may_record(*caller, *at); !allowed) {
        return net::Response::problem(allowed.error());
    }
    const auto all = on.catalogue.deliberations(at->establishment.id);
    if (!all) return net::Response::problem(all.error());
    auto items = nlohmann::json::array();
    for (const auto& one : *all)
        items.push_back(view_of(one));
    return net::Response::json({{"items", std::move(items)}, {"next", nullptr}});
}

}  // namespace preau::inventory
