// The writing half of SqlCatalogue: each change is one transaction with its events.

#include <map>

#include "services/inventory/facts/facts.hpp"
#include "services/inventory/store/rows.hpp"
#include "services/inventory/store/sql_catalogue.hpp"
#include "services/inventory/store/writes.hpp"
#include "shared/db/dialect.hpp"
#include "shared/db/idempotency.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory {
namespace {

/// Whether readers of the feed would see the same facts.
bool same(nlohmann::json a, nlohmann::json b) {
    a.erase("version");
    b.erase("version");
    return a == b;
}

}  // namespace

base::Result<Answer> SqlCatalogue::change_space(
    const Once& once, const base::SpaceId& id,
    const std::function<base::Result<Space>(const SpaceFacts&)>& change,
    const std::function<Answer(const SpaceFacts&)>& answer) {
    const db::IdempotencyScope scope{once.actor, once.operation, once.key, once.body_hash};
    bool wrote = false;
    auto out = database_.transact([&](db::Session& session) -> base::Result<Answer> {
        wrote = false;
        const auto before = db::claim_key(session, scope, machine_clock_.now());
        if (!before) return std::unexpected(before.error());
        if (*before) return Answer{(*before)->status, (*before)->body};
        rows::SpaceFilter filter;
        filter.id = id.str();
        auto stored = rows::spaces(session, filter);
        if (stored.empty()) return base::fail("not_found");
        stored.front().deliberations =
            rows::deliberations(session, stored.front().space.establishment);
        auto changed = change(stored.front());
        if (!changed) return std::unexpected(changed.error());
        SpaceFacts facts{std::move(*changed), stored.front().at};
        if (!same(facts::space_changed(facts), facts::space_changed(stored.front()))) {
            facts.space.version = stored.front().space.version + 1;
            if (!rows::update(session, facts.space)) return base::fail("stale_version");
            append(session, facts);
            wrote = true;
        }
        Answer given = answer(facts);
        db::store_answer(session, scope, {given.status, given.body});
        return given;
    });
    if (out && wrote) committed_();
    return out;
}

/// Spaces repeat facts of their site: when these change, the spaces change too.
void SqlCatalogue::announce_spaces_of(db::Session& session,
                                      const base::EstablishmentId& establishment) const {
    rows::SpaceFilter filter;
    filter.establishment = establishment.str();
    for (SpaceFacts& facts : rows::spaces(session, filter)) {
        ++facts.space.version;
        if (rows::update(session, facts.space)) append(session, facts);
    }
}

Changes SqlCatalogue::put_one(db::Session& session, EstablishmentFacts facts) const {
    rows::EstablishmentFilter filter;
    filter.uai = facts.establishment.uai;
    const auto stored = rows::establishments(session, filter);
    Establishment& one = facts.establishment;
    if (stored.empty()) {
        if (rows::establishment_slug_taken(session, one.slug))
            one.slug += "-" + text::slug(one.uai);
        one.version = 1;
        rows::insert(session, facts);
        append(session, "establishment_changed.v1", one.id.str(), one.version,
               facts::establishment_changed(facts));
        return {.created = 1};
    }
    const EstablishmentFacts& known = stored.front();
    one.id = known.establishment.id;
    one.body = known.establishment.body;
    one.slug = known.establishment.slug;
    if (!one.siret) one.siret = known.establishment.siret;
    one.demonstration = known.establishment.demonstration;
    one.version = known.establishment.version;
    facts.site.id = known.site.id;
    facts.site.establishment = known.site.establishment;
    if (facts == known) return {.unchanged = 1};
    ++one.version;
    rows::update(session, facts);
    append(session, "establishment_changed.v1", one.id.str(), one.version,
           facts::establishment_changed(facts));
    announce_spaces_of(session, one.id);
    return {.updated = 1};
}

base::Result<Changes> SqlCatalogue::put_establishments(std::span<const EstablishmentFacts> all) {
    auto out = database_.transact([&](db::Session& session) -> base::Result<Changes> {
        Changes changes;
        for (const EstablishmentFacts& facts : all)
            changes += put_one(session, facts);
        return changes;
    });
    if (out && out->created + out->updated > 0) committed_();
    return out;
}

