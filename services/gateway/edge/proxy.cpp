#include "services/gateway/edge/proxy.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace preau::gateway {

namespace {

/// The largest body that an operation of the inner services takes (a space's opening frames).
constexpr std::size_t kBodyBytesMax = 256 * 1024;

/// The largest statement of a bank, and the largest notification of a payment provider.
constexpr std::size_t kStatementBytesMax = 1024 * 1024;

constexpr std::array<std::string_view, 5> kServices{"accounts", "booking", "inventory", "payment",
                                                    "search"};
constexpr std::array<std::string_view, 5> kRequestHeaders{
    "accept-language", "if-match", "if-none-match", "idempotency-key", "content-type"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kResponseHeaders{{
    {"etag", "ETag"},
    {"retry-after", "Retry-After"},
    {"location", "Location"},
    {"cache-control", "Cache-Control"},
    {"last-modified", "Last-Modified"},
    {"content-disposition", "Content-Disposition"},
}};

bool plain_segment(std::string_view segment) {
    if (segment.empty() || segment == "." || segment == "..") return false;
    return std::all_of(segment.begin(), segment.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '~';
    });
}

net::Response relay(const ProxyTarget& target, net::ClientResponse answer) {
    net::Response response;
    response.status = answer.status;
    response.content_type = std::move(answer.content_type);
    response.body = std::move(answer.body);
    for (const auto& [lower, name] : kResponseHeaders) {
        if (const auto value = answer.headers.find(lower)) {
            std::string text(*value);
            // The service speaks of its own paths.
            if (lower == "location" && text.starts_with("/v1/")) {
                text = "/api/" + target.service + text;
            }
            response.with(std::string(name), std::move(text));
        }
    }
    return response;
}

}  // namespace

std::optional<ProxyTarget> proxy_target(std::string_view raw_target) {
    constexpr std::string_view kPrefix = "/api/";
    const auto question = std::min(raw_target.find('?'), raw_target.size());
    auto path = raw_target.substr(0, question);
    if (!path.starts_with(kPrefix)) return std::nullopt;
    path.remove_prefix(kPrefix.size());
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto service = path.substr(0, slash);
    if (std::find(kServices.begin(), kServices.end(), service) == kServices.end()) {
        return std::nullopt;
    }
    const auto inner = path.substr(slash);
    if (!inner.starts_with("/v1/")) return std::nullopt;
    auto rest = inner.substr(4);
    const auto first = rest.substr(0, rest.find('/'));
    if (service == "accounts" && (first == "sessions" || first == "identity-tokens")) {
        return std::nullopt;
    }
    for (;;) {
        const auto end = std::min(rest.find('/'), rest.size());
        if (!plain_segment(rest.substr(0, end))) return std::nullopt;
        if (end == rest.size()) break;
        rest.remove_prefix(end + 1);
    }
    std::string target(inner);
    target += raw_target.substr(question);
    return ProxyTarget{std::string(service), std::move(target)};
}

std::optional<std::string> bearer_token(const net::Request& request) {
    const auto header = request.headers.find("authorization");
    if (!header) return std::nullopt;
    constexpr std::string_view kScheme = "bearer ";
    if (header->size() <= kScheme.size() || header->size() > 600) return std::string{};
    for (std::size_t i = 0; i < kScheme.size(); ++i) {
        const char c = (*header)[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) {
            return std::string{};
        }
    }
    const auto token = header->substr(kScheme.size());
    return plain_segment(token) ? std::string(token) : std::string{};
}

Proxy::Proxy(const host::Peers& peers, Sessions& sessions) : peers_(peers), sessions_(sessions) {}

