#pragma once
// Identity tokens: base64url(JSON claims) "." base64url(Ed25519 signature). Machine time only.
// Claims: iss (signer), aud (service names), iat, exp (≤ iat + 60), kind, actor, memberships,
// posts.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/security/identity.hpp"

namespace preau::security {

inline constexpr int token_life_s_max = 60;

struct KeyPair {
    std::string public_key;  // base64url, 32 bytes
    std::string secret_key;  // base64url, 64 bytes
};
KeyPair new_key_pair();

class Signer {
public:
    Signer(std::string issuer, std::string secret_key_base64url);
    /// A token for `audience` (service names, or "*") that lives token_life_s_max from now.
    std::string sign(const Identity& identity, const std::vector<std::string>& audience,
                     base::Instant machine_now) const;
    /// The service's own identity, `actor=service:<issuer>`.
    std::string sign_self(const std::vector<std::string>& audience,
                          base::Instant machine_now) const;

private:
    std::string issuer_;
    std::string secret_key_;  // raw bytes
};

class Verifier {
public:
    /// `issuers`: name -> public key (base64url). Only "accounts" may speak for people; every
    /// issuer only for itself as a service.
    Verifier(std::string audience, std::map<std::string, std::string> issuers);
    /// `unauthenticated` for anything that is not a valid token of now (± 5 s of skew).
    base::Result<Identity> verify(std::string_view token, base::Instant machine_now) const;

private:
    std::string audience_;
    std::map<std::string, std::string> issuers_;  // raw bytes
};

}  // namespace preau::security