Changes SqlCatalogue::put_one(db::Session& session, const std::string& id, const std::string& kind,
                              nlohmann::json given) const {
    std::string stored;
    long long version = 0;
    session.sql() << "SELECT facts, version FROM calendar WHERE calendar_id = :id", soci::use(id),
        soci::into(stored), soci::into(version);
    const bool known = session.sql().got_data();
    if (known && same(nlohmann::json::parse(stored), given)) return {.unchanged = 1};
    ++version;
    given["version"] = version;
    const std::string text = given.dump();
    if (known) {
        session.sql() << "UPDATE calendar SET facts = :facts, version = :version WHERE calendar_id "
                         "= :id",
            soci::use(text), soci::use(version), soci::use(id);
    } else {
        session.sql() << "INSERT INTO calendar (calendar_id, kind, facts, version) VALUES (:id, "
                         ":kind, :facts, :version)",
            soci::use(id), soci::use(kind), soci::use(text), soci::use(version);
    }
    append(session, "calendar_changed.v1", id, version, std::move(given));
    return known ? Changes{.updated = 1} : Changes{.created = 1};
}

base::Result<Changes> SqlCatalogue::put_calendars(
    std::span<const rules::SchoolCalendar> schools,
    std::span<const rules::PublicHolidays> territories) {
    auto out = database_.transact([&](db::Session& session) -> base::Result<Changes> {
        Changes changes;
        for (const auto& calendar : schools) {
            changes += put_one(session, facts::calendar_id(calendar), "school",
                               facts::calendar_changed(StoredSchoolCalendar{calendar, 0}));
        }
        for (const auto& holidays : territories) {
            changes += put_one(session, facts::calendar_id(holidays), "public",
                               facts::calendar_changed(StoredPublicHolidays{holidays, 0}));
        }
        return changes;
    });
    if (out && out->created + out->updated > 0) committed_();
    return out;
}

Changes SqlCatalogue::put_one(db::Session& session, SpaceFacts given,
                              const SpaceFacts* stored) const {
    if (stored == nullptr) {
        given.space.version = 1;
        rows::insert(session, given.space);
        append(session, given);
        return {.created = 1};
    }
    if (same(facts::space_changed(given), facts::space_changed(*stored))) return {.unchanged = 1};
    given.space.version = stored->space.version + 1;
    rows::update(session, given.space);
    append(session, given);
    return {.updated = 1};
}

base::Result<Changes> SqlCatalogue::put_spaces(std::span<const Space> all) {
    auto out = database_.transact([&](db::Session& session) -> base::Result<Changes> {
        Changes changes;
        std::map<std::string, EstablishmentFacts> places;
        for (EstablishmentFacts& facts : rows::establishments(session, {})) {
            places.emplace(facts.establishment.id.str(), std::move(facts));
        }
        const std::vector<SpaceFacts> stored = rows::spaces(session, {});
        std::map<std::string_view, const SpaceFacts*> by_id;
        for (const SpaceFacts& one : stored)
            by_id[one.space.id.str()] = &one;
        for (const Space& space : all) {
            const auto place = places.find(space.establishment.str());
            if (place == places.end()) return base::fail("not_found", "no such establishment");
            const auto known = by_id.find(space.id.str());
            changes += put_one(session, {space, place->second},
                               known == by_id.end() ? nullptr : known->second);
        }
        return changes;
    });
    if (out && out->created + out->updated > 0) committed_();
    return out;
}

base::Result<Changes> SqlCatalogue::put_tariff(const Tariff& tariff) {
    auto out = database_.transact([&](db::Session& session) -> base::Result<Changes> {
        if (rows::tariff_exists(session, tariff.grid.id)) return Changes{.unchanged = 1};
        Tariff first = tariff;
        first.version = 1;
        rows::insert(session, first);
        append(session, "tariff_changed.v1", first.grid.id, first.version,
               facts::tariff_changed(first));
        return Changes{.created = 1};
    });
    if (out && out->created > 0) committed_();
    return out;
}

}  // namespace preau::inventory
