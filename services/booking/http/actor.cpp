#include "services/booking/http/actor.hpp"

namespace preau::booking::http {

namespace {

PostRole role_of(security::StaffRole role) {
    switch (role) {
        case security::StaffRole::manager:
            return PostRole::manager;
        case security::StaffRole::finance:
            return PostRole::finance;
        case security::StaffRole::caretaker:
            return PostRole::caretaker;
        case security::StaffRole::counter:
            return PostRole::counter;
        case security::StaffRole::admin:
            return PostRole::admin;
    }
    return PostRole::caretaker;
}

}  // namespace

Actor actor_of(const security::Identity& identity) {
    Actor out;
    out.id = identity.actor;
    out.service = identity.is_service();
    for (const auto& membership : identity.memberships) {
        out.member_of.push_back(membership.organisation);
        if (identity.books_for(membership.organisation)) {
            out.books_for.push_back(membership.organisation);
        }
    }
    for (const auto& post : identity.posts) {
        out.posts.push_back({post.body, role_of(post.role), post.establishments});
    }
    return out;
}

}  // namespace preau::booking::http
