#include "shared/security/identity.hpp"

#include <algorithm>
#include <array>

namespace preau::security {
namespace {

constexpr std::array<std::string_view, 4> kMemberRoles = {"president", "booker", "payer", "member"};
constexpr std::array<std::string_view, 5> kStaffRoles = {"manager", "finance", "caretaker",
                                                         "counter", "admin"};

}  // namespace

std::string_view to_string(MemberRole role) {
    return kMemberRoles.at(static_cast<std::size_t>(role));
}
std::string_view to_string(StaffRole role) {
    return kStaffRoles.at(static_cast<std::size_t>(role));
}

std::optional<MemberRole> member_role(std::string_view text) {
    const auto* const at = std::ranges::find(kMemberRoles, text);
    if (at == kMemberRoles.end()) return std::nullopt;
    return static_cast<MemberRole>(at - kMemberRoles.begin());
}

std::optional<StaffRole> staff_role(std::string_view text) {
    const auto* const at = std::ranges::find(kStaffRoles, text);
    if (at == kStaffRoles.end()) return std::nullopt;
    return static_cast<StaffRole>(at - kStaffRoles.begin());
}

bool Identity::member_of(const base::OrganisationId& organisation) const {
    return kind == ActorKind::person &&
           std::ranges::find(memberships, organisation, &Membership::organisation) !=
               memberships.end();
}

bool Identity::books_for(const base::OrganisationId& organisation) const {
    return kind == ActorKind::person && std::ranges::any_of(memberships, [&](const Membership& m) {
               return m.organisation == organisation &&
                      (m.role == MemberRole::president || m.role == MemberRole::booker);
           });
}

bool Identity::holds(StaffRole role, const base::BodyId& body,
                     const base::EstablishmentId& establishment) const {
    return kind == ActorKind::person && std::ranges::any_of(posts, [&](const StaffPost& post) {
               if (post.body != body) return false;
               if (post.role != role && post.role != StaffRole::admin) return false;
               return post.establishments.empty() ||
                      std::ranges::find(post.establishments, establishment) !=
                          post.establishments.end();
           });
}

bool Identity::staff_of(const base::BodyId& body) const {
    return kind == ActorKind::person &&
           std::ranges::find(posts, body, &StaffPost::body) != posts.end();
}

}  // namespace preau::security
