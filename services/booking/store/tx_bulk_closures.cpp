// Closures at many sites: the operation, its sites, and whose time it took.

#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

namespace {
constexpr Number kNoMinute = -1;

std::vector<BulkClosureId> bulk_ids(soci::statement& query, const std::string& id) {
    std::vector<BulkClosureId> out;
    each(query, [&] { out.push_back(BulkClosureId::trusted(id)); });
    return out;
}

std::vector<BulkSite> sites_of(soci::session& sql, const BulkClosureId& bulk) {
    std::vector<BulkSite> out;
    std::string site;
    std::string establishment;
    std::string role;
    std::string state;
    std::string closure;
    Number pushed = 0;
    Number restored = 0;
    soci::statement query =
        (sql.prepare << "SELECT site_id, establishment_id, by_role, state, closure_id, "
                        "pushed_count, restored_count FROM bulk_closure_site "
                        "WHERE bulk_closure_id = :b ORDER BY site_id",
         soci::use(bulk.str()), soci::into(site), soci::into(establishment), soci::into(role),
         soci::into(state), soci::into(closure), soci::into(pushed), soci::into(restored));
    each(query, [&] {
        BulkSite one;
        one.site = base::SiteId::trusted(site);
        one.establishment = base::EstablishmentId::trusted(establishment);
        one.by_role = role;
        one.state = bulk_site_state_from(state).value_or(BulkSiteState::dropped);
        if (!closure.empty()) one.closure = base::ClosureId::trusted(closure);
        one.pushed_count = static_cast<int>(pushed);
        one.restored_count = static_cast<int>(restored);
        out.push_back(std::move(one));
    });
    return out;
}

}  // namespace

void SqlTx::insert_bulk_closure(const BulkClosure& bulk) {
    const std::string state(to_string(bulk.state));
    const std::string kind(to_string(bulk.kind));
    const Number from = bulk.from.days;
    const Number until = bulk.until.days;
    const Number start = bulk.start_minute ? *bulk.start_minute : kNoMinute;
    const Number end = bulk.end_minute ? *bulk.end_minute : kNoMinute;
    const Number forced = bulk.force ? 1 : 0;
    const Number created = bulk.created_at.seconds;
    sql() << "INSERT INTO bulk_closure (bulk_closure_id, body_id, state, version, kind, reason, "
             "from_day, until_day, start_minute, end_minute, forced, created_by, created_at, "
             "undo_until) VALUES (:a1, :a2, :a3, 1, :a4, :a5, :a6, :a7, :a8, :a9, :b1, :b2, :b3, "
             "0)",
        soci::use(bulk.id.str()), soci::use(bulk.body.str()), soci::use(state), soci::use(kind),
        soci::use(bulk.reason), soci::use(from), soci::use(until), soci::use(start), soci::use(end),
        soci::use(forced), soci::use(bulk.created_by), soci::use(created);
    for (const auto& site : bulk.sites) {
        const std::string site_state(to_string(site.state));
        sql() << "INSERT INTO bulk_closure_site (bulk_closure_id, site_id, establishment_id, "
                 "by_role, state, closure_id, pushed_count, restored_count) "
                 "VALUES (:a1, :a2, :a3, :a4, :a5, '', 0, 0)",
            soci::use(bulk.id.str()), soci::use(site.site.str()),
            soci::use(site.establishment.str()), soci::use(site.by_role), soci::use(site_state);
    }
}

std::optional<BulkClosure> SqlTx::find_bulk_closure(const BulkClosureId& id) {
    BulkClosure out;
    std::string body;
    std::string state;
    std::string kind;
    Number from = 0;
    Number until = 0;
    Number start = 0;
    Number end = 0;
    Number forced = 0;
    Number created = 0;
    Number undo_until = 0;
    soci::statement query =
        (sql().prepare << "SELECT body_id, state, kind, reason, from_day, until_day, start_minute, "
                          "end_minute, forced, created_by, created_at, undo_until "
                          "FROM bulk_closure WHERE bulk_closure_id = :b",
         soci::use(id.str()), soci::into(body), soci::into(state), soci::into(kind),
         soci::into(out.reason), soci::into(from), soci::into(until), soci::into(start),
         soci::into(end), soci::into(forced), soci::into(out.created_by), soci::into(created),
         soci::into(undo_until));
    if (!query.execute(true)) return std::nullopt;
    out.id = id;
    out.body = base::BodyId::trusted(body);
    out.state = bulk_state_from(state).value_or(BulkState::standing);
    out.kind = rules::closure_kind_from(kind).value_or(ClosureKind::closure);
    out.from = {static_cast<std::int32_t>(from)};
    out.until = {static_cast<std::int32_t>(until)};
    if (start != kNoMinute) out.start_minute = static_cast<time::Minute>(start);
    if (end != kNoMinute) out.end_minute = static_cast<time::Minute>(end);
    out.force = forced != 0;
    out.created_at = {created};
    if (undo_until != 0) out.undo_until = base::Instant{undo_until};
    out.sites = sites_of(sql(), id);
    return out;
}

