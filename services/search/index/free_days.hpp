#pragma once
// When a room is free next, and on which hours of which days the rooms of a site are free: read
// from the planes, day by day.

#include <optional>
#include <string>
#include <vector>

#include "services/search/index/index.hpp"

namespace preau::search {

/// Hours of the day within which a start is looked for.
struct Window {
    time::Minute start_minute = 0;
    time::Minute end_minute = time::minutes_per_day;
};

/// The first slot of `length_min` from `from` on that anybody may have, on the offer's grid and
/// within the window; nothing up to the end of the offer's horizon. Errors: rules::check_shape's
/// for the length.
base::Result<std::optional<rules::Slot>> first_free(const Index::View& view,
                                                    const SpaceEntry& space,
                                                    const rules::Offer& offer,
                                                    time::Minute length_min, const Window& window,
                                                    time::Date from);

struct FreeRange {
    time::Minute start_minute = 0;  // of the local day, 0 to 1,440
    time::Minute end_minute = 0;
};

struct FreeDay {
    time::Date date;
    std::vector<FreeRange> free;  // in order; minutes by the clock on the wall
};

struct RoomDays {
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;  // the whole room
    std::vector<FreeDay> days;
};

/// The published rooms of a site, by name; `days` days from `from`. That time is free does not say
/// that any booking of it would do. Empty: no such site.
std::vector<RoomDays> site_days(const Index::View& view, const std::string& site, time::Date from,
                                std::int32_t days);

/// The offer of all parts, or the largest that is active; null without any.
const rules::Offer* whole_offer(const SpaceEntry& space);

}  // namespace preau::search
