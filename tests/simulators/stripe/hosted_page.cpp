#include "tests/simulators/stripe/hosted_page.hpp"

#include <array>
#include <utility>

#include "shared/text/html.hpp"

namespace preau::stripe_simulator {
namespace {

using net::Method;
using net::Request;
using net::Response;

std::string euros(std::int64_t cents) {
    std::string rest = std::to_string(cents % 100);
    if (rest.size() < 2) rest.insert(0, "0");
    return std::to_string(cents / 100) + "," + rest + "\u00a0€";
}

Response page(const std::string& title, const std::string& main, int status = 200) {
    const std::string html =
        "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
        title +
        "</title><style>body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;"
        "padding:1.5rem;color:#1f2430;background:#fff}aside{border:2px solid "
        "#7a5200;padding:.75rem;"
        "background:#fdf1d3}b{font-size:2rem}button{font:inherit;padding:.7rem 1.2rem;margin:.3rem "
        "0;"
        "display:block;width:100%;border:2px solid #0b5d4e;background:#fff;color:#0b5d4e}"
        "button.main{background:#0b5d4e;color:#fff}</style><main><h1>" +
        title + "</h1>" + main + "</main></html>";
    return Response::html(html, status)
        .with("Content-Security-Policy",
              "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
}

std::string button(const std::string& id, const std::string& act, const std::string& words,
                   bool main = false) {
    return "<form method=\"post\" action=\"/pay/" + text::escape_html(id) + "/" + act +
           "\"><button" + (main ? " class=\"main\"" : "") + ">" + words + "</button></form>";
}

Response show(const Json& session, const std::string& notice) {
    const auto amount = session["amount_total"].get<std::int64_t>();
    std::string main =
        "<aside>Simulateur de paiement : aucun argent ne circule, aucune carte n’est "
        "demandée.</aside>";
    if (!notice.empty()) main += "<p role=\"status\"><strong>" + notice + "</strong></p>";
    main += "<p>" + text::escape_html(session["_description"].get<std::string>()) +
            "</p><p>À payer : <b>" + euros(amount) + "</b></p>";
    if (session["status"] != "open") {
        main += session["status"] == "complete" ? "<p>Ce paiement est déjà fait.</p>"
                                                : "<p>Cette page de paiement a expiré.</p>";
        return page("Paiement", main, 200);
    }
    const std::string id = session["id"].get<std::string>();
    main += button(id, "payer", "Payer " + euros(amount), true) +
            button(id, "refuser", "Simuler un refus de la banque");
    if (session["cancel_url"].is_string()) {
        main += "<p><a href=\"" + text::escape_html(session["cancel_url"].get<std::string>()) +
                "\">Abandonner et revenir</a></p>";
    }
    return page("Paiement", main);
}

Response unknown() {
    return page("Page inconnue", "<p>Cette page de paiement n’existe pas.</p>", 404);
}

}  // namespace

void add_hosted_page(net::Router& router, World& world) {
    router.add(Method::get, "/pay/{id}", "pay_page", [&world](const Request& request) {
        const auto session = world.session_of_page(std::string(request.params.get("id")));
        return session ? show(*session, "") : unknown();
    });
    router.add(Method::post, "/pay/{id}/payer", "pay", [&world](const Request& request) {
        const std::string id(request.params.get("id"));
        const auto session = world.payer_acts(id, World::PayerAct::pay);
        if (!session) return unknown();
        if ((*session)["status"] != "complete") return show(*session, "");
        std::string back = (*session)["success_url"].get<std::string>();
        const std::string mark = "{CHECKOUT_SESSION_ID}";
        if (const auto at = back.find(mark); at != std::string::npos) {
            back.replace(at, mark.size(), id);
        }
        return Response::redirect(back);
    });
    router.add(Method::post, "/pay/{id}/refuser", "decline", [&world](const Request& request) {
        const auto session =
            world.payer_acts(std::string(request.params.get("id")), World::PayerAct::decline);
        return session ? show(*session, "La banque a refusé ce paiement. Vous pouvez réessayer.")
                       : unknown();
    });
}

}  // namespace preau::stripe_simulator
