#include "shared/security/token.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <stdexcept>
#include <utility>

#include <sodium.h>

#include "shared/json/parse.hpp"
#include "shared/security/digest.hpp"

namespace preau::security {
namespace {

using nlohmann::json;

constexpr std::size_t kTokenBytesMax = 8 * 1024;  // as long as all headers together may be
constexpr std::int64_t kSkewSeconds = 5;
constexpr std::string_view kPeopleIssuer = "accounts";
// Signed before the claims, so that a signature made here for another purpose is never a token. The
// algorithm is fixed here too: nothing in a token can choose it.
constexpr std::string_view kContext = "preau identity token v1\n";

const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string signed_text(std::string_view claims) {
    return std::string(kContext) + std::string(claims);
}

std::string raw_key(std::string_view text, std::size_t size, const char* what) {
    std::string raw = from_base64url(text);
    if (raw.size() != size) throw std::invalid_argument(what);
    return raw;
}

json claims_of(const Identity& identity) {
    json memberships = json::array();
    for (const Membership& m : identity.memberships) {
        memberships.push_back({m.organisation.str(), to_string(m.role)});
    }
    json posts = json::array();
    for (const StaffPost& post : identity.posts) {
        json establishments = json::array();
        for (const auto& establishment : post.establishments) {
            establishments.push_back(establishment.str());
        }
        posts.push_back({post.body.str(), to_string(post.role), std::move(establishments)});
    }
    return {{"kind", identity.is_service() ? "service" : "person"},
            {"actor", identity.actor},
            {"memberships", std::move(memberships)},
            {"posts", std::move(posts)}};
}

// The readers below throw json::exception (a wrong type) or std::invalid_argument (a wrong value);
// verify() turns both into `unauthenticated`.
template <class T>
T required(std::optional<T> value) {
    if (!value) throw std::invalid_argument("claim");
    return *std::move(value);
}

Membership membership_from(const json& value) {
    return {required(base::OrganisationId::parse(value.at(0).get<std::string>())),
            required(member_role(value.at(1).get<std::string>()))};
}

StaffPost post_from(const json& value) {
    StaffPost post{required(base::BodyId::parse(value.at(0).get<std::string>())),
                   required(staff_role(value.at(1).get<std::string>())),
                   {}};
    for (const json& establishment : value.at(2)) {
        post.establishments.push_back(
            required(base::EstablishmentId::parse(establishment.get<std::string>())));
    }
    return post;
}

Identity identity_from(const json& claims, const std::string& issuer) {
    Identity identity;
    identity.actor = claims.at("actor").get<std::string>();
    const auto kind = claims.at("kind").get<std::string>();
    const json& memberships = claims.at("memberships");
    const json& posts = claims.at("posts");
    if (!memberships.is_array() || !posts.is_array()) throw std::invalid_argument("claim");
    if (kind == "service") {
        identity.kind = ActorKind::service;
        const bool own = identity.actor == "service:" + issuer;
        if (!own || !memberships.empty() || !posts.empty()) throw std::invalid_argument("claim");
        return identity;
    }
    if (kind != "person" || issuer != kPeopleIssuer || !base::is_ulid(identity.actor)) {
        throw std::invalid_argument("claim");
    }
    identity.kind = ActorKind::person;
    for (const json& value : memberships)
        identity.memberships.push_back(membership_from(value));
    for (const json& value : posts)
        identity.posts.push_back(post_from(value));
    return identity;
}

bool live(const json& claims, base::Instant now) {
    const auto issued = claims.at("iat").get<std::int64_t>();
    const auto expires = claims.at("exp").get<std::int64_t>();
    if (issued < 0 || expires <= issued || expires - issued > token_life_s_max) return false;
    return issued <= now.seconds + kSkewSeconds && now.seconds < expires + kSkewSeconds;
}

bool meant_for(const json& claims, const std::string& audience) {
    const json& names = claims.at("aud");
    return names.is_array() && std::ranges::any_of(names, [&](const json& name) {
               return name == "*" || name == audience;
           });
}

}  // namespace

KeyPair new_key_pair() {
    initialise();
    std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
    std::string secret_key(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_keypair(reinterpret_cast<unsigned char*>(public_key.data()),
                        reinterpret_cast<unsigned char*>(secret_key.data()));
    return {base64url(public_key), base64url(secret_key)};
}

Signer::Signer(std::string issuer, std::string secret_key_base64url)
    : issuer_(std::move(issuer)),
      secret_key_(raw_key(secret_key_base64url, crypto_sign_SECRETKEYBYTES,
                          "the signing key is not 64 bytes in base64url")) {}

std::string Signer::sign(const Identity& identity, const std::vector<std::string>& audience,
                         base::Instant machine_now) const {
    assert(identity.kind != ActorKind::anonymous);
    json claims = claims_of(identity);
    claims["iss"] = issuer_;
    claims["aud"] = audience;
    claims["iat"] = machine_now.seconds;
    claims["exp"] = machine_now.seconds + token_life_s_max;
    const std::string text = base64url(claims.dump());
    const std::string message = signed_text(text);
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         bytes(message), message.size(), bytes(secret_key_));
    return text + "." + base64url(signature);
}

std::string Signer::sign_self(const std::vector<std::string>& audience,
                              base::Instant machine_now) const {
    Identity self;
    self.kind = ActorKind::service;
    self.actor = "service:" + issuer_;
    return sign(self, audience, machine_now);
}

Verifier::Verifier(std::string audience, std::map<std::string, std::string> issuers)
    : audience_(std::move(audience)) {
    for (const auto& [name, key] : issuers) {
        issuers_[name] =
            raw_key(key, crypto_sign_PUBLICKEYBYTES, "a public key is not 32 bytes in base64url");
    }
}

base::Result<Identity> Verifier::verify(std::string_view token, base::Instant machine_now) const {
    const auto refused = [](const char* why) { return base::fail("unauthenticated", why); };
    if (token.size() > kTokenBytesMax) return refused("token too long");
    const std::size_t dot = token.find('.');
    if (dot == std::string_view::npos) return refused("no token");
    const std::string_view text = token.substr(0, dot);
    const std::string signature = from_base64url(token.substr(dot + 1));
    if (signature.size() != crypto_sign_BYTES) return refused("no signature");
    try {
        // Read before the signature is checked only to know whose key it must be.
        const auto claims = preau::json::parse(from_base64url(text));
        if (!claims) return refused("no claims");
        const auto issuer = claims->at("iss").get<std::string>();
        const auto key = issuers_.find(issuer);
        if (key == issuers_.end()) return refused("unknown issuer");
        const std::string message = signed_text(text);
        if (crypto_sign_verify_detached(bytes(signature), bytes(message), message.size(),
                                        bytes(key->second)) != 0) {
            return refused("wrong signature");
        }
        if (!live(*claims, machine_now)) return refused("token expired or not yet valid");
        if (!meant_for(*claims, audience_)) return refused("token meant for another service");
        return identity_from(*claims, issuer);
    } catch (const json::exception&) {
        return refused("malformed claims");
    } catch (const std::invalid_argument&) {
        return refused("malformed claims");
    }
}

}  // namespace preau::security
