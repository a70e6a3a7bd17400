#include "services/inventory/http/access.hpp"

#include <algorithm>

namespace preau::inventory {

Visibility visibility_of(const security::Identity& identity) {
    Visibility out;
    for (const security::StaffPost& post : identity.posts) {
        if (post.establishments.empty()) {
            out.bodies.push_back(post.body);
        } else {
            out.establishments.insert(out.establishments.end(), post.establishments.begin(),
                                      post.establishments.end());
        }
    }
    return out;
}

bool may_see(const security::Identity& identity, const Space& space) {
    if (space.published) return true;
    return std::ranges::any_of(identity.posts, [&](const security::StaffPost& post) {
        return post.body == space.body &&
               (post.establishments.empty() ||
                std::ranges::find(post.establishments, space.establishment) !=
                    post.establishments.end());
    });
}

base::Result<void> may_change(const security::Identity& identity, const Space& space) {
    if (identity.kind == security::ActorKind::anonymous) return base::fail("unauthenticated");
    if (!identity.holds(security::StaffRole::manager, space.body, space.establishment)) {
        return base::fail("not_found");
    }
    return {};
}

}  // namespace preau::inventory
