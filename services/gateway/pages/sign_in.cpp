// Signing in and out.
#include <algorithm>
#include <fstream>

#include "services/gateway/edge/local_path.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

constexpr std::size_t kDemoAccountsMax = 8;
/// As long as a session can live at most; accounts ends it earlier when it is not used.
constexpr std::int64_t kSessionCookieLife_s = 7LL * 24 * 3'600;

/// Addresses and roles (never passwords) of the demonstration's accounts: the passwords are printed
/// by the start script and stand in the same 0600 file.
nlohmann::json demo_accounts(const PageSettings& settings) {
    if (!settings.demonstration) return false;
    std::ifstream in(settings.data_dir + "/demo-accounts.json", std::ios::binary);
    if (!in) return false;
    const auto accounts = nlohmann::json::parse(in, nullptr, false);
    if (!accounts.is_array()) return false;
    auto items = nlohmann::json::array();
    for (const auto& account : accounts) {
        // One of each role is enough to look around; the numbered ones are for tests.
        const auto role = text_of(account, "role");
        if (items.size() == kDemoAccountsMax) break;
        if (role.find_first_of("0123456789") != std::string::npos) continue;
        items.push_back(
            {{"email", text_of(account, "email")}, {"role_text", text_of(account, "name")}});
    }
    if (items.empty()) return false;
    return {{"lead_text", false}, {"items", items}};
}

nlohmann::json sign_in_view(const Visit& visit, const PageSettings& settings,
                            const std::string& return_to) {
    nlohmann::json reason = false;
    if (return_to.starts_with("/demande/")) {
        reason = visit.text("sign_in.reason");
    } else if (return_to.size() > 1) {
        reason = visit.text("sign_in.reason_other");
    }
    return {{"title", visit.text("sign_in.title")},
            {"return_to", return_to},
            {"reason_text", reason},
            {"form",
             {{"email", {{"value", ""}, {"error", false}}},
              {"password", {{"value", ""}, {"error", false}}}}},
            {"demo_accounts", demo_accounts(settings)}};
}

/// The form again with what was typed, but never the password.
Reply refused(const Visit& visit, const PageSettings& settings, const std::string& return_to,
              const base::Error& error, int status) {
    auto model = sign_in_view(visit, settings, return_to);
    auto shown = error;
    if (shown.fields.empty()) shown.fields.push_back({"/email", error.code, error.detail});
    model["form"]["email"] = {{"value", std::string(visit.form.get("email"))},
                              {"error", field_error(visit, shown.fields, "email")}};
    model["form"]["password"]["error"] = field_error(visit, shown.fields, "password");
    model["errors"] = errors_view(visit, shown, "email");
    return Reply::page("sign_in", std::move(model), status);
}

/// Where somebody begins who asked for no page: the accounts, for those whose only work they are.
std::string landing_of(Site& site, const Visit& visit, const std::string& session_token) {
    const auto caller = site.sessions().find(session_token, visit.request);
    if (!caller || *caller == nullptr) return "/";
    const auto me = site.sessions().me(**caller, visit.request);
    if (!me || *me == nullptr || !list_of(**me, "memberships").empty()) return "/";
    const auto posts = list_of(**me, "posts");
    const bool finance =
        !posts.empty() && std::all_of(posts.begin(), posts.end(), [](const auto& post) {
            return text_of(post, "role") == "finance";
        });
    return finance ? "/finance" : "/";
}

base::Result<Reply> sign_in(Site& site, Visit& visit, const PageSettings& settings) {
    const auto return_to = local_path_or(visit.form.get("return_to"), "/");
    const std::string email(visit.form.get("email"));
    const std::string password(visit.form.get("password"));
    base::Error missing{"invalid", {}, {}};
    if (email.empty()) missing.fields.push_back({"/email", "required", {}});
    if (password.empty()) missing.fields.push_back({"/password", "required", {}});
    if (!missing.fields.empty()) return refused(visit, settings, return_to, missing, 422);

    auto started = site.sessions().start({{"email", email}, {"password", password}}, visit.request);
    if (!started) return std::unexpected(started.error());
    if (started->status != 201) {
        const Answer answer{started->status, started->body, 0};
        return refused(visit, settings, return_to, answer.error(), started->status);
    }
    const auto& cookies = site.cookies();
    const auto token = text_of(started->body, "session_token");
    auto reply = Reply::see(return_to == "/" ? landing_of(site, visit, token) : return_to);
    reply.cookies.push_back(set_cookie(cookies, cookies.session, token, kSessionCookieLife_s));
    // A new identity, a new secret for its forms.
    reply.cookies.push_back(set_cookie(cookies, cookies.visitor, "", 0));
    return reply;
}

}  // namespace

void add_sign_in_pages(Site& site, net::Router& router, const PageSettings& settings) {
    site.add(router, net::Method::get, "/connexion", "page_sign_in",
             [settings](Visit& visit) -> base::Result<Reply> {
                 const auto return_to = local_path_or(visit.query("return_to"), "/");
                 if (visit.signed_in()) return Reply::see(return_to);
                 return Reply::page("sign_in", sign_in_view(visit, settings, return_to));
             });
    site.add(router, net::Method::post, "/connexion", "sign_in",
             [&site, settings](Visit& visit) { return sign_in(site, visit, settings); });
    site.add(router, net::Method::post, "/deconnexion", "sign_out",
             [&site](Visit& visit) -> base::Result<Reply> {
                 if (visit.caller) {
                     // The cookie goes even when accounts does not answer.
                     (void)site.sessions().end(visit.caller->session_token, visit.request);
                 }
                 const auto& cookies = site.cookies();
                 auto reply = Reply::see("/");
                 reply.cookies.push_back(set_cookie(cookies, cookies.session, "", 0));
                 return reply;
             });
}

}  // namespace preau::gateway
