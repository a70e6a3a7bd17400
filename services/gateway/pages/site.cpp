#include "services/gateway/pages/site.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "services/gateway/edge/language.hpp"
#include "services/gateway/edge/local_path.hpp"
#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/frame.hpp"
#include "shared/base/id.hpp"
#include "shared/json/problem.hpp"
#include "shared/observe/log.hpp"
#include "shared/security/digest.hpp"

namespace preau::gateway {

namespace {

constexpr std::int64_t kLanguageCookieLife_s = 180LL * 24 * 3'600;
constexpr std::chrono::seconds kLenderLife{60};
constexpr std::size_t kLendersMax = 8;

bool is_read(net::Method method) {
    return method == net::Method::get || method == net::Method::head;
}

/// The path of the page that holds the form, from the Referer of the same host; else the form's
/// own.
std::string page_of_form(const net::Request& request) {
    const auto referer = request.headers.get("referer");
    const auto scheme = referer.find("://");
    if (scheme == std::string_view::npos) return "/";
    const auto rest = referer.substr(scheme + 3);
    const auto slash = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, slash) != request.headers.get("host")) return "/";
    return local_path_or(rest.substr(slash), "/");
}

}  // namespace

Site::Site(const SiteOptions& options, const host::Peers& peers, Sessions& sessions,
           const base::Clock& clock, Renderer renderer, Catalogue french, Catalogue english)
    : options_(options),
      peers_(peers),
      sessions_(sessions),
      clock_(clock),
      renderer_(std::move(renderer)),
      french_(std::move(french)),
      english_(std::move(english)),
      cookies_(cookie_names(options.public_url)),
      guard_(options.form_key, options.public_url),
      finisher_(cookies_.secure, options.checkout_origins),
      lenders_(kLendersMax) {
    renderer_.add_catalogue(french_);
    renderer_.add_catalogue(english_);
}

base::Result<std::unique_ptr<Site>> Site::load(const SiteOptions& options, const host::Peers& peers,
                                               Sessions& sessions, const base::Clock& clock) {
    const auto frontend = options.home / "frontend";
    auto renderer = Renderer::load(frontend / "templates");
    if (!renderer) return std::unexpected(renderer.error());
    auto french = Catalogue::load(Language::fr, frontend / "messages" / "fr.json");
    if (!french) return std::unexpected(french.error());
    auto english = Catalogue::load(Language::en, frontend / "messages" / "en.json");
    if (!english) return std::unexpected(english.error());

    std::unique_ptr<Site> site(new Site(options, peers, sessions, clock, std::move(*renderer),
                                        std::move(*french), std::move(*english)));
    if (auto read = site->files_.add_joined("site.css", frontend / "styles", ".css"); !read) {
        return std::unexpected(read.error());
    }
    for (const auto* folder : {"assets", "dist"}) {
        if (auto read = site->files_.add_folder(frontend / folder); !read) {
            return std::unexpected(read.error());
        }
    }
    std::ifstream robots(frontend / "assets" / "robots.txt", std::ios::binary);
    site->robots_.assign(std::istreambuf_iterator<char>(robots), {});
    return site;
}

const Catalogue& Site::catalogue(Language language) const {
    return language == Language::en ? english_ : french_;
}

Language Site::language_of(const net::Request& request) const {
    const auto chosen = cookie_value(request.headers.get("cookie"), cookies_.language).value_or("");
    return choose_language(chosen, request.headers.get("accept-language"));
}

void Site::add(net::Router& router, net::Method method, std::string pattern, std::string operation,
               PageFn page, Access access, std::string section, const net::RouteOptions& options) {
    methods_[pattern].insert(method);
    router.add(
        method, std::move(pattern), std::move(operation),
        [this, page = std::move(page), access, section = std::move(section)](
            const net::Request& request) { return serve(request, page, access, section); },
        options);
}

Visit Site::visit_of(const net::Request& request) const {
    const auto& words = catalogue(language_of(request));
    return Visit{request,
                 words,
                 Format(words),
                 clock_.now(),
                 std::make_shared<const PeerBackend>(peers_, request, std::string{}),
                 nullptr,
                 nullptr,
                 {},
                 {}};
}

base::Result<void> Site::identify(Visit& visit, bool required) {
    const auto token = cookie_value(visit.request.headers.get("cookie"), cookies_.session);
    if (!token) return {};
    auto caller = sessions_.find(*token, visit.request);
    // Public pages stay readable, as for a stranger, while accounts does not answer.
    if (!caller)
        return required ? base::Result<void>(std::unexpected(caller.error()))
                        : base::Result<void>{};
    if (*caller == nullptr) return {};
    auto me = sessions_.me(**caller, visit.request);
    if (!me)
        return required ? base::Result<void>(std::unexpected(me.error())) : base::Result<void>{};
    visit.caller = std::move(*caller);
    visit.backend =
        std::make_shared<const PeerBackend>(peers_, visit.request, visit.caller->identity_token);
    visit.me = std::move(*me);
    return {};
}

