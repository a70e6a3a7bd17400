// Looking at some days of an establishment: what takes time there and what waits for an answer.

#include <set>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

Outcome<Planning> Desk::planning(Tx& tx, const Actor& actor, const base::EstablishmentId& id,
                                 time::Date from, int days) const {
    const auto body = tx.body_of(id);
    if (!body || !actor.works_at(*body, id)) return refuse("not_found", "establishment");
    const auto spaces = tx.spaces_of_establishment(id);
    Planning out;
    out.zone = spaces.empty() ? time::Zone::paris() : spaces.front()->zone;
    out.window = {out.zone.instant_or_jump(from, 0), out.zone.instant_or_jump(from + days, 0)};
    out.bookings = tx.planned(id, out.window, planning_bookings_max + 1);
    if (out.bookings.size() > static_cast<std::size_t>(planning_bookings_max)) {
        return refuse_input("/query/days", "range", "too many bookings in these days");
    }
    std::set<base::SiteId> sites;
    for (const auto& space : spaces)
        sites.insert(space->site);
    for (const auto& site : sites) {
        for (auto& closure : tx.closures(site, out.window.start)) {
            std::erase_if(closure.intervals, [&](const PartInterval& one) {
                return !one.interval.overlaps(out.window);
            });
            if (!closure.intervals.empty()) out.closures.push_back(std::move(closure));
        }
    }
    return out;
}

}  // namespace preau::booking
