#pragma once
// What pages ask of the other services: the same JSON operations as programs use, with the
// visitor's own identity. A problem of a service comes back as base::Error with its fields, so that
// a form can show it beside the field.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"
#include "shared/net/client.hpp"
#include "shared/net/message.hpp"

namespace preau::host {
class Peers;
}

namespace preau::gateway {

/// A service's answer, whatever its status.
struct Answer {
    int status = 0;
    nlohmann::json body;  // null when empty
    int retry_after_s = 0;

    bool ok() const { return status >= 200 && status < 300; }
    /// The problem of an answer that is not ok().
    base::Error error() const;
};

/// A body that is not JSON, either way: a statement to import, a journal to export.
struct RawBody {
    std::string content_type;
    std::string body;
};

/// Calls in the name of one visitor; lives as long as the request that it answers.
class Backend {
public:
    virtual ~Backend() = default;

    /// Fails only when the service does not answer (`upstream_unavailable`).
    virtual base::Result<Answer> send(std::string_view service, net::Method method,
                                      const std::string& target, const nlohmann::json* body,
                                      std::string_view idempotency_key) const = 0;

    /// As send(), with bodies as they are. The answer's body is JSON or not, as its type says.
    virtual base::Result<net::ClientResponse> send_raw(std::string_view service, net::Method method,
                                                       const std::string& target,
                                                       const RawBody* body,
                                                       std::string_view idempotency_key) const = 0;

    /// GET on another service in the gateway's own name, for what no visitor has a right to by
    /// themselves (the demonstration's mailbox).
    virtual base::Result<net::ClientResponse> get_as_gateway(std::string_view service,
                                                             const std::string& target) const = 0;

    /// Names of people by id, for those who may see the booking that names them: {id: name}. Asked
    /// in the gateway's own name; empty when accounts does not answer.
    virtual std::map<std::string, std::string> people(
        const std::vector<std::string>& ids) const = 0;

    /// The body of a 2xx answer, or the service's problem as an error.
    base::Result<nlohmann::json> get(std::string_view service, const std::string& target) const;
    /// The whole answer. A request still under way with the same key is waited for, briefly.
    base::Result<Answer> post(std::string_view service, const std::string& target,
                              const nlohmann::json& body, std::string_view idempotency_key) const;
    /// Sends a body that is not JSON; the answer is.
    base::Result<Answer> upload(std::string_view service, const std::string& target,
                                const RawBody& body, std::string_view idempotency_key) const;
};

class PeerBackend final : public Backend {
public:
    /// `identity_token` empty: anonymous, nothing is sent in its place.
    PeerBackend(const host::Peers& peers, const net::Request& cause, std::string identity_token);

    base::Result<Answer> send(std::string_view service, net::Method method,
                              const std::string& target, const nlohmann::json* body,
                              std::string_view idempotency_key) const override;
    base::Result<net::ClientResponse> send_raw(std::string_view service, net::Method method,
                                               const std::string& target, const RawBody* body,
                                               std::string_view idempotency_key) const override;
    base::Result<net::ClientResponse> get_as_gateway(std::string_view service,
                                                     const std::string& target) const override;
    std::map<std::string, std::string> people(const std::vector<std::string>& ids) const override;

private:
    const host::Peers& peers_;
    const net::Request& cause_;
    std::string identity_token_;
};

}  // namespace preau::gateway
