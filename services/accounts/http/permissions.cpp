#include "services/accounts/http/permissions.hpp"

#include <algorithm>

namespace preau::accounts {

bool may_see(const security::Identity& who, const OrganisationFile& file) {
    if (who.is_service() || who.member_of(file.organisation.id)) return true;
    return std::ranges::any_of(file.affiliations,
                               [&](const Affiliation& a) { return who.staff_of(a.body); });
}

std::vector<Affiliation> visible_affiliations(const security::Identity& who,
                                              const OrganisationFile& file) {
    if (who.is_service() || who.member_of(file.organisation.id)) return file.affiliations;
    std::vector<Affiliation> visible;
    std::ranges::copy_if(file.affiliations, std::back_inserter(visible),
                         [&](const Affiliation& a) { return who.staff_of(a.body); });
    return visible;
}

bool may_enrol(const security::Identity& who, const base::BodyId& body) {
    return std::ranges::any_of(who.posts, [&](const security::StaffPost& post) {
        return post.body == body && (post.role == security::StaffRole::manager ||
                                     post.role == security::StaffRole::counter ||
                                     post.role == security::StaffRole::admin);
    });
}

bool saw_on_paper(const security::Identity& who, const Affiliation& affiliation) {
    return may_enrol(who, affiliation.body);
}

bool may_file(const security::Identity& who, const Affiliation& affiliation) {
    return who.books_for(affiliation.organisation) || saw_on_paper(who, affiliation);
}

bool may_read_people(const security::Identity& who) {
    return who.is_service("notification") || who.is_service("gateway");
}

bool may_exchange_sessions(const security::Identity& who) {
    return who.is_service("gateway");
}

security::Identity identity_of(const Profile& profile) {
    security::Identity identity;
    identity.kind = security::ActorKind::person;
    identity.actor = profile.person.id.str();
    for (const auto& seat : profile.seats) {
        if (const auto role = security::member_role(to_string(seat.membership.role))) {
            identity.memberships.push_back({seat.membership.organisation, *role});
        }
    }
    for (const auto& [post, body_name] : profile.posts) {
        if (const auto role = security::staff_role(to_string(post.role))) {
            identity.posts.push_back({post.body, *role, post.establishments});
        }
    }
    return identity;
}

}  // namespace preau::accounts
