#include "services/booking/http/acts.hpp"

#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"

namespace preau::booking::http {

namespace {

constexpr std::size_t kDatesMax = 200;
constexpr json::IntegerBounds kBufferMinutes{.min = 0, .max = 720};

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

std::optional<std::unexpected<Refusal>> faults(const json::Fields& in) {
    auto bad = in.errors();
    if (!bad) return std::nullopt;
    return std::unexpected(Refusal(*std::move(bad)));
}

std::vector<base::OccurrenceId> occurrence_ids_of(json::Fields& in) {
    std::vector<base::OccurrenceId> out;
    const auto& list = in.array("occurrence_ids");
    if (!list.is_array()) return out;
    if (list.size() > kDatesMax) {
        in.refuse("occurrence_ids", "length");
        return out;
    }
    for (const auto& item : list) {
        const auto id = item.is_string() ? base::OccurrenceId::parse(item.get<std::string>())
                                         : std::optional<base::OccurrenceId>{};
        if (id) {
            out.push_back(*id);
        } else {
            in.refuse("occurrence_ids", "format");
        }
    }
    return out;
}

BufferRequest buffers_of(json::Fields& in) {
    BufferRequest out;
    const auto minutes = [&](const char* name) -> std::optional<int> {
        const auto given = in.optional_integer(name, kBufferMinutes);
        return given ? std::optional(static_cast<int>(*given)) : std::nullopt;
    };
    out.before_min = minutes("buffer_before_min");
    out.after_min = minutes("buffer_after_min");
    return out;
}

void add_act(net::Router& router, const DeskApi& api, const std::string& verb,
             const std::string& operation, ActOn effect) {
    router.add(net::Method::post, "/v1/bookings/{id}/" + verb, operation,
               [api, operation, effect = std::move(effect)](const net::Request& request) {
                   return act(api, request, operation, effect);
               });
}

}  // namespace preau::booking::http
