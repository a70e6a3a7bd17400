#pragma once
// One open connection: the engine's own way to open, begin, commit and roll back, and a watch over
// the statements between. Internal to shared/db.

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include <soci/soci.h>

#include "shared/db/database.hpp"
#include "shared/db/url.hpp"

namespace preau::db {

/// Seconds that a statement waits for a row lock on MariaDB before 1205.
inline constexpr int lock_wait_s = 2;

/// Sees every statement before it runs. Keeps the slowest for the log, and refuses to go on after
/// the engine has undone the whole transaction: a closure that swallowed such an error would
/// otherwise write the rest outside any transaction.
class Watch {
public:
    explicit Watch(Engine engine) : engine_(engine) {}

    void attach(soci::session& session);
    void start_transaction();
    void start_statement(const std::string& text);
    /// Throws DbError when there is no transaction to commit any more.
    void before_commit();
    void end_transaction();

    /// The text (with parameter names, never values) of the statement that took longest, counting
    /// what the closure did until the next one.
    const std::string& slowest() const { return slowest_text_; }
    int statements() const { return statements_; }
    bool in_transaction() const;
    /// SQLite: whether the transaction holds the writer's lock. MariaDB refuses writes of a
    /// read-only transaction by itself.
    bool has_written() const;

private:
    using Moment = std::chrono::steady_clock::time_point;
    void refuse_after_undo() const;
    void finish_statement();

    Engine engine_;
    soci::details::session_backend* back_end_ = nullptr;
    bool transaction_ = false;
    int statements_ = 0;
    Moment started_{};
    std::chrono::nanoseconds slowest_{0};
    std::string text_;
    std::string slowest_text_;
};

struct Link {
    Engine engine = Engine::sqlite;
    std::shared_ptr<Watch> watch;
    std::unique_ptr<soci::session> sql;
    std::optional<std::uint64_t> announced;
    bool broken = false;

    /// Opens and sets up a connection; reads back what must hold. Throws DbError.
    static std::unique_ptr<Link> open(const Address& address, bool durable, Patience patience);

    /// Throw what SOCI throws. Before COMMIT stands Watch::before_commit.
    void begin_write();
    void begin_read();
    /// Marks the link as broken when it fails.
    void roll_back() noexcept;
    /// SQLite: how much of the database this session keeps for its next transaction. Throws what
    /// SOCI throws.
    void keep_pages(int kib_max);
    /// Gives back the pages that SQLite keeps for this session; it reads them again when needed.
    void release_memory() noexcept;
};

}  // namespace preau::db
