#pragma once
// Calls to the other services. Their addresses and public keys stand in the run file
// (PREAU_RUN_FILE, JSON:
// {"services":{"accounts":{"url":"http://127.0.0.1:8111","public_key":"…"}}}) or in [peers] of the
// configuration.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/net/client.hpp"
#include "shared/security/token.hpp"

namespace preau::host {

struct Peer {
    std::string url;
    std::string public_key;  // base64url
};

class Peers {
public:
    Peers(std::map<std::string, Peer> peers, const security::Signer* signer,
          const base::Clock* machine_clock);

    /// Sends to `service` with the trace, request id and remaining deadline of `cause` (may be
    /// null). `bearer` empty: signs as this service. A peer that does not answer, or answers 5xx,
    /// is `upstream_unavailable`; other statuses are answers.
    base::Result<net::ClientResponse> call(std::string_view service, net::Method method,
                                           std::string_view target, const nlohmann::json* body,
                                           const net::Request* cause, std::string_view bearer = {},
                                           std::string_view idempotency_key = {}) const;
    std::string url(std::string_view service) const;
    std::string bearer_for(std::string_view service) const;

private:
    std::map<std::string, Peer> peers_;
    const security::Signer* signer_;
    const base::Clock* machine_clock_;
    net::Client client_;
};

}  // namespace preau::host
