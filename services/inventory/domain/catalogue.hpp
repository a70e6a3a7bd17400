#pragma once
// What the domain asks of its store. Every change is one transaction that also writes the events of
// what changed; a record that is already stored as given is left alone, version included.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/inventory/domain/establishment.hpp"
#include "services/inventory/domain/space.hpp"
#include "services/inventory/domain/tariff.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/calendar.hpp"

namespace preau::inventory {

/// Which drafts the caller may see besides what is published.
struct Visibility {
    std::vector<base::BodyId> bodies;  // all of these bodies
    std::vector<base::EstablishmentId> establishments;
};

/// One page of a list in the order of slugs: at most `limit` records after the slug `after`.
struct Page {
    std::string after;
    int limit = 50;
};

struct StoredSchoolCalendar {
    rules::SchoolCalendar calendar;
    std::int64_t version = 0;
};
struct StoredPublicHolidays {
    rules::PublicHolidays holidays;
    std::int64_t version = 0;
};
struct StoredCalendars {
    std::vector<StoredSchoolCalendar> schools;
    std::vector<StoredPublicHolidays> territories;
};

/// What a bulk write did.
struct Changes {
    std::size_t created = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;

    Changes& operator+=(const Changes& more) {
        created += more.created;
        updated += more.updated;
        unchanged += more.unchanged;
        return *this;
    }
};

/// Who repeats what: an operation under its Idempotency-Key has its effect once.
struct Once {
    std::string actor;
    std::string operation;
    std::string key;
    std::string body_hash;
};

/// The answer of an operation that has its effect once; a repeated one gets the first answer again.
struct Answer {
    int status = 200;
    std::string body;
};

class Catalogue {
public:
    virtual ~Catalogue() = default;

    /// `words` are folded; all of them must occur in name or commune.
    virtual base::Result<std::vector<EstablishmentSummary>> establishments(const std::string& words,
                                                                           const Page& page) = 0;
    virtual base::Result<EstablishmentFacts> establishment(std::string_view id_or_slug) = 0;
    virtual base::Result<std::vector<EstablishmentFacts>> establishments_of(
        const base::BodyId& body) = 0;

    virtual base::Result<std::vector<SpaceFacts>> spaces(
        const std::optional<base::EstablishmentId>& establishment, const Visibility& visibility,
        const Page& page) = 0;
    /// Published or not: who may see a draft is the caller's question.
    virtual base::Result<SpaceFacts> space(std::string_view id_or_slug) = 0;

    virtual base::Result<StoredCalendars> calendars() = 0;
    virtual base::Result<std::vector<Tariff>> tariffs(const std::optional<base::BodyId>& body) = 0;

    /// `change` sees the stored space and gives the new one or the error to answer with; then the
    /// version is bumped, the event written, and `answer` of the new state kept under `once`.
    virtual base::Result<Answer> change_space(
        const Once& once, const base::SpaceId& id,
        const std::function<base::Result<Space>(const SpaceFacts&)>& change,
        const std::function<Answer(const SpaceFacts&)>& answer) = 0;

    /// Records a vote; `may` sees the establishment and gives the error to answer with. `not_found`
    /// for an unknown establishment or a space that is not its own.
    virtual base::Result<Answer> record(
        const Once& once, const Deliberation& deliberation,
        const std::function<base::Result<void>(const EstablishmentFacts&)>& may,
        const Answer& answer) = 0;
    virtual base::Result<std::vector<Deliberation>> deliberations(
        const base::EstablishmentId& establishment) = 0;
    /// A known one is left alone.
    virtual base::Result<Changes> put_deliberations(std::span<const Deliberation> all) = 0;

    /// A known establishment keeps its id and slug, and its SIRET where none is given. Spaces of a
    /// site whose facts changed are published again.
    virtual base::Result<Changes> put_establishments(std::span<const EstablishmentFacts> all) = 0;
    virtual base::Result<Changes> put_calendars(
        std::span<const rules::SchoolCalendar> schools,
        std::span<const rules::PublicHolidays> territories) = 0;
    virtual base::Result<Changes> put_spaces(std::span<const Space> all) = 0;
    /// Adds the version of a grid; one that is already voted is never changed.
    virtual base::Result<Changes> put_tariff(const Tariff& tariff) = 0;
};

}  // namespace preau::inventory
