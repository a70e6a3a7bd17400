#include "services/gateway/pages/counter.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/request_hirer.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::string_view kPath = "/guichet";
constexpr std::size_t kQueryMin = 2;
constexpr time::Minute kFirst = 7 * 60;
constexpr time::Minute kLast = 24 * 60;
const std::set<std::string_view> kAgents{"manager", "counter", "admin"};

/// "RNA W381000001, tarif C, assurance jusqu'au 31 mars 2027"
std::string facts_text(const Visit& visit, const json& organisation) {
    std::vector<std::string> out;
    for (const auto* number : {"rna", "siret", "siren"}) {
        const auto value = text_of(organisation, number);
        if (value.empty()) continue;
        out.push_back(visit.words.fill(std::string("counter.") + number, {{"number", value}}));
        break;
    }
    for (const auto& one : list_of(organisation, "affiliations")) {
        out.push_back(
            visit.words.fill("counter.category", {{"category", text_of(one, "category")}}));
        const auto until = time::Date::parse(text_of(one, "insurance_valid_until"));
        out.push_back(until ? visit.words.fill("counter.insured",
                                               {{"date", visit.format.day_month_year(*until)}})
                            : visit.text("counter.not_insured"));
        break;
    }
    std::string text;
    for (const auto& one : out)
        text += (text.empty() ? "" : visit.text("format.list")) + one;
    return text;
}

/// The body of the agent's first post: the house at whose counter he stands.
std::string body_of(const Visit& visit) {
    for (const auto& post : list_of(*visit.me, "posts")) {
        if (kAgents.contains(text_of(post, "role"))) return text_of(member_of(post, "body"), "id");
    }
    return {};
}

base::Result<Reply> show(Visit& visit, CounterPage page) {
    const auto body = body_of(visit);
    if (body.empty()) return base::fail("forbidden", "no counter");
    if (page.query.size() >= kQueryMin) {
        const auto found = visit.backend->get(
            "accounts",
            "/v1/organisations?" + query_string({{"body_id", body}, {"q", page.query}}));
        if (!found) return std::unexpected(found.error());
        page.found = list_of(*found, "items");
    }
    return Reply::page("counter", counter_view(visit, page), page.error ? 422 : 200);
}

base::Result<Reply> search(Visit& visit) {
    CounterPage page;
    page.query = std::string(visit.query("q"));
    return show(visit, std::move(page));
}

base::Result<Reply> enrol(Visit& visit) {
    const auto text = [&](const char* name) { return std::string(visit.form.get(name)); };
    CounterPage page;
    page.name = text("name");
    page.rna = text("rna");
    page.siret = text("siret");
    json body{{"body_id", body_of(visit)}, {"kind", "association"}};
    if (!page.name.empty()) body["name"] = page.name;
    if (!page.rna.empty()) body["rna"] = page.rna;
    if (!page.siret.empty()) body["siret"] = page.siret;
    const auto answer = visit.backend->post("accounts", "/v1/organisations", body,
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return Reply::see(std::string(kPath) + "/" + text_of(answer->body, "id"));
    if (answer->status == 401 || answer->status == 404) return std::unexpected(answer->error());
    page.error = answer->error();
    return show(visit, std::move(page));
}

base::Result<Reply> ask(Visit& visit, Directory& directory) {
    const auto scope = scope_of_posts(visit, directory, kAgents, true);
    if (!scope) return std::unexpected(scope.error());
    const auto id = percent_encode(visit.request.params.get("id"));
    const auto organisation = visit.backend->get("accounts", "/v1/organisations/" + id);
    if (!organisation) return std::unexpected(organisation.error());
    const auto spaces = visit.backend->get(
        "inventory",
        "/v1/spaces?" + query_string({{"establishment_id", scope->chosen}, {"limit", "100"}}));
    if (!spaces) return std::unexpected(spaces.error());
    return Reply::page("counter_ask", counter_ask_view(visit, *scope, *organisation, *spaces));
}

base::Result<Reply> letter(Visit& visit) {
    const auto id = percent_encode(visit.request.params.get("id"));
    const auto booking = visit.backend->get("booking", "/v1/bookings/" + id);
    if (!booking) return std::unexpected(booking.error());
    const auto organisation = visit.backend->get(
        "accounts", "/v1/organisations/" + percent_encode(text_of(*booking, "organisation_id")));
    return Reply::page("letter",
                       letter_view(visit, *booking, organisation ? *organisation : json::object()));
}

json offers_of(const json& spaces) {
    auto out = json::array();
    for (const auto& space : list_of(spaces, "items")) {
        if (!flag_of(space, "published")) continue;
        for (const auto& offer : list_of(space, "offers")) {
            if (!flag_of(offer, "active", true)) continue;
            const auto room = text_of(space, "name");
            const auto name = text_of(offer, "name");
            out.push_back(option_view(text_of(offer, "offer_id"),
                                      room == name ? room : room + " – " + name, out.empty()));
        }
    }
    return out;
}

}  // namespace

