#include "services/booking/http/acts.hpp"

#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"

namespace preau::booking::http {

namespace {

net::Response act(const DeskApi& api, const net::Request& request, std::string_view operation,
                  const ActOn& effect) {
    const auto body = object_of(request);
    if (!body) return net::Response::problem(body.error());
    const auto id = path_id<base::BookingId>(request);
    return run_unsafe(api, request, operation, [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
        if (!id) return refuse("not_found", "booking");
        // Who may not see the booking learns nothing, not even what the body lacks.
        if (const auto seen = api.desk.look(tx, actor, *id); !seen) {
            return std::unexpected(seen.error());
        }
        const auto version = version_of(request, *body);
        if (!version) return std::unexpected(Refusal(version.error()));
        json::Fields in(*body);
        const auto done = effect(api, tx, actor, {*id, *version}, in);
        if (!done) return std::unexpected(done.error());
        return Done{200, to_json(*done)};
    });
}

}  // namespace

void add_act(net::Router& router, const DeskApi& api, const std::string& verb,
             const std::string& operation, ActOn effect) {
    router.add(net::Method::post, "/v1/bookings/{id}/" + verb, operation,
               [api, operation, effect = std::move(effect)](const net::Request& request) {
                   return act(api, request, operation, effect);
               });
}

}  // namespace preau::booking::http
