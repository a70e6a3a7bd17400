// Stripe's webhooks: verify over the raw body, store, answer. Everything else happens afterwards.

#include "services/payment/http/access.hpp"
#include "services/payment/provider/stripe/signature.hpp"
#include "shared/json/parse.hpp"
#include "shared/observe/log.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;

constexpr std::size_t kBodyMax = 1024 * 1024;
constexpr std::size_t kWordMax = 120;

std::string word(const nlohmann::json& object, const char* name) {
    const auto it = object.find(name);
    if (it == object.end() || !it->is_string()) return {};
    auto out = it->get<std::string>();
    return out.size() <= kWordMax ? out : std::string();
}

Response receive(const Api& api, const Request& request) {
    const auto count = [&api](std::string_view outcome) {
        api.metrics
            .counter("preau_payment_webhooks_total", "Webhooks of the payment provider",
                     {{"outcome", std::string(outcome)}})
            .add();
    };
    const auto verdict = stripe::verify(request.headers.get("stripe-signature"), request.body,
                                        api.webhook_secrets, api.machine.now().seconds);
    if (verdict != stripe::Verdict::good) {
        count(to_string(verdict));
        // A good signature of another time: our clock or theirs is wrong.
        observe::log(observe::Level::warn, "webhook.refused", {{"why", to_string(verdict)}});
        return Response::problem({"bad_signature", std::string(to_string(verdict)), {}});
    }
    const auto event = json::parse(request.body, {.depth_max = 40, .nodes_max = 100'000});
    if (!event || !event->is_object()) {
        count("unreadable");
        return Response::problem({"bad_json", "not an event", {}});
    }
    InboxEvent stored;
    stored.id = word(*event, "id");
    stored.type = word(*event, "type");
    stored.account = word(*event, "account");
    stored.raw = request.body;
    const auto data = event->find("data");
    if (data != event->end() && data->is_object() && data->contains("object") &&
        (*data)["object"].is_object()) {
        stored.object_kind = word((*data)["object"], "object");
        stored.object_id = word((*data)["object"], "id");
    }
    if (stored.id.empty() || stored.type.empty()) {
        count("unreadable");
        return Response::problem({"bad_json", "an event has id and type", {}});
    }
    const auto kept = api.store.transact(
        [&](Tx& tx) -> base::Result<bool> { return tx.store_event(stored, api.machine.now()); });
    if (!kept) return Response::problem(kept.error());
    count(*kept ? "stored" : "known");
    return Response::json({{"received", true}});
}

}  // namespace

void add_webhook_routes(net::Router& router, const Api& api) {
    net::RouteOptions options;
    options.body_bytes_max = kBodyMax;
    options.never_shed = true;
    for (const auto& [path, operation] :
         {std::pair{"/webhooks/stripe/connect", "stripeConnectWebhook"},
          std::pair{"/webhooks/stripe/platform", "stripePlatformWebhook"}}) {
        router.add(
            net::Method::post, path, operation,
            [api](const Request& request) { return receive(api, request); }, options);
    }
}

}  // namespace preau::payment::http