json counter_view(const Visit& visit, const CounterPage& page) {
    static const std::vector<base::FieldError> none;
    const auto& faults = page.error ? page.error->fields : none;
    auto items = json::array();
    for (const auto& one : page.found) {
        items.push_back({{"name", text_of(one, "name")},
                         {"href", std::string(kPath) + "/" + text_of(one, "id")},
                         {"facts_text", facts_text(visit, one)}});
    }
    const auto field = [&](const char* name, const std::string& value) {
        return json{{"value", value}, {"error", field_error(visit, faults, name)}};
    };
    json count = false;
    if (page.found.is_array()) count = visit.words.count("counter.found", std::ssize(items));
    return {{"title", visit.text("counter.title")},
            {"errors", page.error ? errors_view(visit, *page.error, "name") : json(false)},
            {"query", page.query},
            {"count_text", count},
            {"items", items},
            {"fresh",
             {{"open", page.error.has_value()},
              {"name", field("name", page.name)},
              {"rna", field("rna", page.rna)},
              {"siret", field("siret", page.siret)}}}};
}

json counter_ask_view(const Visit& visit, const PostScope& scope, const json& organisation,
                      const json& spaces) {
    const auto id = text_of(organisation, "id");
    return {
        {"title", visit.words.fill("counter.title_ask", {{"name", text_of(organisation, "name")}})},
        {"name", text_of(organisation, "name")},
        {"organisation_id", id},
        {"facts_text", facts_text(visit, organisation)},
        {"scope_text", scope.name_of(scope.chosen)},
        {"chooser", chooser_view(visit, scope, std::string(kPath) + "/" + id, false)},
        {"offers", offers_of(spaces)},
        {"date_min", visit.today().iso()},
        {"start", time_options(visit, kFirst, kLast, "18:00")},
        {"end", time_options(visit, kFirst, kLast, "20:00")}};
}

json letter_view(const Visit& visit, const json& booking, const json& organisation) {
    const auto price = member_of(booking, "price");
    json price_text = false;
    if (price.contains("total")) price_text = visit.format.money(cents_of(price, "total"));
    json answer = false;
    if (text_of(booking, "state") == "submitted") {
        answer = visit.words.fill("letter.answer", {{"date", day_of(visit, booking, "answer_by")}});
    }
    json pay = false;
    if (const auto by = day_of(visit, member_of(booking, "requirement"), "pay_by"); !by.empty()) {
        pay = visit.words.fill("letter.pay_by", {{"date", by}});
    }
    return {
        {"title", visit.words.fill("letter.title", {{"reference", text_of(booking, "reference")}})},
        {"reference", text_of(booking, "reference")},
        {"back_href", "/suivi/" + text_of(booking, "id")},
        {"organisation", text_of(organisation, "name")},
        {"establishment", text_of(booking, "establishment_name")},
        {"space", text_of(booking, "space_name")},
        {"offer", text_of(booking, "offer_name")},
        {"purpose", purpose_text(visit, booking)},
        {"headcount_text", visit.words.count("search.people", integer_of(booking, "headcount"))},
        {"state_text", state_text(visit, booking)},
        {"answer_text", answer},
        {"pay_text", pay},
        {"price_text", price_text},
        {"dates", dates_view(visit, booking, true)},
        {"terms_text",
         visit.words.fill("letter.terms",
                          {{"version", text_of(member_of(booking, "terms"), "version")}})},
        {"printed_text", visit.words.fill("letter.printed",
                                          {{"date", visit.format.day_month_year(visit.today())}})}};
}

void add_counter_pages(Site& site, net::Router& router, Directory& directory) {
    site.add(router, net::Method::get, std::string(kPath), "pageCounter", search, Access::signed_in,
             "counter");
    site.add(router, net::Method::post, std::string(kPath) + "/associations",
             "formEnrolOrganisation", enrol, Access::signed_in, "counter");
    site.add(
        router, net::Method::get, std::string(kPath) + "/{id}", "pageCounterAsk",
        [&directory](Visit& visit) { return ask(visit, directory); }, Access::signed_in, "counter");
    site.add(router, net::Method::get, "/suivi/{id}/lettre", "pageLetter", letter,
             Access::signed_in, "requests");
}

}  // namespace preau::gateway
