// What is done with a request and a booking: accept, refuse, withdraw, cancel, undo, reopen.

#include <algorithm>

#include "services/booking/domain/reasons.hpp"
#include "services/booking/http/act.hpp"
#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"
#include "shared/json/fields.hpp"

namespace preau::booking::http {

namespace {

Outcome<Booking> accept(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                        json::Fields& in) {
    auto ground = in.optional_text("ground", {.length_min = 0, .length_max = 200});
    if (auto bad = in.errors()) return std::unexpected(Refusal(*std::move(bad)));
    return api.desk.accept(tx, actor, given.id, given.version, std::move(ground));
}

Outcome<Booking> refuse_it(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                           json::Fields& in) {
    const auto code = in.optional_text("reason_code", {.length_min = 0, .length_max = 40});
    const auto text = in.optional_text("reason_text", {.length_min = 0, .length_max = 500});
    if (auto bad = in.errors()) return std::unexpected(Refusal(*std::move(bad)));
    base::Error missing{"reason_required", {}, {}};
    if (!code || code->empty()) missing.fields.push_back({"/reason_code", "required", {}});
    if (!text || text->empty()) missing.fields.push_back({"/reason_text", "required", {}});
    if (!missing.fields.empty()) return std::unexpected(Refusal(std::move(missing)));
    if (std::ranges::find(refusal_codes, std::string_view(*code)) == refusal_codes.end()) {
        return std::unexpected(
            Refusal(base::Error{"invalid", {}, {{"/reason_code", "unknown", *code}}}));
    }
    return api.desk.refuse_request(tx, actor, given.id, given.version, *code, *text);
}

Outcome<Booking> withdraw(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                          json::Fields&) {
    return api.desk.withdraw(tx, actor, given.id, given.version);
}

Outcome<Booking> cancel(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                        json::Fields& in) {
    const auto text = in.optional_text("reason_text", {.length_min = 0, .length_max = 500});
    if (auto bad = in.errors()) return std::unexpected(Refusal(*std::move(bad)));
    return api.desk.cancel(tx, actor, given.id, given.version, text.value_or(""));
}

Outcome<Booking> undo(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                      json::Fields&) {
    return api.desk.undo(tx, actor, given.id, given.version);
}

Outcome<Booking> reopen(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                        json::Fields&) {
    return api.desk.reopen(tx, actor, given.id, given.version);
}

/// For payment alone, which has seen no version: the booking's own state decides.
net::Response extend_pay_by(const DeskApi& api, const net::Request& request) {
    const auto id = path_id<base::BookingId>(request);
    return run_unsafe(api, request, "extendPayBy",
                      [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
                          if (!id) return refuse("not_found", "booking");
                          const auto done = api.desk.extend_pay_by(tx, actor, *id);
                          if (!done) return std::unexpected(done.error());
                          return Done{200,
                                      {{"booking_id", done->id.str()},
                                       {"pay_by", done->zone.rfc3339(*done->pay_by)},
                                       {"version", done->version}}};
                      });
}

}  // namespace

void add_decision_routes(net::Router& router, const DeskApi& api) {
    const auto on = [&](const std::string& verb, const std::string& operation, ActOn effect) {
        router.add(net::Method::post, "/v1/bookings/{id}/" + verb, operation,
                   [api, operation, effect = std::move(effect)](const net::Request& request) {
                       return act_on_booking(api, request, operation, effect);
                   });
    };
    on("accept", "acceptBooking", accept);
    on("refuse", "refuseBooking", refuse_it);
    on("withdraw", "withdrawBooking", withdraw);
    on("cancel", "cancelBooking", cancel);
    on("undo", "undoDecision", undo);
    on("reopen", "reopenBooking", reopen);
    router.add(net::Method::post, "/v1/bookings/{id}/extend-pay-by", "extendPayBy",
               [api](const net::Request& request) { return extend_pay_by(api, request); });
}

}  // namespace preau::booking::http
