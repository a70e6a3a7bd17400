#include "services/inventory/store/sql_catalogue.hpp"

#include <preau_migrations_inventory.hpp>

#include "services/inventory/facts/facts.hpp"
#include "services/inventory/store/rows.hpp"
#include "shared/db/idempotency.hpp"

namespace preau::inventory {
namespace {

/// Ids are 26 upper-case letters and digits; slugs are lower case: never both.
rows::SpaceFilter space_named(std::string_view id_or_slug) {
    rows::SpaceFilter filter;
    (base::is_ulid(id_or_slug) ? filter.id : filter.slug) = std::string(id_or_slug);
    return filter;
}

rows::EstablishmentFilter establishment_named(std::string_view id_or_slug) {
    rows::EstablishmentFilter filter;
    (base::is_ulid(id_or_slug) ? filter.id : filter.slug) = std::string(id_or_slug);
    return filter;
}

}  // namespace

std::span<const db::Migration> migrations() {
    return migrations_inventory;
}

SqlCatalogue::SqlCatalogue(db::Database& database, const base::Clock& business_clock,
                           const base::Clock& machine_clock, std::function<void()> committed)
    : database_(database),
      business_clock_(business_clock),
      machine_clock_(machine_clock),
      committed_(std::move(committed)) {}

void SqlCatalogue::append(db::Session& session, std::string type, std::string aggregate_id,
                          std::int64_t version, nlohmann::json data) const {
    events::Event event;
    event.type = std::move(type);
    event.aggregate_id = std::move(aggregate_id);
    event.version = version;
    event.occurred_at = business_clock_.now();
    event.data = std::move(data);
    events::append(session, std::move(event));
}

void SqlCatalogue::append(db::Session& session, const SpaceFacts& facts) const {
    append(session, "space_changed.v1", facts.space.id.str(), facts.space.version,
           facts::space_changed(facts));
}

base::Result<std::vector<EstablishmentSummary>> SqlCatalogue::establishments(
    const std::string& words, const Page& page) {
    return database_.read(
        [&](db::Session& session) -> base::Result<std::vector<EstablishmentSummary>> {
            rows::EstablishmentFilter filter;
            filter.words = words;
            filter.after = page.after;
            filter.limit = page.limit;
            const auto found = rows::establishments(session, filter);
            const auto published = rows::published_spaces(session, found);
            std::vector<EstablishmentSummary> out;
            for (const EstablishmentFacts& facts : found) {
                const auto count = published.find(facts.establishment.id.str());
                out.push_back({facts, count == published.end() ? 0 : count->second});
            }
            return out;
        });
}

base::Result<EstablishmentFacts> SqlCatalogue::establishment(std::string_view id_or_slug) {
    return database_.read([&](db::Session& session) -> base::Result<EstablishmentFacts> {
        auto found = rows::establishments(session, establishment_named(id_or_slug));
        if (found.empty()) return base::fail("not_found");
        return std::move(found.front());
    });
}

base::Result<std::vector<EstablishmentFacts>> SqlCatalogue::establishments_of(
    const base::BodyId& body) {
    return database_.read(
        [&](db::Session& session) -> base::Result<std::vector<EstablishmentFacts>> {
            rows::EstablishmentFilter filter;
            filter.body = body.str();
            return rows::establishments(session, filter);
        });
}

base::Result<std::vector<SpaceFacts>> SqlCatalogue::spaces(
    const std::optional<base::EstablishmentId>& establishment, const Visibility& visibility,
    const Page& page) {
    return database_.read([&](db::Session& session) -> base::Result<std::vector<SpaceFacts>> {
        rows::SpaceFilter filter;
        if (establishment) filter.establishment = establishment->str();
        filter.visibility = &visibility;
        filter.after = page.after;
        filter.limit = page.limit;
        return rows::spaces(session, filter);
    });
}

base::Result<SpaceFacts> SqlCatalogue::space(std::string_view id_or_slug) {
    return database_.read([&](db::Session& session) -> base::Result<SpaceFacts> {
        auto found = rows::spaces(session, space_named(id_or_slug));
        if (found.empty()) return base::fail("not_found");
        return std::move(found.front());
    });
}

base::Result<StoredCalendars> SqlCatalogue::calendars() {
    return database_.read([](db::Session& session) -> base::Result<StoredCalendars> {
        return rows::calendars(session);
    });
}

base::Result<std::vector<Tariff>> SqlCatalogue::tariffs(const std::optional<base::BodyId>& body) {
    return database_.read([&](db::Session& session) -> base::Result<std::vector<Tariff>> {
        return rows::tariffs(session, body ? std::optional(body->str()) : std::nullopt);
    });
}

void emit_snapshot(db::Session& session, base::Instant now,
                   const std::function<void(events::Event)>& emit) {
    const auto send = [&](std::string type, std::string id, std::int64_t version,
                          nlohmann::json data) {
        events::Event event;
        event.type = std::move(type);
        event.aggregate_id = std::move(id);
        event.version = version;
        event.occurred_at = now;
        event.data = std::move(data);
        emit(std::move(event));
    };
    const StoredCalendars calendars = rows::calendars(session);
    for (const auto& stored : calendars.schools) {
        send("calendar_changed.v1", facts::calendar_id(stored.calendar), stored.version,
             facts::calendar_changed(stored));
    }
    for (const auto& stored : calendars.territories) {
        send("calendar_changed.v1", facts::calendar_id(stored.holidays), stored.version,
             facts::calendar_changed(stored));
    }
    for (const EstablishmentFacts& one : rows::establishments(session, {})) {
        send("establishment_changed.v1", one.establishment.id.str(), one.establishment.version,
             facts::establishment_changed(one));
    }
    for (const Tariff& tariff : rows::tariffs(session, std::nullopt)) {
        send("tariff_changed.v1", tariff.grid.id, tariff.version, facts::tariff_changed(tariff));
    }
    for (const SpaceFacts& one : rows::spaces(session, {})) {
        send("space_changed.v1", one.space.id.str(), one.space.version, facts::space_changed(one));
    }
}

}  // namespace preau::inventory