base::Result<void> Site::read_form(Visit& visit) const {
    const auto& request = visit.request;
    const auto type = request.headers.get("content-type");
    if (!multipart_boundary(type).empty()) {
        auto parts = parse_multipart(type, request.body);
        if (!parts) return std::unexpected(parts.error());
        for (auto& part : *parts) {
            if (part.is_file) {
                visit.files.push_back(std::move(part));
            } else if (is_utf8(part.body)) {
                visit.form.add(std::move(part.name), std::move(part.body));
            } else {
                return base::fail("bad_request", "a form field cannot be read");
            }
        }
    } else if (type.starts_with("application/x-www-form-urlencoded")) {
        auto form = parse_form(request.body);
        if (!form) return std::unexpected(form.error());
        visit.form = std::move(*form);
    } else {
        return base::fail("unsupported_media_type", "forms are sent urlencoded or as parts");
    }
    const auto visitor = cookie_value(request.headers.get("cookie"), cookies_.visitor).value_or("");
    const auto& secret = visit.caller ? visit.caller->session_token : visitor;
    return guard_.check(request, visit.form.get("csrf"), secret);
}

net::Response Site::to_sign_in(const net::Request& request) const {
    const auto back =
        is_read(request.method) ? local_path_or(request.target, "/") : page_of_form(request);
    auto response = net::Response::redirect("/connexion?return_to=" + percent_encode(back));
    finisher_.finish(request, response, Caching::none);
    return response;
}

net::Response Site::serve(const net::Request& request, const PageFn& page, Access access,
                          const std::string& section) {
    try {
        return serve_unguarded(request, page, access, section);
    } catch (const std::exception& thrown) {
        return error(request, {"internal", thrown.what(), {}});
    }
}

net::Response Site::serve_unguarded(const net::Request& request, const PageFn& page, Access access,
                                    const std::string& section) {
    const bool required = access == Access::signed_in;
    auto visit = visit_of(request);
    if (auto known = identify(visit, required); !known) return error(request, known.error());
    if (required && !visit.signed_in()) return to_sign_in(request);
    if (!is_read(request.method)) {
        if (auto form = read_form(visit); !form) return error(request, form.error());
    }
    auto reply = page(visit);
    if (!reply) {
        // The identity ended between two calls, or the page asked for what needs one.
        if (reply.error().code == "unauthenticated" && !visit.signed_in()) {
            return to_sign_in(request);
        }
        return error(request, reply.error());
    }
    return answer(visit, std::move(*reply), section);
}

net::Response Site::answer(Visit& visit, Reply reply, const std::string& section) {
    const auto& request = visit.request;
    if (!reply.location.empty()) {
        auto response = net::Response::redirect(reply.location);
        for (auto& cookie : reply.cookies)
            response.with("Set-Cookie", std::move(cookie));
        finisher_.finish(request, response, Caching::none);
        return response;
    }
    if (!reply.file_name.empty()) {
        net::Response response;
        response.content_type = reply.file.content_type;
        response.body = std::move(reply.file.body);
        response.with("Content-Disposition", "attachment; filename=\"" + reply.file_name + "\"");
        finisher_.finish(request, response, Caching::none);
        return response;
    }
    // Forms of anonymous pages (sign-in) are bound to a random cookie.
    std::string secret = visit.caller ? visit.caller->session_token : std::string{};
    if (secret.empty() && reply.view == "sign_in") {
        secret = cookie_value(request.headers.get("cookie"), cookies_.visitor).value_or("");
        if (secret.empty()) {
            secret = security::random_token(18);
            reply.cookies.push_back(set_cookie(cookies_, cookies_.visitor, secret));
        }
        reply.caching = Caching::none;
    }
    auto model = frame(visit, section, secret);
    model.update(reply.model);
    auto response = net::Response::html(renderer_.render(reply.view, visit.words.language(), model),
                                        reply.status);
    response.with("Content-Language", std::string(to_string(visit.words.language())));
    for (auto& cookie : reply.cookies)
        response.with("Set-Cookie", std::move(cookie));
    finisher_.finish(request, response, visit.signed_in() ? Caching::none : reply.caching);
    return response;
}

nlohmann::json Site::lender(const Visit& visit) {
    const auto key = std::string(to_string(visit.words.language()));
    const auto now = std::chrono::steady_clock::now();
    if (auto known = lenders_.find(key, now)) return **known;
    const auto bodies = visit.backend->get("accounts", "/v1/bodies");
    auto model = std::make_shared<const nlohmann::json>(
        lender_view(visit.words.language(), bodies ? *bodies : nlohmann::json{}));
    // Without accounts the name is missing for a moment, not for a minute.
    lenders_.put(key, model, now + (bodies ? kLenderLife : std::chrono::seconds{2}));
    return *model;
}

