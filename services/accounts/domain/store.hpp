#pragma once
// What the rules and the operations of accounts need from a database. Everything that changes an
// affiliation, a membership or a post publishes its fact in the same transaction.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/accounts/domain/documents.hpp"
#include "services/accounts/domain/records.hpp"
#include "services/accounts/domain/sessions.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

namespace preau::accounts {

/// Who repeats what: an operation under its Idempotency-Key has its effect once.
struct Once {
    std::string actor;
    std::string operation;
    std::string key;
    std::string body_hash;
};

/// How one signs in: who, and the argon2id hash of the password (empty when none was ever set).
struct Credential {
    Person person;
    std::string password_hash;
};

struct Enrolled {
    OrganisationFile file;
    bool is_new = false;  // to the body
};

class Store {
public:
    virtual ~Store() = default;

    // Looking up. Unknown ids are left out of lists.
    virtual base::Result<std::optional<Body>> body(const std::string& id_or_slug) = 0;
    /// Bodies by id after `after` (empty: from the first).
    virtual base::Result<std::vector<Body>> bodies(const std::string& after, int limit) = 0;
    virtual base::Result<std::vector<Person>> people(const std::vector<base::PersonId>& ids) = 0;
    virtual base::Result<std::vector<OrganisationFile>> organisations(
        const std::vector<base::OrganisationId>& ids) = 0;
    /// By RNA, SIREN, SIRET or id; what is none of these names nothing.
    virtual base::Result<std::vector<OrganisationFile>> organisations_in_registers(
        const std::vector<std::string>& numbers) = 0;
    /// Those that a body knows and whose name or register numbers hold every word of `query`
    /// (accents and capitals do not matter), in the order of their names; at most `limit`.
    virtual base::Result<std::vector<OrganisationFile>> find_organisations(const base::BodyId& body,
                                                                           const std::string& query,
                                                                           std::size_t limit) = 0;
    /// Nothing when unknown or no longer active.
    virtual base::Result<std::optional<Profile>> profile(const base::PersonId& person) = 0;

    // Signing in. Accounts are tried under a key that is a hash, so that addresses which nobody has
    // do not pile up here.
    /// Counts a try; gives the seconds to wait when there were too many.
    virtual base::Result<std::optional<std::int64_t>> take_try(const std::string& account_key,
                                                               base::Instant machine_now) = 0;
    virtual base::Result<std::optional<Credential>> credential(const std::string& email) = 0;
    /// Stores the session and forgets the tries that led to it.
    virtual base::Result<void> open_session(const Session& session,
                                            const std::string& account_key) = 0;
    virtual base::Result<std::optional<Session>> session(const std::string& token_hash) = 0;
    virtual base::Result<void> touch_session(const std::string& token_hash,
                                             base::Instant machine_now) = 0;
    virtual base::Result<void> close_session(const std::string& token_hash) = 0;

    // Passwords.
    /// A one-use token (stored as its hash) that replaces the earlier ones of this person.
    virtual base::Result<void> offer_password_token(const base::PersonId& person,
                                                    const std::string& token_hash,
                                                    base::Instant expires_at) = 0;
    /// Whom the token is for; nothing when it is unknown, used or too old.
    virtual base::Result<std::optional<Person>> password_token_owner(const std::string& token_hash,
                                                                     base::Instant machine_now) = 0;
    /// Uses the token up, sets the password and ends every session of the person; false when the
    /// token is not good (any more).
    virtual base::Result<bool> use_password_token(const std::string& token_hash,
                                                  const std::string& password_hash,
                                                  base::Instant machine_now) = 0;
    virtual base::Result<void> set_password(const base::PersonId& person,
                                            const std::string& password_hash,
                                            base::Instant machine_now) = 0;

    // Keeping records. Inserts an unknown id; changes a known one, with the next version, only when
    // something differs. The version given is ignored. `now` is business time, of the fact. Answers
    // the faults of check(), and `quota_exceeded` beyond the bounds of one person.
    virtual base::Result<void> keep(const Body& body) = 0;
    virtual base::Result<void> keep(const Person& person) = 0;
    virtual base::Result<void> keep(const Organisation& organisation) = 0;
    virtual base::Result<void> keep(const Affiliation& affiliation, base::Instant now) = 0;
    virtual base::Result<void> keep(const Membership& membership, base::Instant now) = 0;
    virtual base::Result<void> keep(const StaffPost& post, base::Instant now) = 0;

    /// Records a document of an affiliation whose version is still `version` (else `stale_version`)
    /// with its fact; `change` sees the affiliation and gives it as it is then. Gives it with its
    /// new version; a repeated call gives it as it is by now.
    virtual base::Result<Affiliation> file(
        const Once& once, const AffiliationId& id, std::int64_t version, const Document& document,
        const std::string& by, base::Instant now, base::Instant machine_now,
        const std::function<base::Result<Affiliation>(const Affiliation&)>& change) = 0;

    /// Makes an organisation known to a body, without anybody who signs in for it. One that stands
    /// in the same register already is not made again: it becomes known, or was. Faults of check().
    virtual base::Result<Enrolled> enrol(const Once& once, const Organisation& organisation,
                                         const Affiliation& affiliation, base::Instant now,
                                         base::Instant machine_now) = 0;

    /// Deletes sessions, tries and tokens that are over, at most `limit` of each; gives their
    /// number.
    virtual base::Result<int> prune(base::Instant machine_now, int limit) = 0;
};

}  // namespace preau::accounts
