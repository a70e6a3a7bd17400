#pragma once
// The catalogue in SQL, the same text on SQLite and MariaDB, with the outbox of what changed.

#include <functional>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/outbox.hpp"

namespace preau::inventory {

std::span<const db::Migration> migrations();

/// Every aggregate as an event, for GET /snapshot: calendars, establishments, tariffs, spaces.
void emit_snapshot(db::Session& session, base::Instant now,
                   const std::function<void(events::Event)>& emit);

class SqlCatalogue final : public Catalogue {
public:
    /// `committed` is called after each commit that wrote events.
    SqlCatalogue(db::Database& database, const base::Clock& business_clock,
                 const base::Clock& machine_clock, std::function<void()> committed);

    base::Result<std::vector<EstablishmentSummary>> establishments(const std::string& words,
                                                                   const Page& page) override;
    base::Result<EstablishmentFacts> establishment(std::string_view id_or_slug) override;
    base::Result<std::vector<EstablishmentFacts>> establishments_of(
        const base::BodyId& body) override;
    base::Result<std::vector<SpaceFacts>> spaces(
        const std::optional<base::EstablishmentId>& establishment, const Visibility& visibility,
        const Page& page) override;
    base::Result<SpaceFacts> space(std::string_view id_or_slug) override;
    base::Result<StoredCalendars> calendars() override;
    base::Result<std::vector<Tariff>> tariffs(const std::optional<base::BodyId>& body) override;

    base::Result<Answer> change_space(
        const Once& once, const base::SpaceId& id,
        const std::function<base::Result<Space>(const SpaceFacts&)>& change,
        const std::function<Answer(const SpaceFacts&)>& answer) override;
    base::Result<Answer> record(
        const Once& once, const Deliberation& deliberation,
        const std::function<base::Result<void>(const EstablishmentFacts&)>& may,
        const Answer& answer) override;
    base::Result<std::vector<Deliberation>> deliberations(
        const base::EstablishmentId& establishment) override;
    base::Result<Changes> put_deliberations(std::span<const Deliberation> all) override;
    base::Result<Changes> put_establishments(std::span<const EstablishmentFacts> all) override;
    base::Result<Changes> put_calendars(
        std::span<const rules::SchoolCalendar> schools,
        std::span<const rules::PublicHolidays> territories) override;
    base::Result<Changes> put_spaces(std::span<const Space> all) override;
    base::Result<Changes> put_tariff(const Tariff& tariff) override;

private:
    void append(db::Session& session, std::string type, std::string aggregate_id,
                std::int64_t version, nlohmann::json data) const;
    void append(db::Session& session, const SpaceFacts& facts) const;
    void announce_spaces_of(db::Session& session, const base::EstablishmentId& establishment) const;
    Changes put_one(db::Session& session, EstablishmentFacts facts) const;
    Changes put_one(db::Session& session, const std::string& id, const std::string& kind,
                    nlohmann::json facts) const;
    Changes put_one(db::Session& session, SpaceFacts given, const SpaceFacts* stored) const;

    db::Database& database_;
    const base::Clock& business_clock_;
    const base::Clock& machine_clock_;
    std::function<void()> committed_;
};

}  // namespace preau::inventory