nlohmann::json Site::frame(const Visit& visit, const std::string& section,
                           std::string_view secret) {
    auto model = frame_view(visit, section);
    model["asset"] = {{"css", files_.url("site.css")},
                      {"sprite", files_.url("sprite.svg")},
                      {"map", files_.url("isere.svg")},
                      {"drawings", files_.url("drawings.svg")},
                      {"favicon", files_.url("favicon.svg")}};
    model["csrf"] = secret.empty() ? "" : guard_.token(secret);
    model["idempotency_key"] = base::new_ulid();
    model["demo"] = options_.demonstration;
    model["body"] = lender(visit);
    return model;
}

net::Response Site::error(const net::Request& request, const base::Error& error) {
    const int status = json::problem_kind(error.code).status;
    if (status >= 500) {
        observe::log(observe::Level::warn, "page.failed",
                     {{"code", error.code}, {"detail", error.detail}, {"path", request.path}});
    }
    const bool api = request.path.starts_with("/api/");
    if (api || !wants_html(request)) {
        auto response = net::Response::problem(error);
        finisher_.finish(request, response, Caching::none);
        return response;
    }
    auto visit = visit_of(request);
    // Who is signed in stays visible, unless accounts is what fails.
    if (status != 503) (void)identify(visit, false);
    auto model = frame(visit, "", visit.caller ? visit.caller->session_token : "");
    model.update(error_view(visit, status, error));
    auto response =
        net::Response::html(renderer_.render("error", visit.words.language(), model), status);
    if (status == 503) response.with("Retry-After", "5");
    finisher_.finish(request, response, Caching::none);
    return response;
}

net::Response Site::switch_language(const net::Request& request) const {
    const auto wanted = request.params.get("language");
    auto response = net::Response::redirect(local_path_or(request.query.get("retour"), "/"));
    if (wanted == "fr" || wanted == "en") {
        response.with("Set-Cookie",
                      set_cookie(cookies_, cookies_.language, wanted, kLanguageCookieLife_s));
    }
    finisher_.finish(request, response, Caching::none);
    return response;
}

net::Response Site::security_text(const net::Request& request) const {
    net::Response response;
    response.content_type = "text/plain; charset=utf-8";
    // The file must name its end (RFC 9116); it is made anew at each request.
    constexpr std::int64_t kLife_s = 180LL * 24 * 3'600;
    static const auto utc = time::Zone::find("UTC");
    const auto until = base::MachineClock().now() + kLife_s;
    response.body = "Contact: " + options_.security_contact +
                    "\nExpires: " + (utc ? *utc : time::Zone::paris()).rfc3339(until) +
                    "\nPreferred-Languages: fr, en\n";
    finisher_.finish(request, response, Caching::shared);
    return response;
}

void Site::close(net::Router& router) {
    for (const auto& [pattern, known] : methods_) {
        std::string allow;
        for (const auto method : known) {
            if (!allow.empty()) allow += ", ";
            allow += net::to_string(method);
        }
        for (const auto method : {net::Method::get, net::Method::post, net::Method::put,
                                  net::Method::patch, net::Method::del}) {
            if (known.contains(method)) continue;
            router.add(
                method, pattern, "method_not_allowed", [this, allow](const net::Request& request) {
                    return error(request, {"method_not_allowed", {}, {}}).with("Allow", allow);
                });
        }
    }
    router.set_fallback(
        [this](const net::Request& request) { return error(request, {"not_found", {}, {}}); });
    router.wrap([this](const net::Route& route) -> net::Handler {
        return [this, inner = route.handler](const net::Request& request) {
            auto response = inner(request);
            finisher_.add_security_headers(response);
            return response;
        };
    });
}

void Site::add_files(net::Router& router) {
    router.add(net::Method::get, "/static/{name...}", "static_file",
               [this](const net::Request& request) {
                   auto response = files_.answer(request, finisher_, request.params.get("name"));
                   return response.status == 404 ? error(request, {"not_found", {}, {}}) : response;
               },
               {.run_on = net::RunOn::io_thread});
    router.add(net::Method::get, "/favicon.ico", "favicon", [this](const net::Request& request) {
        auto response = net::Response::redirect(files_.url("favicon.svg"));
        response.status = 302;
        finisher_.finish(request, response, Caching::none);
        return response;
    });
    router.add(net::Method::get, "/robots.txt", "robots", [this](const net::Request& request) {
        net::Response response;
        response.content_type = "text/plain; charset=utf-8";
        response.body = robots_;
        finisher_.finish(request, response, Caching::shared);
        return response;
    });
    if (!options_.security_contact.empty()) {
        router.add(net::Method::get, "/.well-known/security.txt", "security_text",
                   [this](const net::Request& request) { return security_text(request); });
    }
    router.add(net::Method::get, "/langue/{language}", "switch_language",
               [this](const net::Request& request) { return switch_language(request); });
}

}  // namespace preau::gateway
