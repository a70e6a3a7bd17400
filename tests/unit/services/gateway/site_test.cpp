// Whole requests through the site, with no other service answering.
#include "services/gateway/pages/pages.hpp"
#include "shared/security/token.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

class SiteTest : public testing::Test {
protected:
    SiteTest() {
        SiteOptions options;
        options.home = PREAU_SOURCE_DIR;
        options.public_url = "http://127.0.0.1:8080";
        options.form_key = std::string(32, 'k');
        options.demonstration = true;
        auto loaded = Site::load(options, peers_, sessions_, clock_);
        if (!loaded) throw std::runtime_error(loaded.error().detail);
        site_ = std::move(*loaded);
        site_->add_files(router_);
        add_home_pages(*site_, router_, directory_);
        add_sign_in_pages(*site_, router_, {});
        add_follow_up_pages(*site_, router_);
        add_text_pages(*site_, router_);
        site_->close(router_);
    }

    net::Response get(const std::string& target) { return send(net::Method::get, target); }

    net::Response send(net::Method method, const std::string& target, std::string body = {}) {
        net::Request request;
        request.method = method;
        request.target = target;
        request.path = target.substr(0, target.find('?'));
        request.body = std::move(body);
        request.headers = headers_;
        request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
        if (const auto at = target.find("retour="); at != std::string::npos) {
            request.query.add("retour", target.substr(at + 7));
        }
        const auto match = router_.find(method, request.path);
        request.params = match.params;
        return match.route != nullptr ? match.route->handler(request) : router_.fallback()(request);
    }

    void browser() { headers_.add("accept", "text/html,*/*"); }

    static std::string header(const net::Response& response, std::string_view name) {
        for (const auto& [known, value] : response.headers) {
            if (known == name) return value;
        }
        return {};
    }

    base::FixedClock clock_{test::noon()};
    security::Signer signer_{"gateway", security::new_key_pair().secret_key};
    // Nothing listens on port 1.
    host::Peers peers_{{{"accounts", {"http://127.0.0.1:1", ""}},
                        {"inventory", {"http://127.0.0.1:1", ""}},
                        {"search", {"http://127.0.0.1:1", ""}},
                        {"booking", {"http://127.0.0.1:1", ""}}},
                       &signer_,
                       &clock_};
    Sessions sessions_{peers_};
    Directory directory_;
    net::Router router_;
    net::Pairs headers_;
    std::unique_ptr<Site> site_;
};

TEST_F(SiteTest, every_answer__has_the_security_headers) {
    browser();
    for (const auto* path :
         {"/aide", "/nulle-part", "/connexion", "/robots.txt", "/compte/demandes"}) {
        const auto response = get(path);
        EXPECT_NE(header(response, "Content-Security-Policy").find("default-src 'none'"),
                  std::string::npos)
            << path;
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff") << path;
        EXPECT_EQ(header(response, "Referrer-Policy"), "same-origin") << path;
    }
}

TEST_F(SiteTest, home__without_any_service__is_still_a_page) {
    browser();
    const auto response = get("/");
    EXPECT_EQ(response.status, 200);
    EXPECT_SAYS(response.body, "Démonstration");
}

TEST_F(SiteTest, static_pages__are_cached_and_revalidated) {
    browser();
    const auto first = get("/aide");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(header(first, "Cache-Control"), "public, max-age=60");
    headers_.add("if-none-match", header(first, "ETag"));
    const auto second = get("/aide");
    EXPECT_EQ(second.status, 304);
    EXPECT_TRUE(second.body.empty());
}

TEST_F(SiteTest, style_sheet__hashed_address_is_kept_for_a_year) {
    browser();
    const auto page = get("/aide").body;
    const auto at = page.find("/static/site.");
    ASSERT_NE(at, std::string::npos);
    const auto url = page.substr(at, page.find('"', at) - at);
    const auto css = get(url);
    EXPECT_EQ(css.status, 200);
    EXPECT_EQ(header(css, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(get("/static/../messages/fr.json").status, 404);
    EXPECT_EQ(get("/static/nothing.css").status, 404);
}

TEST_F(SiteTest, errors__are_pages_for_browsers_and_problems_for_programs) {
    EXPECT_EQ(get("/nulle-part").content_type, "application/problem+json");
    browser();
    const auto page = get("/nulle-part");
    EXPECT_EQ(page.status, 404);
    EXPECT_SAYS(page.body, "Cette page n’existe pas");
    EXPECT_EQ(send(net::Method::post, "/aide").status, 405);
    EXPECT_EQ(header(send(net::Method::post, "/aide"), "Allow"), "GET");
}

TEST_F(SiteTest, private_page__stranger__is_led_to_sign_in_and_back) {
    browser();
    const auto response = get("/compte/demandes?x=1");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(header(response, "Location"), "/connexion?return_to=%2Fcompte%2Fdemandes%3Fx%3D1");
    EXPECT_EQ(header(response, "Cache-Control"), "no-store");
}

TEST_F(SiteTest, private_page__accounts_down__says_that_a_part_does_not_answer) {
    browser();
    headers_.add("cookie", "preau_session=token");
    const auto response = get("/compte/demandes");
    EXPECT_EQ(response.status, 503);
    EXPECT_SAYS(response.body, "Une partie du service ne répond pas");
}

TEST_F(SiteTest, form__without_its_token__is_refused) {
    browser();
    headers_.add("content-type", "application/x-www-form-urlencoded");
    EXPECT_EQ(send(net::Method::post, "/connexion", "email=a&password=b&csrf=x").status, 403);
}

TEST_F(SiteTest, form__with_the_token_of_its_page__is_read) {
    browser();
    const auto page = get("/connexion");
    const auto cookie = header(page, "Set-Cookie");
    ASSERT_EQ(cookie.substr(0, 15), "preau_visiteur=");
    const auto at = page.body.find("name=\"csrf\" value=\"") + 19;
    const auto token = page.body.substr(at, page.body.find('"', at) - at);
    headers_.add("cookie", cookie.substr(0, cookie.find(';')));
    headers_.add("content-type", "application/x-www-form-urlencoded");
    const auto missing = send(net::Method::post, "/connexion", "email=&password=&csrf=" + token);
    EXPECT_EQ(missing.status, 422);
    EXPECT_SAYS(missing.body, "<title>Erreur : ");
    // With everything there, accounts is asked, and does not answer here.
    EXPECT_EQ(send(net::Method::post, "/connexion", "email=a&password=b&csrf=" + token).status,
              503);
}

TEST_F(SiteTest, language__link__sets_the_cookie_and_comes_back) {
    const auto response = get("/langue/en?retour=/aide");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(header(response, "Location"), "/aide");
    EXPECT_EQ(header(response, "Set-Cookie").substr(0, 9), "langue=en");
    EXPECT_EQ(header(get("/langue/en?retour=//evil.example"), "Location"), "/");
    browser();
    headers_.add("cookie", "langue=en");
    EXPECT_SAYS(get("/aide").body, "<html lang=\"en\">");
}

TEST_F(SiteTest, pages__compressed_for_those_who_accept_it) {
    browser();
    headers_.add("accept-encoding", "gzip");
    const auto response = get("/aide");
    EXPECT_EQ(header(response, "Content-Encoding"), "gzip");
    EXPECT_EQ(response.body.substr(0, 2), "\x1f\x8b");
}

}  // namespace
}  // namespace preau::gateway
