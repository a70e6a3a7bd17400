#pragma once
// One week of one offer, for the room page: each local day cut into segments of one state.

#include <string>
#include <vector>

#include "services/search/index/index.hpp"

namespace preau::search {

struct Segment {
    time::Minute start_minute = 0;  // of the local day, 0 to 1,440
    time::Minute end_minute = 0;
    rules::SlotState state = rules::SlotState::closed;
    std::string reason;
};

struct Day {
    time::Date date;
    std::vector<Segment> segments;  // from 00:00 to 24:00, without a hole
};

/// A quarter of an hour as if it alone were asked for: the offer's grid and shortest duration do
/// not matter here, its parts and buffers do. Empty where the clock skips it.
rules::Slot quarter_at(const time::Zone& zone, time::Date date, time::Minute minute);

/// The seven days from `monday`. A segment is as long as the state and reason of its quarter hours
/// stay the same; a free one says that time is free, not that any booking of it would do.
std::vector<Day> week_of(const Index::View& view, const SpaceEntry& space,
                         const rules::Offer& offer, time::Date monday);

}  // namespace preau::search
