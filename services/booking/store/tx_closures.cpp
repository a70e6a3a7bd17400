// Closures: intervals on parts that may overlap one another.

#include <algorithm>

#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/db/insert_many.hpp"

namespace preau::booking {

namespace {
constexpr Number kNoMinute = -1;
}

void SqlTx::insert_closure(const Closure& closure) {
    const std::string kind(to_string(closure.kind));
    const std::string zone = closure.zone.name();
    const Number from = closure.from.days;
    const Number until = closure.until.days;
    const Number start = closure.start_minute ? *closure.start_minute : kNoMinute;
    const Number end = closure.end_minute ? *closure.end_minute : kNoMinute;
    const Number version = closure.version;
    const Number created = closure.created_at.seconds;
    const Number active = closure.active ? 1 : 0;
    Number last_end = 0;
    for (const auto& one : closure.intervals) {
        last_end = std::max<Number>(last_end, one.interval.end.seconds);
    }
    sql() << "INSERT INTO closure (closure_id, body_id, establishment_id, site_id, kind, reason, "
             "from_day, until_day, start_minute, end_minute, last_end, zone, active, version, "
             "created_by, created_at, bulk_closure_id) VALUES (:a1, :a2, :a3, :a4, :a5, :a6, :a7, "
             ":a8, :a9, :b1, :b2, :b3, :b4, :b5, :b6, :b7, :b8)",
        soci::use(closure.id.str()), soci::use(closure.body.str()),
        soci::use(closure.establishment.str()), soci::use(closure.site.str()), soci::use(kind),
        soci::use(closure.reason), soci::use(from), soci::use(until), soci::use(start),
        soci::use(end), soci::use(last_end), soci::use(zone), soci::use(active), soci::use(version),
        soci::use(closure.created_by), soci::use(created), soci::use(closure.bulk.str());
    std::vector<std::vector<db::Cell>> rows;
    for (const auto& one : closure.intervals) {
        rows.push_back({std::string_view(one.part.str()), one.interval.start.seconds,
                        std::string_view(closure.id.str()), one.interval.end.seconds});
    }
    db::insert_many(session_, "closure_interval", {"part_id", "start_at", "closure_id", "end_at"},
                    rows);
}

std::vector<Closure> SqlTx::closures_where(std::string_view condition, const std::string& id,
                                           base::Instant ending_after) {
    std::vector<Closure> out;
    std::string closure_id;
    std::string body;
    std::string establishment;
    std::string site;
    std::string kind;
    std::string reason;
    std::string zone;
    std::string created_by;
    std::string bulk;
    Number from = 0;
    Number until = 0;
    Number start = 0;
    Number end = 0;
    Number active = 0;
    Number version = 0;
    Number created = 0;
    const Number after = ending_after.seconds;
    soci::statement query =
        (sql().prepare << "SELECT closure_id, body_id, establishment_id, site_id, kind, reason, "
                          "from_day, until_day, start_minute, end_minute, zone, active, version, "
                          "created_by, created_at, bulk_closure_id FROM closure WHERE "
                       << condition << " AND last_end > :after ORDER BY from_day, closure_id",
         soci::use(id), soci::use(after), soci::into(closure_id), soci::into(body),
         soci::into(establishment), soci::into(site), soci::into(kind), soci::into(reason),
         soci::into(from), soci::into(until), soci::into(start), soci::into(end), soci::into(zone),
         soci::into(active), soci::into(version), soci::into(created_by), soci::into(created),
         soci::into(bulk));
    each(query, [&] {
        Closure one;
        one.id = base::ClosureId::trusted(closure_id);
        one.body = base::BodyId::trusted(body);
        one.establishment = base::EstablishmentId::trusted(establishment);
        one.site = base::SiteId::trusted(site);
        one.kind = rules::closure_kind_from(kind).value_or(ClosureKind::closure);
        one.reason = reason;
        one.from = {static_cast<std::int32_t>(from)};
        one.until = {static_cast<std::int32_t>(until)};
        if (start != kNoMinute) one.start_minute = static_cast<time::Minute>(start);
        if (end != kNoMinute) one.end_minute = static_cast<time::Minute>(end);
        if (const auto found = time::Zone::find(zone)) one.zone = *found;
        one.active = active != 0;
        one.version = version;
        one.created_by = created_by;
        if (!bulk.empty()) one.bulk = BulkClosureId::trusted(bulk);
        one.created_at = {created};
        out.push_back(std::move(one));
    });
    std::string part;
    std::string of;
    soci::statement intervals =
        (sql().prepare << "SELECT part_id, start_at, end_at FROM closure_interval "
                          "WHERE closure_id = :c ORDER BY part_id, start_at",
         soci::use(of), soci::into(part), soci::into(start), soci::into(end));
    for (auto& one : out) {
        of = one.id.str();
        each(intervals,
             [&] { one.intervals.push_back({base::PartId::trusted(part), {{start}, {end}}}); });
    }
    return out;
}

std::optional<Closure> SqlTx::find_closure(const base::ClosureId& id) {
    auto found = closures_where("closure_id = :id", id.str(), {0});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Closure> SqlTx::closures(const base::SiteId& site, base::Instant ending_after) {
    return closures_where("site_id = :id AND active = 1", site.str(), ending_after);
}

std::vector<Closure> SqlTx::closures_in_force(base::Instant ending_after) {
    return closures_where("active = 1 AND closure_id > :id", std::string{}, ending_after);
}

bool SqlTx::lift_closure(Closure& closure) {
    const Number version = closure.version;
    soci::statement update =
        (sql().prepare << "UPDATE closure SET active = 0, version = version + 1 "
                          "WHERE closure_id = :c AND version = :v",
         soci::use(closure.id.str()), soci::use(version));
    if (changed(update) != 1) return false;
    sql() << "DELETE FROM closure_interval WHERE closure_id = :c", soci::use(closure.id.str());
    closure.active = false;
    ++closure.version;
    return true;
}

}  // namespace preau::booking
