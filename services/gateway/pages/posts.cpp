#include "services/gateway/pages/posts.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

using nlohmann::json;

std::string PostScope::name_of(std::string_view id) const {
    for (const auto& school : schools) {
        if (school.id == id) return school.name + ", " + school.commune;
    }
    return std::string(id);
}

base::Result<PostScope> scope_of_posts(const Visit& visit, Directory& directory,
                                       const std::set<std::string_view>& roles, bool one) {
    std::set<std::string> ids;
    bool all = false;
    bool any = false;
    for (const auto& post : list_of(*visit.me, "posts")) {
        if (!roles.contains(text_of(post, "role"))) continue;
        any = true;
        const auto schools = list_of(post, "establishment_ids");
        all = all || schools.empty();
        for (const auto& id : schools) {
            if (id.is_string()) ids.insert(id.get<std::string>());
        }
    }
    if (!any) return base::fail("forbidden", "no such post");
    PostScope scope;
    const auto known = directory.all(*visit.backend);
    for (const auto& school : *known) {
        if (ids.contains(school.id) || (all && school.rooms > 0)) scope.schools.push_back(school);
    }
    auto wanted = std::string(visit.query("etablissement"));
    if (wanted.empty()) wanted = std::string(visit.form.get("etablissement"));
    const auto is_wanted = [&wanted](const School& school) { return school.id == wanted; };
    if (!wanted.empty()) {
        if (std::ranges::none_of(scope.schools, is_wanted)) {
            // A place without rooms to let can still have accounts.
            const auto at = std::ranges::find_if(*known, is_wanted);
            if (!all || at == known->end())
                return base::fail("not_found", "not this establishment");
            scope.schools.push_back(*at);
        }
        scope.chosen = wanted;
    } else if (!scope.schools.empty() && (one || scope.schools.size() == 1)) {
        scope.chosen = scope.schools.front().id;
    }
    return scope;
}

std::string scope_query(const PostScope& scope) {
    return scope.chosen.empty() ? "" : "?" + query_string({{"etablissement", scope.chosen}});
}

json chooser_view(const Visit& visit, const PostScope& scope, const std::string& path, bool all) {
    if (scope.schools.size() < 2) return false;
    auto options = json::array();
    if (all) {
        options.push_back(option_view("", visit.text("finance.all_schools"), scope.chosen.empty()));
    }
    for (const auto& school : scope.schools) {
        options.push_back(
            option_view(school.id, scope.name_of(school.id), school.id == scope.chosen));
    }
    return {{"action", path}, {"options", options}};
}

std::map<std::string, std::string> organisation_names(const Visit& visit,
                                                      const std::set<std::string>& ids) {
    std::map<std::string, std::string> names;
    std::string joined;
    for (const auto& id : ids) {
        if (!id.empty()) joined += (joined.empty() ? "" : ",") + id;
    }
    if (joined.empty()) return names;
    const auto found =
        visit.backend->get("accounts", "/v1/organisations?ids=" + percent_encode(joined));
    if (!found) return names;
    for (const auto& one : list_of(*found, "items"))
        names[text_of(one, "id")] = text_of(one, "name");
    return names;
}

}  // namespace preau::gateway
