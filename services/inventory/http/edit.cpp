// The staff's changes of a space: under an Idempotency-Key, from the version that they saw.

#include "services/inventory/facts/facts.hpp"
#include "services/inventory/http/access.hpp"
#include "services/inventory/http/answer.hpp"
#include "services/inventory/http/routes.hpp"
#include "shared/json/fields.hpp"
#include "shared/net/idempotency_key.hpp"
#include "shared/security/digest.hpp"
#include "shared/time/zone.hpp"
#include "shared/wire/space.hpp"

namespace preau::inventory {
namespace {

struct Edit {
    security::Identity caller;
    Once once;
    base::SpaceId space;
    nlohmann::json body;
    std::int64_t version = 0;
};

/// What every change needs before the domain is asked.
base::Result<Edit> edit_of(const Operations& on, const net::Request& request,
                           std::string operation) {
    auto caller = on.identify(request);
    if (!caller) return std::unexpected(caller.error());
    if (caller->kind == security::ActorKind::anonymous) return base::fail("unauthenticated");
    const auto id = base::SpaceId::parse(request.params.get("id"));
    if (!id) return base::fail("not_found");
    const auto key = net::idempotency_key(request);
    if (!key) return std::unexpected(key.error());
    auto body = request.json();
    if (!body) return std::unexpected(body.error());
    if (!body->is_object()) return base::fail("bad_json", "an object is expected");
    const auto version = version_seen(request, *body);
    if (!version) return std::unexpected(version.error());
    Edit edit;
    // The same key on another space is another body.
    edit.once = {
        caller->actor, std::move(operation), *key,
        security::sha256_hex(id->str() + " " + std::to_string(*version) + " " + request.body)};
    edit.caller = std::move(*caller);
    edit.space = *id;
    edit.body = std::move(*body);
    edit.version = *version;
    return edit;
}

/// Runs `change` on the stored space when the caller may and saw its present version.
net::Response change(const Operations& on, const Edit& edit,
                     const std::function<base::Result<Space>(const SpaceFacts&)>& change) {
    nlohmann::json current;
    const auto guarded = [&](const SpaceFacts& stored) -> base::Result<Space> {
        if (auto allowed = may_change(edit.caller, stored.space); !allowed) {
            return std::unexpected(allowed.error());
        }
        if (stored.space.version != edit.version) {
            current = facts::space_changed(stored);
            return base::fail("stale_version");
        }
        return change(stored);
    };
    const auto answer = [](const SpaceFacts& facts) {
        return Answer{200, facts::space_changed(facts).dump()};
    };
    const auto done = on.catalogue.change_space(edit.once, edit.space, guarded, answer);
    if (!done) {
        const bool stale = done.error().code == "stale_version" && !current.is_null();
        return net::Response::problem(
            done.error(), stale ? nlohmann::json{{"current", current}} : nlohmann::json{});
    }
    net::Response response;
    response.status = done->status;
    response.body = done->body;
    return response;
}

}  // namespace

net::Response edit_space(const Operations& on, const net::Request& request) {
    const auto edit = edit_of(on, request, "editSpace");
    if (!edit) return net::Response::problem(edit.error());
    json::Fields in(edit->body);
    SpaceEdit wanted;
    if (in.has("name")) wanted.name = in.text("name", {.length_min = 1, .length_max = 120});
    const auto capacity = [&](std::string_view name) -> std::optional<int> {
        const auto value = in.optional_integer(name, {.min = 0, .max = capacity_max});
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    wanted.capacity_seated = capacity("capacity_seated");
    wanted.capacity_standing = capacity("capacity_standing");
    if (in.has("published")) wanted.published = in.boolean("published");
    const auto policy = in.optional_choice("hold_policy", {"hold", "no_hold"});
    if (policy) wanted.pending_holds = *policy == 0;
    const auto approval = in.optional_choice("approval", {"college", "college_then_body"});
    if (approval) wanted.two_levels = *approval == 1;
    if (in.has("auto_accept")) wanted.auto_accept = in.boolean("auto_accept");
    if (auto bad = in.errors()) return net::Response::problem(*bad);
    return change(on, *edit, [&](const SpaceFacts& stored) -> base::Result<Space> {
        const auto& space = stored.space;
        // That the body has the last word is for the body to say.
        if (wanted.two_levels &&
            !edit->caller.holds(security::StaffRole::admin, space.body, space.establishment)) {
            return base::fail("forbidden", "the body says who decides");
        }
        const auto zone = time::Zone::find(stored.at.site.zone).value_or(time::Zone::paris());
        const auto today = zone.local(on.business_clock.now()).date;
        return edited(space, wanted, covered(stored.deliberations, space.id, today));
    });
}

net::Response replace_opening(const Operations& on, const net::Request& request) {
    const auto edit = edit_of(on, request, "replaceOpening");
    if (!edit) return net::Response::problem(edit.error());
    json::Fields in(edit->body);
    const nlohmann::json& given = in.object("opening");
    if (auto bad = in.errors()) return net::Response::problem(*bad);
    auto read = wire::opening_from_json(given, "/opening");
    if (!read) return net::Response::problem(read.error());
    const auto opening = checked(std::move(*read), "/opening");
    if (!opening) return net::Response::problem(opening.error());
    return change(on, *edit, [&](const SpaceFacts& stored) -> base::Result<Space> {
        Space after = stored.space;
        after.opening = *opening;
        return edited(std::move(after), {}, false);
    });
}

}  // namespace preau::inventory
