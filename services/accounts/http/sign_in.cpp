// Sessions, identity tokens and passwords.
#include <algorithm>

#include "services/accounts/http/permissions.hpp"
#include "services/accounts/http/routes.hpp"
#include "services/accounts/http/views.hpp"
#include "shared/json/fields.hpp"
#include "shared/observe/log.hpp"
#include "shared/security/digest.hpp"
#include "shared/security/token.hpp"

namespace preau::accounts {
namespace {

using nlohmann::json;

constexpr std::size_t kTokenLengthMax = 100;
constexpr std::size_t kAudienceMax = 8;

net::Response private_answer(net::Response response) {
    return std::move(response.with("Cache-Control", "no-store"));
}

// A password is taken as it was typed: neither trimmed nor normalised.
std::string read_password(const json& body, json::const_iterator at, preau::json::Fields& in) {
    if (at == body.end() || !at->is_string() || at->get_ref<const std::string&>().empty()) {
        in.refuse("password", "required");
        return {};
    }
    if (at->get_ref<const std::string&>().size() > password_bytes_max) {
        in.refuse("password", "length", std::to_string(password_bytes_max));
        return {};
    }
    return at->get<std::string>();
}

struct SignIn {
    std::string email;
    std::string password;
};

base::Result<SignIn> read_sign_in(const net::Request& request) {
    const auto body = request.json();
    if (!body) return std::unexpected(body.error());
    preau::json::Fields in(*body);
    const std::string typed = in.text("email", {.length_min = 1, .length_max = 254});
    const auto email = normalised_email(typed);
    if (!email) in.refuse("email", "format");
    SignIn out{email.value_or(std::string()), {}};
    if (body->is_object()) out.password = read_password(*body, body->find("password"), in);
    if (auto bad = in.errors()) return std::unexpected(*bad);
    return out;
}

std::optional<std::string> bearer(const net::Request& request) {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view header = request.headers.get("authorization");
    if (header.size() <= kScheme.size() || header.size() > kScheme.size() + kTokenLengthMax ||
        !header.starts_with(kScheme)) {
        return std::nullopt;
    }
    return std::string(header.substr(kScheme.size()));
}

net::Response too_many(std::int64_t wait_s) {
    return net::Response::problem({"too_many_requests", {}, {}}, {{"retry_after_s", wait_s}})
        .with("Retry-After", std::to_string(wait_s));
}

net::Response busy(const base::Error& error) {
    return net::Response::problem(error).with("Retry-After", "2");
}

}  // namespace

// Unknown address, no password set, wrong password: one answer, after the same work.
net::Response create_session(const Context& context, const net::Request& request) {
    const auto typed = read_sign_in(request);
    if (!typed) return net::Response::problem(typed.error());
    const std::string account_key = security::sha256_hex("sign-in:" + typed->email);
    const auto wait_s = context.store.take_try(account_key, context.machine_clock.now());
    if (!wait_s) return net::Response::problem(wait_s.error());
    if (*wait_s) return too_many(**wait_s);

    const auto credential = context.store.credential(typed->email);
    if (!credential) return net::Response::problem(credential.error());
    const std::string hash = *credential ? (*credential)->password_hash : std::string();
    const auto right = context.gate.check(typed->password, hash);
    if (!right) return busy(right.error());
    if (!*right || !*credential) return net::Response::problem({"bad_credentials", {}, {}});

    const Person& person = (*credential)->person;
    const base::Instant now = context.machine_clock.now();
    const std::string token = security::random_token();
    const Session session{security::sha256_hex(token), person.id, now, now};
    if (const auto opened = context.store.open_session(session, account_key); !opened) {
        return net::Response::problem(opened.error());
    }
    observe::log(observe::Level::info, "accounts.signed_in", {{"person_id", person.id.str()}});
    return private_answer(
        net::Response::json({{"session_token", token},
                             {"expires_at", moment(expires_at(session))},
                             {"person", {{"id", person.id.str()}, {"name", person.name}}}},
                            201));
}

net::Response delete_session(const Context& context, const net::Request& request) {
    const auto token = bearer(request);
    if (!token) return net::Response::problem({"unauthenticated", {}, {}});
    const auto closed = context.store.close_session(security::sha256_hex(*token));
    if (!closed) return net::Response::problem(closed.error());
    return private_answer(net::Response::empty());  // an unknown session is as good as ended
}

namespace {

struct Exchange {
    std::string session_token;
    std::vector<std::string> audience;
};

bool is_service_name(const std::string& name) {
    return !name.empty() && name.size() <= 20 &&
           std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
}

base::Result<Exchange> read_exchange(const net::Request& request) {
    const auto body = request.json();
    if (!body) return std::unexpected(body.error());
    preau::json::Fields in(*body);
    Exchange out{in.text("session_token", {.length_min = 1, .length_max = kTokenLengthMax}), {}};
    const auto names = body->is_object() ? body->find("audience") : body->end();
    if (body->is_object() && (names == body->end() || !names->is_array() || names->empty())) {
        in.refuse("audience", "required");
    } else if (body->is_object()) {
        for (const json& name : *names) {
            if (name.is_string()) out.audience.push_back(name.get<std::string>());
        }
        const bool good = out.audience.size() == names->size() &&
                          out.audience.size() <= kAudienceMax &&
                          std::ranges::all_of(out.audience, is_service_name);
        if (!good) in.refuse("audience", "format");
    }
    if (auto bad = in.errors()) return std::unexpected(*bad);
    return out;
}

}  // namespace

net::Response exchange_session(const Context& context, const net::Request& request) {
    const auto caller = context.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    if (!may_exchange_sessions(*caller)) {
        const bool anonymous = caller->kind == security::ActorKind::anonymous;
        return net::Response::problem({anonymous ? "unauthenticated" : "forbidden", {}, {}});
    }
    const auto asked = read_exchange(request);
    if (!asked) return net::Response::problem(asked.error());

    const base::Instant now = context.machine_clock.now();
    const std::string hash = security::sha256_hex(asked->session_token);
    const auto found = context.store.session(hash);
    if (!found) return net::Response::problem(found.error());
    if (!*found || !is_live(**found, now)) {
        return net::Response::problem({"unauthenticated", "no such session", {}});
    }
    Session session = **found;
    const auto profile = context.store.profile(session.person);
    if (!profile) return net::Response::problem(profile.error());
    if (!*profile) return net::Response::problem({"unauthenticated", "no such session", {}});
    if (needs_touch(session, now)) {
        if (const auto done = context.store.touch_session(hash, now); !done) {
            return net::Response::problem(done.error());
        }
        session.last_seen_at = now;
    }
    return private_answer(
        net::Response::json({{"token", context.sign(identity_of(**profile), asked->audience, now)},
                             {"expires_at", moment(now + security::token_life_s_max)},
                             {"person_id", session.person.str()},
                             {"session_expires_at", moment(expires_at(session))}}));
}

// The token is its own idempotency key: it works once.
net::Response set_password(const Context& context, const net::Request& request) {
    const auto body = request.json();
    if (!body) return net::Response::problem(body.error());
    preau::json::Fields in(*body);
    const std::string token = in.text("token", {.length_min = 1, .length_max = kTokenLengthMax});
    std::string password;
    if (body->is_object()) password = read_password(*body, body->find("password"), in);
    if (auto bad = in.errors()) return net::Response::problem(*bad);

    const base::Instant now = context.machine_clock.now();
    const std::string token_hash = security::sha256_hex(token);
    const auto owner = context.store.password_token_owner(token_hash, now);
    if (!owner) return net::Response::problem(owner.error());
    const base::Error unknown{"invalid", {}, {{"/token", "unknown", {}}}};
    if (!*owner) return net::Response::problem(unknown);
    if (const auto good = check_new_password(password, (*owner)->email); !good) {
        return net::Response::problem(good.error());
    }
    const auto hash = context.gate.hash(password);
    if (!hash) return busy(hash.error());
    const auto used = context.store.use_password_token(token_hash, *hash, now);
    if (!used) return net::Response::problem(used.error());
    if (!*used) return net::Response::problem(unknown);
    observe::log(observe::Level::info, "accounts.password_set",
                 {{"person_id", (*owner)->id.str()}});
    return private_answer(net::Response::empty());
}

}  // namespace preau::accounts
