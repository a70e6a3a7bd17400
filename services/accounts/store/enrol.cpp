// Organisations as a counter meets them: looked for by name or number, made known to the body.
#include <algorithm>

#include "services/accounts/store/facts.hpp"
#include "services/accounts/store/nullable.hpp"
#include "services/accounts/store/rows.hpp"
#include "services/accounts/store/sql_store.hpp"
#include "shared/db/idempotency.hpp"
#include "shared/events/outbox.hpp"
#include "shared/text/french.hpp"

namespace preau::accounts {
namespace {

std::vector<std::string> words_of(const std::string& folded) {
    std::vector<std::string> out(1);
    for (const char c : folded) {
        if (c != ' ') {
            out.back().push_back(c);
        } else if (!out.back().empty()) {
            out.emplace_back();
        }
    }
    if (out.back().empty()) out.pop_back();
    return out;
}

bool holds(const Organisation& organisation, const std::vector<std::string>& words) {
    const auto text = text::folded(organisation.name + " " + organisation.rna + " " +
                                   organisation.siren + " " + organisation.siret);
    return std::ranges::all_of(
        words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

/// One that stands under the same number in a register.
std::optional<base::OrganisationId> in_register(db::Session& session, const Organisation& given) {
    for (const auto& [column, number] :
         {std::pair{"rna", &given.rna}, {"siret", &given.siret}, {"siren", &given.siren}}) {
        if (number->empty()) continue;
        std::string id;
        session.sql() << std::string("SELECT organisation_id FROM organisation WHERE ") + column +
                             " = :n ORDER BY organisation_id LIMIT 1",
            soci::use(*number), soci::into(id);
        if (session.sql().got_data()) return base::OrganisationId::trusted(id);
    }
    return std::nullopt;
}

}  // namespace

long long insert_row(db::Session& session, const Organisation& it) {
    Nullable rna(it.rna), siren(it.siren), siret(it.siret), court(it.court_register);
    const std::string kind(to_string(it.kind));
    const long long demonstration = it.demonstration ? 1 : 0;
    const long long version = it.version;
    soci::statement insert =
        (session.sql().prepare << "INSERT INTO organisation (organisation_id, kind, name, rna, "
                                  "siren, siret, court_register, demonstration, version) VALUES "
                                  "(:id, :kind, :name, :rna, :siren, :siret, :court, :demo, "
                                  ":version)",
         soci::use(it.id.str()), soci::use(kind), soci::use(it.name), rna.use(), siren.use(),
         siret.use(), court.use(), soci::use(demonstration), soci::use(version));
    insert.execute(true);
    return insert.get_affected_rows();
}

long long insert_row(db::Session& session, const Affiliation& it) {
    const std::string category(1, it.category);
    const std::string status(to_string(it.status));
    const long long version = it.version;
    soci::statement insert =
        (session.sql().prepare
             << "INSERT INTO affiliation (affiliation_id, organisation_id, body_id, category, "
                "category_ground, status, contract_signed_on, insurance_valid_until, version) "
                "VALUES (:id, :organisation, :body, :category, :ground, :status, :contract, "
                ":insurance, :version)",
         soci::use(it.id.str()), soci::use(it.organisation.str()), soci::use(it.body.str()),
         soci::use(category), soci::use(it.category_ground), soci::use(status),
         soci::use(it.contract_signed_on), soci::use(it.insurance_valid_until), soci::use(version));
    insert.execute(true);
    return insert.get_affected_rows();
}

base::Result<std::vector<OrganisationFile>> SqlStore::find_organisations(const base::BodyId& body,
                                                                         const std::string& query,
                                                                         std::size_t limit) {
    const auto words = words_of(text::folded(query));
    const std::string known =
        "WHERE organisation_id IN (SELECT organisation_id FROM affiliation "
        "WHERE body_id = " +
        quoted_id(body.str()) + ") ORDER BY name";
    return database_.read([&](db::Session& session) -> base::Result<std::vector<OrganisationFile>> {
        std::vector<base::OrganisationId> ids;
        for (const auto& one : read_organisations(session, known)) {
            if (ids.size() < limit && holds(one, words)) ids.push_back(one.id);
        }
        auto files = files_of(session, ids);
        std::ranges::sort(files, {}, [](const OrganisationFile& file) {
            return text::folded(file.organisation.name);
        });
        return files;
    });
}

base::Result<Enrolled> SqlStore::enrol(const Once& once, const Organisation& organisation,
                                       const Affiliation& affiliation, base::Instant now,
                                       base::Instant machine_now) {
    if (const auto good = check(organisation); !good) return std::unexpected(good.error());
    if (const auto good = check(affiliation); !good) return std::unexpected(good.error());
    const db::IdempotencyScope scope{once.actor, once.operation, once.key, once.body_hash};
    bool wrote = false;
    auto done = database_.transact([&](db::Session& session) -> base::Result<Enrolled> {
        wrote = false;
        const auto before = db::claim_key(session, scope, machine_now);
        if (!before) return std::unexpected(before.error());
        Enrolled out;
        if (*before) {
            out.file = files_of(session, {base::OrganisationId::trusted((*before)->body)}).front();
            out.is_new = (*before)->status == 201;
            return out;
        }
        const auto known = in_register(session, organisation);
        const auto id = known.value_or(organisation.id);
        if (!known) {
            Organisation fresh = organisation;
            fresh.version = 1;
            insert_row(session, fresh);
        }
        out.file = files_of(session, {id}).front();
        const auto& all = out.file.affiliations;
        out.is_new = std::ranges::find(all, affiliation.body, &Affiliation::body) == all.end();
        if (out.is_new) {
            Affiliation fresh = affiliation;
            fresh.organisation = id;
            fresh.version = 1;
            insert_row(session, fresh);
            events::append(session, fact(fresh, now));
            out.file.affiliations.push_back(fresh);
            wrote = true;
        }
        db::store_answer(session, scope, {out.is_new ? 201 : 200, id.str()});
        return out;
    });
    if (done && wrote) published_();
    return done;
}

}  // namespace preau::accounts
