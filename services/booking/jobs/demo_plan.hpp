#pragma once
// Which bookings a demonstration instance has: a pure function of the seed, today and the spaces.
// The weeks around today look lived in (about 30 % of gym evenings, 15 % of halls), a few requests
// wait at La Garenne, and the Tuesday 18–20 h series of its gym meets exactly three obstacles.

#include <cstdint>
#include <string>
#include <vector>

#include "services/booking/domain/desk.hpp"

namespace preau::booking::demo {

struct SchoolYear {
    time::Date first;  // 1 September
    time::Date last;   // 30 June
};

/// The year that runs (in July and August: the one to come) and the next.
std::vector<SchoolYear> school_years(time::Date today);

struct PlannedClosure {
    base::SpaceId space;
    ClosureKind kind = ClosureKind::closure;
    std::string reason;
    time::Date date;
    time::Minute start_minute = 0;
    time::Minute end_minute = 0;
};

struct Plan {
    std::vector<ImportRequest> bookings;  // the planted ones first
    std::vector<PlannedClosure> closures;
};

/// `tuesdays`: for each school year the dates of the planted series that lie ahead, in order.
Plan plan(std::uint64_t seed, time::Date today, const std::vector<SpaceRef>& spaces,
          const std::vector<base::OrganisationId>& organisations,
          const std::vector<std::vector<time::Date>>& tuesdays);

/// The planted series over one school year, outside school holidays.
rules::Recurrence tuesday_series(const SchoolYear& year);
/// The space of the planted series, or nothing when the instance does not have it.
SpaceRef planted_gym(const std::vector<SpaceRef>& spaces);

}  // namespace preau::booking::demo
