#include "shared/security/token.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sodium.h>

#include "shared/security/digest.hpp"

namespace preau::security {
namespace {

constexpr base::Instant kNow{1'790'000'000};

struct Issuers {
    KeyPair accounts = new_key_pair();
    KeyPair booking = new_key_pair();
    KeyPair stranger = new_key_pair();

    Verifier verifier(std::string audience = "inventory") const {
        return {std::move(audience),
                {{"accounts", accounts.public_key}, {"booking", booking.public_key}}};
    }
};

Identity marie() {
    Identity identity;
    identity.kind = ActorKind::person;
    identity.actor = base::PersonId::seeded(0, "marie").str();
    identity.memberships = {{base::OrganisationId::seeded(0, "judo"), MemberRole::president}};
    identity.posts = {
        {base::BodyId::seeded(0, "isere"),
         StaffRole::manager,
         {base::EstablishmentId::seeded(0, "a"), base::EstablishmentId::seeded(0, "b")}},
        {base::BodyId::seeded(0, "isere"), StaffRole::finance, {}}};
    return identity;
}

std::string code(const base::Result<Identity>& result) {
    return result ? "accepted" : result.error().code;
}

TEST(Token, person__comes_back_whole) {
    const Issuers keys;
    const Signer accounts("accounts", keys.accounts.secret_key);
    const auto identity = keys.verifier().verify(accounts.sign(marie(), {"inventory"}, kNow), kNow);
    ASSERT_TRUE(identity) << identity.error().detail;
    EXPECT_EQ(identity->kind, ActorKind::person);
    EXPECT_EQ(identity->actor, marie().actor);
    ASSERT_EQ(identity->memberships.size(), 1U);
    EXPECT_TRUE(identity->books_for(base::OrganisationId::seeded(0, "judo")));
    ASSERT_EQ(identity->posts.size(), 2U);
    EXPECT_EQ(identity->posts[0].establishments, marie().posts[0].establishments);
    EXPECT_TRUE(identity->posts[1].establishments.empty());
}

TEST(Token, service__speaks_for_itself) {
    const Issuers keys;
    const Signer booking("booking", keys.booking.secret_key);
    const auto identity = keys.verifier().verify(booking.sign_self({"inventory"}, kNow), kNow);
    ASSERT_TRUE(identity);
    EXPECT_TRUE(identity->is_service("booking"));
}

TEST(Token, audience__is_the_service_itself_or_everyone) {
    const Issuers keys;
    const Signer accounts("accounts", keys.accounts.secret_key);
    const auto verify = [&](const std::vector<std::string>& audience) {
        return code(keys.verifier().verify(accounts.sign(marie(), audience, kNow), kNow));
    };
    EXPECT_EQ(verify({"inventory"}), "accepted");
    EXPECT_EQ(verify({"booking", "inventory"}), "accepted");
    EXPECT_EQ(verify({"*"}), "accepted");
    EXPECT_EQ(verify({"booking"}), "unauthenticated");
    EXPECT_EQ(verify({"inventory2"}), "unauthenticated");
    EXPECT_EQ(verify({}), "unauthenticated");
}

TEST(Token, life__ends_after_sixty_seconds_and_the_skew) {
    const Issuers keys;
    const Signer accounts("accounts", keys.accounts.secret_key);
    const std::string token = accounts.sign(marie(), {"*"}, kNow);
    const Verifier verifier = keys.verifier();
    EXPECT_EQ(code(verifier.verify(token, kNow + 60)), "accepted");
    EXPECT_EQ(code(verifier.verify(token, kNow + 64)), "accepted");
    EXPECT_EQ(code(verifier.verify(token, kNow + 65)), "unauthenticated");
    EXPECT_EQ(code(verifier.verify(token, kNow + 3'600)), "unauthenticated");
    EXPECT_EQ(code(verifier.verify(token, kNow + -5)), "accepted");
    EXPECT_EQ(code(verifier.verify(token, kNow + -6)), "unauthenticated");
}

TEST(Token, key_that_is_not_the_issuers__is_refused) {
    const Issuers keys;
    const Verifier verifier = keys.verifier();
    EXPECT_EQ(code(verifier.verify(
                  Signer("accounts", keys.stranger.secret_key).sign(marie(), {"*"}, kNow), kNow)),
              "unauthenticated");
    EXPECT_EQ(code(verifier.verify(
                  Signer("accounts", keys.booking.secret_key).sign(marie(), {"*"}, kNow), kNow)),
              "unauthenticated");
    EXPECT_EQ(code(verifier.verify(
                  Signer("payment", keys.stranger.secret_key).sign_self({"*"}, kNow), kNow)),
              "unauthenticated");
}

TEST(Token, service__may_not_speak_for_a_person_or_for_another_service) {
    const Issuers keys;
    const Verifier verifier = keys.verifier();
    const Signer booking("booking", keys.booking.secret_key);
    EXPECT_EQ(code(verifier.verify(booking.sign(marie(), {"*"}, kNow), kNow)), "unauthenticated");
    Identity gateway;
    gateway.kind = ActorKind::service;
    gateway.actor = "service:gateway";
    EXPECT_EQ(code(verifier.verify(booking.sign(gateway, {"*"}, kNow), kNow)), "unauthenticated");
    EXPECT_EQ(code(verifier.verify(
                  Signer("accounts", keys.accounts.secret_key).sign(gateway, {"*"}, kNow), kNow)),
              "unauthenticated");
    gateway.actor = "service:booking";  // negative control: its own name
    EXPECT_EQ(code(verifier.verify(booking.sign(gateway, {"*"}, kNow), kNow)), "accepted");
    gateway.posts = marie().posts;  // a service has no posts
    EXPECT_EQ(code(verifier.verify(booking.sign(gateway, {"*"}, kNow), kNow)), "unauthenticated");
}

TEST(Token, changed_bytes__are_refused_everywhere) {
    const Issuers keys;
    const std::string token =
        Signer("accounts", keys.accounts.secret_key).sign(marie(), {"*"}, kNow);
    const Verifier verifier = keys.verifier();
    ASSERT_EQ(code(verifier.verify(token, kNow)), "accepted");
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(code(verifier.verify(changed, kNow)), "unauthenticated") << i;
        EXPECT_EQ(code(verifier.verify(token.substr(0, i), kNow)), "unauthenticated") << i;
    }
    EXPECT_EQ(code(verifier.verify(token + "A", kNow)), "unauthenticated");
    EXPECT_EQ(code(verifier.verify(token + "=", kNow)), "unauthenticated");
    EXPECT_EQ(code(verifier.verify(token + ".x", kNow)), "unauthenticated");
    EXPECT_EQ(code(verifier.verify(" " + token, kNow)), "unauthenticated");
}

TEST(Token, claims_of_one_under_the_signature_of_another__are_refused) {
    const Issuers keys;
    const Signer accounts("accounts", keys.accounts.secret_key);
    Identity other = marie();
    other.actor = base::PersonId::seeded(0, "paul").str();
    const std::string one = accounts.sign(marie(), {"*"}, kNow);
    const std::string two = accounts.sign(other, {"*"}, kNow);
    const std::string mixed = one.substr(0, one.find('.')) + two.substr(two.find('.'));
    EXPECT_EQ(code(keys.verifier().verify(mixed, kNow)), "unauthenticated");
}

// Signs any claims as token.cpp does: what a stolen key, or a program of another version, could
// send.
std::string signed_claims(const std::string& claims, const KeyPair& key) {
    const std::string text = base64url(claims);
    const std::string message = "preau identity token v1\n" + text;
    const std::string secret = from_base64url(key.secret_key);
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         reinterpret_cast<const unsigned char*>(secret.data()));
    return text + "." + base64url(signature);
}

TEST(Token, claims_that_break_the_rules__are_refused_under_the_right_key) {
    const Issuers keys;
    const Verifier verifier = keys.verifier();
    const nlohmann::json good = {{"iss", "accounts"},
                                 {"aud", {"inventory"}},
                                 {"iat", kNow.seconds},
                                 {"exp", kNow.seconds + 60},
                                 {"kind", "person"},
                                 {"actor", marie().actor},
                                 {"memberships", nlohmann::json::array()},
                                 {"posts", nlohmann::json::array()}};
    const auto verdict = [&](const std::string& claims) {
        return code(verifier.verify(signed_claims(claims, keys.accounts), kNow));
    };
    ASSERT_EQ(verdict(good.dump()), "accepted");
    const std::vector<std::pair<const char*, nlohmann::json>> changes = {
        {"exp", kNow.seconds + 61},
        {"exp", kNow.seconds},
        {"exp", "never"},
        {"iat", kNow.seconds + 6},
        {"iat", -1},
        {"aud", "inventory"},
        {"aud", nlohmann::json()},
        {"kind", "admin"},
        {"kind", "anonymous"},
        {"kind", "service"},
        {"actor", "service:accounts"},
        {"actor", 7},
        {"memberships", nlohmann::json()},
        {"memberships", {{"x", "president"}}},
        {"memberships", {{marie().memberships[0].organisation.str(), "king"}}},
        {"posts", {{marie().posts[0].body.str(), "manager"}}},
        {"posts", {{marie().posts[0].body.str(), "root", nlohmann::json::array()}}}};
    for (const auto& [name, value] : changes) {
        nlohmann::json changed = good;
        changed[name] = value;
        EXPECT_EQ(verdict(changed.dump()), "unauthenticated") << name << value;
        changed.erase(name);
        EXPECT_EQ(verdict(changed.dump()), "unauthenticated") << name;
    }
    std::string twice = good.dump();
    twice.insert(1, R"("kind":"person",)");
    EXPECT_EQ(verdict(twice), "unauthenticated");  // a duplicate key
}

TEST(Token, text_that_is_no_token__is_refused) {
    const Issuers keys;
    const Verifier verifier = keys.verifier();
    const std::string no_signature = base64url(std::string(64, '\0'));
    const std::vector<std::string> refused = {
        "", ".", "..", "a.b", "Bearer x", std::string(9'000, 'a'), std::string(100, '.'),
        // JSON web tokens with their algorithm tricks: three parts, "none", an HMAC by the public
        // key.
        base64url(R"({"alg":"none"})") + "." + base64url(R"({"iss":"accounts"})") + ".",
        base64url(R"({"alg":"HS256"})") + "." + base64url(R"({"iss":"accounts"})") + "." +
            base64url(hmac_sha256_hex(keys.accounts.public_key, "x")),
        base64url(R"({"alg":"none","iss":"accounts","kind":"person"})") + ".",
        base64url(R"({"alg":"none","iss":"accounts","kind":"person"})") + "." + no_signature,
        base64url("[]") + "." + no_signature, base64url("3") + "." + no_signature,
        base64url(R"({"iss":3})") + "." + no_signature,
        base64url(std::string(5'000, '[')) + "." + no_signature};
    for (const std::string& token : refused) {
        EXPECT_EQ(code(verifier.verify(token, kNow)), "unauthenticated") << token;
    }
}

TEST(Token, refusal__never_quotes_the_token) {
    const Issuers keys;
    const auto refused = keys.verifier().verify("secretsecret.secretsecret", kNow);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, testing::Not(testing::HasSubstr("secret")));
}

TEST(Keys, malformed_keys__are_refused_at_the_start) {
    EXPECT_THROW(Signer("accounts", "x"), std::invalid_argument);
    EXPECT_THROW(Signer("accounts", new_key_pair().public_key), std::invalid_argument);
    EXPECT_THROW(Verifier("a", {{"accounts", ""}}), std::invalid_argument);
}

}  // namespace
}  // namespace preau::security
