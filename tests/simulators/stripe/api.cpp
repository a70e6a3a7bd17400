#include "tests/simulators/stripe/api.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "tests/simulators/stripe/form.hpp"
#include "tests/simulators/stripe/shapes.hpp"

namespace preau::stripe_simulator {
namespace {

using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kListMax = 100;

Response error(const ApiError& fault) {
    Json body = {{"type", fault.type}, {"message", fault.message}};
    if (!fault.code.empty()) body["code"] = fault.code;
    if (!fault.param.empty()) body["param"] = fault.param;
    return Response::json({{"error", std::move(body)}}, fault.status);
}

std::size_t page_size(const Request& request) {
    const auto limit =
        std::strtoul(std::string(request.query.get("limit", "10")).c_str(), nullptr, 10);
    return std::clamp<std::size_t>(limit, 1, kListMax);
}

}  // namespace

void Api::plant(Fault fault, int count) {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
    fault_count_ = count;
}

Api::Fault Api::take_fault() {
    const std::lock_guard lock(mutex_);
    if (fault_count_ <= 0) return Fault::none;
    --fault_count_;
    return fault_;
}

Response Api::answer(const Request& request, const Work& work) {
    if (request.headers.get("authorization") != "Bearer " + secret_key_) {
        return error({401, "invalid_request_error", "", "", "Invalid API Key provided"});
    }
    if (request.headers.get("stripe-version") != api_version) {
        return error({400, "invalid_request_error", "", "Stripe-Version",
                      std::string("this simulator speaks ") + api_version});
    }
    const std::string account(request.headers.get("stripe-account", "platform"));
    const auto parameters = parse_form(request.body);
    if (!parameters) return error({400, "invalid_request_error", "", "", "Malformed form"});

    const Fault fault = take_fault();
    if (fault == Fault::error_before) {
        return error({500, "api_error", "", "", "planted before the work"});
    }
    if (fault == Fault::too_many) {
        return error({429, "invalid_request_error", "rate_limit", "", "planted"})
            .with("Retry-After", "1");
    }
    if (fault == Fault::slow) std::this_thread::sleep_for(std::chrono::seconds(8));

    const std::string key(request.headers.get("idempotency-key"));
    const bool remembers = request.method == Method::post && !key.empty() && !forgetful_;
    if (remembers) {
        const std::lock_guard lock(mutex_);
        const auto [known, is_new] = remembered_.try_emplace(
            account + " " + key, Remembered{request.target + request.body, {}});
        if (!is_new && known->second.body != request.target + request.body) {
            return error({400, "idempotency_error", "", "",
                          "Keys for idempotent requests can only be used with the same "
                          "parameters they were first used with."});
        }
        if (!is_new && !known->second.response) {
            return error({409, "idempotency_error", "idempotency_key_in_use", "",
                          "There is currently another in-progress request using this key."});
        }
        if (!is_new) {
            Response again = *known->second.response;
            return again.with("Idempotent-Replayed", "true");
        }
    }
    auto done = work(account, *parameters);
    if (Json* object = std::get_if<Json>(&done)) {
        for (const auto path : request.query.all("expand[]"))
            world_.expand(account, *object, path);
        for (const auto& path : parameters->value("expand", Json::array()))
            world_.expand(account, *object, path.get<std::string>());
    }
    Response out = std::holds_alternative<ApiError>(done)
                       ? error(std::get<ApiError>(done))
                       : Response::json(public_form(std::get<Json>(done)));
    if (fault == Fault::error_after) {
        out = error({500, "api_error", "", "", "planted after the work"});
    }
    if (remembers) {
        const std::lock_guard lock(mutex_);
        remembered_[account + " " + key].response = out;
    }
    if (fault == Fault::garbage) out.body = "<html>gateway error</html>";
    return out;
}

Response Api::list(const Request& request, const std::string& object) {
    return answer(request, [&](const std::string& account, const Json&) -> ApiResult<Json> {
        const auto payout = request.query.find("payout");
        const auto intent = request.query.find("payment_intent");
        const auto since = request.query.find("created[gte]");
        const std::int64_t from =
            since ? std::strtoll(std::string(*since).c_str(), nullptr, 10) : 0;
        auto found = world_.list(account, object, [&](const Json& o) {
            return (!payout || o.value("_payout", Json()) == Json(*payout)) &&
                   (!intent || o.value("payment_intent", Json()) == Json(*intent)) &&
                   o["created"].get<std::int64_t>() >= from;
        });
        const auto after = request.query.find("starting_after");
        std::size_t first = 0;
        while (after && first < found.size() && found[first]["id"] != Json(*after))
            ++first;
        if (after) ++first;
        Json data = Json::array();
        const auto most = page_size(request);
        for (std::size_t i = first; i < found.size() && data.size() < most; ++i) {
            data.push_back(std::move(found[i]));
        }
        const bool more = first + data.size() < found.size();
        return Json{{"object", "list"},
                    {"url", request.path},
                    {"has_more", more},
                    {"data", std::move(data)}};
    });
}

void Api::add_routes(net::Router& router) {
    const auto find = [this](const char* object) {
        return [this, object](const Request& request) {
            return answer(request, [&](const std::string& account, const Json&) {
                return world_.find(account, object, std::string(request.params.get("id")));
            });
        };
    };
    const auto lists = [this](const char* object) {
        return [this, object](const Request& request) { return list(request, object); };
    };
    router.add(Method::post, "/v1/checkout/sessions", "create_session", [this](const Request& r) {
        return answer(r,
                      [this](const auto& a, const Json& p) { return world_.create_session(a, p); });
    });
    router.add(Method::get, "/v1/checkout/sessions", "list_sessions", lists("checkout.session"));
    router.add(Method::get, "/v1/checkout/sessions/{id}", "get_session", find("checkout.session"));
    router.add(Method::post, "/v1/checkout/sessions/{id}/expire", "expire_session",
               [this](const Request& r) {
                   const std::string id(r.params.get("id"));
                   return answer(r, [this, id](const auto& a, const Json&) {
                       return world_.expire_session(a, id);
                   });
               });
    router.add(Method::post, "/v1/refunds", "create_refund", [this](const Request& r) {
        return answer(r,
                      [this](const auto& a, const Json& p) { return world_.create_refund(a, p); });
    });
    router.add(Method::get, "/v1/refunds", "list_refunds", lists("refund"));
    router.add(Method::get, "/v1/refunds/{id}", "get_refund", find("refund"));
    router.add(Method::get, "/v1/payment_intents/{id}", "get_intent", find("payment_intent"));
    router.add(Method::get, "/v1/charges/{id}", "get_charge", find("charge"));
    router.add(Method::get, "/v1/disputes/{id}", "get_dispute", find("dispute"));
    router.add(Method::get, "/v1/balance_transactions", "list_transactions",
               lists("balance_transaction"));
    router.add(Method::get, "/v1/balance_transactions/{id}", "get_transaction",
               find("balance_transaction"));
    router.add(Method::get, "/v1/payouts", "list_payouts", lists("payout"));
    router.add(Method::get, "/v1/payouts/{id}", "get_payout", find("payout"));
    router.add(Method::get, "/v1/events", "list_events", lists("event"));
    router.add(Method::get, "/v1/events/{id}", "get_event", find("event"));
    router.add(Method::get, "/v1/balance", "get_balance", [this](const Request& r) {
        return answer(
            r, [this](const auto& a, const Json&) -> ApiResult<Json> { return world_.balance(a); });
    });
    router.add(Method::get, "/v1/accounts/{id}", "get_account", [this](const Request& r) {
        const std::string id(r.params.get("id"));
        return answer(r, [this, id](const auto&, const Json&) -> ApiResult<Json> {
            return world_.account(id);
        });
    });
}

}  // namespace preau::stripe_simulator
