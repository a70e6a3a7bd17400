#include "services/booking/domain/zone_rules.hpp"

#include <algorithm>

#include "services/booking/domain/guard.hpp"

namespace preau::booking {

namespace {

constexpr int kPage = 100;

const std::vector<State> kLiving{State::submitted,          State::endorsed,
                                 State::awaiting_documents, State::counter_proposed,
                                 State::accepted,           State::confirmed};

/// As the zone has it now, or as it is where the clock skips an end of it.
time::Interval interval_of(const rules::Slot& slot, const time::Zone& zone) {
    const auto start = zone.instant(slot.local_date, slot.start_minute);
    const auto end = zone.instant(slot.local_date, slot.end_minute);
    if (!start || !end || *end <= *start) return slot.interval;
    return {*start, *end};
}

bool to_come(const Occurrence& one, base::Instant now) {
    return one.slot.interval.start > now;
}

/// Living bookings with a date whose instants are not those of their zone.
Outcome<std::vector<Booking>> out_of_step(Tx& tx, const base::EstablishmentId& establishment,
                                          base::Instant now) {
    std::vector<Booking> out;
    ListFilter filter;
    filter.establishment = establishment;
    filter.states = kLiving;
    filter.limit = kPage;
    do {
        const auto page = tx.list(filter);
        if (!page) return std::unexpected(Refusal(page.error()));
        for (const auto& row : page->items) {
            if (row.last_end <= now) continue;
            auto booking = tx.find(row.id);
            if (!booking) continue;
            const bool differs =
                std::ranges::any_of(booking->occurrences, [&](const Occurrence& one) {
                    return to_come(one, now) && !follows_zone(one.slot, booking->zone);
                });
            if (differs) out.push_back(*std::move(booking));
        }
        filter.after = page->next;
    } while (!filter.after.empty());
    return out;
}

void move(Booking& booking, HistoryLine& line, base::Instant now) {
    for (auto& one : booking.occurrences) {
        if (!to_come(one, now) || follows_zone(one.slot, booking.zone)) continue;
        const auto before = one.slot;
        one.slot.interval = interval_of(one.slot, booking.zone);
        line.dates.push_back({one.id, before, one.slot});
    }
    booking.summarise();
}

}  // namespace

bool follows_zone(const rules::Slot& slot, const time::Zone& zone) {
    return interval_of(slot, zone) == slot.interval;
}

Outcome<int> follow_zone_rules(Tx& tx, const base::EstablishmentId& establishment,
                               base::Instant now) {
    auto bookings = out_of_step(tx, establishment, now);
    if (!bookings || bookings->empty()) {
        if (!bookings) return std::unexpected(bookings.error());
        return 0;
    }
    std::vector<base::PartId> parts;
    for (const auto& one : *bookings)
        parts = together(std::move(parts), one.parts);
    tx.bump(parts, nullptr, bookings->front().body);
    for (const auto& one : *bookings)
        tx.free_all(one.id);
    for (auto& one : *bookings) {
        HistoryLine line{now, "rules", {}, "zone_rules", one.state, one.state, 0, {}, {}};
        move(one, line, now);
        if (!tx.update(one)) return refuse("stale_version");
        tx.rewrite(one);
        if (!tx.take(one, true)) return refuse("overlap", one.reference);
        line.version = one.version;
        tx.add_history(one.id, line);
        tx.publish_occupancy(one, now);
    }
    return static_cast<int>(bookings->size());
}

}  // namespace preau::booking
