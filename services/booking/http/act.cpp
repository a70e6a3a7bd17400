#include "services/booking/http/act.hpp"

#include "services/booking/http/render.hpp"

namespace preau::booking::http {

net::Response act_on_booking(const DeskApi& api, const net::Request& request,
                             std::string_view operation, const ActOn& effect) {
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

}  // namespace preau::booking::http
