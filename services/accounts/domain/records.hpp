#pragma once
// What accounts owns: public bodies, people, organisations, and what ties them together. People,
// organisations and sessions are global; affiliations and posts belong to a body. Versions start at
// 1 and count the changes; `demonstration` marks invented data, shown as such on every page.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

namespace preau::accounts {

using AffiliationId = base::Id<struct AffiliationTag>;
using MembershipId = base::Id<struct MembershipTag>;
using PostId = base::Id<struct PostTag>;

enum class OrganisationKind { association, commune, public_body, training };
enum class AffiliationStatus { active, suspended, banned };
enum class MemberRole { president, booker, payer, member };
enum class StaffRole { manager, finance, caretaker, counter, admin };

std::string_view to_string(OrganisationKind kind);
std::string_view to_string(AffiliationStatus status);
std::string_view to_string(MemberRole role);
std::string_view to_string(StaffRole role);
std::optional<OrganisationKind> organisation_kind(std::string_view text);
std::optional<AffiliationStatus> affiliation_status(std::string_view text);
std::optional<MemberRole> member_role(std::string_view text);
std::optional<StaffRole> staff_role(std::string_view text);

/// A public body that lends rooms: the tenant.
struct Body {
    base::BodyId id;
    std::string slug;  // "isere"
    std::string name;  // "Département de l'Isère"
    std::string contact_email;
    std::string contact_phone;
    std::string contact_hours;
    std::map<std::string, std::string> texts;  // "presentation.fr" -> the body's own sentences
    bool demonstration = false;
    std::int64_t version = 0;
    bool operator==(const Body&) const = default;
};

struct Person {
    base::PersonId id;
    std::string name;
    std::string email;  // normalised; empty for people who come to a counter
    std::string language = "fr";
    bool active = true;
    bool demonstration = false;
    std::int64_t version = 0;
    bool operator==(const Person&) const = default;
};

struct Organisation {
    base::OrganisationId id;
    OrganisationKind kind = OrganisationKind::association;
    std::string name;
    std::string rna;  // each of the registers may be empty
    std::string siren;
    std::string siret;
    std::string court_register;  // "67/Strasbourg/82/1234"
    bool demonstration = false;
    std::int64_t version = 0;
    bool operator==(const Organisation&) const = default;
};

/// How one body sees one organisation.
struct Affiliation {
    AffiliationId id;
    base::OrganisationId organisation;
    base::BodyId body;
    char category = 'C';          // tariff category, 'A' to 'E'
    std::string category_ground;  // why, as the body decided
    AffiliationStatus status = AffiliationStatus::active;
    std::string contract_signed_on;     // ISO date, or empty
    std::string insurance_valid_until;  // ISO date, or empty
    std::int64_t version = 0;
    bool operator==(const Affiliation&) const = default;
};

struct Membership {
    MembershipId id;
    base::PersonId person;
    base::OrganisationId organisation;
    MemberRole role = MemberRole::member;
    bool active = true;
    std::int64_t version = 0;
    bool operator==(const Membership&) const = default;
};

/// Work for a body; without establishments for all of them.
struct StaffPost {
    PostId id;
    base::PersonId person;
    base::BodyId body;
    StaffRole role = StaffRole::manager;
    std::vector<base::EstablishmentId> establishments;  // sorted
    bool active = true;
    std::int64_t version = 0;
    bool operator==(const StaffPost&) const = default;
};

/// An organisation with how the bodies see it.
struct OrganisationFile {
    Organisation organisation;
    std::vector<Affiliation> affiliations;
};

/// A person with everything that gives rights; only active memberships and posts.
struct Profile {
    struct Seat {
        Membership membership;
        OrganisationFile of;
    };
    struct Post {
        StaffPost post;
        std::string body_name;
    };
    Person person;
    std::vector<Seat> seats;
    std::vector<Post> posts;
};

/// Bounds that keep an identity token, which lists them all, below the 8 kB of HTTP headers.
inline constexpr std::size_t memberships_per_person_max = 30;
inline constexpr std::size_t posts_per_person_max = 10;
inline constexpr std::size_t establishments_per_person_max = 80;

/// Lower case and without surrounding blanks; nothing when it is no plausible address (one "@", a
/// dot in the domain, ≤ 254 characters, neither blanks nor control characters).
std::optional<std::string> normalised_email(std::string_view typed);

/// `invalid` with pointers when a name is missing or a register number cannot be right, or when an
/// organisation stands in no register at all (a commune or public body needs its SIREN or SIRET).
base::Result<void> check(const Organisation& organisation);
/// `ground_required` for category A without its ground; `invalid` for another letter or a bad date.
base::Result<void> check(const Affiliation& affiliation);

}  // namespace preau::accounts
