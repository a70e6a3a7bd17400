#include "services/booking/jobs/zone_watch.hpp"

#include <algorithm>
#include <map>

#include "services/booking/domain/zone_rules.hpp"
#include "services/booking/store/sql.hpp"
#include "shared/observe/log.hpp"

namespace preau::booking {

namespace {

using namespace std::chrono_literals;

constexpr auto kDay = std::chrono::milliseconds(24h);
constexpr auto kAgain = std::chrono::milliseconds(1min);

/// The slots to come of each establishment, each once.
using Slots = std::map<std::string, std::vector<rules::Slot>>;

base::Result<Slots> slots_to_come(db::Database& database, base::Instant now) {
    return database.read([&](db::Session& session) -> base::Result<Slots> {
        Slots out;
        std::string establishment;
        Number date = 0;
        Number start_minute = 0;
        Number end_minute = 0;
        Number start = 0;
        Number end = 0;
        const Number after = now.seconds;
        soci::statement query =
            (session.sql().prepare
                 << "SELECT DISTINCT b.establishment_id, o.local_date, o.start_minute, "
                    "o.end_minute, o.start_at, o.end_at FROM booking b "
                    "JOIN booking_occurrence o ON o.booking_id = b.booking_id "
                    "WHERE b.held <> 'none' AND b.last_end > :a1 AND o.start_at > :a2",
             soci::use(after), soci::use(after), soci::into(establishment), soci::into(date),
             soci::into(start_minute), soci::into(end_minute), soci::into(start), soci::into(end));
        each(query, [&] {
            out[establishment].push_back({{static_cast<std::int32_t>(date)},
                                          static_cast<time::Minute>(start_minute),
                                          static_cast<time::Minute>(end_minute),
                                          {{start}, {end}}});
        });
        return out;
    });
}

}  // namespace

base::Result<std::vector<base::EstablishmentId>> out_of_zone(db::Database& database, Store& store,
                                                             base::Instant now) {
    const auto slots = slots_to_come(database, now);
    if (!slots) return std::unexpected(slots.error());
    std::vector<base::EstablishmentId> out;
    for (const auto& [text, its] : *slots) {
        const auto id = base::EstablishmentId::trusted(text);
        const auto spaces = store.read([&](Tx& tx) -> base::Result<std::vector<SpaceRef>> {
            return tx.spaces_of_establishment(id);
        });
        if (!spaces) return std::unexpected(spaces.error());
        if (spaces->empty()) continue;  // withdrawn from inventory
        const auto& zone = spaces->front()->zone;
        const auto differs = [&](const rules::Slot& slot) { return !follows_zone(slot, zone); };
        if (std::ranges::any_of(its, differs)) out.push_back(id);
    }
    return out;
}

std::chrono::milliseconds follow_zones(db::Database& database, Store& store,
                                       const base::Clock& business) {
    const auto changed = out_of_zone(database, store, business.now());
    if (!changed) return kAgain;
    bool all = true;
    for (const auto& id : *changed) {
        const auto moved =
            store.transact([&](Tx& tx) { return follow_zone_rules(tx, id, business.now()); });
        all = all && moved.has_value();
        observe::log(moved ? observe::Level::info : observe::Level::warn, "zone.followed",
                     {{"establishment_id", id.str()},
                      {"bookings", std::to_string(moved.value_or(0))},
                      {"code", moved ? "" : moved.error().error.code}});
    }
    return all ? kDay : kAgain;
}

}  // namespace preau::booking
