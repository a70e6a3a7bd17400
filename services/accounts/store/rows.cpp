#include "services/accounts/store/rows.hpp"

#include <cassert>
#include <cstdlib>
#include <functional>
#include <map>

#include <nlohmann/json.hpp>

namespace preau::accounts {
namespace {

// Fetches row by row into variables that `prepare` has bound; `take` reads them.
void each_row(soci::statement& statement, const std::function<void()>& take) {
    statement.execute();
    while (statement.fetch())
        take();
}

std::string text_or_empty(const std::string& value, soci::indicator indicator) {
    return indicator == soci::i_ok ? value : std::string();
}

}  // namespace

std::string quoted_id(const std::string& ulid) {
    if (!base::is_ulid(ulid)) std::abort();  // an id that is none must never reach SQL text
    return "'" + ulid + "'";
}

std::vector<Body> read_bodies(db::Session& session, const std::string& condition,
                              const std::string& bound) {
    std::vector<Body> bodies;
    std::string id, slug, name, email, phone, hours, texts;
    long long demonstration = 0, version = 0;
    auto prepared = session.sql().prepare
                    << "SELECT body_id, slug, name, contact_email, contact_phone, contact_hours, "
                       "texts, demonstration, version FROM body " +
                           condition;
    prepared, soci::into(id), soci::into(slug), soci::into(name), soci::into(email),
        soci::into(phone), soci::into(hours), soci::into(texts), soci::into(demonstration),
        soci::into(version);
    if (!bound.empty()) prepared, soci::use(bound);
    soci::statement statement(prepared);
    each_row(statement, [&] {
        bodies.push_back({base::BodyId::trusted(id), slug, name, email, phone, hours,
                          nlohmann::json::parse(texts).get<std::map<std::string, std::string>>(),
                          demonstration != 0, version});
    });
    return bodies;
}

std::vector<Person> read_people(db::Session& session, const std::string& condition,
                                const std::string& bound) {
    std::vector<Person> people;
    std::string id, name, email, language;
    soci::indicator has_email = soci::i_null;
    long long active = 0, demonstration = 0, version = 0;
    auto prepared =
        session.sql().prepare
        << "SELECT person_id, name, email, language, active, demonstration, version FROM person " +
               condition;
    prepared, soci::into(id), soci::into(name), soci::into(email, has_email), soci::into(language),
        soci::into(active), soci::into(demonstration), soci::into(version);
    if (!bound.empty()) prepared, soci::use(bound);
    soci::statement statement(prepared);
    each_row(statement, [&] {
        people.push_back({base::PersonId::trusted(id), name, text_or_empty(email, has_email),
                          language, active != 0, demonstration != 0, version});
    });
    return people;
}

std::vector<Organisation> read_organisations(db::Session& session, const std::string& condition) {
    std::vector<Organisation> organisations;
    std::string id, kind, name, rna, siren, siret, court;
    soci::indicator has_rna = soci::i_null, has_siren = soci::i_null, has_siret = soci::i_null,
                    has_court = soci::i_null;
    long long demonstration = 0, version = 0;
    soci::statement statement =
        (session.sql().prepare << "SELECT organisation_id, kind, name, rna, siren, siret, "
                                  "court_register, demonstration, version FROM organisation " +
                                      condition,
         soci::into(id), soci::into(kind), soci::into(name), soci::into(rna, has_rna),
         soci::into(siren, has_siren), soci::into(siret, has_siret), soci::into(court, has_court),
         soci::into(demonstration), soci::into(version));
    each_row(statement, [&] {
        organisations.push_back({base::OrganisationId::trusted(id),
                                 organisation_kind(kind).value_or(OrganisationKind::association),
                                 name, text_or_empty(rna, has_rna), text_or_empty(siren, has_siren),
                                 text_or_empty(siret, has_siret), text_or_empty(court, has_court),
                                 demonstration != 0, version});
    });
    return organisations;
}

std::vector<Affiliation> read_affiliations(db::Session& session, const std::string& condition) {
    std::vector<Affiliation> affiliations;
    std::string id, organisation, body, category, ground, status, contract, insurance;
    long long version = 0;
    soci::statement statement =
        (session.sql().prepare << "SELECT affiliation_id, organisation_id, body_id, category, "
                                  "category_ground, status, contract_signed_on, "
                                  "insurance_valid_until, version FROM affiliation " +
                                      condition,
         soci::into(id), soci::into(organisation), soci::into(body), soci::into(category),
         soci::into(ground), soci::into(status), soci::into(contract), soci::into(insurance),
         soci::into(version));
    each_row(statement, [&] {
        // A state that this binary does not know gives no rights.
        affiliations.push_back(
            {AffiliationId::trusted(id), base::OrganisationId::trusted(organisation),
             base::BodyId::trusted(body), category.empty() ? 'E' : category[0], ground,
             affiliation_status(status).value_or(AffiliationStatus::suspended), contract, insurance,
             version});
    });
    return affiliations;
}

std::vector<Membership> read_memberships(db::Session& session, const std::string& condition) {
    std::vector<Membership> memberships;
    std::string id, person, organisation, role;
    long long active = 0, version = 0;
    soci::statement statement =
        (session.sql().prepare << "SELECT membership_id, person_id, organisation_id, role, active, "
                                  "version FROM membership " +
                                      condition,
         soci::into(id), soci::into(person), soci::into(organisation), soci::into(role),
         soci::into(active), soci::into(version));
    each_row(statement, [&] {
        memberships.push_back({MembershipId::trusted(id), base::PersonId::trusted(person),
                               base::OrganisationId::trusted(organisation),
                               member_role(role).value_or(MemberRole::member), active != 0,
                               version});
    });
    return memberships;
}

std::vector<StaffPost> read_posts(db::Session& session, const std::string& condition) {
    std::vector<StaffPost> posts;
    std::string id, person, body, role;
    long long active = 0, version = 0;
    soci::statement statement =
        (session.sql().prepare
             << "SELECT post_id, person_id, body_id, role, active, version FROM staff_post " +
                    condition,
         soci::into(id), soci::into(person), soci::into(body), soci::into(role), soci::into(active),
         soci::into(version));
    each_row(statement, [&] {
        const auto known = staff_role(role);
        posts.push_back({PostId::trusted(id),
                         base::PersonId::trusted(person),
                         base::BodyId::trusted(body),
                         known.value_or(StaffRole::caretaker),
                         {},
                         active != 0 && known.has_value(),
                         version});
    });

    std::map<std::string, std::vector<base::EstablishmentId>> covered;
    std::string post, establishment;
    soci::statement rows =
        (session.sql().prepare
             << "SELECT post_id, establishment_id FROM staff_post_establishment WHERE post_id IN "
                "(SELECT post_id FROM staff_post " +
                    condition + ") ORDER BY establishment_id",
         soci::into(post), soci::into(establishment));
    each_row(rows, [&] { covered[post].push_back(base::EstablishmentId::trusted(establishment)); });
    for (StaffPost& each : posts)
        each.establishments = covered[each.id.str()];
    return posts;
}

}  // namespace preau::accounts
