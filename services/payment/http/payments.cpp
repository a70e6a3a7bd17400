// Payments: lists, pages at the provider, receipts, the command of booking.

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"
#include "shared/json/fields.hpp"
#include "shared/net/idempotency_key.hpp"
#include "shared/time/civil.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

base::Result<PaymentFilter> filter_of(const Request& request) {
    const auto fault = [](std::string pointer, std::string code) {
        return std::unexpected(
            base::Error{"invalid", {}, {{std::move(pointer), std::move(code), {}}}});
    };
    PaymentFilter out;
    int scopes = 0;
    if (const auto id = request.query.find("booking_id")) {
        ++scopes;
        out.booking = base::BookingId::parse(*id);
        if (!out.booking) return fault("/query/booking_id", "format");
    }
    if (const auto id = request.query.find("organisation_id")) {
        ++scopes;
        out.organisation = base::OrganisationId::parse(*id);
        if (!out.organisation) return fault("/query/organisation_id", "format");
    }
    if (const auto id = request.query.find("establishment_id")) {
        ++scopes;
        out.establishment = base::EstablishmentId::parse(*id);
        if (!out.establishment) return fault("/query/establishment_id", "format");
    }
    if (scopes != 1) return fault("/query/booking_id", "required");
    std::string_view states = request.query.get("status");
    while (!states.empty()) {
        const auto word = states.substr(0, states.find(','));
        states.remove_prefix(std::min(states.size(), word.size() + 1));
        const auto status = from_text<Status>(word);
        if (!status) return fault("/query/status", "unknown");
        out.statuses.push_back(*status);
    }
    const auto limit = limit_of(request);
    if (!limit) return std::unexpected(limit.error());
    out.limit = *limit;
    if (const auto after = request.query.find("after"); after && !after->empty()) {
        if (!base::is_ulid(*after)) return fault("/query/after", "format");
        out.after = std::string(*after);
    }
    return out;
}

base::Result<json> list(const Api& api, Tx& tx, const Identity& who, const Request& request) {
    auto filter = filter_of(request);
    if (!filter) return std::unexpected(filter.error());
    if (filter->organisation && !who.is_service() && !who.member_of(*filter->organisation)) {
        return base::fail("not_found", "organisation");
    }
    if (filter->establishment) {
        if (const auto at = establishment_for(tx, who, request, Need::read); !at) {
            return std::unexpected(at.error());
        }
    }
    const auto found = tx.list(*filter);
    json items = json::array();
    for (const auto& payment : found) {
        if (may_read(who, payment)) items.push_back(to_json(payment, api.cashier.provider()));
    }
    const bool more = static_cast<int>(found.size()) == filter->limit;
    return json{{"items", std::move(items)},
                {"next", more ? json(found.back().id.str()) : json(nullptr)}};
}

/// A payment that the caller may see and, where asked, pay.
base::Result<PaymentId> visible(const Api& api, const Request& request, bool to_pay) {
    const auto who = api.require(request);
    if (!who) return std::unexpected(who.error());
    const auto id = path_id<PaymentId>(request);
    if (!id) return id;
    return api.store.read([&](Tx& tx) -> base::Result<PaymentId> {
        const auto payment = payment_for(tx, *who, *id);
        if (!payment) return std::unexpected(payment.error());
        if (to_pay && !may_pay(*who, *payment)) return base::fail("forbidden", "payer");
        return payment->id;
    });
}

Response problem(const base::Error& error) {
    auto out = Response::problem(error);
    if (error.code == "upstream_unavailable") out.with("Retry-After", "5");
    return out;
}

Response checkout(const Api& api, const Request& request) {
    // The page is the same however often it is asked for; the key is asked for like everywhere.
    if (const auto key = net::idempotency_key(request); !key) return Response::problem(key.error());
    const auto id = visible(api, request, true);
    if (!id) return Response::problem(id.error());
    const auto opened = api.cashier.checkout(*id);
    if (!opened) return problem(opened.error());
    return Response::json({{"url", opened->url}, {"expires_at", moment(opened->expires_at)}});
}

