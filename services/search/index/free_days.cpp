#include "services/search/index/free_days.hpp"

#include <algorithm>
#include <tuple>

#include "services/search/index/week.hpp"

namespace preau::search {
namespace {

constexpr time::Minute kQuarter = 15;
/// So many days are looked at together.
constexpr std::int32_t kDaysTogether = 100;

/// The slots from `start` on the days from `from`; a day whose clocks skip it has none.
AskedDates slots_at(const Index::View& view, const SpaceEntry& space, time::Date from,
                    std::int32_t days, time::Minute start, time::Minute length_min) {
    rules::Expansion out;
    for (std::int32_t n = 0; n < days; ++n) {
        const auto begin = space.zone.instant(from + n, start);
        const auto end = space.zone.instant(from + n, start + length_min);
        if (!begin || !end) continue;
        out.slots.push_back({from + n, start, start + length_min, {*begin, *end}});
    }
    return {std::move(out), view.horizon()};
}

/// All quarters of an hour of a day, as if each were asked for.
AskedDates quarters_of(const Index::View& view, const time::Zone& zone, time::Date date) {
    rules::Expansion out;
    for (time::Minute minute = 0; minute < time::minutes_per_day; minute += kQuarter) {
        const auto slot = quarter_at(zone, date, minute);
        if (!slot.interval.empty()) out.slots.push_back(slot);
    }
    return {std::move(out), view.horizon()};
}

FreeDay free_day(const FreeTime& time, const AskedDates& quarters, time::Date date) {
    FreeDay out{date, {}};
    const FreeDates free = time.among(quarters);
    for (std::size_t n = 0; n < quarters.size(); ++n) {
        if (!free[n]) continue;
        const rules::Slot& slot = quarters.slots()[n];
        if (!out.free.empty() && out.free.back().end_minute == slot.start_minute) {
            out.free.back().end_minute = slot.end_minute;
        } else {
            out.free.push_back({slot.start_minute, slot.end_minute});
        }
    }
    return out;
}

}  // namespace

const rules::Offer* whole_offer(const SpaceEntry& space) {
    const auto& offers = space.facts.offers;
    const auto whole = std::ranges::max_element(offers, {}, [](const rules::Offer& offer) {
        return std::pair(offer.active, offer.parts.size());
    });
    return whole == offers.end() ? nullptr : &*whole;
}

base::Result<std::optional<rules::Slot>> first_free(const Index::View& view,
                                                    const SpaceEntry& space,
                                                    const rules::Offer& offer,
                                                    time::Minute length_min, const Window& window,
                                                    time::Date from) {
    rules::Recurrence shape;
    shape.end_minute = length_min;
    if (const auto fits = rules::check_shape(shape, offer, 0); !fits) {
        return std::unexpected(fits.error());
    }
    const FreeTime time = view.free_time(space, offer);
    const rules::BookableWindow bounds = view.window(space.zone, offer);
    const time::Minute first =
        (window.start_minute + offer.grid_min - 1) / offer.grid_min * offer.grid_min;
    for (time::Date day = std::max(from, bounds.first); day <= bounds.last;
         day = day + kDaysTogether) {
        const std::int32_t days = std::min(kDaysTogether, bounds.last - day + 1);
        std::optional<rules::Slot> best;
        for (time::Minute start = first; start + length_min <= window.end_minute;
             start += offer.grid_min) {
            const AskedDates asked = slots_at(view, space, day, days, start, length_min);
            const FreeDates free = time.among(asked);
            const std::size_t n = free._Find_first();
            if (n >= asked.size()) continue;
            const rules::Slot& slot = asked.slots()[n];
            if (!best || slot.interval.start < best->interval.start) best = slot;
        }
        if (best) return best;
    }
    return std::optional<rules::Slot>{};
}

std::vector<RoomDays> site_days(const Index::View& view, const std::string& site, time::Date from,
                                std::int32_t days) {
    std::vector<RoomDays> out;
    for (const RoomEntry& room : view.rooms().all()) {
        if (!room.published || room.space->facts.site.str() != site) continue;
        const rules::Offer* offer = whole_offer(*room.space);
        if (offer != nullptr) out.push_back({room.space, offer, {}});
    }
    std::ranges::sort(out, {}, [](const RoomDays& room) {
        return std::tie(room.space->facts.name, room.space->facts.id);
    });
    for (std::int32_t n = 0; n < days && !out.empty(); ++n) {
        // The rooms of a site share its zone.
        const AskedDates quarters = quarters_of(view, out.front().space->zone, from + n);
        for (RoomDays& room : out) {
            const FreeTime time = view.free_time(*room.space, *room.offer);
            room.days.push_back(free_day(time, quarters, from + n));
        }
    }
    return out;
}

}  // namespace preau::search
