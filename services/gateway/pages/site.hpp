#pragma once
// One request of a browser, from its cookies to the finished page. A page is a function from a
// Visit to a Reply; who the visitor is, the language, the form's protection, the frame around the
// page, error pages and headers are handled here once for all pages.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/edge/answer.hpp"
#include "services/gateway/edge/cookies.hpp"
#include "services/gateway/edge/form_guard.hpp"
#include "services/gateway/edge/multipart.hpp"
#include "services/gateway/edge/sessions.hpp"
#include "services/gateway/edge/static_files.hpp"
#include "services/gateway/pages/backend.hpp"
#include "services/gateway/pages/words.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/host/peers.hpp"
#include "shared/net/router.hpp"

namespace preau::gateway {

/// What a page may know of the request that it answers.
struct Visit {
    const net::Request& request;
    const Catalogue& words;
    Format format;
    base::Instant now;                         // business time
    std::shared_ptr<const Backend> backend;    // acts for the visitor
    std::shared_ptr<const Caller> caller;      // null: nobody is signed in
    std::shared_ptr<const nlohmann::json> me;  // accounts' GET /v1/me of the caller
    net::Pairs form;                           // fields of a POST, protection already checked
    std::vector<Part> files;                   // of a multipart form

    bool signed_in() const { return caller != nullptr; }
    std::string_view query(std::string_view name) const { return request.query.get(name); }
    std::string text(std::string_view key) const { return words.text(key); }
    time::Date today() const { return time::Zone::paris().local(now).date; }
};

/// A page (template, model) or a redirection.
struct Reply {
    std::string view;
    nlohmann::json model = nlohmann::json::object();
    int status = 200;
    Caching caching = Caching::revalidate;  // of anonymous visitors' pages
    std::string location;                   // not empty: 303
    std::vector<std::string> cookies;       // Set-Cookie values
    std::string file_name;                  // not empty: a file, `file` is its content
    RawBody file;

    static Reply page(std::string view, nlohmann::json model, int status = 200) {
        Reply reply;
        reply.view = std::move(view);
        reply.model = std::move(model);
        reply.status = status;
        return reply;
    }
    static Reply download(std::string name, RawBody content) {
        Reply reply;
        reply.file_name = std::move(name);
        reply.file = std::move(content);
        return reply;
    }
    static Reply see(std::string location) {
        Reply reply;
        reply.location = std::move(location);
        return reply;
    }
};

using PageFn = std::function<base::Result<Reply>(Visit&)>;

enum class Access { everyone, signed_in };

struct SiteOptions {
    std::filesystem::path home;    // holds frontend/
    std::string public_url;        // PREAU_PUBLIC_URL or empty
    std::string form_key;          // FormGuard's key
    std::string security_contact;  // mailto: or https: of security.txt; empty: no such file
    bool demonstration = false;
    std::vector<std::string> checkout_origins;  // whose pages take payments
};

class Site {
public:
    /// Loads templates, catalogues and static files; fails with a message for the log.
    static base::Result<std::unique_ptr<Site>> load(const SiteOptions& options,
                                                    const host::Peers& peers, Sessions& sessions,
                                                    const base::Clock& clock);

    /// Adds a page; `section` is the member of `nav` that is current there ("" for none).
    void add(net::Router& router, net::Method method, std::string pattern, std::string operation,
             PageFn page, Access access = Access::everyone, std::string section = {},
             const net::RouteOptions& options = {});
    /// /static/…, favicon, robots.txt, security.txt, language links.
    void add_files(net::Router& router);
    /// 405 pages for the other methods of every page, 404 pages for everything else, and security
    /// headers on every answer. After all pages were added.
    void close(net::Router& router);

    /// The answer to a path or act that does not exist or failed: a page for browsers, else a
    /// problem.
    net::Response error(const net::Request& request, const base::Error& error);

    const HeaderList& security_headers() const { return finisher_.security_headers(); }
    const CookieNames& cookies() const { return cookies_; }
    Sessions& sessions() { return sessions_; }
    const Renderer& renderer() const { return renderer_; }
    const Catalogue& catalogue(Language language) const;

private:
    Site(const SiteOptions& options, const host::Peers& peers, Sessions& sessions,
         const base::Clock& clock, Renderer renderer, Catalogue french, Catalogue english);

    net::Response serve(const net::Request& request, const PageFn& page, Access access,
                        const std::string& section);
    net::Response serve_unguarded(const net::Request& request, const PageFn& page, Access access,
                                  const std::string& section);
    net::Response security_text(const net::Request& request) const;
    net::Response answer(Visit& visit, Reply reply, const std::string& section);
    net::Response to_sign_in(const net::Request& request) const;
    base::Result<void> identify(Visit& visit, bool required);
    base::Result<void> read_form(Visit& visit) const;
    nlohmann::json frame(const Visit& visit, const std::string& section, std::string_view secret);
    nlohmann::json lender(const Visit& visit);
    nlohmann::json error_model(const Visit& visit, int status, const base::Error& error) const;
    Visit visit_of(const net::Request& request) const;
    Language language_of(const net::Request& request) const;
    net::Response switch_language(const net::Request& request) const;

    SiteOptions options_;
    const host::Peers& peers_;
    Sessions& sessions_;
    const base::Clock& clock_;
    Renderer renderer_;
    Catalogue french_;
    Catalogue english_;
    CookieNames cookies_;
    FormGuard guard_;
    Finisher finisher_;
    StaticFiles files_;
    std::string robots_;
    std::map<std::string, std::set<net::Method>> methods_;  // of each page's pattern
    LruCache<std::shared_ptr<const nlohmann::json>> lenders_;
};

}  // namespace preau::gateway
