// Refunds that officers ask for, approve, reject and order at the bank.

#include "services/payment/domain/settle.hpp"
#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"
#include "shared/json/fields.hpp"
#include "shared/observe/log.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using security::Identity;

const std::vector<std::string_view>& reasons() {
    static const std::vector<std::string_view> kReasons{"partly_used", "goodwill", "mistake",
                                                        "cancelled_by_body"};
    return kReasons;
}

using Change =
    std::function<base::Result<void>(const Identity& who, Payment& payment, Effects& effects)>;

/// A change of a payment by a finance officer of its establishment.
base::Result<Done> change(const Api& api, Tx& tx, const Identity& who, const PaymentId& id,
                          const Change& work, int status) {
    auto payment = payment_for(tx, who, id);
    if (!payment) return std::unexpected(payment.error());
    if (!is_finance(who, payment->body, payment->establishment)) {
        return base::fail("forbidden", "finance");
    }
    Effects effects;
    if (auto done = work(who, *payment, effects); !done) return std::unexpected(done.error());
    if (auto saved = tx.save(*payment, effects, api.cashier.now()); !saved) {
        return std::unexpected(saved.error());
    }
    return Done{status, to_json(*payment, api.cashier.provider())};
}

base::Result<RefundOrder> order_of(const Api& api, const Request& request, const Identity& who) {
    const auto body = request.json();
    if (!body) return std::unexpected(body.error());
    if (!body->is_object()) return base::fail("bad_json", "an object is expected");
    preau::json::Fields in(*body);
    RefundOrder out;
    out.id = RefundId::make();
    preau::json::Fields money(in.object("amount"), "/amount");
    out.amount = money.integer("amount", {.min = 1, .max = amount_max_cents});
    (void)money.choice("currency", {"EUR"});
    in.absorb(money);
    out.reason = std::string(reasons()[in.choice("reason", reasons())]);
    if (auto bad = in.errors()) return std::unexpected(*bad);
    out.asked_by = who.actor;
    out.second_officer = api.refund_four_eyes_cents > 0 && out.amount >= api.refund_four_eyes_cents;
    return out;
}

Response ask(const Api& api, const Request& request) {
    return run_unsafe(
        api, request, "askRefund", [&](Tx& tx, const Identity& who) -> base::Result<Done> {
            const auto id = path_id<PaymentId>(request);
            if (!id) return std::unexpected(id.error());
            const auto work = [&](const Identity& officer, Payment& payment,
                                  Effects& effects) -> base::Result<void> {
                const auto order = order_of(api, request, officer);
                if (!order) return std::unexpected(order.error());
                const auto asked = ask_refund(payment, *order, api.cashier.now(), effects);
                if (!asked) return std::unexpected(asked.error());
                observe::log(observe::Level::info, "refund.asked",
                             {{"refund_id", asked->str()}, {"actor", officer.actor}});
                return {};
            };
            return change(api, tx, who, *id, work, 201);
        });
}

/// An operation on one refund: `work` also gets its id.
Response on_refund(const Api& api, const Request& request, std::string_view operation,
                   const std::function<base::Result<void>(const Identity&, Payment&,
                                                          const RefundId&, Effects&)>& work) {
    return run_unsafe(api, request, operation,
                      [&](Tx& tx, const Identity& who) -> base::Result<Done> {
                          const auto id = path_id<RefundId>(request);
                          if (!id) return std::unexpected(id.error());
                          const auto owner = tx.owner_of_refund(*id);
                          if (!owner) return base::fail("not_found", "refund");
                          const auto with_id = [&](const Identity& officer, Payment& payment,
                                                   Effects& effects) -> base::Result<void> {
                              auto done = work(officer, payment, *id, effects);
                              if (done) {
                                  observe::log(observe::Level::info, "refund.decided",
                                               {{"operation", operation},
                                                {"refund_id", id->str()},
                                                {"actor", officer.actor}});
                              }
                              return done;
                          };
                          return change(api, tx, who, *owner, with_id, 200);
                      });
}

Response decide(const Api& api, const Request& request, std::string_view operation, bool approve) {
    return on_refund(
        api, request, operation,
        [approve](const Identity& officer, Payment& payment, const RefundId& id, Effects& effects) {
            return decide_refund(payment, id, approve, officer.actor, effects);
        });
}

}  // namespace

void add_refund_routes(net::Router& router, const Api& api) {
    using net::Method;
    router.add(Method::post, "/v1/payments/{id}/refunds", "askRefund",
               [api](const Request& request) { return ask(api, request); });
    router.add(
        Method::post, "/v1/refunds/{id}/approve", "approveRefund",
        [api](const Request& request) { return decide(api, request, "approveRefund", true); });
    router.add(
        Method::post, "/v1/refunds/{id}/reject", "rejectRefund",
        [api](const Request& request) { return decide(api, request, "rejectRefund", false); });
    router.add(Method::post, "/v1/refunds/{id}/mark-transferred", "markRefundTransferred",
               [api](const Request& request) {
                   return on_refund(
                       api, request, "markRefundTransferred",
                       [](const Identity&, Payment& payment, const RefundId& id, Effects& effects) {
                           return refund_transferred(payment, id, effects);
                       });
               });
}

}  // namespace preau::payment::http
