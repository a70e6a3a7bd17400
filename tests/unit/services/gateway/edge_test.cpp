// What stands between the open net and the pages.
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "services/gateway/edge/answer.hpp"
#include "services/gateway/edge/compress.hpp"
#include "services/gateway/edge/cookies.hpp"
#include "services/gateway/edge/form_guard.hpp"
#include "services/gateway/edge/language.hpp"
#include "services/gateway/edge/local_path.hpp"
#include "services/gateway/edge/lru.hpp"
#include "services/gateway/edge/proxy.hpp"
#include "services/gateway/edge/urlencoded.hpp"
#include "shared/base/clock.hpp"
#include "shared/security/token.hpp"

namespace preau::gateway {
namespace {

TEST(LocalPath, local_path__stays_on_this_host) {
    for (const auto* path : {"/", "/salles/gymnase", "/demande/nouvelle?offer_id=1&date=2026-12-01",
                             "/a#b", "/%2F%2Fevil.example"}) {
        EXPECT_TRUE(is_local_path(path)) << path;
    }
}

// S134
TEST(LocalPath, local_path__other_host_or_scheme__is_refused) {
    for (const auto* path :
         {"", "evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
          "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n//evil.example",
          "/a\\b", " /", "/ a", "/\x7f", "/a\"b", "/<b>"}) {
        EXPECT_FALSE(is_local_path(path)) << path;
    }
    EXPECT_FALSE(is_local_path("/" + std::string(2'000, 'a')));
    EXPECT_EQ(local_path_or("//evil.example", "/"), "/");
}

TEST(Cookies, cookie_value__finds_exact_name_only) {
    EXPECT_EQ(cookie_value("a=1; preau_session=tok-en_1; b=2", "preau_session"), "tok-en_1");
    EXPECT_EQ(cookie_value("xpreau_session=1", "preau_session"), std::nullopt);
    EXPECT_EQ(cookie_value("preau_session=", "preau_session"), std::nullopt);
    EXPECT_EQ(cookie_value("preau_session=a b", "preau_session"), std::nullopt);
    EXPECT_EQ(cookie_value("preau_session=\"a\"", "preau_session"), std::nullopt);
}

TEST(Cookies, cookie_value__two_different_values__is_nobody) {
    EXPECT_EQ(cookie_value("s=a; s=b", "s"), std::nullopt);
    EXPECT_EQ(cookie_value("s=a; s=a", "s"), "a");
}

TEST(Cookies, set_cookie__https__is_host_only_and_secure) {
    const auto names = cookie_names("https://reservations.example.fr");
    const auto cookie = set_cookie(names, names.session, "abc", 60);
    EXPECT_EQ(cookie, "__Host-preau=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
    const auto plain = cookie_names("http://127.0.0.1:8080");
    EXPECT_EQ(set_cookie(plain, plain.session, "abc"),
              "preau_session=abc; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Form, parse_form__decodes_fields_and_line_breaks) {
    const auto form = parse_form("a=1+2&b=%C3%A9&c=x%0D%0Ay&a=3&empty=");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->get("a"), "1 2");
    EXPECT_EQ(form->get("b"), "é");
    EXPECT_EQ(form->get("c"), "x\ny");
    EXPECT_EQ(form->all("a").size(), 2U);
    EXPECT_TRUE(form->find("empty"));
}

TEST(Form, parse_form__broken_input__is_refused) {
    for (const auto* body : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "a=%C0%80", "a=%ED%A0%80"}) {
        EXPECT_FALSE(parse_form(body)) << body;
    }
    std::string many;
    for (std::size_t i = 0; i <= form_fields_max; ++i)
        many += "a=1&";
    EXPECT_FALSE(parse_form(many));
}

TEST(Form, query_string__round_trips) {
    const auto text = query_string({{"near", "Saint-Égrève & co"}, {"x", "a=b+c/d"}});
    EXPECT_EQ(text, "near=Saint-%C3%89gr%C3%A8ve%20%26%20co&x=a%3Db%2Bc%2Fd");
    EXPECT_EQ(parse_form(text)->get("near"), "Saint-Égrève & co");
}

net::Request from(std::initializer_list<std::pair<const char*, const char*>> headers) {
    net::Request request;
    for (const auto& [name, value] : headers)
        request.headers.add(name, value);
    return request;
}

TEST(FormGuard, check__own_token_and_origin__passes) {
    const FormGuard guard(std::string(32, 'k'), "https://reservations.example.fr/");
    const auto token = guard.token("session-1");
    EXPECT_TRUE(guard.check(from({}), token, "session-1"));
    EXPECT_TRUE(guard.check(from({{"origin", "https://reservations.example.fr"},
                                  {"sec-fetch-site", "same-origin"},
                                  {"host", "reservations.example.fr"}}),
                            token, "session-1"));
    EXPECT_TRUE(guard.check(from({{"origin", "http://127.0.0.1:8080"}, {"host", "127.0.0.1:8080"}}),
                            token, "session-1"));
    EXPECT_NE(token, guard.token("session-1"));  // masked anew each time
}

TEST(FormGuard, check__forged__is_refused) {
    const FormGuard guard(std::string(32, 'k'), "https://reservations.example.fr");
    const FormGuard other(std::string(32, 'x'), "https://reservations.example.fr");
    const auto token = guard.token("session-1");
    EXPECT_FALSE(guard.check(from({}), token, "session-2"));
    EXPECT_FALSE(guard.check(from({}), other.token("session-1"), "session-1"));
    EXPECT_FALSE(guard.check(from({}), "", "session-1"));
    EXPECT_FALSE(guard.check(from({}), ".", "session-1"));
    EXPECT_FALSE(guard.check(from({}), guard.token(""), ""));
    EXPECT_FALSE(
        guard.check(from({{"origin", "https://evil.example"}, {"host", "reservations.example.fr"}}),
                    token, "session-1"));
    EXPECT_FALSE(guard.check(from({{"origin", "null"}, {"host", "x"}}), token, "session-1"));
    EXPECT_FALSE(guard.check(from({{"sec-fetch-site", "cross-site"}}), token, "session-1"));
    EXPECT_FALSE(guard.check(from({{"sec-fetch-site", "same-site"}}), token, "session-1"));
}

TEST(Language, choose_language__cookie_then_browser_then_french) {
    EXPECT_EQ(choose_language("en", "fr"), Language::en);
    EXPECT_EQ(choose_language("", "en-GB,en;q=0.9,fr;q=0.5"), Language::en);
    EXPECT_EQ(choose_language("", "fr-FR,fr;q=0.9,en;q=0.8"), Language::fr);
    EXPECT_EQ(choose_language("", "de,en;q=0.3"), Language::en);
    EXPECT_EQ(choose_language("", ""), Language::fr);
    EXPECT_EQ(choose_language("xx", "zz;q=bad"), Language::fr);
}

TEST(Compress, accepts_gzip__reads_the_header) {
    EXPECT_TRUE(accepts_gzip("gzip, deflate, br"));
    EXPECT_TRUE(accepts_gzip("br;q=1.0, gzip;q=0.8"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0"));
    EXPECT_FALSE(accepts_gzip("identity"));
    EXPECT_LT(gzip(std::string(10'000, 'a'), 5).size(), 200U);
}

TEST(Lru, put__beyond_the_bound__forgets_the_least_used) {
    LruCache<int> cache(2);
    const auto now = std::chrono::steady_clock::now();
    const auto later = now + std::chrono::seconds{5};
    cache.put("a", 1, later);
    cache.put("b", 2, later);
    EXPECT_EQ(cache.find("a", now), 1);
    cache.put("c", 3, later);
    EXPECT_EQ(cache.find("b", now), std::nullopt);
    EXPECT_EQ(cache.find("a", now), 1);
    EXPECT_EQ(cache.find("a", later), std::nullopt);
    EXPECT_EQ(cache.size(), 1U);
}

TEST(Proxy, proxy_target__public_operations__lead_to_their_service) {
    const auto target = proxy_target("/api/booking/v1/bookings/01ABC/accept?x=a%20b");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->service, "booking");
    EXPECT_EQ(target->target, "/v1/bookings/01ABC/accept?x=a%20b");
    EXPECT_TRUE(proxy_target("/api/search/v1/search?near=Voiron"));
    EXPECT_TRUE(proxy_target("/api/inventory/v1/spaces/gymnase-la-garenne"));
    EXPECT_TRUE(proxy_target("/api/accounts/v1/me"));
    EXPECT_TRUE(proxy_target("/api/payment/v1/payments?booking_id=1"));
}

// Feeds, metrics and health of inner services are nobody's business.
TEST(Proxy, proxy_target__anything_else__leads_nowhere) {
    for (const auto* path : {"/api/booking/events?after=0",
                             "/api/booking/snapshot",
                             "/api/booking/metrics",
                             "/api/booking/healthz",
                             "/api/booking/v1",
                             "/api/booking/v1/",
                             "/api/booking/v2/x",
                             "/api/notification/v1/mailbox",
                             "/api/gateway/v1/x",
                             "/api/booking/v1/../events",
                             "/api/booking/v1/bookings/../../snapshot",
                             "/api/booking/v1/%2e%2e/events",
                             "/api/booking/v1/a%2Fb",
                             "/api/booking/v1//events",
                             "/api/booking/v1/./x",
                             "/api//v1/x",
                             "/api/Booking/v1/x",
                             "/api/booking/v1/x/",
                             "/apix/booking/v1/x",
                             "/api/accounts/v1/identity-tokens",
                             "/api/accounts/v1/sessions",
                             "/api/accounts/v1/sessions/current",
                             "/api/booking@evil/v1/x"}) {
        EXPECT_FALSE(proxy_target(path)) << path;
    }
}

TEST(Proxy, bearer_token__only_plain_bearer_counts) {
    EXPECT_EQ(bearer_token(from({{"authorization", "Bearer abc-1"}})), "abc-1");
    EXPECT_EQ(bearer_token(from({{"authorization", "bearer abc-1"}})), "abc-1");
    EXPECT_EQ(bearer_token(from({})), std::nullopt);
    EXPECT_EQ(bearer_token(from({{"authorization", "Basic abc"}})), "");
    EXPECT_EQ(bearer_token(from({{"authorization", "Bearer a b"}})), "");
    EXPECT_EQ(bearer_token(from({{"cookie", "preau_session=abc"}})), std::nullopt);
}

TEST(Finisher, form_action__names_the_checkout_and_nothing_else) {
    net::Response plain;
    Finisher(false).add_security_headers(plain);
    net::Response paying;
    Finisher(false, {"https://checkout.example"}).add_security_headers(paying);
    const auto policy = [](const net::Response& response) {
        for (const auto& [name, value] : response.headers) {
            if (name == "Content-Security-Policy") return value;
        }
        return std::string{};
    };
    EXPECT_NE(policy(plain).find("form-action 'self'; base-uri"), std::string::npos);
    EXPECT_NE(policy(paying).find("form-action 'self' https://checkout.example; base-uri"),
              std::string::npos);
}

// The provider's notifications reach payment as they came; other paths and methods do not.
TEST(Proxy, webhook__goes_to_payment_with_its_signature_only) {
    base::MachineClock clock;
    const security::Signer signer("gateway", security::new_key_pair().secret_key);
    const host::Peers none({{"accounts", {"http://127.0.0.1:1", ""}}}, &signer, &clock);
    Sessions sessions(none);
    Proxy proxy(none, sessions);
    net::Router router;
    proxy.add_routes(router);
    EXPECT_NE(router.find(net::Method::post, "/webhooks/stripe/connect").route, nullptr);
    EXPECT_NE(router.find(net::Method::post, "/webhooks/stripe/platform").route, nullptr);
    EXPECT_EQ(router.find(net::Method::post, "/webhooks/stripe/other").route, nullptr);
    EXPECT_EQ(router.find(net::Method::get, "/webhooks/stripe/connect").route, nullptr);
    EXPECT_TRUE(
        router.find(net::Method::post, "/webhooks/stripe/connect").route->options.never_shed);
    net::Request request;
    request.method = net::Method::post;
    request.path = "/webhooks/stripe/connect";
    EXPECT_EQ(proxy.notify_payment(request).status, 404);  // an installation without payment
    const host::Peers silent({{"payment", {"http://127.0.0.1:1", ""}}}, &signer, &clock);
    Proxy to_silent(silent, sessions);
    EXPECT_EQ(to_silent.notify_payment(request).status, 503);  // the provider tries again
}

}  // namespace
}  // namespace preau::gateway
