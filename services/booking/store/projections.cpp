#include "services/booking/store/projections.hpp"

#include <algorithm>
#include <set>

#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/db/dialect.hpp"

namespace preau::booking {

namespace {

using nlohmann::json;

constexpr std::string_view kSpaceColumns[] = {"space_id", "site_id", "establishment_id",
                                              "body_id",  "version", "facts"};
constexpr std::string_view kSpaceKey[] = {"space_id"};
constexpr std::string_view kOfferColumns[] = {"offer_id", "space_id"};
constexpr std::string_view kOfferKey[] = {"offer_id"};
constexpr std::string_view kOfferUpdated[] = {"space_id"};
constexpr std::string_view kPartColumns[] = {"part_id", "space_id"};
constexpr std::string_view kCalendarColumns[] = {"calendar_id", "version", "facts"};
constexpr std::string_view kCalendarKey[] = {"calendar_id"};
constexpr std::string_view kTariffColumns[] = {"tariff_id", "version", "facts"};
constexpr std::string_view kTariffKey[] = {"tariff_id"};
constexpr std::string_view kPaymentColumns[] = {"payment_id",   "booking_id",   "status",
                                                "refund_state", "amount_cents", "refunded_cents",
                                                "public_ref",   "version"};
constexpr std::string_view kPaymentKey[] = {"payment_id"};
constexpr std::string_view kEstablishmentColumns[] = {"establishment_id", "body_id", "site_id",
                                                      "version"};
constexpr std::string_view kEstablishmentKey[] = {"establishment_id"};
constexpr std::string_view kAffiliationColumns[] = {
    "organisation_id", "body_id", "affiliation_id",     "category",
    "category_ground", "status",  "contract_signed_on", "insurance_valid_until",
    "version"};
constexpr std::string_view kAffiliationKey[] = {"organisation_id", "body_id"};

std::string text(const json& data, const char* name) {
    const auto it = data.find(name);
    return it != data.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::int64_t number(const json& data, const char* name) {
    const auto it = data.find(name);
    return it != data.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

void bump_parts(db::Session& session, const Space& space) {
    std::set<base::PartId> parts(space.parts.begin(), space.parts.end());
    std::string part;
    soci::statement before =
        (session.sql().prepare << "SELECT part_id FROM part_projection WHERE space_id = :s",
         soci::use(space.id.str()), soci::into(part));
    each(before, [&] { parts.insert(base::PartId::trusted(part)); });
    if (parts.empty()) return;
    FactsCache unused;
    const base::MachineClock machine;
    const std::vector<base::PartId> sorted(parts.begin(), parts.end());
    SqlTx(session, unused, machine).bump(sorted, nullptr, space.body);
}

bool apply_space(db::Session& session, const events::Event& event) {
    const auto space = space_from_facts(event.data);
    if (!space) return false;
    auto& sql = session.sql();
    bump_parts(session, *space);
    const std::string id = space->id.str();
    Number stored = 0;
    sql << "SELECT version FROM space_projection WHERE space_id = :s", soci::use(id),
        soci::into(stored);
    if (sql.got_data() && stored >= space->version) return true;

    const Number version = space->version;
    const std::string facts = event.data.dump();
    sql << db::upsert_if_newer(session.engine(), "space_projection", kSpaceColumns, kSpaceKey,
                               "version"),
        soci::use(id), soci::use(space->site.str()), soci::use(space->establishment.str()),
        soci::use(space->body.str()), soci::use(version), soci::use(facts);
    sql << "DELETE FROM offer_projection WHERE space_id = :s", soci::use(id);
    for (const auto& offer : space->offers) {
        sql << db::upsert(session.engine(), "offer_projection", kOfferColumns, kOfferKey,
                          kOfferUpdated),
            soci::use(offer.id.str()), soci::use(id);
    }
    sql << "DELETE FROM part_projection WHERE space_id = :s", soci::use(id);
    for (const auto& part : space->parts) {
        sql << db::insert_unless_exists(session.engine(), "part_projection", kPartColumns,
                                        kPartColumns),
            soci::use(part.str()), soci::use(id);
    }
    return true;
}

bool apply_calendar(db::Session& session, const events::Event& event) {
    if (!wire::calendar_from_json(event.data)) return false;
    const Number version = event.version;
    const std::string facts = event.data.dump();
    session.sql() << db::upsert_if_newer(session.engine(), "calendar_projection", kCalendarColumns,
                                         kCalendarKey, "version"),
        soci::use(event.aggregate_id), soci::use(version), soci::use(facts);
    return true;
}

bool apply_tariff(db::Session& session, const events::Event& event) {
    if (!wire::tariff_from_json(event.data)) return false;
    const Number version = event.version;
    const std::string facts = event.data.dump();
    session.sql() << db::upsert_if_newer(session.engine(), "tariff_projection", kTariffColumns,
                                         kTariffKey, "version"),
        soci::use(event.aggregate_id), soci::use(version), soci::use(facts);
    return true;
}

bool apply_establishment(db::Session& session, const events::Event& event) {
    const std::string id = text(event.data, "establishment_id");
    const std::string body = text(event.data, "body_id");
    const std::string site = text(event.data, "site_id");
    if (id.empty() || body.empty()) return false;
    const Number version = event.version;
    session.sql() << db::upsert_if_newer(session.engine(), "establishment_projection",
                                         kEstablishmentColumns, kEstablishmentKey, "version"),
        soci::use(id), soci::use(body), soci::use(site), soci::use(version);
    return true;
}

}  // namespace

bool apply_inventory(db::Session& session, const events::Event& event) {
    if (event.type == "space_changed.v1") return apply_space(session, event);
    if (event.type == "calendar_changed.v1") return apply_calendar(session, event);
    if (event.type == "tariff_changed.v1") return apply_tariff(session, event);
    if (event.type == "establishment_changed.v1") return apply_establishment(session, event);
    return true;
}

void forget_inventory(db::Session& session) {
    for (const auto* table :
         {"space_projection", "offer_projection", "part_projection", "calendar_projection",
          "establishment_projection", "tariff_projection"}) {
        session.sql() << "DELETE FROM " << table;
    }
}

std::optional<PaymentTold> apply_payment(db::Session& session, const events::Event& event) {
    if (event.type != "payment_changed.v1" && event.type != "payment_paid.v1" &&
        event.type != "payment_paid_late.v1") {
        return std::nullopt;
    }
    const auto& data = event.data;
    const auto payment = PaymentId::parse(text(data, "payment_id"));
    const auto booking = base::BookingId::parse(text(data, "booking_id"));
    if (!payment || !booking) return std::nullopt;
    PaymentTold out;
    PaymentFacts& facts = out.facts;
    facts.id = *payment;
    facts.booking = *booking;
    facts.status = text(data, "status");
    facts.refund_state = text(data, "refund_state");
    facts.public_ref = text(data, "public_ref");
    facts.amount = {number(data, "amount")};
    facts.refunded = {number(data, "refunded_amount")};
    facts.version = number(data, "version");

    Number stored = 0;
    session.sql() << "SELECT version FROM payment_projection WHERE payment_id = :p",
        soci::use(facts.id.str()), soci::into(stored);
    out.fresh = !session.sql().got_data() || stored < facts.version;
    if (!out.fresh) return out;
    const Number amount = facts.amount.value;
    const Number refunded = facts.refunded.value;
    const Number version = facts.version;
    session.sql() << db::upsert_if_newer(session.engine(), "payment_projection", kPaymentColumns,
                                         kPaymentKey, "version"),
        soci::use(facts.id.str()), soci::use(facts.booking.str()), soci::use(facts.status),
        soci::use(facts.refund_state), soci::use(amount), soci::use(refunded),
        soci::use(facts.public_ref), soci::use(version);
    return out;
}

void forget_payment(db::Session& session) {
    session.sql() << "DELETE FROM payment_projection";
}

bool apply_accounts(db::Session& session, const events::Event& event) {
    if (event.type != "affiliation_changed.v1") return true;
    const auto& data = event.data;
    const std::string organisation = text(data, "organisation_id");
    const std::string body = text(data, "body_id");
    if (organisation.empty() || body.empty()) return false;
    const std::string affiliation = text(data, "affiliation_id");
    const std::string category = text(data, "category");
    const std::string ground = text(data, "category_ground");
    const std::string status = text(data, "status");
    const std::string signed_on = text(data, "contract_signed_on");
    const std::string insured = text(data, "insurance_valid_until");
    const Number version = event.version;
    session.sql() << db::upsert_if_newer(session.engine(), "affiliation_projection",
                                         kAffiliationColumns, kAffiliationKey, "version"),
        soci::use(organisation), soci::use(body), soci::use(affiliation), soci::use(category),
        soci::use(ground), soci::use(status), soci::use(signed_on), soci::use(insured),
        soci::use(version);
    return true;
}

std::optional<std::pair<base::OrganisationId, base::BodyId>> pair_of(const events::Event& event) {
    if (event.type != "affiliation_changed.v1") return std::nullopt;
    const auto organisation = base::OrganisationId::parse(text(event.data, "organisation_id"));
    const auto body = base::BodyId::parse(text(event.data, "body_id"));
    if (!organisation || !body) return std::nullopt;
    return std::pair(*organisation, *body);
}

void forget_accounts(db::Session& session) {
    session.sql() << "DELETE FROM affiliation_projection";
}

}  // namespace preau::booking
