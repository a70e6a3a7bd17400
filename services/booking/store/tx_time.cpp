// Time: the version rows, the occupied cells and intervals.

#include <algorithm>
#include <map>
#include <set>

#include "services/booking/store/held.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/db/dialect.hpp"
#include "shared/db/insert_many.hpp"

namespace preau::booking {

namespace {

// No occurrence lasts longer than a day and its 25-hour form.
constexpr std::int64_t kLongest_s = 2 * 86'400;

constexpr std::string_view kPartColumns[] = {"part_id", "version"};
constexpr std::string_view kPartKey[] = {"part_id"};
constexpr std::string_view kPairColumns[] = {"organisation_id", "body_id", "version"};
constexpr std::string_view kPairKey[] = {"organisation_id", "body_id"};

}  // namespace

void SqlTx::bump(std::span<const base::PartId> parts, const base::OrganisationId* organisation,
                 const base::BodyId& body) {
    // The key orders the rows, so that two transactions take their locks in the same order.
    const std::string update =
        "UPDATE part_version SET version = version + 1 WHERE part_id IN (" + id_list(parts) + ")";
    for (int round = 0; round < 2; ++round) {
        soci::statement bump_parts = (sql().prepare << update);
        if (changed(bump_parts) == static_cast<Number>(parts.size())) break;
        // First use of a part: make its row, then bump as everybody else.
        const Number zero = 0;
        for (const auto& part : parts) {
            sql() << db::insert_unless_exists(session_.engine(), "part_version", kPartColumns,
                                              kPartKey),
                soci::use(part.str()), soci::use(zero);
        }
    }
    if (organisation == nullptr) return;
    for (int round = 0; round < 2; ++round) {
        soci::statement bump_pair =
            (sql().prepare << "UPDATE pair_version SET version = version + 1 "
                              "WHERE organisation_id = :o AND body_id = :b",
             soci::use(organisation->str()), soci::use(body.str()));
        if (changed(bump_pair) == 1) break;
        const Number zero = 0;
        sql() << db::insert_unless_exists(session_.engine(), "pair_version", kPairColumns,
                                          kPairKey),
            soci::use(organisation->str()), soci::use(body.str()), soci::use(zero);
    }
}

std::vector<rules::Occupation> SqlTx::occupations(std::span<const base::PartId> parts,
                                                  time::Interval window) {
    std::vector<rules::Occupation> out;
    std::string part;
    std::string booking;
    std::string organisation;
    std::string offer;
    Number start = 0;
    Number end = 0;
    Number before = 0;
    Number after = 0;
    Number pending = 0;
    const Number from = window.start.seconds - kLongest_s;
    const Number until = window.end.seconds;
    const Number touching = window.start.seconds;
    soci::statement held =
        (sql().prepare << "SELECT part_id, start_at, end_at, buffer_before_s, buffer_after_s, "
                          "booking_id, organisation_id, offer_id, pending FROM occupied_interval "
                          "WHERE part_id IN ("
                       << id_list(parts)
                       << ") AND start_at > :from AND start_at < :until AND end_at > :touching",
         soci::use(from), soci::use(until), soci::use(touching), soci::into(part),
         soci::into(start), soci::into(end), soci::into(before), soci::into(after),
         soci::into(booking), soci::into(organisation), soci::into(offer), soci::into(pending));
    each(held, [&] {
        out.push_back({base::PartId::trusted(part),
                       {{start}, {end}},
                       pending != 0 ? rules::OccupationKind::pending : rules::OccupationKind::taken,
                       before,
                       after,
                       base::OrganisationId::trusted(organisation),
                       base::OfferId::trusted(offer),
                       base::BookingId::trusted(booking)});
    });
    std::string kind;
    soci::statement closed =
        (sql().prepare << "SELECT i.part_id, i.start_at, i.end_at, c.kind FROM closure_interval i "
                          "JOIN closure c ON c.closure_id = i.closure_id WHERE i.part_id IN ("
                       << id_list(parts) << ") AND i.start_at < :until AND i.end_at > :touching",
         soci::use(until), soci::use(touching), soci::into(part), soci::into(start),
         soci::into(end), soci::into(kind));
    each(closed, [&] {
        rules::Occupation one;
        one.part = base::PartId::trusted(part);
        one.interval = {{start}, {end}};
        one.kind = rules::OccupationKind::closure;
        one.closure = rules::closure_kind_from(kind).value_or(ClosureKind::closure);
        out.push_back(std::move(one));
    });
    return out;
}

bool SqlTx::take(const Booking& booking, bool keyed) {
    const std::string_view id = booking.id.str();
    // A proposal may lie over the dates of its request: each cell once.
    std::set<std::pair<std::string_view, std::int64_t>> cells;
    for (const auto& holding : holdings(booking)) {
        if (!keyed || !holding.cells) continue;
        const auto& interval = holding.occurrence->slot.interval;
        const auto end = time::end_cell(interval).number;
        for (const auto& part : *holding.parts) {
            for (auto cell = time::first_cell(interval).number; cell < end; ++cell)
                cells.emplace(std::string_view(part.str()), cell);
        }
    }
    std::vector<std::vector<db::Cell>> cell_rows;
    std::vector<std::vector<db::Cell>> interval_rows;
    for (const auto& [part, cell] : cells)
        cell_rows.push_back({part, cell, id});
    for (const auto& [key, one] : held_by(booking)) {
        interval_rows.push_back({key.first, key.second, id, one.end, one.before, one.after,
                                 std::string_view(booking.organisation.str()),
                                 std::string_view(one.offer->str()),
                                 std::int64_t{one.pending ? 1 : 0}});
    }
    const auto held_by_another = session_.duplicate_in([&] {
        if (!cell_rows.empty()) {
            db::insert_many(session_, "occupied_cell", {"part_id", "cell", "booking_id"},
                            cell_rows);
        }
        db::insert_many(session_, "occupied_interval",
                        {"part_id", "start_at", "booking_id", "end_at", "buffer_before_s",
                         "buffer_after_s", "organisation_id", "offer_id", "pending"},
                        interval_rows);
    });
    return !held_by_another;
}

void SqlTx::set_pending(const base::BookingId& booking, bool pending) {
    made_ = {};
    const Number number = pending ? 1 : 0;
    sql() << "UPDATE occupied_interval SET pending = :p WHERE booking_id = :b", soci::use(number),
        soci::use(booking.str());
}

void SqlTx::free_all(const base::BookingId& booking) {
    made_ = {};
    sql() << "DELETE FROM occupied_cell WHERE booking_id = :b", soci::use(booking.str());
    sql() << "DELETE FROM occupied_interval WHERE booking_id = :b", soci::use(booking.str());
}

void SqlTx::free_one(const Booking& booking, time::Interval interval) {
    made_ = {};
    const Number first = time::first_cell(interval).number;
    const Number end = time::end_cell(interval).number;
    const Number start = interval.start.seconds;
    sql() << "DELETE FROM occupied_cell WHERE booking_id = :b AND cell >= :f AND cell < :e",
        soci::use(booking.id.str()), soci::use(first), soci::use(end);
    sql() << "DELETE FROM occupied_interval WHERE booking_id = :b AND start_at = :s",
        soci::use(booking.id.str()), soci::use(start);
}

std::vector<TouchedBooking> SqlTx::touched(std::span<const PartInterval> intervals) {
    std::map<std::string, TouchedBooking> found;
    std::string id;
    std::string reference;
    std::string state;
    std::string organisation;
    Number start = 0;
    Number end = 0;
    std::string part;
    Number from = 0;
    Number until = 0;
    Number touching = 0;
    soci::statement query =
        (sql().prepare
             << "SELECT b.booking_id, b.reference, b.state, b.organisation_id, i.start_at, "
                "i.end_at FROM occupied_interval i "
                "JOIN booking b ON b.booking_id = i.booking_id "
                "WHERE i.part_id = :p AND i.start_at > :f AND i.start_at < :u "
                "AND i.end_at > :t",
         soci::use(part), soci::use(from), soci::use(until), soci::use(touching), soci::into(id),
         soci::into(reference), soci::into(state), soci::into(organisation), soci::into(start),
         soci::into(end));
    for (const auto& one : intervals) {
        part = one.part.str();
        from = one.interval.start.seconds - kLongest_s;
        until = one.interval.end.seconds;
        touching = one.interval.start.seconds;
        each(query, [&] {
            auto& entry = found[id];
            entry.id = base::BookingId::trusted(id);
            entry.reference = reference;
            entry.state = state_from(state).value_or(State::submitted);
            entry.organisation = base::OrganisationId::trusted(organisation);
            const time::Interval interval{{start}, {end}};
            if (std::ranges::find(entry.intervals, interval) == entry.intervals.end()) {
                entry.intervals.push_back(interval);
            }
        });
    }
    std::vector<TouchedBooking> out;
    for (auto& [key, entry] : found) {
        std::ranges::sort(entry.intervals);
        out.push_back(std::move(entry));
    }
    return out;
}

}  // namespace preau::booking
