// Credentials, tries and sessions.
#include "services/accounts/store/rows.hpp"
#include "services/accounts/store/sql_store.hpp"

namespace preau::accounts {
namespace {

constexpr int kClaimRounds = 5;

struct StoredTries {
    std::string tries;
    long long version = 0;
};

std::optional<StoredTries> read_tries(soci::session& sql, const std::string& key) {
    StoredTries stored;
    sql << "SELECT tries, version FROM sign_in_tries WHERE account_key = :key",
        soci::into(stored.tries), soci::into(stored.version), soci::use(key);
    if (!sql.got_data()) return std::nullopt;
    return stored;
}

// Two tries at once may both be the first: the key lets one of them in, the other reads again.
bool insert_tries(db::Session& session, const std::string& key, const std::string& tries,
                  long long now) {
    try {
        session.sql() << "INSERT INTO sign_in_tries (account_key, tries, last_at, version) "
                         "VALUES (:key, :tries, :now, 1)",
            soci::use(key), soci::use(tries), soci::use(now);
        return true;
    } catch (const std::exception& thrown) {
        if (db::classify(thrown, session.engine()).kind == db::ErrorKind::duplicate) return false;
        throw;
    }
}

bool update_tries(soci::session& sql, const std::string& key, const StoredTries& next,
                  long long now) {
    soci::statement update =
        (sql.prepare << "UPDATE sign_in_tries SET tries = :tries, last_at = :now, "
                        "version = version + 1 WHERE account_key = :key AND version = :version",
         soci::use(next.tries), soci::use(now), soci::use(key), soci::use(next.version));
    update.execute(true);
    return update.get_affected_rows() == 1;
}

long long changed(soci::session& sql, const std::string& text, const std::string& key) {
    soci::statement statement = (sql.prepare << text, soci::use(key));
    statement.execute(true);
    return statement.get_affected_rows();
}

}  // namespace

base::Result<std::optional<std::int64_t>> SqlStore::take_try(const std::string& account_key,
                                                             base::Instant machine_now) {
    using Answer = base::Result<std::optional<std::int64_t>>;
    const long long now = machine_now.seconds;
    return database_.transact([&](db::Session& session) -> Answer {
        for (int round = 0; round < kClaimRounds; ++round) {
            const auto stored = read_tries(session.sql(), account_key);
            Tries tries = Tries::parse(stored ? stored->tries : std::string());
            if (const auto wait_s = tries.take(machine_now)) return wait_s;
            const bool written = stored ? update_tries(session.sql(), account_key,
                                                       {tries.str(), stored->version}, now)
                                        : insert_tries(session, account_key, tries.str(), now);
            if (written) return std::nullopt;
        }
        // Many tries of one account at the same instant: the others come first.
        return std::optional<std::int64_t>(1);
    });
}

base::Result<std::optional<Credential>> SqlStore::credential(const std::string& email) {
    if (email.empty()) return std::nullopt;  // people without an address cannot sign in
    return database_.read([&](db::Session& session) -> base::Result<std::optional<Credential>> {
        const auto people = read_people(session, "WHERE email = :email", email);
        if (people.empty() || !people.front().active) return std::nullopt;
        std::string hash;
        session.sql() << "SELECT password_hash FROM credential WHERE person_id = :id",
            soci::into(hash), soci::use(people.front().id.str());
        return Credential{people.front(), session.sql().got_data() ? hash : std::string()};
    });
}

base::Result<void> SqlStore::open_session(const Session& session, const std::string& account_key) {
    const long long created = session.created_at.seconds;
    const long long seen = session.last_seen_at.seconds;
    return database_.transact([&](db::Session& db) -> base::Result<void> {
        db.sql() << "INSERT INTO session (token_hash, person_id, created_at, last_seen_at) "
                    "VALUES (:hash, :person, :created, :seen)",
            soci::use(session.token_hash), soci::use(session.person.str()), soci::use(created),
            soci::use(seen);
        db.sql() << "DELETE FROM sign_in_tries WHERE account_key = :key", soci::use(account_key);
        return {};
    });
}

base::Result<std::optional<Session>> SqlStore::session(const std::string& token_hash) {
    return database_.read([&](db::Session& db) -> base::Result<std::optional<Session>> {
        std::string person;
        long long created = 0, seen = 0;
        db.sql() << "SELECT person_id, created_at, last_seen_at FROM session "
                    "WHERE token_hash = :hash",
            soci::into(person), soci::into(created), soci::into(seen), soci::use(token_hash);
        if (!db.sql().got_data()) return std::nullopt;
        return Session{token_hash, base::PersonId::trusted(person), {created}, {seen}};
    });
}

base::Result<void> SqlStore::touch_session(const std::string& token_hash,
                                           base::Instant machine_now) {
    const long long now = machine_now.seconds;
    return database_.transact([&](db::Session& db) -> base::Result<void> {
        db.sql() << "UPDATE session SET last_seen_at = :now "
                    "WHERE token_hash = :hash AND last_seen_at < :now2",
            soci::use(now), soci::use(token_hash), soci::use(now);
        return {};
    });
}

base::Result<void> SqlStore::close_session(const std::string& token_hash) {
    return database_.transact([&](db::Session& db) -> base::Result<void> {
        changed(db.sql(), "DELETE FROM session WHERE token_hash = :hash", token_hash);
        return {};
    });
}

base::Result<void> SqlStore::offer_password_token(const base::PersonId& person,
                                                  const std::string& token_hash,
                                                  base::Instant expires_at) {
    const long long until = expires_at.seconds;
    return database_.transact([&](db::Session& db) -> base::Result<void> {
        changed(db.sql(), "DELETE FROM password_token WHERE person_id = :id", person.str());
        db.sql() << "INSERT INTO password_token (token_hash, person_id, expires_at) "
                    "VALUES (:hash, :person, :until)",
            soci::use(token_hash), soci::use(person.str()), soci::use(until);
        return {};
    });
}

base::Result<std::optional<Person>> SqlStore::password_token_owner(const std::string& token_hash,
                                                                   base::Instant machine_now) {
    const std::string condition =
        "WHERE active = 1 AND person_id IN (SELECT person_id FROM password_token "
        "WHERE token_hash = :hash AND expires_at > " +
        std::to_string(machine_now.seconds) + ")";
    return database_.read([&](db::Session& db) -> base::Result<std::optional<Person>> {
        const auto people = read_people(db, condition, token_hash);
        if (people.empty()) return std::nullopt;
        return people.front();
    });
}

namespace {

void write_password(soci::session& sql, const std::string& person, const std::string& hash,
                    base::Instant machine_now) {
    const long long now = machine_now.seconds;
    changed(sql, "DELETE FROM credential WHERE person_id = :id", person);
    sql << "INSERT INTO credential (person_id, password_hash, changed_at) "
           "VALUES (:person, :hash, :now)",
        soci::use(person), soci::use(hash), soci::use(now);
    changed(sql, "DELETE FROM session WHERE person_id = :id", person);
}

}  // namespace

base::Result<bool> SqlStore::use_password_token(const std::string& token_hash,
                                                const std::string& password_hash,
                                                base::Instant machine_now) {
    return database_.transact([&](db::Session& db) -> base::Result<bool> {
        std::string person;
        long long until = 0;
        db.sql() << "SELECT person_id, expires_at FROM password_token WHERE token_hash = :hash",
            soci::into(person), soci::into(until), soci::use(token_hash);
        if (!db.sql().got_data() || until <= machine_now.seconds) return false;
        // Whoever deletes the row has used the token: a second click finds nothing.
        if (changed(db.sql(), "DELETE FROM password_token WHERE token_hash = :hash", token_hash) !=
            1) {
            return false;
        }
        write_password(db.sql(), person, password_hash, machine_now);
        return true;
    });
}

base::Result<void> SqlStore::set_password(const base::PersonId& person,
                                          const std::string& password_hash,
                                          base::Instant machine_now) {
    return database_.transact([&](db::Session& db) -> base::Result<void> {
        write_password(db.sql(), person.str(), password_hash, machine_now);
        return {};
    });
}

base::Result<int> SqlStore::prune(base::Instant machine_now, int limit) {
    const std::string now = std::to_string(machine_now.seconds);
    const std::string idle = std::to_string(machine_now.seconds - session_idle_s_max);
    const std::string born = std::to_string(machine_now.seconds - session_life_s_max);
    const std::string window = std::to_string(machine_now.seconds - sign_in_window_s);
    const std::string bound = " LIMIT " + std::to_string(limit);
    // A subquery in a derived table: MariaDB cannot delete from a table that it selects from,
    // SQLite knows no DELETE … LIMIT.
    const auto over = [&](const std::string& table, const std::string& key,
                          const std::string& condition) {
        return "DELETE FROM " + table + " WHERE " + key + " IN (SELECT " + key + " FROM (SELECT " +
               key + " FROM " + table + " WHERE " + condition + bound + ") AS old_rows)";
    };
    return database_.transact([&](db::Session& db) -> base::Result<int> {
        long long rows = 0;
        for (const std::string& text :
             {over("session", "token_hash",
                   "last_seen_at <= " + idle + " OR created_at <= " + born),
              over("sign_in_tries", "account_key", "last_at <= " + window),
              over("password_token", "token_hash", "expires_at <= " + now)}) {
            soci::statement statement = (db.sql().prepare << text);
            statement.execute(true);
            rows += statement.get_affected_rows();
        }
        return static_cast<int>(rows);
    });
}

}  // namespace preau::accounts