void Proxy::add_routes(net::Router& router) {
    router.add(net::Method::post, "/api/session", "createApiSession",
               [this](const net::Request& request) { return sign_in(request); });
    router.add(net::Method::del, "/api/session", "deleteApiSession",
               [this](const net::Request& request) { return sign_out(request); });
    for (const auto method : {net::Method::get, net::Method::post, net::Method::put,
                              net::Method::patch, net::Method::del}) {
        router.add(method, "/api/{service}/v1/{rest...}", "api",
                   [this](const net::Request& request) { return forward(request); },
                   {.body_bytes_max = kBodyBytesMax});
    }
    const auto api = [this](const net::Request& request) { return forward(request); };
    router.add(net::Method::post, "/api/payment/v1/bank-statements", "api", api,
               {.body_bytes_max = kStatementBytesMax});
    // The provider repeats a notification that is not answered; it is never shed.
    for (const auto* account : {"connect", "platform"}) {
        router.add(net::Method::post, "/webhooks/stripe/" + std::string(account), "stripe_webhook",
                   [this](const net::Request& request) { return notify_payment(request); },
                   {.body_bytes_max = kStatementBytesMax, .never_shed = true});
    }
}

net::Response Proxy::notify_payment(const net::Request& request) {
    const auto url = peers_.url("payment");
    if (url.empty()) return net::Response::problem({"not_found", {}, {}});
    net::ClientRequest inner;
    inner.method = net::Method::post;
    inner.url = url + request.path;
    inner.body = request.body;  // signed as it is: not a byte may change
    inner.content_type = std::string(request.headers.get("content-type", "application/json"));
    inner.trace = request.trace;
    inner.request_id = request.request_id;
    inner.deadline = request.deadline;
    if (const auto signature = request.headers.find("stripe-signature")) {
        inner.headers.emplace_back("stripe-signature", std::string(*signature));
    }
    auto answer = client_.send(inner);
    if (!answer) {
        return net::Response::problem({"upstream_unavailable", "payment does not answer", {}});
    }
    return relay({"payment", request.path}, std::move(*answer));
}

net::Response Proxy::forward(const net::Request& request) {
    const auto target = proxy_target(request.target);
    if (!target) return net::Response::problem({"not_found", {}, {}});

    net::ClientRequest inner;
    inner.method = request.method;
    const auto url = peers_.url(target->service);
    // A small installation may run without payment.
    if (url.empty()) return net::Response::problem({"not_found", {}, {}});
    inner.url = url + target->target;
    inner.body = request.body;
    inner.trace = request.trace;
    inner.request_id = request.request_id;
    inner.deadline = request.deadline;
    for (const auto name : kRequestHeaders) {
        const auto value = request.headers.find(name);
        if (!value) continue;
        if (name == "content-type") {
            inner.content_type = std::string(*value);
        } else {
            inner.headers.emplace_back(std::string(name), std::string(*value));
        }
    }
    if (const auto token = bearer_token(request)) {
        const auto caller = token->empty() ? base::Result<std::shared_ptr<const Caller>>(nullptr)
                                           : sessions_.find(*token, request);
        if (!caller) return net::Response::problem(caller.error());
        if (*caller == nullptr) {
            return net::Response::problem({"unauthenticated", "unknown or ended session", {}});
        }
        inner.headers.emplace_back("authorization", "Bearer " + (*caller)->identity_token);
    }
    auto answer = client_.send(inner);
    if (!answer) {
        return net::Response::problem(
            {"upstream_unavailable", target->service + " does not answer", {}});
    }
    return relay(*target, std::move(*answer));
}

net::Response Proxy::sign_in(const net::Request& request) {
    const auto body = request.json();
    if (!body) return net::Response::problem(body.error());
    if (!body->is_object()) return net::Response::problem({"invalid", "an object is needed", {}});
    // Accounts judges the fields; a password is taken exactly as it was typed.
    nlohmann::json credentials = nlohmann::json::object();
    for (const auto* name : {"email", "password"}) {
        if (const auto at = body->find(name); at != body->end()) credentials[name] = *at;
    }
    auto started = sessions_.start(credentials, request);
    if (!started) return net::Response::problem(started.error());
    auto response = net::Response::json(started->body, started->status);
    if (started->status >= 400) response.content_type = "application/problem+json";
    if (!started->retry_after.empty()) response.with("Retry-After", started->retry_after);
    return response.with("Cache-Control", "no-store");
}

net::Response Proxy::sign_out(const net::Request& request) {
    const auto token = bearer_token(request);
    if (!token || token->empty()) return net::Response::problem({"unauthenticated", {}, {}});
    if (const auto ended = sessions_.end(*token, request); !ended) {
        return net::Response::problem(ended.error());
    }
    return net::Response::empty();
}

}  // namespace preau::gateway
