#include "services/gateway/pages/bulk_closures.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/planning.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::string_view kPath = "/gestion/fermetures/plusieurs";

std::string school_at(const PostScope& scope, const std::string& site_id) {
    const auto at = std::ranges::find(scope.schools, site_id, &School::site_id);
    return at == scope.schools.end() ? std::string{} : scope.name_of(at->id);
}

/// "fermé, 2 réservations touchées", "rouvert, 1 réservation rétablie sur 2"
std::string site_state_text(const Visit& visit, const json& site) {
    const auto state = text_of(site, "state");
    const auto word = visit.text("closures_many.site_state." + state);
    const auto touched = integer_of(site, "bookings_touched");
    if (touched == 0) return word;
    if (state != "reopened") {
        return visit.words.count("closures_many.pushed", touched, {{"state", word}});
    }
    return visit.words.count("closures_many.restored", integer_of(site, "bookings_restored"),
                             {{"state", word}, {"of", std::to_string(touched)}});
}

json undo_view(const Visit& visit, const json& closure, base::Instant machine_now) {
    const auto until = parse_moment(text_of(closure, "undo_until"));
    const bool closing = text_of(closure, "state") == "closing";
    if (!closing && (!until || *until <= machine_now)) return false;
    json until_text = false;
    if (until) {
        const auto moment = visit.format.moment(*until, time::Zone::paris());
        until_text = visit.words.fill("closures_many.until", {{"moment", moment}});
    }
    return {{"action", std::string(kPath) + "/" + text_of(closure, "id") + "/annuler"},
            {"until_text", until_text}};
}

