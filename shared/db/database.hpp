#pragma once
// The only way to a database. A whole transaction is one closure that runs on the calling worker
// thread with that thread's own session; it may run several times (deadlock, busy), so it has no
// effect outside the database. Exceptions of SOCI and its back ends end here as DbError.
//
//     auto saved = database.transact([&](db::Session& s) -> base::Result<Booking> {
//         s.sql() << "INSERT …", soci::use(…);
//         if (taken) return base::fail("overlap");      // rolls back
//         return booking;                               // commits
//     });
//
// SQLite: BEGIN IMMEDIATE, writers queue in FIFO order. MariaDB: READ COMMITTED, asserted on each
// session; deadlock, lock time-out, snapshot conflict (1213, 1205, 1020) and SQLITE_BUSY, also from
// COMMIT, retry the whole closure at most 5 times within 2 s. SOCI's `reconnect` is never set: a
// connection lost before COMMIT is opened anew and the closure retried; lost during COMMIT the
// outcome is `unknown`, to be looked up by idempotency key.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "shared/base/result.hpp"
#include "shared/db/migration.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::db {

enum class Engine { sqlite, mariadb };

enum class ErrorKind { duplicate, deadlock, lock_timeout, busy, lost, unknown_outcome, foreign_key,
                       full, schema, other };

/// What a statement threw. Visible only inside closures (catch it to read a duplicate key) and in
/// open/migrate results.
struct DbError : std::exception {
    ErrorKind kind = ErrorKind::other;
    std::string constraint;  // name of the key or "table.column", where the engine tells
    std::string detail;
    const char* what() const noexcept override { return detail.c_str(); }
};

/// The DbError behind an exception thrown by SOCI (by error number, since SOCI 4.0.3 names neither
/// MariaDB's 1062, 1205, 1213 nor SQLite's constraint).
DbError classify(const std::exception& thrown, Engine engine);

struct DatabaseOptions {
    std::string url;        // "sqlite:/path/file.db" or "mysql://user:password@host:port/schema" or
                            // "mysql://user:password@/schema?socket=/path"
    bool durable = false;   // SQLite: synchronous=FULL instead of NORMAL
    std::chrono::milliseconds retry_budget{2'000};
    int tries_max = 5;
    std::chrono::milliseconds slow_query{200};
};

class Session {
public:
    soci::session& sql() { return *sql_; }
    Engine engine() const { return engine_; }

private:
    friend class Database;
    std::unique_ptr<soci::session> sql_;
    Engine engine_ = Engine::sqlite;
};

class Database {
public:
    static std::expected<std::unique_ptr<Database>, DbError> open(DatabaseOptions options,
                                                                  observe::Registry* metrics);
    ~Database();

    Engine engine() const;

    /// Brings the schema up to date under a lock row. Refuses (kind `schema`) when a checksum of an
    /// applied step differs or the stored number is newer than ours.
    std::expected<void, DbError> migrate(std::span<const Migration> steps);

    /// Runs `work` in one read-write transaction; a result without value rolls back. Database
    /// failures answer as `overloaded` (retry later), `storage_full` or `internal`.
    template <class Work>
    auto transact(Work&& work) -> decltype(work(std::declval<Session&>())) {
        using R = decltype(work(std::declval<Session&>()));
        R out = base::fail("internal");
        const auto failed = run(Mode::write, [&](Session& session) {
            out = work(session);
            return out.has_value();
        });
        if (failed) return std::unexpected(*failed);
        return out;
    }

    /// Runs `work` in one read-only transaction: MariaDB START TRANSACTION WITH CONSISTENT SNAPSHOT,
    /// READ ONLY; SQLite a deferred read transaction.
    template <class Work>
    auto read(Work&& work) -> decltype(work(std::declval<Session&>())) {
        using R = decltype(work(std::declval<Session&>()));
        R out = base::fail("internal");
        const auto failed = run(Mode::read, [&](Session& session) {
            out = work(session);
            return true;
        });
        if (failed) return std::unexpected(*failed);
        return out;
    }

    /// A round trip, for /readyz.
    bool ping();

private:
    enum class Mode { read, write };
    struct State;
    explicit Database(std::unique_ptr<State> state);
    /// `step` says whether to commit. Gives the error to answer with, or nothing.
    std::optional<base::Error> run(Mode mode, const std::function<bool(Session&)>& step);

    std::unique_ptr<State> state_;
};

}  // namespace preau::db
