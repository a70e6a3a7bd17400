#include "shared/host/peers.hpp"

#include "shared/observe/log.hpp"

namespace preau::host {

Peers::Peers(std::map<std::string, Peer> peers, const security::Signer* signer,
             const base::Clock* machine_clock)
    : peers_(std::move(peers)), signer_(signer), machine_clock_(machine_clock) {}

std::string Peers::url(std::string_view service) const {
    const auto found = peers_.find(std::string(service));
    return found == peers_.end() ? std::string() : found->second.url;
}

std::string Peers::bearer_for(std::string_view service) const {
    if (signer_ == nullptr) return {};
    return signer_->sign_self({std::string(service)}, machine_clock_->now());
}

base::Result<net::ClientResponse> Peers::call(std::string_view service, net::Method method,
                                              std::string_view target, const nlohmann::json* body,
                                              const net::Request* cause, std::string_view bearer,
                                              std::string_view idempotency_key) const {
    net::ClientRequest request;
    request.method = method;
    request.url = url(service);
    if (request.url.empty()) {
        return base::fail("upstream_unavailable", "no address of " + std::string(service));
    }
    request.url.append(target);
    const std::string token = bearer.empty() ? bearer_for(service) : std::string(bearer);
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    if (!idempotency_key.empty()) {
        request.headers.emplace_back("Idempotency-Key", std::string(idempotency_key));
    }
    if (body != nullptr) request.body = body->dump();
    if (cause != nullptr) {
        request.trace = cause->trace;
        request.request_id = cause->request_id;
        if (cause->deadline != net::Deadline{}) request.deadline = cause->deadline;
    }
    auto answer = client_.send(request);
    if (!answer) {
        const net::ClientError& error = answer.error();
        observe::log(observe::Level::warn, "peer.unreachable",
                     {{"peer", service},
                      {"what", std::string_view(error.detail)},
                      {"timed_out", error.timed_out},
                      {"sent", error.delivery == net::Delivery::unknown}});
        return base::fail("upstream_unavailable", std::string(service) + " does not answer");
    }
    if (answer->status >= 500) {
        observe::log(observe::Level::warn, "peer.failed",
                     {{"peer", service}, {"status", answer->status}});
        return base::fail("upstream_unavailable",
                          std::string(service) + " answered " + std::to_string(answer->status));
    }
    return std::move(*answer);
}

}  // namespace preau::host
