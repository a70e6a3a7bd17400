#include "tests/simulators/stripe/control.hpp"

#include "tests/simulators/stripe/bank_statement.hpp"

namespace preau::stripe_simulator {
namespace {

using net::Method;
using net::Request;
using net::Response;

Json body_of(const Request& request) {
    return request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
}

template <class Value>
std::optional<Value> named(const std::string& name,
                           std::initializer_list<std::pair<const char*, Value>> table) {
    for (const auto& [key, value] : table) {
        if (name == key) return value;
    }
    return std::nullopt;
}

Response refused(const std::string& what) {
    return Response::json({{"refused", what}}, 422);
}

}  // namespace

void add_control(net::Router& router, World& world, Api& api, Webhooks& webhooks) {
    router.add(Method::post, "/_control/payouts", "control_payouts", [&](const Request& request) {
        const Json body = body_of(request);
        const auto accounts = body.contains("account")
                                  ? std::vector{body["account"].get<std::string>()}
                                  : world.accounts();
        Json made = Json::array();
        for (const auto& account : accounts) {
            if (auto payout = world.make_payout(account)) made.push_back(std::move(*payout));
        }
        return Response::json({{"payouts", std::move(made)}}, 201);
    });
    router.add(Method::post, "/_control/webhooks", "control_webhooks", [&](const Request& request) {
        const auto mode =
            named<Delivery>(body_of(request).value("mode", ""), {{"deliver", Delivery::deliver},
                                                                 {"hold", Delivery::hold},
                                                                 {"duplicate", Delivery::duplicate},
                                                                 {"shuffle", Delivery::shuffle},
                                                                 {"drop", Delivery::drop}});
        if (!mode) return refused("mode");
        webhooks.set_delivery(*mode);
        return Response::json({{"waiting", webhooks.waiting()}});
    });
    router.add(Method::post, "/_control/faults", "control_faults", [&](const Request& request) {
        const Json body = body_of(request);
        const auto fault =
            named<Api::Fault>(body.value("fault", ""), {{"none", Api::Fault::none},
                                                        {"error_before", Api::Fault::error_before},
                                                        {"error_after", Api::Fault::error_after},
                                                        {"too_many", Api::Fault::too_many},
                                                        {"slow", Api::Fault::slow},
                                                        {"garbage", Api::Fault::garbage}});
        if (!fault) return refused("fault");
        api.plant(*fault, body.value("count", 1));
        return Response::json(Json::object());
    });
    router.add(Method::post, "/_control/pay", "control_pay", [&](const Request& request) {
        const Json body = body_of(request);
        const auto act = named<World::PayerAct>(body.value("act", "pay"),
                                                {{"pay", World::PayerAct::pay},
                                                 {"decline", World::PayerAct::decline},
                                                 {"pay_late", World::PayerAct::pay_late},
                                                 {"pay_slowly", World::PayerAct::pay_slowly},
                                                 {"bank_says_yes", World::PayerAct::bank_says_yes},
                                                 {"bank_says_no", World::PayerAct::bank_says_no}});
        if (!act) return refused("act");
        const auto session = world.payer_acts(body.value("session", ""), *act);
        return session ? Response::json(*session) : Response::json({{"refused", "session"}}, 404);
    });
    router.add(Method::post, "/_control/refunds", "control_refunds", [&](const Request& request) {
        const Json body = body_of(request);
        const auto account = body.value("account", "");
        const auto done = body.contains("fail")
                              ? world.fail_refund(account, body["fail"].get<std::string>())
                              : world.refund_outside(account, body.value("payment_intent", ""),
                                                     body.value("amount", std::int64_t{0}));
        const auto* made = std::get_if<Json>(&done);
        return made != nullptr ? Response::json(*made, 201) : refused("refund");
    });
    router.add(Method::post, "/_control/disputes", "control_disputes", [&](const Request& request) {
        const Json body = body_of(request);
        const auto account = body.value("account", "");
        const auto done = body.contains("dispute")
                              ? world.decide_dispute(account, body["dispute"].get<std::string>(),
                                                     body.value("won", false))
                              : world.dispute(account, body.value("payment_intent", ""),
                                              body.value("amount", std::int64_t{0}));
        const auto* made = std::get_if<Json>(&done);
        return made != nullptr ? Response::json(*made, 201) : refused("dispute");
    });
    router.add(Method::post, "/_control/accounts", "control_account", [&](const Request& request) {
        const Json body = body_of(request);
        const auto account = body.value("account", "");
        if (account.empty()) return refused("account");
        if (body.contains("restricted")) {
            world.restrict(account, body["restricted"].get<std::string>());
        }
        if (body.value("lend_nothing", false)) world.lend_nothing(account);
        return Response::json(world.account(account));
    });
    router.add(Method::get, "/_control/events", "control_events", [&](const Request& request) {
        const std::string type(request.query.get("type"));
        Json objects = Json::array();
        for (const auto& event : world.list(std::string(request.query.get("account")), "event",
                                            [&](const Json& one) { return one["type"] == type; })) {
            objects.push_back(event["data"]["object"]);
        }
        return Response::json({{"objects", std::move(objects)}});
    });
    router.add(Method::get, "/_control/accounts", "control_accounts",
               [&](const Request&) { return Response::json({{"accounts", world.accounts()}}); });
    router.add(Method::get, "/_control/bank.csv", "control_bank", [&](const Request& request) {
        Response out;
        out.content_type = "text/csv; charset=utf-8";
        out.body = bank_statement(world.list(std::string(request.query.get("account")), "payout",
                                             [](const Json&) { return true; }),
                                  world.today_s());
        return out;
    });
}

}  // namespace preau::stripe_simulator