Response show(const Api& api, const Request& request, const PaymentId& id) {
    return run_read(api, request, [&](Tx& tx, const Identity& who) -> base::Result<json> {
        const auto payment = payment_for(tx, who, id);
        if (!payment) return std::unexpected(payment.error());
        return to_json(*payment, api.cashier.provider());
    });
}

Response sync(const Api& api, const Request& request) {
    const auto id = visible(api, request, false);
    if (!id) return Response::problem(id.error());
    if (const auto done = api.cashier.sync(*id); !done) return problem(done.error());
    return show(api, request, *id);
}

Response receipt(const Api& api, const Request& request) {
    return run_unsafe(
        api, request, "recordReceipt", [&](Tx& tx, const Identity& who) -> base::Result<Done> {
            const auto id = path_id<PaymentId>(request);
            if (!id) return std::unexpected(id.error());
            auto payment = payment_for(tx, who, *id);
            if (!payment) return std::unexpected(payment.error());
            if (!is_finance(who, payment->body, payment->establishment)) {
                return base::fail("forbidden", "finance");
            }
            const auto body = request.json();
            if (!body) return std::unexpected(body.error());
            if (!body->is_object()) return base::fail("bad_json", "an object is expected");
            preau::json::Fields in(*body);
            const std::vector<std::string_view> methods{"transfer", "cheque", "cash", "mandat"};
            const auto method = in.choice("method", methods);
            const auto reference = in.optional_text("reference", {.length_max = 60});
            const auto on = time::Date::parse(in.text("received_on", {.length_max = 10}));
            const auto today = time::Zone::paris().local(api.cashier.now()).date;
            if (!on) in.refuse("received_on", "format");
            if (on && *on > today) in.refuse("received_on", "range", today.iso());
            if (auto bad = in.errors()) return std::unexpected(*bad);
            Effects effects;
            const auto now = api.cashier.now();
            const auto done = receive_offline(*payment, std::string(methods[method]),
                                              reference.value_or(""), *on, now, effects);
            if (!done) return std::unexpected(done.error());
            if (auto saved = tx.save(*payment, effects, now); !saved) {
                return std::unexpected(saved.error());
            }
            return Done{200, to_json(*payment, api.cashier.provider())};
        });
}

Response cancel(const Api& api, const Request& request) {
    const auto who = api.require(request);
    if (!who) return Response::problem(who.error());
    if (!who->is_service("booking")) return Response::problem({"forbidden", "booking only", {}});
    const auto id = path_id<base::BookingId>(request, "booking_id");
    if (!id) return Response::problem(id.error());
    const auto outcome = api.cashier.cancel(*id);
    if (!outcome) return problem(outcome.error());
    return Response::json({{"outcome", to_string(*outcome)}});
}

}  // namespace

void add_payment_routes(net::Router& router, const Api& api) {
    using net::Method;
    const auto on = [&](Method method, std::string pattern, std::string operation,
                        std::function<Response(const Api&, const Request&)> handle) {
        router.add(method, std::move(pattern), std::move(operation),
                   [api, handle = std::move(handle)](const Request& r) { return handle(api, r); });
    };
    on(Method::get, "/v1/payments", "listPayments", [](const Api& a, const Request& request) {
        return run_read(a, request,
                        [&](Tx& tx, const Identity& who) { return list(a, tx, who, request); });
    });
    on(Method::get, "/v1/payments/{id}", "getPayment", [](const Api& a, const Request& request) {
        const auto id = path_id<PaymentId>(request);
        return id ? show(a, request, *id) : Response::problem(id.error());
    });
    on(Method::post, "/v1/payments/{id}/checkout", "checkout", checkout);
    on(Method::post, "/v1/payments/{id}/sync", "syncPayment", sync);
    on(Method::post, "/v1/payments/{id}/offline-receipt", "recordReceipt", receipt);
    on(Method::post, "/v1/payments/by-booking/{booking_id}/cancel", "cancelPaymentOfBooking",
       cancel);
}

void add_routes(net::Router& router, const Api& api) {
    add_payment_routes(router, api);
    add_refund_routes(router, api);
    add_webhook_routes(router, api);
    add_money_routes(router, api);
    add_bank_routes(router, api);
    add_reconciliation_routes(router, api);
    add_export_routes(router, api);
}

}  // namespace preau::payment::http
