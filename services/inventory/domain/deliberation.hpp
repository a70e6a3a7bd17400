#pragma once
// The vote of a school's board (conseil d'administration) that its rooms are lent: without one that
// covers a room today, the room is not shown to the public (Code de l'éducation, L213-2-2).

#include <span>
#include <string>
#include <vector>

#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/time/civil.hpp"

namespace preau::inventory {

using DeliberationId = base::Id<struct DeliberationTag>;

inline constexpr std::size_t deliberation_spaces_max = 100;
inline constexpr int deliberation_years_max = 10;

struct Deliberation {
    DeliberationId id;
    base::EstablishmentId establishment;
    std::string number;  // of the act, as the board numbers it
    time::Date voted_on;
    time::Date valid_from;
    time::Date valid_until;             // inclusive
    std::vector<base::SpaceId> spaces;  // empty: all of the establishment
    std::string recorded_by;            // person id

    bool covers(const base::SpaceId& space, time::Date day) const;
};

/// Whether one of them covers the space on the day.
bool covered(std::span<const Deliberation> all, const base::SpaceId& space, time::Date day);

/// `invalid` with pointers: an end before the beginning or more than ten years after it, a vote
/// after today.
base::Result<void> check(const Deliberation& deliberation, time::Date today);

}  // namespace preau::inventory
