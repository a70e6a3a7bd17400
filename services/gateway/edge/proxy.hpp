#pragma once
// The front of the JSON API: /api/<service>/v1/… goes to /v1/… of that service with the caller's
// identity token. Nothing else of an inner service can be reached: no feed, no snapshot, no
// metrics.

#include <optional>
#include <string>
#include <string_view>

#include "services/gateway/edge/sessions.hpp"
#include "shared/host/peers.hpp"
#include "shared/net/client.hpp"
#include "shared/net/message.hpp"
#include "shared/net/router.hpp"

namespace preau::gateway {

struct ProxyTarget {
    std::string service;
    std::string target;  // "/v1/spaces/gymnase?limit=10", as received
};

/// Where a raw request target leads; nothing for anything that is not plainly an operation of the
/// public API: unknown services, other prefixes than /v1/, empty, dotted or escaped path segments,
/// and accounts' session operations (programs use /api/session).
std::optional<ProxyTarget> proxy_target(std::string_view raw_target);

/// The session token of "Authorization: Bearer <token>"; nothing when there is no such header, an
/// empty string when it is malformed.
std::optional<std::string> bearer_token(const net::Request& request);

class Proxy {
public:
    Proxy(const host::Peers& peers, Sessions& sessions);

    /// Adds /api/session, /api/<service>/v1/… and /webhooks/stripe/….
    void add_routes(net::Router& router);

    /// Handles one call of the public API. Cookies play no part here, so no other site can make a
    /// browser act through it.
    net::Response forward(const net::Request& request);

    /// POST /webhooks/stripe/connect and /platform: the provider's notification goes to payment as
    /// it came, with its signature and nothing else; payment judges it.
    net::Response notify_payment(const net::Request& request);

    /// POST /api/session {email, password} -> {session_token, expires_at, person}.
    net::Response sign_in(const net::Request& request);
    /// DELETE /api/session with the session's bearer token.
    net::Response sign_out(const net::Request& request);

private:
    const host::Peers& peers_;
    Sessions& sessions_;
    net::Client client_;
};

}  // namespace preau::gateway
