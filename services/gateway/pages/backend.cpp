#include "services/gateway/pages/backend.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "services/gateway/pages/values.hpp"
#include "shared/base/id.hpp"
#include "shared/host/peers.hpp"
#include "shared/net/client.hpp"

namespace preau::gateway {

namespace {

base::Result<Answer> answer_of(const net::ClientResponse& sent) {
    Answer answer;
    answer.status = sent.status;
    if (!sent.body.empty()) {
        auto parsed = sent.json();
        if (!parsed) return base::fail("upstream_unavailable", "an answer cannot be read");
        answer.body = std::move(*parsed);
    }
    for (const char c : sent.headers.get("retry-after")) {
        if (c < '0' || c > '9' || answer.retry_after_s > 100'000) break;
        answer.retry_after_s = answer.retry_after_s * 10 + (c - '0');
    }
    return answer;
}

}  // namespace

base::Error Answer::error() const {
    base::Error error;
    if (!body.is_object()) return {"upstream_unavailable", "an answer without a problem", {}};
    error.code = body.value("code", "internal");
    error.detail = body.value("detail", "");
    if (const auto fields = body.find("errors"); fields != body.end() && fields->is_array()) {
        for (const auto& field : *fields) {
            if (!field.is_object()) continue;
            error.fields.push_back({field.value("pointer", ""), field.value("code", "invalid"),
                                    field.value("detail", "")});
        }
    }
    return error;
}

base::Result<nlohmann::json> Backend::get(std::string_view service,
                                          const std::string& target) const {
    auto answer = send(service, net::Method::get, target, nullptr, {});
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return std::unexpected(answer->error());
    return std::move(answer->body);
}

base::Result<Answer> Backend::post(std::string_view service, const std::string& target,
                                   const nlohmann::json& body,
                                   std::string_view idempotency_key) const {
    // A double click sends the same key twice: the second waits until the first has its answer.
    constexpr int kAttempts = 4;
    constexpr std::chrono::milliseconds kPause{400};
    for (int attempt = 1;; ++attempt) {
        auto answer = send(service, net::Method::post, target, &body, idempotency_key);
        if (!answer || answer->ok() || attempt == kAttempts) return answer;
        if (answer->status != 409 || answer->error().code != "in_flight") return answer;
        std::this_thread::sleep_for(kPause);
    }
}

base::Result<Answer> Backend::upload(std::string_view service, const std::string& target,
                                     const RawBody& body, std::string_view idempotency_key) const {
    const auto sent = send_raw(service, net::Method::post, target, &body, idempotency_key);
    if (!sent) return std::unexpected(sent.error());
    return answer_of(*sent);
}

PeerBackend::PeerBackend(const host::Peers& peers, const net::Request& cause,
                         std::string identity_token)
    : peers_(peers), cause_(cause), identity_token_(std::move(identity_token)) {}

base::Result<net::ClientResponse> PeerBackend::send_raw(std::string_view service,
                                                        net::Method method,
                                                        const std::string& target,
                                                        const RawBody* body,
                                                        std::string_view idempotency_key) const {
    net::ClientRequest request;
    request.method = method;
    request.url = peers_.url(service);
    // A small installation may run without some services.
    if (request.url.empty()) return base::fail("upstream_unavailable", "no such service here");
    request.url += target;
    request.trace = cause_.trace;
    request.request_id = cause_.request_id;
    request.deadline = cause_.deadline;
    if (body != nullptr) {
        request.content_type = body->content_type;
        request.body = body->body;
    }
    if (!identity_token_.empty()) {
        request.headers.emplace_back("authorization", "Bearer " + identity_token_);
    }
    if (!idempotency_key.empty()) {
        request.headers.emplace_back("idempotency-key", std::string(idempotency_key));
    }
    static const net::Client client;
    auto sent = client.send(request);
    if (!sent || sent->status >= 500) {
        return base::fail("upstream_unavailable", std::string(service) + " does not answer");
    }
    return std::move(*sent);
}

base::Result<Answer> PeerBackend::send(std::string_view service, net::Method method,
                                       const std::string& target, const nlohmann::json* body,
                                       std::string_view idempotency_key) const {
    RawBody written;
    if (body != nullptr) written = {"application/json", body->dump()};
    const auto sent =
        send_raw(service, method, target, body != nullptr ? &written : nullptr, idempotency_key);
    if (!sent) return std::unexpected(sent.error());
    return answer_of(*sent);
}

base::Result<net::ClientResponse> PeerBackend::get_as_gateway(std::string_view service,
                                                              const std::string& target) const {
    return peers_.call(service, net::Method::get, target, nullptr, &cause_);
}

std::map<std::string, std::string> PeerBackend::people(const std::vector<std::string>& ids) const {
    std::map<std::string, std::string> names;
    std::string joined;
    for (const auto& id : ids) {
        if (base::is_ulid(id)) joined += (joined.empty() ? "" : ",") + id;
    }
    if (joined.empty()) return names;
    const auto answer =
        peers_.call("accounts", net::Method::get, "/v1/people?ids=" + joined, nullptr, &cause_);
    if (!answer || !answer->ok()) return names;
    const auto people = answer->json();
    if (!people) return names;
    for (const auto& person : list_of(*people, "items")) {
        names[text_of(person, "id")] = text_of(person, "name");
    }
    return names;
}

}  // namespace preau::gateway
