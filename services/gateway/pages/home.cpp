// The home page, the list of collèges and one collège.
#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

nlohmann::json place_names(const std::vector<School>& schools) {
    auto items = nlohmann::json::array();
    std::string last;
    for (const auto& school : schools) {
        if (school.commune == last) continue;
        last = school.commune;
        items.push_back({{"name", school.commune}});
    }
    if (items.empty()) return false;
    return {{"items", items}};
}

/// A sentence of the catalogue with the numbers of collèges and communes.
std::string figures(const Visit& visit, const char* key, const std::vector<School>& schools) {
    const auto communes = static_cast<std::int64_t>(communes_of(schools));
    return visit.words.fill(key, {{"colleges", visit.format.number(std::ssize(schools))},
                                  {"communes", visit.format.number(communes)}});
}

}  // namespace

nlohmann::json home_view(const Visit& visit, const std::vector<School>& schools) {
    const auto form = default_search(visit.today());
    nlohmann::json map = false;
    if (!schools.empty()) {
        map = department_map(figures(visit, "home.map_label", schools), places_of(schools));
    }
    return {
        {"title", visit.text("home.title")},
        {"figures_text", schools.empty() ? nlohmann::json(false)
                                         : nlohmann::json(figures(visit, "home.figures", schools))},
        {"places", place_names(schools)},
        {"map", map},
        {"prices", false},
        {"form", search_form_view(visit, form, {})}};
}

nlohmann::json colleges_view(const Visit& visit, const std::vector<School>& all,
                             const std::vector<School>& shown, const std::string& query) {
    auto communes = nlohmann::json::array();
    for (const auto& school : shown) {
        if (communes.empty() || communes.back()["name"] != school.commune) {
            communes.push_back({{"name", school.commune}, {"items", nlohmann::json::array()}});
        }
        nlohmann::json rooms = false;
        if (school.rooms > 0) rooms = visit.words.count("colleges.rooms", school.rooms);
        communes.back()["items"].push_back({{"name", school.name},
                                            {"href", "/etablissements/" + school.slug},
                                            {"rooms_text", rooms}});
    }
    nlohmann::json empty = false;
    if (shown.empty()) empty = visit.words.fill("colleges.none", {{"query", query}});
    nlohmann::json map = false;
    if (!shown.empty()) {
        map = department_map(figures(visit, "home.map_label", shown), places_of(shown));
    }
    const auto communes_count = static_cast<std::int64_t>(communes_of(all));
    return {{"title",
             visit.words.fill("colleges.title", {{"count", visit.format.number(std::ssize(all))}})},
            {"lead_text", visit.words.fill("colleges.lead",
                                           {{"communes", visit.format.number(communes_count)}})},
            {"query", query},
            {"communes", communes},
            {"empty_text", empty},
            {"map", map}};
}

nlohmann::json college_view(const Visit& visit, const nlohmann::json& school) {
    const auto commune = text_of(school, "commune_name");
    const auto name = text_of(school, "name");
    auto facts = nlohmann::json::array();
    const auto fact = [&](const char* key, const std::string& text) {
        if (!text.empty()) facts.push_back({{"label", visit.text(key)}, {"text", text}});
    };
    fact("college.uai", text_of(school, "uai"));
    const auto zone = text_of(school, "school_zone");
    fact("college.academie",
         zone.empty() ? text_of(school, "academie")
                      : visit.words.fill("college.academie_text",
                                         {{"name", text_of(school, "academie")}, {"zone", zone}}));
    fact("room.who_decides", visit.text("room.decides"));

    auto rooms = nlohmann::json::array();
    bool demonstration = flag_of(school, "demonstration");
    for (const auto& space : list_of(school, "spaces")) {
        demonstration = demonstration || flag_of(space, "demonstration");
        rooms.push_back(room_row(visit, space));
    }
    nlohmann::json box = false;
    if (!rooms.empty()) {
        box = {{"title_text", visit.words.count("college.rooms", std::ssize(rooms))},
               {"availability_href",
                "/etablissements/" + percent_encode(text_of(school, "slug")) + "/disponibilites"},
               {"items", rooms}};
    }
    const auto title =
        commune.empty() ? name
                        : visit.words.fill("college.title", {{"name", name}, {"commune", commune}});
    const std::vector<NamedPlace> here{
        {commune, number_of(school, "lat"), number_of(school, "lon"), 1}};
    return {{"title", title},
            {"name", title},
            {"address_text", address_of(school)},
            {"facts", facts},
            {"demonstration", demonstration},
            {"map", department_map(visit.text("college.map"), here)},
            {"rooms", box},
            {"empty_text", rooms.empty() ? nlohmann::json(visit.text("college.no_rooms"))
                                         : nlohmann::json(false)}};
}

void add_home_pages(Site& site, net::Router& router, Directory& directory) {
    site.add(
        router, net::Method::get, "/", "page_home",
        [&directory](Visit& visit) -> base::Result<Reply> {
            return Reply::page("home", home_view(visit, *directory.all(*visit.backend)));
        },
        Access::everyone, "search");
    site.add(
        router, net::Method::get, "/etablissements", "page_colleges",
        [&directory](Visit& visit) -> base::Result<Reply> {
            const auto all = directory.all(*visit.backend);
            const std::string query(visit.query("q"));
            auto shown = *all;
            if (!query.empty()) {
                const auto found = visit.backend->get(
                    "inventory", "/v1/establishments?limit=100&q=" + percent_encode(query));
                if (!found) return std::unexpected(found.error());
                shown.clear();
                for (const auto& item : list_of(*found, "items"))
                    shown.push_back(school_of(item));
                std::sort(shown.begin(), shown.end(), [](const School& a, const School& b) {
                    return std::tie(a.commune, a.name) < std::tie(b.commune, b.name);
                });
            }
            return Reply::page("colleges", colleges_view(visit, *all, shown, query));
        },
        Access::everyone, "colleges");
    site.add(
        router, net::Method::get, "/etablissements/{slug}", "page_college",
        [](Visit& visit) -> base::Result<Reply> {
            const auto school = visit.backend->get(
                "inventory",
                "/v1/establishments/" + percent_encode(visit.request.params.get("slug")));
            if (!school) return std::unexpected(school.error());
            return Reply::page("college", college_view(visit, *school));
        },
        Access::everyone, "colleges");
}

}  // namespace preau::gateway