json rows_view(const Visit& visit, const PostScope& scope, const BulkClosuresPage& page) {
    auto items = json::array();
    for (const auto& closure : page.closures) {
        auto sites = json::array();
        for (const auto& site : list_of(closure, "sites")) {
            sites.push_back({{"name", school_at(scope, text_of(site, "site_id"))},
                             {"state_text", site_state_text(visit, site)}});
        }
        items.push_back(
            {{"days_text", capitalised(closure_days_text(visit, closure))},
             {"reason", text_of(closure, "reason")},
             {"kind_text", visit.text("closures.kind." + text_of(closure, "kind"))},
             {"state_text", visit.text("closures_many.state." + text_of(closure, "state"))},
             {"sites_text", visit.words.count("closures_many.sites", std::ssize(sites))},
             {"sites", sites},
             {"undo", undo_view(visit, closure, page.machine_now)}});
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

/// The bookings in the way, one group a site; false when nothing is.
json touched_view(const Visit& visit, const PostScope& scope, const BulkClosuresPage& page) {
    const auto& form = page.form.rest;
    if (!touches_bookings(form)) return false;
    const auto bookings = list_of(form.problem, "bookings");
    const auto shown = static_cast<std::int64_t>(bookings.size());
    const auto total = integer_of(form.problem, "bookings_total", shown);
    auto groups = json::array();
    std::map<std::string, std::size_t> group_of;
    std::int64_t dates = 0;
    for (const auto& booking : bookings) {
        dates += std::ssize(list_of(booking, "dates"));
        const auto site = text_of(booking, "site_id");
        const auto [at, fresh] = group_of.try_emplace(site, groups.size());
        if (fresh) groups.push_back({{"name", school_at(scope, site)}, {"items", json::array()}});
        groups[at->second]["items"].push_back(
            touched_booking_view(visit, booking, page.organisations));
    }
    json more = false;
    if (total > shown) more = visit.words.count("closures_many.touched_more", total - shown);
    return {{"title_text", visit.words.count("closures.touched", total)},
            {"lead_text", visit.words.count("closures.touched_lead", dates)},
            {"groups", groups},
            {"more_text", more}};
}

json sites_view(const Visit& visit, const PostScope& scope, const BulkClosureForm& form) {
    static const std::vector<base::FieldError> none;
    auto items = json::array();
    for (const auto& school : scope.schools) {
        items.push_back(
            {{"value", school.site_id},
             {"name", scope.name_of(school.id)},
             {"checked", std::ranges::find(form.sites, school.site_id) != form.sites.end()}});
    }
    const auto& faults = form.rest.error ? form.rest.error->fields : none;
    return {{"items", items},
            {"all", form.all},
            {"open", !form.sites.empty()},
            {"all_text", visit.words.count("closures_many.all", std::ssize(scope.schools))},
            {"error", field_error(visit, faults, "site_ids")}};
}

base::Result<PostScope> scope_of(const Visit& visit, Directory& directory) {
    return scope_of_posts(visit, directory, {"manager", "admin"}, false);
}

base::Result<Reply> show(Visit& visit, Directory& directory, const BulkClosureForm& form = {}) {
    const auto scope = scope_of(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    BulkClosuresPage page{json::array(), form, {}, base::MachineClock().now()};
    if (!scope->schools.empty()) {
        const auto found = visit.backend->get(
            "booking",
            "/v1/bulk-closures?" + query_string({{"body_id", scope->schools.front().body_id}}));
        if (!found) return std::unexpected(found.error());
        page.closures = list_of(*found, "items");
    }
    std::set<std::string> ids;
    for (const auto& booking : list_of(form.rest.problem, "bookings"))
        ids.insert(text_of(booking, "organisation_id"));
    page.organisations = organisation_names(visit, ids);
    return Reply::page("closures_many", bulk_closures_view(visit, *scope, page),
                       form.rest.error ? 422 : 200);
}

base::Result<Reply> lay(Visit& visit, Directory& directory) {
    const auto scope = scope_of(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    auto form = bulk_closure_form_of(visit);
    const auto answer =
        visit.backend->post("booking", "/v1/bulk-closures", bulk_closure_body(form, *scope),
                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return Reply::see(std::string(kPath) + "?fait=ferme");
    form.rest.error = answer->error();
    form.rest.problem = answer->body;
    return show(visit, directory, form);
}

base::Result<Reply> undo(Visit& visit) {
    const auto id = std::string(visit.request.params.get("id"));
    const auto answer =
        visit.backend->post("booking", "/v1/bulk-closures/" + percent_encode(id) + "/undo",
                            json::object(), visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return Reply::see(std::string(kPath) + "?fait=annule");
    if (answer->error().code == "invalid_transition") {
        return Reply::see(std::string(kPath) + "?fait=trop-tard");
    }
    return std::unexpected(answer->error());
}

}  // namespace

BulkClosureForm bulk_closure_form_of(const Visit& visit) {
    BulkClosureForm form;
    form.rest = closure_form_of(visit);
    for (const auto& id : visit.form.all("site_ids"))
        form.sites.emplace_back(id);
    form.all = visit.form.get("all") == "1";
    return form;
}

json bulk_closure_body(const BulkClosureForm& form, const PostScope& scope) {
    auto body = closure_fields(form.rest);
    auto& ids = body["site_ids"] = json::array();
    if (!form.all) {
        ids = form.sites;
        return body;
    }
    for (const auto& school : scope.schools)
        ids.push_back(school.site_id);
    return body;
}

json bulk_closures_view(const Visit& visit, const PostScope& scope, const BulkClosuresPage& page) {
    auto model = office_frame(visit, scope, "/gestion/fermetures");
    json flash = false;
    const auto done = visit.query("fait");
    if (done == "ferme") flash = flash_view("free", visit.text("closures_many.laid"));
    if (done == "annule") flash = flash_view("free", visit.text("closures_many.undone"));
    if (done == "trop-tard") flash = flash_view("warn", visit.text("closures_many.too_late"));
    const auto& rest = page.form.rest;
    json errors = false;
    if (rest.error && !touches_bookings(rest)) errors = errors_view(visit, *rest.error, "site_ids");
    auto form = closure_fields_view(visit, rest);
    form["sites"] = sites_view(visit, scope, page.form);
    form["touched"] = touched_view(visit, scope, page);
    model.update(
        {{"title", rest.error && touches_bookings(rest)
                       ? visit.words.fill("closures.title_confirm",
                                          {{"school", visit.text("closures_many.several")}})
                       : visit.text("closures_many.title")},
         {"scope_text", visit.words.count("closures_many.sites", std::ssize(scope.schools))},
         {"flash", flash},
         {"errors", errors},
         {"form", form},
         {"rows", rows_view(visit, scope, page)}});
    return model;
}

void add_bulk_closure_pages(Site& site, net::Router& router, Directory& directory) {
    site.add(
        router, net::Method::get, std::string(kPath), "pageBulkClosures",
        [&directory](Visit& visit) { return show(visit, directory); }, Access::signed_in,
        "closures");
    site.add(
        router, net::Method::post, std::string(kPath), "formLayBulkClosure",
        [&directory](Visit& visit) { return lay(visit, directory); }, Access::signed_in,
        "closures");
    site.add(
        router, net::Method::post, std::string(kPath) + "/{id}/annuler", "formUndoBulkClosure",
        [](Visit& visit) { return undo(visit); }, Access::signed_in, "closures");
}

}  // namespace preau::gateway
