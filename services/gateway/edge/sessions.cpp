#include "services/gateway/edge/sessions.hpp"

#include <utility>

#include "shared/security/digest.hpp"

namespace preau::gateway {

namespace {

constexpr std::size_t kEntriesMax = 4'096;  // ≈ 1 kB each: 4 MB a cache at worst
constexpr std::chrono::seconds kEntryLife{5};

}  // namespace

Sessions::Sessions(const host::Peers& peers)
    : peers_(peers), callers_(kEntriesMax), people_(kEntriesMax) {}

base::Result<std::shared_ptr<const Caller>> Sessions::find(const std::string& session_token,
                                                           const net::Request& cause) {
    const auto key = security::sha256_hex(session_token);
    const auto now = std::chrono::steady_clock::now();
    if (auto known = callers_.find(key, now)) return *known;

    const nlohmann::json body = {
        {"session_token", session_token},
        {"audience", {"accounts", "inventory", "search", "booking", "payment"}}};
    const auto answer =
        peers_.call("accounts", net::Method::post, "/v1/identity-tokens", &body, &cause);
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) {
        // Any refusal that is about the session itself: the browser is signed out.
        if (answer->status == 401 || answer->status == 404 || answer->status == 422) return nullptr;
        return base::fail("upstream_unavailable", "accounts refuses identity tokens");
    }
    const auto token = answer->json();
    if (!token || !token->is_object() || !token->contains("token")) {
        return base::fail("upstream_unavailable", "accounts' identity token cannot be read");
    }
    auto caller = std::make_shared<const Caller>(
        Caller{session_token, token->value("token", ""), token->value("person_id", "")});
    callers_.put(key, caller, now + kEntryLife);
    return caller;
}

base::Result<std::shared_ptr<const nlohmann::json>> Sessions::me(const Caller& caller,
                                                                 const net::Request& cause) {
    const auto key = security::sha256_hex(caller.session_token);
    const auto now = std::chrono::steady_clock::now();
    if (auto known = people_.find(key, now)) return *known;
    const auto answer =
        peers_.call("accounts", net::Method::get, "/v1/me", nullptr, &cause, caller.identity_token);
    if (!answer) return std::unexpected(answer.error());
    auto me = answer->json();
    if (!answer->ok() || !me) {
        return base::fail("upstream_unavailable", "accounts does not describe the caller");
    }
    auto shared = std::make_shared<const nlohmann::json>(std::move(*me));
    people_.put(key, shared, now + kEntryLife);
    return shared;
}

base::Result<Sessions::Started> Sessions::start(const nlohmann::json& credentials,
                                                const net::Request& cause) {
    const auto answer =
        peers_.call("accounts", net::Method::post, "/v1/sessions", &credentials, &cause);
    if (!answer) return std::unexpected(answer.error());
    auto body = answer->json();
    if (!body) return base::fail("upstream_unavailable", "accounts' session cannot be read");
    return Started{answer->status, std::move(*body),
                   std::string(answer->headers.get("retry-after"))};
}

base::Result<void> Sessions::end(const std::string& session_token, const net::Request& cause) {
    const auto key = security::sha256_hex(session_token);
    callers_.erase(key);
    people_.erase(key);
    const auto answer = peers_.call("accounts", net::Method::del, "/v1/sessions/current", nullptr,
                                    &cause, session_token);
    if (!answer) return std::unexpected(answer.error());
    return {};  // an unknown session is signed out as well
}

}  // namespace preau::gateway
