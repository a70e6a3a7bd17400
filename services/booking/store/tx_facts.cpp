// Keys, and the facts of inventory and accounts.

#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/db/idempotency.hpp"

namespace preau::booking {

namespace {

db::IdempotencyScope scope_of(const KeyScope& scope) {
    return {scope.actor, scope.operation, scope.key, scope.request_hash};
}

std::optional<time::Date> date_or_none(const std::string& text) {
    return text.empty() ? std::nullopt : time::Date::parse(text);
}

}  // namespace

base::Result<std::optional<KeptAnswer>> SqlTx::claim_key(const KeyScope& scope) {
    auto claimed = db::claim_key(session_, scope_of(scope), machine_.now());
    if (!claimed) return std::unexpected(claimed.error());
    if (!*claimed) return std::nullopt;
    return KeptAnswer{(*claimed)->status, std::move((*claimed)->body)};
}

void SqlTx::keep_answer(const KeyScope& scope, const KeptAnswer& answer) {
    db::store_answer(session_, scope_of(scope), {answer.status, answer.body});
}

SpaceRef SqlTx::space_at(const std::string& space_id, std::int64_t version) {
    if (auto known = facts_.find(space_id, version)) return known;
    std::string facts;
    Number stored = 0;
    sql() << "SELECT version, facts FROM space_projection WHERE space_id = :id",
        soci::use(space_id), soci::into(stored), soci::into(facts);
    if (!sql().got_data()) return nullptr;
    auto space = space_from_facts(nlohmann::json::parse(facts, nullptr, false));
    if (space && space->version == stored) facts_.put(space);
    return space;
}

SpaceRef SqlTx::space_of_offer(const base::OfferId& offer) {
    std::string space_id;
    Number version = 0;
    const std::string id = offer.str();
    sql() << "SELECT s.space_id, s.version FROM offer_projection o "
             "JOIN space_projection s ON s.space_id = o.space_id WHERE o.offer_id = :id",
        soci::use(id), soci::into(space_id), soci::into(version);
    return sql().got_data() ? space_at(space_id, version) : nullptr;
}

SpaceRef SqlTx::space(const base::SpaceId& space) {
    Number version = 0;
    sql() << "SELECT version FROM space_projection WHERE space_id = :id", soci::use(space.str()),
        soci::into(version);
    return sql().got_data() ? space_at(space.str(), version) : nullptr;
}

std::vector<SpaceRef> SqlTx::spaces_where(std::string_view column, const std::string& id) {
    std::string space_id;
    Number version = 0;
    std::vector<std::pair<std::string, std::int64_t>> found;
    soci::statement query =
        (sql().prepare << "SELECT space_id, version FROM space_projection WHERE " << column
                       << " = :id ORDER BY space_id",
         soci::use(id), soci::into(space_id), soci::into(version));
    each(query, [&] { found.emplace_back(space_id, version); });
    std::vector<SpaceRef> out;
    for (const auto& [name, at] : found) {
        if (auto space = space_at(name, at)) out.push_back(std::move(space));
    }
    return out;
}

std::vector<SpaceRef> SqlTx::spaces_of_site(const base::SiteId& site) {
    return spaces_where("site_id", site.str());
}

std::vector<SpaceRef> SqlTx::spaces_of_establishment(const base::EstablishmentId& id) {
    return spaces_where("establishment_id", id.str());
}

SpaceRef SqlTx::space_of_part(const base::PartId& part) {
    std::string space_id;
    Number version = 0;
    sql() << "SELECT s.space_id, s.version FROM part_projection p "
             "JOIN space_projection s ON s.space_id = p.space_id WHERE p.part_id = :id "
             "ORDER BY s.space_id LIMIT 1",
        soci::use(part.str()), soci::into(space_id), soci::into(version);
    return sql().got_data() ? space_at(space_id, version) : nullptr;
}

SiteCalendar SqlTx::calendar_of(const Space& space) {
    if (!calendars_) {
        std::string id;
        Number version = 0;
        std::string fingerprint;
        soci::statement versions =
            (sql().prepare << "SELECT calendar_id, version FROM calendar_projection "
                              "ORDER BY calendar_id",
             soci::into(id), soci::into(version));
        each(versions, [&] { fingerprint += id + "=" + std::to_string(version) + ";"; });
        calendars_ = facts_.calendars(fingerprint);
        if (!calendars_) {
            auto fresh = std::make_shared<wire::Calendars>();
            std::string facts;
            soci::statement rows =
                (sql().prepare << "SELECT facts FROM calendar_projection", soci::into(facts));
            each(rows, [&] {
                auto parsed =
                    wire::calendar_from_json(nlohmann::json::parse(facts, nullptr, false));
                if (parsed) fresh->put(*std::move(parsed));
            });
            calendars_ = fresh;
            facts_.put(std::move(fingerprint), calendars_);
        }
    }
    return {calendars_, calendars_->of(space.school_zone, space.territory)};
}

std::optional<base::BodyId> SqlTx::body_of(const base::EstablishmentId& establishment) {
    std::string body;
    sql() << "SELECT body_id FROM establishment_projection WHERE establishment_id = :id",
        soci::use(establishment.str()), soci::into(body);
    if (sql().got_data()) return base::BodyId::trusted(body);
    sql() << "SELECT body_id FROM space_projection WHERE establishment_id = :id LIMIT 1",
        soci::use(establishment.str()), soci::into(body);
    if (sql().got_data()) return base::BodyId::trusted(body);
    return std::nullopt;
}

Affiliation SqlTx::affiliation(const base::OrganisationId& organisation, const base::BodyId& body) {
    std::string category;
    std::string signed_on;
    std::string insured_until;
    Affiliation out;
    Affiliation row;
    sql() << "SELECT category, category_ground, status, contract_signed_on, insurance_valid_until "
             "FROM affiliation_projection WHERE organisation_id = :o AND body_id = :b",
        soci::use(organisation.str()), soci::use(body.str()), soci::into(category),
        soci::into(row.category_ground), soci::into(row.status), soci::into(signed_on),
        soci::into(insured_until);
    if (!sql().got_data()) return out;
    if (!category.empty()) row.category = category.front();
    row.contract_signed_on = date_or_none(signed_on);
    row.insurance_valid_until = date_or_none(insured_until);
    return row;
}

}  // namespace preau::booking
