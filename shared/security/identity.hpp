#pragma once
// Who asks: the content of an identity token (Ed25519, at most 60 s, signed by accounts for people
// and by each service for itself). Every service authorises for itself from these facts.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

namespace preau::security {

enum class ActorKind { anonymous, person, service };
enum class MemberRole { president, booker, payer, member };
enum class StaffRole { manager, finance, caretaker, counter, admin };

std::string_view to_string(MemberRole role);
std::string_view to_string(StaffRole role);
std::optional<MemberRole> member_role(std::string_view text);
std::optional<StaffRole> staff_role(std::string_view text);

struct Membership {
    base::OrganisationId organisation;
    MemberRole role = MemberRole::member;
};

/// A role in a public body; without establishments it covers all of them.
struct StaffPost {
    base::BodyId body;
    StaffRole role = StaffRole::manager;
    std::vector<base::EstablishmentId> establishments;
};

struct Identity {
    ActorKind kind = ActorKind::anonymous;
    std::string actor;  // person id, or "service:<name>"
    std::vector<Membership> memberships;
    std::vector<StaffPost> posts;

    bool is_service() const { return kind == ActorKind::service; }
    bool is_service(std::string_view name) const {
        return is_service() && actor == "service:" + std::string(name);
    }
    /// Member of the organisation in any role.
    bool member_of(const base::OrganisationId& organisation) const;
    /// May ask for rooms and act for the organisation: president or booker.
    bool books_for(const base::OrganisationId& organisation) const;
    /// Holds `role` (or admin) for this establishment of this body.
    bool holds(StaffRole role, const base::BodyId& body,
               const base::EstablishmentId& establishment) const;
    /// Holds any post of this body.
    bool staff_of(const base::BodyId& body) const;
};

}  // namespace preau::security
