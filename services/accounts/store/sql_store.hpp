#pragma once
// The store of accounts on SQLite and MariaDB.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "services/accounts/domain/store.hpp"
#include "shared/db/database.hpp"
#include "shared/db/migration.hpp"

namespace preau::accounts {

std::span<const db::Migration> migrations();

class SqlStore final : public Store {
public:
    /// `published` is called after each commit that wrote a fact.
    SqlStore(db::Database& database, std::function<void()> published);

    base::Result<std::optional<Body>> body(const std::string& id_or_slug) override;
    base::Result<std::vector<Body>> bodies(const std::string& after, int limit) override;
    base::Result<std::vector<Person>> people(const std::vector<base::PersonId>& ids) override;
    base::Result<std::vector<OrganisationFile>> organisations(
        const std::vector<base::OrganisationId>& ids) override;
    base::Result<std::vector<OrganisationFile>> organisations_in_registers(
        const std::vector<std::string>& numbers) override;
    base::Result<std::vector<OrganisationFile>> find_organisations(const base::BodyId& body,
                                                                   const std::string& query,
                                                                   std::size_t limit) override;
    base::Result<std::optional<Profile>> profile(const base::PersonId& person) override;

    base::Result<std::optional<std::int64_t>> take_try(const std::string& account_key,
                                                       base::Instant machine_now) override;
    base::Result<std::optional<Credential>> credential(const std::string& email) override;
    base::Result<void> open_session(const Session& session,
                                    const std::string& account_key) override;
    base::Result<std::optional<Session>> session(const std::string& token_hash) override;
    base::Result<void> touch_session(const std::string& token_hash,
                                     base::Instant machine_now) override;
    base::Result<void> close_session(const std::string& token_hash) override;

    base::Result<void> offer_password_token(const base::PersonId& person,
                                            const std::string& token_hash,
                                            base::Instant expires_at) override;
    base::Result<std::optional<Person>> password_token_owner(const std::string& token_hash,
                                                             base::Instant machine_now) override;
    base::Result<bool> use_password_token(const std::string& token_hash,
                                          const std::string& password_hash,
                                          base::Instant machine_now) override;
    base::Result<void> set_password(const base::PersonId& person, const std::string& password_hash,
                                    base::Instant machine_now) override;

    base::Result<void> keep(const Body& body) override;
    base::Result<void> keep(const Person& person) override;
    base::Result<void> keep(const Organisation& organisation) override;
    base::Result<void> keep(const Affiliation& affiliation, base::Instant now) override;
    base::Result<void> keep(const Membership& membership, base::Instant now) override;
    base::Result<void> keep(const StaffPost& post, base::Instant now) override;

    base::Result<Affiliation> file(
        const Once& once, const AffiliationId& id, std::int64_t version, const Document& document,
        const std::string& by, base::Instant now, base::Instant machine_now,
        const std::function<base::Result<Affiliation>(const Affiliation&)>& change) override;

    base::Result<Enrolled> enrol(const Once& once, const Organisation& organisation,
                                 const Affiliation& affiliation, base::Instant now,
                                 base::Instant machine_now) override;

    base::Result<int> prune(base::Instant machine_now, int limit) override;

private:
    db::Database& database_;
    std::function<void()> published_;
};

}  // namespace preau::accounts
