#pragma once
// What can be lent: a space, its indivisible parts, the offers made of them, and when it is open.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/inventory/domain/deliberation.hpp"
#include "services/inventory/domain/establishment.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/space.hpp"

namespace preau::inventory {

/// In the order of rules::kind_words().
enum class SpaceKind { gym, polyvalente, classroom, it_room, auditorium, dojo, meeting };
std::string_view to_string(SpaceKind kind);
std::optional<SpaceKind> space_kind_from(std::string_view text);

inline constexpr int capacity_max = 5'000;  // persons
inline constexpr std::size_t frames_max = 60;
inline constexpr std::size_t exceptions_max = 800;

struct Part {
    base::PartId id;
    std::string name;
};

struct Space {
    base::SpaceId id;
    base::BodyId body;
    base::EstablishmentId establishment;
    base::SiteId site;
    std::string slug;  // "gymnase-college-la-garenne-voiron": given once, never changed
    std::string name;
    SpaceKind kind = SpaceKind::classroom;
    int capacity_seated = 0;    // persons
    int capacity_standing = 0;  // persons
    int area_m2 = 0;
    bool step_free = false;
    std::vector<std::string> equipment;
    std::vector<std::string> purposes;
    bool published = false;
    bool demonstration = false;
    bool pending_holds = true;  // a request that waits for a decision keeps its time
    bool two_levels = false;    // the body decides after the college
    bool auto_accept = false;   // what rule R-13 allows needs no decision
    std::vector<Part> parts;
    std::vector<rules::Offer> offers;
    rules::Opening opening;
    std::int64_t version = 0;

    int capacity() const {
        return capacity_seated > capacity_standing ? capacity_seated : capacity_standing;
    }
};

/// A space with what it inherits from where it stands.
struct SpaceFacts {
    Space space;
    EstablishmentFacts at;
    std::vector<Deliberation> deliberations = {};  // of the establishment; loaded for a change only
};

/// What a manager may change on the page of a space; absent means unchanged.
struct SpaceEdit {
    std::optional<std::string> name;
    std::optional<int> capacity_seated;
    std::optional<int> capacity_standing;
    std::optional<bool> published;
    std::optional<bool> pending_holds;
    std::optional<bool> two_levels;
    std::optional<bool> auto_accept;
};

/// The space after the edit. Offers that held as many persons as the space follow its new capacity,
/// others are bounded by it. Publishing needs an active offer and opening hours; a published space
/// needs room for somebody. Errors: `invalid` with pointers; `deliberation_required` where a draft
/// is to be published and no vote covers it (`deliberated`).
base::Result<Space> edited(Space space, const SpaceEdit& edit, bool deliberated);

/// Hours that make sense: bounded in number, each frame with days and periods, ends after starts on
/// the quarter of an hour, exceptions one a day with disjoint ranges. Sorts exceptions and ranges.
/// Errors: `invalid` with pointers below `pointer`.
base::Result<rules::Opening> checked(rules::Opening opening, const std::string& pointer);

}  // namespace preau::inventory
