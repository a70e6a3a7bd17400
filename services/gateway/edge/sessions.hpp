#pragma once
// From the opaque session of a browser or program to the identity token that the other services
// accept. Accounts decides; what it answered is kept for at most 5 seconds, so that a sign-out or a
// lost role holds everywhere within that time.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "services/gateway/edge/lru.hpp"
#include "shared/base/result.hpp"
#include "shared/host/peers.hpp"
#include "shared/net/message.hpp"

namespace preau::gateway {

/// A caller that accounts vouches for.
struct Caller {
    std::string session_token;
    std::string identity_token;
    std::string person_id;
};

class Sessions {
public:
    explicit Sessions(const host::Peers& peers);

    /// The caller behind a session token; null when accounts does not know it (any more).
    /// `upstream_unavailable` when accounts does not answer. `cause` gives trace and deadline.
    base::Result<std::shared_ptr<const Caller>> find(const std::string& session_token,
                                                     const net::Request& cause);

    /// Accounts' GET /v1/me for this caller, kept as long.
    base::Result<std::shared_ptr<const nlohmann::json>> me(const Caller& caller,
                                                           const net::Request& cause);

    struct Started {
        int status = 0;       // of accounts' answer
        nlohmann::json body;  // the session, or accounts' problem
        std::string retry_after;
    };
    /// Signs in: POST /v1/sessions.
    base::Result<Started> start(const nlohmann::json& credentials, const net::Request& cause);

    /// Signs out, here at once and at accounts.
    base::Result<void> end(const std::string& session_token, const net::Request& cause);

private:
    const host::Peers& peers_;
    LruCache<std::shared_ptr<const Caller>> callers_;
    LruCache<std::shared_ptr<const nlohmann::json>> people_;
};

}  // namespace preau::gateway
