// Votes of the boards: recorded once, never changed.

#include "services/inventory/store/rows.hpp"
#include "services/inventory/store/sql_catalogue.hpp"
#include "services/inventory/store/writes.hpp"
#include "shared/db/idempotency.hpp"

namespace preau::inventory {

namespace rows {

std::vector<Deliberation> deliberations(db::Session& session,
                                        const base::EstablishmentId& establishment) {
    std::vector<Deliberation> out;
    const std::string of = establishment.str();
    std::string id, number, voted, from, until, spaces, by;
    soci::statement query =
        (session.sql().prepare
             << "SELECT deliberation_id, act_number, voted_on, valid_from, valid_until, space_ids, "
                "recorded_by FROM deliberation WHERE establishment_id = :e ORDER BY valid_from, "
                "deliberation_id",
         soci::use(of), soci::into(id), soci::into(number), soci::into(voted), soci::into(from),
         soci::into(until), soci::into(spaces), soci::into(by));
    query.execute(false);
    while (query.fetch()) {
        Deliberation one;
        one.id = DeliberationId::trusted(id);
        one.establishment = establishment;
        one.number = number;
        one.voted_on = time::Date::parse(voted).value();
        one.valid_from = time::Date::parse(from).value();
        one.valid_until = time::Date::parse(until).value();
        for (const auto& space : nlohmann::json::parse(spaces)) {
            one.spaces.push_back(base::SpaceId::trusted(space.get<std::string>()));
        }
        one.recorded_by = by;
        out.push_back(std::move(one));
    }
    return out;
}

void insert(db::Session& session, const Deliberation& one, base::Instant now) {
    auto spaces = nlohmann::json::array();
    for (const auto& space : one.spaces)
        spaces.push_back(space.str());
    const std::string id = one.id.str();
    const std::string of = one.establishment.str();
    const std::string voted = one.voted_on.iso();
    const std::string from = one.valid_from.iso();
    const std::string until = one.valid_until.iso();
    const std::string named = spaces.dump();
    const long long at = now.seconds;
    session.sql() << "INSERT INTO deliberation (deliberation_id, establishment_id, act_number, "
                     "voted_on, valid_from, valid_until, space_ids, recorded_by, recorded_at) "
                     "VALUES (:a1, :a2, :a3, :a4, :a5, :a6, :a7, :a8, :a9)",
        soci::use(id), soci::use(of), soci::use(one.number), soci::use(voted), soci::use(from),
        soci::use(until), soci::use(named), soci::use(one.recorded_by), soci::use(at);
}

}  // namespace rows

base::Result<Answer> SqlCatalogue::record(
    const Once& once, const Deliberation& deliberation,
    const std::function<base::Result<void>(const EstablishmentFacts&)>& may, const Answer& answer) {
    const db::IdempotencyScope scope{once.actor, once.operation, once.key, once.body_hash};
    return database_.transact([&](db::Session& session) -> base::Result<Answer> {
        const auto before = db::claim_key(session, scope, machine_clock_.now());
        if (!before) return std::unexpected(before.error());
        if (*before) return Answer{(*before)->status, (*before)->body};
        rows::EstablishmentFilter filter;
        filter.id = deliberation.establishment.str();
        const auto stored = rows::establishments(session, filter);
        if (stored.empty()) return base::fail("not_found");
        if (auto allowed = may(stored.front()); !allowed) return std::unexpected(allowed.error());
        for (const auto& id : deliberation.spaces) {
            rows::SpaceFilter own;
            own.id = id.str();
            own.establishment = deliberation.establishment.str();
            if (rows::spaces(session, own).empty()) {
                return std::unexpected(
                    base::Error{"invalid", {}, {{"/space_ids", "unknown", id.str()}}});
            }
        }
        rows::insert(session, deliberation, business_clock_.now());
        db::store_answer(session, scope, {answer.status, answer.body});
        return answer;
    });
}

base::Result<std::vector<Deliberation>> SqlCatalogue::deliberations(
    const base::EstablishmentId& establishment) {
    return database_.read([&](db::Session& session) -> base::Result<std::vector<Deliberation>> {
        return rows::deliberations(session, establishment);
    });
}

base::Result<Changes> SqlCatalogue::put_deliberations(std::span<const Deliberation> all) {
    return database_.transact([&](db::Session& session) -> base::Result<Changes> {
        Changes changes;
        for (const auto& one : all) {
            long long known = 0;
            const std::string id = one.id.str();
            session.sql() << "SELECT COUNT(*) FROM deliberation WHERE deliberation_id = :id",
                soci::use(id), soci::into(known);
            if (known == 0) rows::insert(session, one, business_clock_.now());
            changes += known == 0 ? Changes{.created = 1} : Changes{.unchanged = 1};
        }
        return changes;
    });
}

}  // namespace preau::inventory
