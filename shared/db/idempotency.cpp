#include "shared/db/idempotency.hpp"

#include <utility>

#include "shared/observe/log.hpp"

namespace preau::db {
namespace {

constexpr std::int64_t kKeptSeconds = 7 * 86'400;
constexpr int kPrunedMax = 1'000;

/// On MariaDB another transaction's claim of the same key holds its row: we wait one second for its
/// end. (On SQLite there is one writer, so the other has ended.)
void insert_claim(Session& session, const IdempotencyScope& scope, std::int64_t now) {
    const std::string_view bound = session.engine() == Engine::mariadb
                                       ? "SET STATEMENT innodb_lock_wait_timeout = 1 FOR "
                                       : "";
    session.sql()
        << bound
        << "INSERT INTO idempotency_key (actor, operation, idem_key, body_hash, claimed_at)"
           " VALUES (:actor, :operation, :idem_key, :body_hash, :now)",
        soci::use(scope.actor), soci::use(scope.operation), soci::use(scope.key),
        soci::use(scope.body_hash), soci::use(now);
}

struct Row {
    std::string body_hash;
    std::int64_t claimed_at = 0;
    int status = 0;
    std::string answer;
    soci::indicator status_set = soci::i_null;
    soci::indicator answer_set = soci::i_null;
};

std::optional<Row> find(Session& session, const IdempotencyScope& scope) {
    Row row;
    session.sql() << "SELECT body_hash, claimed_at, status, answer FROM idempotency_key"
                     " WHERE actor = :actor AND operation = :operation AND idem_key = :idem_key",
        soci::into(row.body_hash), soci::into(row.claimed_at),
        soci::into(row.status, row.status_set), soci::into(row.answer, row.answer_set),
        soci::use(scope.actor), soci::use(scope.operation), soci::use(scope.key);
    if (!session.sql().got_data()) return std::nullopt;
    return row;
}

/// Takes over the row of a key that is older than what we promise to keep.
void renew(Session& session, const IdempotencyScope& scope, std::int64_t now) {
    session.sql() << "UPDATE idempotency_key SET body_hash = :body_hash, claimed_at = :now,"
                     " status = NULL, answer = NULL"
                     " WHERE actor = :actor AND operation = :operation AND idem_key = :idem_key",
        soci::use(scope.body_hash), soci::use(now), soci::use(scope.actor),
        soci::use(scope.operation), soci::use(scope.key);
}

}  // namespace

base::Result<std::optional<StoredAnswer>> claim_key(Session& session, const IdempotencyScope& scope,
                                                    base::Instant machine_now) {
    std::optional<DbError> taken;
    try {
        taken = session.duplicate_in([&] { insert_claim(session, scope, machine_now.seconds); });
    } catch (const soci::soci_error& thrown) {
        if (classify(thrown, session.engine()).kind != ErrorKind::lock_timeout) throw;
        return base::fail("in_flight");
    }
    if (!taken) return std::optional<StoredAnswer>{};
    const auto row = find(session, scope);
    // The key was pruned or undone between the two statements: the whole transaction starts anew.
    if (!row) throw DbError(ErrorKind::deadlock, "the idempotency key vanished");
    if (row->claimed_at < machine_now.seconds - kKeptSeconds) {
        renew(session, scope, machine_now.seconds);
        return std::optional<StoredAnswer>{};
    }
    if (row->body_hash != scope.body_hash) return base::fail("idempotency_mismatch");
    if (row->status_set == soci::i_null) {
        // Claimed and committed without an answer: the operation forgot to store one.
        observe::log(observe::Level::error, "idempotency.no_answer",
                     {{"operation", std::string_view(scope.operation)}});
        return base::fail("in_flight");
    }
    return StoredAnswer{row->status, row->answer};
}

void store_answer(Session& session, const IdempotencyScope& scope, const StoredAnswer& answer) {
    session.sql() << "UPDATE idempotency_key SET status = :status, answer = :answer"
                     " WHERE actor = :actor AND operation = :operation AND idem_key = :idem_key",
        soci::use(answer.status), soci::use(answer.body), soci::use(scope.actor),
        soci::use(scope.operation), soci::use(scope.key);
}

int prune_keys(Session& session, base::Instant machine_now) {
    const std::int64_t oldest = machine_now.seconds - kKeptSeconds;
    std::vector<std::string> actors(kPrunedMax);
    std::vector<std::string> operations(kPrunedMax);
    std::vector<std::string> keys(kPrunedMax);
    session.sql() << "SELECT actor, operation, idem_key FROM idempotency_key"
                     " WHERE claimed_at < :oldest ORDER BY claimed_at LIMIT "
                  << kPrunedMax,
        soci::into(actors), soci::into(operations), soci::into(keys), soci::use(oldest);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        session.sql() << "DELETE FROM idempotency_key WHERE actor = :actor"
                         " AND operation = :operation AND idem_key = :idem_key"
                         " AND claimed_at < :oldest",
            soci::use(actors[i]), soci::use(operations[i]), soci::use(keys[i]), soci::use(oldest);
    }
    return static_cast<int>(keys.size());
}

}  // namespace preau::db
