#pragma once
// For whom a visitor works: the establishments of his posts, the one that a page is about, and the
// choice between them.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/directory.hpp"
#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

struct PostScope {
    std::vector<School> schools;
    std::string chosen;  // id, "" for all of them together

    std::string name_of(std::string_view id) const;  // "Collège La Garenne, Voiron"
};

/// The establishments of the visitor's posts in one of the roles; a post without any covers all
/// that lend rooms. The field or query `etablissement` chooses one; `one`: the first where it is
/// absent. `forbidden` without such a post, `not_found` when another's establishment is asked for.
base::Result<PostScope> scope_of_posts(const Visit& visit, Directory& directory,
                                       const std::set<std::string_view>& roles, bool one);

/// "?etablissement=…", "" for all.
std::string scope_query(const PostScope& scope);

/// The form that chooses an establishment on the page `path`, or false where there is no choice.
/// `all`: whether all together can be chosen.
nlohmann::json chooser_view(const Visit& visit, const PostScope& scope, const std::string& path,
                            bool all);

/// Names of organisations by id; without those that accounts does not know.
std::map<std::string, std::string> organisation_names(const Visit& visit,
                                                      const std::set<std::string>& ids);

}  // namespace preau::gateway
