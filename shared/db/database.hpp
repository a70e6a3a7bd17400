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
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <soci/soci.h>

#include "shared/base/result.hpp"
#include "shared/db/migration.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::db {

enum class Engine { sqlite, mariadb };

enum class ErrorKind {
    duplicate,
    deadlock,  // also a snapshot conflict: rolled back, not applied
    lock_timeout,
    busy,
    lost,             // connection lost before COMMIT: not applied
    unknown_outcome,  // connection lost during COMMIT: applied or not
    foreign_key,
    full,
    schema,
    other,
};
std::string_view to_string(ErrorKind kind);

/// What a statement threw. Visible only inside closures (see Session::duplicate_in) and in
/// open/migrate results. `detail` holds no value of a row, so that it may be logged.
struct DbError : std::exception {
    ErrorKind kind = ErrorKind::other;
    int number = 0;          // of the engine: 1062, or SQLite's extended code
    std::string constraint;  // "table.column" (SQLite) or the key's name, "PRIMARY" (MariaDB)
    std::string detail;

    DbError() = default;
    DbError(ErrorKind kind_of, std::string detail_of)
        : kind(kind_of), detail(std::move(detail_of)) {}
    const char* what() const noexcept override { return detail.c_str(); }
};

/// The DbError behind an exception thrown by SOCI (by error number, since SOCI 4.0.3 names neither
/// MariaDB's 1062, 1205, 1213 nor SQLite's constraint).
DbError classify(const std::exception& thrown, Engine engine);

struct DatabaseOptions {
    std::string url;       // "sqlite:/path/file.db" or "mysql://user:password@host:port/schema" or
                           // "mysql://user:password@/schema?socket=/path"
    bool durable = false;  // SQLite: synchronous=FULL instead of NORMAL
    std::chrono::milliseconds retry_budget{2'000};  // also how long a writer queues on SQLite
    int tries_max = 5;
    std::chrono::milliseconds slow_query{200};  // a transaction that takes longer is logged
};

struct Link;

class Session {
public:
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Statements run here throw soci::soci_error; `classify` tells what it was.
    soci::session& sql();
    Engine engine() const;

    /// Runs statements of which one may meet a unique key: gives that error, or nothing. The failed
    /// statement alone is undone and the transaction goes on. Other errors are thrown as they are.
    template <class Statements>
    std::optional<DbError> duplicate_in(Statements&& statements) {
        try {
            statements();
        } catch (const std::exception& thrown) {
            DbError error = classify(thrown, engine());
            if (error.kind != ErrorKind::duplicate) throw;
            return error;
        }
        return std::nullopt;
    }

    /// Has the database call its announcement listeners once this transaction is committed, with
    /// the largest `value` announced in it.
    void announce(std::uint64_t value);

private:
    friend class Database;
    friend struct Connections;
    Session();
    std::unique_ptr<Link> link_;
};

class Database {
public:
    static std::expected<std::unique_ptr<Database>, DbError> open(DatabaseOptions options,
                                                                  observe::Registry* metrics);
    ~Database();

    Engine engine() const;

    /// Brings the schema up to date under a lock row: our own steps (core_migrations) first, then
    /// `steps`. Refuses (kind `schema`) when a checksum of an applied step differs or the stored
    /// number is newer than ours.
    std::expected<void, DbError> migrate(std::span<const Migration> steps);

    /// Runs `work` in one read-write transaction; a result without value rolls back. Database
    /// failures answer as `overloaded` (retry later; with detail `unknown_outcome` when the answer
    /// of COMMIT was lost), `storage_full` or `internal`. An exception of `work` that is not the
    /// database's rolls back and goes on to the caller. A transaction inside a transaction of the
    /// same thread throws std::logic_error.
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

    /// Runs `work` in one read-only transaction: MariaDB START TRANSACTION WITH CONSISTENT
    /// SNAPSHOT, READ ONLY; SQLite a deferred read transaction.
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

    /// `listener` runs on the committing thread after each commit that announced
    /// (Session::announce). To be set before the database is used by several threads.
    void on_announcement(std::function<void(std::uint64_t)> listener);

    /// How many transactions wait for SQLite's writer's place (0 on MariaDB).
    std::size_t writers_waiting() const;

private:
    enum class Mode { read, write };
    struct State;
    using Step = std::function<bool(Session&)>;
    explicit Database(std::unique_ptr<State> state);
    /// `step` says whether to commit. Gives the error to answer with, or nothing.
    std::optional<base::Error> run(Mode mode, const Step& step);
    /// One attempt; throws DbError.
    void attempt(Mode mode, const Step& step, std::chrono::steady_clock::time_point deadline);
    static void commit(Session& session);
    base::Error give_up(Mode mode, const DbError& error, int tries) const;

    std::unique_ptr<State> state_;
};

}  // namespace preau::db
