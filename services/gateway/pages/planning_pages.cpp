// The routes of a college's planning and closures: what they ask of the services, and the acts.
#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/closures.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/planning.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr int kSpacesMax = 100;
constexpr std::size_t kWeeksMax = 60;  // rows whose free time is asked for, one by one
constexpr std::string_view kClosuresPath = "/gestion/fermetures";

base::Result<PostScope> office_scope(const Visit& visit, Directory& directory) {
    return scope_of_posts(visit, directory, {"manager", "admin"}, true);
}

base::Result<json> spaces_of(const Visit& visit, const PostScope& scope) {
    return visit.backend->get(
        "inventory", "/v1/spaces?" + query_string({{"establishment_id", scope.chosen},
                                                   {"limit", std::to_string(kSpacesMax)}}));
}

base::Result<Reply> planning_page(Visit& visit, Directory& directory) {
    const auto scope = office_scope(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    PlanningWeek week;
    week.monday = time::Date::parse(visit.query("semaine")).value_or(visit.today()).monday();
    auto spaces = spaces_of(visit, *scope);
    if (!spaces) return std::unexpected(spaces.error());
    week.spaces = *std::move(spaces);
    auto planning = visit.backend->get(
        "booking", "/v1/planning?" + query_string({{"establishment_id", scope->chosen},
                                                   {"from", week.monday.iso()}}));
    if (!planning) return std::unexpected(planning.error());
    week.planning = *std::move(planning);
    const auto rows = planning_rows(visit, week.spaces);
    for (std::size_t i = 0; i < std::min(rows.size(), kWeeksMax); ++i) {
        const auto found = visit.backend->get(
            "search",
            "/v1/spaces/" + percent_encode(rows[i].space_id) + "/week?" +
                query_string({{"offer_id", rows[i].offer_id}, {"date", week.monday.iso()}}));
        if (found) week.weeks[rows[i].offer_id] = *found;  // not in search: nothing is offered
    }
    std::set<std::string> ids;
    for (const auto& booking : list_of(week.planning, "items"))
        ids.insert(text_of(booking, "organisation_id"));
    week.organisations = organisation_names(visit, ids);
    return Reply::page("planning", planning_view(visit, *scope, week));
}

/// Closures in force at all sites of the establishment.
base::Result<json> closures_of(const Visit& visit, const json& spaces) {
    std::set<std::string> sites;
    for (const auto& space : list_of(spaces, "items"))
        sites.insert(text_of(space, "site_id"));
    auto all = json::array();
    for (const auto& site : sites) {
        const auto found =
            visit.backend->get("booking", "/v1/closures?" + query_string({{"site_id", site}}));
        if (!found) return std::unexpected(found.error());
        for (const auto& one : list_of(*found, "items"))
            all.push_back(one);
    }
    return all;
}

/// The page with its list and, after a refusal, the form as it was sent.
base::Result<Reply> closures_page(Visit& visit, Directory& directory,
                                  const ClosureForm& form = {}) {
    const auto scope = office_scope(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    auto spaces = spaces_of(visit, *scope);
    if (!spaces) return std::unexpected(spaces.error());
    const auto closures = closures_of(visit, *spaces);
    if (!closures) return std::unexpected(closures.error());
    ClosuresPage page{*std::move(spaces), *closures, form, {}};
    std::set<std::string> ids;
    for (const auto& booking : list_of(form.problem, "bookings"))
        ids.insert(text_of(booking, "organisation_id"));
    page.organisations = organisation_names(visit, ids);
    return Reply::page("closures", closures_view(visit, *scope, page), form.error ? 422 : 200);
}

base::Result<Reply> lay_closure(Visit& visit, Directory& directory) {
    auto form = closure_form_of(visit);
    const auto answer = visit.backend->post("booking", "/v1/closures", closure_body(form),
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) {
        return Reply::see(
            std::string(kClosuresPath) + "?" +
            query_string({{"etablissement", std::string(visit.form.get("etablissement"))},
                          {"fait", "ferme"}}));
    }
    form.error = answer->error();
    form.problem = answer->body;
    return closures_page(visit, directory, form);
}

base::Result<Reply> lift_closure(Visit& visit) {
    const auto id = std::string(visit.request.params.get("id"));
    const auto answer =
        visit.backend->send("booking", net::Method::del, "/v1/closures/" + percent_encode(id),
                            nullptr, visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (!answer->ok()) return std::unexpected(answer->error());
    return Reply::see(std::string(kClosuresPath) + "?" +
                      query_string({{"etablissement", std::string(visit.form.get("etablissement"))},
                                    {"fait", "rouvert"}}));
}

}  // namespace

void add_planning_pages(Site& site, net::Router& router, Directory& directory) {
    site.add(
        router, net::Method::get, "/gestion/planning", "pagePlanning",
        [&directory](Visit& visit) { return planning_page(visit, directory); }, Access::signed_in,
        "planning");
    site.add(
        router, net::Method::get, std::string(kClosuresPath), "pageClosures",
        [&directory](Visit& visit) { return closures_page(visit, directory); }, Access::signed_in,
        "closures");
    site.add(
        router, net::Method::post, std::string(kClosuresPath), "formLayClosure",
        [&directory](Visit& visit) { return lay_closure(visit, directory); }, Access::signed_in,
        "closures");
    site.add(
        router, net::Method::post, "/gestion/fermetures/{id}/rouvrir", "formLiftClosure",
        [](Visit& visit) { return lift_closure(visit); }, Access::signed_in, "closures");
}

}  // namespace preau::gateway
