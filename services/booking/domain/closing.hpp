#pragma once
// What a closure covers: whose parts, at which hours. The same for one room and for many sites.

#include <optional>
#include <vector>

#include "services/booking/domain/requests.hpp"
#include "services/booking/domain/store.hpp"
#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// Occurrence::reason and refund reason of what a closure takes.
inline constexpr std::string_view reason_closure = "closure";

struct ClosingPlace {
    std::vector<SpaceRef> spaces;     // all of one site; at least one
    std::vector<base::PartId> parts;  // sorted, each once
};

/// Refusals: `not_found` with the field that names no place, `invalid` for parts of several sites.
Outcome<ClosingPlace> closing_place(Tx& tx, const ClosureRequest& request);

/// The intervals of the request in a zone: one from the first to the last day, or the same hours on
/// each. At most 550 days; an empty interval is refused.
Outcome<std::vector<time::Interval>> closing_hours(const ClosureRequest& request,
                                                   const time::Zone& zone);

/// The closure as it will stand, not written yet. `past_start` where all of it is over; at most
/// 6,000 intervals.
Outcome<Closure> compose_closure(const ClosingPlace& place, const ClosureRequest& request,
                                 std::string created_by, base::Instant now);

/// The part of each interval that is still to come: nobody is pushed out of time that is past.
std::vector<PartInterval> still_to_come(const std::vector<PartInterval>& intervals,
                                        base::Instant now);

}  // namespace preau::booking