bool SqlTx::move_bulk_closure(const BulkClosureId& id, BulkState from, BulkState to) {
    const std::string before(to_string(from));
    const std::string after(to_string(to));
    soci::statement update =
        (sql().prepare << "UPDATE bulk_closure SET state = :t, version = version + 1 "
                          "WHERE bulk_closure_id = :b AND state = :f",
         soci::use(after), soci::use(id.str()), soci::use(before));
    return changed(update) == 1;
}

void SqlTx::set_undo_until(const BulkClosureId& id, base::Instant until) {
    const Number at = until.seconds;
    sql() << "UPDATE bulk_closure SET undo_until = :u WHERE bulk_closure_id = :b", soci::use(at),
        soci::use(id.str());
}

void SqlTx::update_bulk_site(const BulkClosureId& id, const BulkSite& site) {
    const std::string state(to_string(site.state));
    const Number pushed = site.pushed_count;
    const Number restored = site.restored_count;
    sql() << "UPDATE bulk_closure_site SET state = :s, closure_id = :c, pushed_count = :p, "
             "restored_count = :r WHERE bulk_closure_id = :b AND site_id = :i",
        soci::use(state), soci::use(site.closure.str()), soci::use(pushed), soci::use(restored),
        soci::use(id.str()), soci::use(site.site.str());
}

std::vector<BulkClosureId> SqlTx::bulk_closures(const base::BodyId& body, int limit) {
    std::string id;
    const Number most = limit;
    soci::statement query =
        (sql().prepare << "SELECT bulk_closure_id FROM bulk_closure WHERE body_id = :b "
                          "ORDER BY created_at DESC, bulk_closure_id DESC LIMIT :n",
         soci::use(body.str()), soci::use(most), soci::into(id));
    return bulk_ids(query, id);
}

std::vector<BulkClosureId> SqlTx::bulk_closures_due(base::Instant machine_now, int limit) {
    std::string id;
    const Number at = machine_now.seconds;
    const Number most = limit;
    soci::statement query =
        (sql().prepare << "SELECT bulk_closure_id FROM bulk_closure b WHERE state = 'closing' OR "
                          "(state = 'open' AND undo_until <= :u) OR (state = 'undone' AND EXISTS "
                          "(SELECT 1 FROM bulk_closure_site s WHERE s.state = 'closed' AND "
                          "s.bulk_closure_id = b.bulk_closure_id)) "
                          "ORDER BY bulk_closure_id LIMIT :n",
         soci::use(at), soci::use(most), soci::into(id));
    return bulk_ids(query, id);
}

bool SqlTx::bulk_closure_is(const BulkClosureId& id, BulkState state) {
    const std::string wanted(to_string(state));
    Number count = 0;
    sql() << "SELECT COUNT(*) FROM bulk_closure WHERE bulk_closure_id = :b AND state = :s",
        soci::use(id.str()), soci::use(wanted), soci::into(count);
    return count > 0;
}

std::vector<base::BookingId> SqlTx::pushed_by(const BulkClosureId& id, const base::SiteId& site) {
    std::vector<base::BookingId> out;
    std::string booking;
    soci::statement query =
        (sql().prepare << "SELECT d.booking_id FROM deferred_effect d JOIN booking b "
                          "ON b.booking_id = d.booking_id "
                          "WHERE d.bulk_closure_id = :o AND b.site_id = :s ORDER BY d.booking_id",
         soci::use(id.str()), soci::use(site.str()), soci::into(booking));
    each(query, [&] { out.push_back(base::BookingId::trusted(booking)); });
    return out;
}

}  // namespace preau::booking
