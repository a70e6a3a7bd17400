// Documents: each is a row of its own besides what it changes of the affiliation.

#include <nlohmann/json.hpp>

#include "services/accounts/store/facts.hpp"
#include "services/accounts/store/rows.hpp"
#include "services/accounts/store/sql_store.hpp"
#include "shared/db/idempotency.hpp"
#include "shared/events/outbox.hpp"

namespace preau::accounts {
namespace {

void insert(db::Session& session, const AffiliationId& affiliation, const Document& document,
            const std::string& by, base::Instant now) {
    const std::string id = base::new_ulid();
    const std::string of = affiliation.str();
    const long long at = now.seconds;
    if (const auto* insurance = std::get_if<Insurance>(&document)) {
        const std::string until = insurance->valid_until.iso();
        session.sql() << "INSERT INTO insurance (insurance_id, affiliation_id, insurer, "
                         "policy_number, valid_until, declared_by, declared_at) VALUES (:a1, :a2, "
                         ":a3, :a4, :a5, :a6, :a7)",
            soci::use(id), soci::use(of), soci::use(insurance->insurer),
            soci::use(insurance->policy_number), soci::use(until), soci::use(by), soci::use(at);
        return;
    }
    const auto& signature = std::get<ContractSignature>(document);
    const std::string on = signature.signed_on.iso();
    const long long paper = signature.on_paper ? 1 : 0;
    session.sql() << "INSERT INTO contract_signature (signature_id, affiliation_id, "
                     "contract_version, signed_on, on_paper, recorded_by, recorded_at) VALUES "
                     "(:a1, :a2, :a3, :a4, :a5, :a6, :a7)",
        soci::use(id), soci::use(of), soci::use(signature.version), soci::use(on), soci::use(paper),
        soci::use(by), soci::use(at);
}

}  // namespace

base::Result<Affiliation> SqlStore::file(
    const Once& once, const AffiliationId& id, std::int64_t version, const Document& document,
    const std::string& by, base::Instant now, base::Instant machine_now,
    const std::function<base::Result<Affiliation>(const Affiliation&)>& change) {
    const db::IdempotencyScope scope{once.actor, once.operation, once.key, once.body_hash};
    bool wrote = false;
    auto done = database_.transact([&](db::Session& session) -> base::Result<Affiliation> {
        wrote = false;
        const auto before = db::claim_key(session, scope, machine_now);
        if (!before) return std::unexpected(before.error());
        const auto stored =
            read_affiliations(session, "WHERE affiliation_id = " + quoted_id(id.str()));
        if (stored.empty()) return base::fail("not_found");
        auto changed = change(stored.front());
        if (!changed) return changed;
        if (*before) return stored.front();
        if (stored.front().version != version) return base::fail("stale_version");
        changed->version = version + 1;
        const long long next = changed->version;
        const long long old = version;
        const std::string key = id.str();
        soci::statement update =
            (session.sql().prepare
                 << "UPDATE affiliation SET contract_signed_on = :c, insurance_valid_until = :i, "
                    "version = :n WHERE affiliation_id = :a AND version = :o",
             soci::use(changed->contract_signed_on), soci::use(changed->insurance_valid_until),
             soci::use(next), soci::use(key), soci::use(old));
        update.execute(true);
        if (update.get_affected_rows() != 1) return base::fail("stale_version");
        insert(session, id, document, by, now);
        events::append(session, fact(*changed, now));
        db::store_answer(session, scope, {200, key});
        wrote = true;
        return changed;
    });
    if (done && wrote) published_();
    return done;
}

}  // namespace preau::accounts
