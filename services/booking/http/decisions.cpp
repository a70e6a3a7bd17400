// What is done with a request and a booking: accept, refuse, withdraw, cancel, undo, reopen.

#include <algorithm>

#include "services/booking/domain/reasons.hpp"
#include "services/booking/http/acts.hpp"
#include "services/booking/http/unsafe.hpp"
#include "shared/wire/price.hpp"

namespace preau::booking::http {

namespace {

bool is_refusal_code(std::string_view code) {
    return std::ranges::find(refusal_codes, code) != refusal_codes.end();
}

Outcome<Booking> accept(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                        json::Fields& in) {
    auto ground = in.optional_text("ground", {.length_min = 0, .length_max = 200});
    std::optional<base::Cents> total;
    if (in.has("total")) total = wire::money_of(in, "", "total");
    if (!in.has("occurrence_ids")) {
        if (auto bad = faults(in)) return *std::move(bad);
        return api.desk.accept(tx, actor, given.id, given.version, std::move(ground), total);
    }
    PartialGrant part;
    part.dates = occurrence_ids_of(in);
    part.ground = ground.value_or("");
    part.total = total;
    part.reason_code =
        in.optional_text("reason_code", {.length_min = 0, .length_max = 40}).value_or("");
    part.reason_text =
        in.optional_text("reason_text", {.length_min = 0, .length_max = 500}).value_or("");
    if (auto bad = faults(in)) return *std::move(bad);
    if (part.reason_code.empty()) return refuse_field("reason_required", "/reason_code");
    if (!is_refusal_code(part.reason_code)) {
        return refuse_input("/reason_code", "unknown", part.reason_code);
    }
    return api.desk.accept_in_part(tx, actor, given.id, given.version, part);
}

Outcome<Booking> refuse_it(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                           json::Fields& in) {
    const auto code = in.optional_text("reason_code", {.length_min = 0, .length_max = 40});
    const auto text = in.optional_text("reason_text", {.length_min = 0, .length_max = 500});
    if (auto bad = faults(in)) return *std::move(bad);
    base::Error missing{"reason_required", {}, {}};
    if (!code || code->empty()) missing.fields.push_back({"/reason_code", "required", {}});
    if (!text || text->empty()) missing.fields.push_back({"/reason_text", "required", {}});
    if (!missing.fields.empty()) return std::unexpected(Refusal(std::move(missing)));
    if (!is_refusal_code(*code)) return refuse_input("/reason_code", "unknown", *code);
    return api.desk.refuse_request(tx, actor, given.id, given.version, *code, *text);
}

Outcome<Booking> withdraw(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                          json::Fields&) {
    return api.desk.withdraw(tx, actor, given.id, given.version);
}

Outcome<Booking> cancel(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                        json::Fields& in) {
    const auto text = in.optional_text("reason_text", {.length_min = 0, .length_max = 500});
    if (auto bad = faults(in)) return *std::move(bad);
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
        add_act(router, api, verb, operation, std::move(effect));
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
