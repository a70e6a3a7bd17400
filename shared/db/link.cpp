#include "shared/db/link.hpp"

#include <string_view>
#include <utility>

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include "shared/db/mariadb.hpp"

namespace preau::db {
namespace {

constexpr int kSqliteBusyMs = 5'000;  // only other processes make a writer wait here
constexpr int kSqliteCacheKiB = 512;  // a connection; the system's page cache does the rest
constexpr long kSqliteJournalBytes = 8L << 20;  // the WAL shrinks to this after a checkpoint
constexpr std::size_t kStatementTextMax = 300;

constexpr std::string_view kSqlMode =
    "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

class Logger final : public soci::logger_impl {
public:
    explicit Logger(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
    void start_query(const std::string& query) override { watch_->start_statement(query); }

private:
    soci::logger_impl* do_clone() const override { return new Logger(watch_); }
    std::shared_ptr<Watch> watch_;
};

MYSQL* mysql_of(soci::details::session_backend* back_end) {
    return static_cast<soci::mysql_session_backend*>(back_end)->conn_;
}

sqlite_api::sqlite3* sqlite_of(soci::details::session_backend* back_end) {
    return static_cast<soci::sqlite3_session_backend*>(back_end)->conn_;
}

/// The file holds people's data: it is made readable for its owner only. SQLite gives the WAL the
/// same mode. A file that exists is never opened here: closing it would drop the locks that SQLite
/// holds on it for the whole process, and the next program to read it would delete the WAL.
void make_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
}

std::unique_ptr<soci::session> open_sqlite(const Address& address, bool durable) {
    make_private_file(address.file);
    // SOCI takes text with "=" for a list of options.
    const bool plain = address.file.find('=') == std::string::npos;
    auto session = std::make_unique<soci::session>(
        soci::sqlite3, plain ? address.file : "db=\"" + address.file + "\"");
    auto* const handle = sqlite_of(session->get_backend());
    sqlite_api::sqlite3_extended_result_codes(handle, 1);
    sqlite_api::sqlite3_busy_timeout(handle, kSqliteBusyMs);
    std::string mode;
    *session << "PRAGMA journal_mode = WAL", soci::into(mode);
    if (mode != "wal") throw DbError(ErrorKind::other, "SQLite answers journal_mode " + mode);
    *session << "PRAGMA foreign_keys = ON";
    int foreign_keys = 0;
    *session << "PRAGMA foreign_keys", soci::into(foreign_keys);
    if (foreign_keys != 1) throw DbError(ErrorKind::other, "SQLite was built without foreign keys");
    *session << (durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    *session << "PRAGMA cache_size = " << -kSqliteCacheKiB;
    *session << "PRAGMA journal_size_limit = " << kSqliteJournalBytes, soci::into(mode);
    *session << "PRAGMA temp_store = MEMORY";
    return session;
}

std::unique_ptr<soci::session> open_mariadb(const Address& address, Patience patience) {
    auto session = std::make_unique<soci::session>(*Mariadb::loaded().factory(),
                                                   mysql_parameters(address, patience));
    *session << "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
    *session << "SET SESSION sql_mode = '" << kSqlMode
             << "', time_zone = '+00:00', autocommit = 1, "
             << "innodb_lock_wait_timeout = " << lock_wait_s;
    std::string isolation;
    std::string mode;
    std::string charset;
    *session << "SELECT @@SESSION.tx_isolation, @@SESSION.sql_mode, @@SESSION.character_set_client",
        soci::into(isolation), soci::into(mode), soci::into(charset);
    if (isolation != "READ-COMMITTED" || mode.find("STRICT_ALL_TABLES") == std::string::npos ||
        charset != "utf8mb4") {
        throw DbError(ErrorKind::other, "the server did not take the session's settings: " +
                                            isolation + ", " + mode + ", " + charset);
    }
    return session;
}

}  // namespace

void Watch::attach(soci::session& session) {
    back_end_ = session.get_backend();
}

bool Watch::in_transaction() const {
    if (engine_ == Engine::sqlite)
        return sqlite_api::sqlite3_get_autocommit(sqlite_of(back_end_)) == 0;
    unsigned status = 0;
    Mariadb::loaded().get_infov(mysql_of(back_end_), MARIADB_CONNECTION_SERVER_STATUS, &status);
    return (status & SERVER_STATUS_IN_TRANS) != 0;
}

void Watch::start_transaction() {
    transaction_ = true;
    statements_ = 0;
    slowest_ = std::chrono::nanoseconds{0};
    slowest_text_.clear();
    text_.clear();
}

void Watch::finish_statement() {
    const auto now = std::chrono::steady_clock::now();
    if (!text_.empty() && now - started_ >= slowest_) {
        slowest_ = now - started_;
        slowest_text_.swap(text_);
    }
    started_ = now;
}

void Watch::start_statement(const std::string& text) {
    if (!transaction_) return;
    refuse_after_undo();
    finish_statement();
    text_.assign(text, 0, kStatementTextMax);
    ++statements_;
}

void Watch::refuse_after_undo() const {
    if (engine_ == Engine::sqlite) {
        // SQLite itself undoes a transaction at a full disk, an I/O error and some kinds of busy.
        if (!in_transaction())
            throw DbError(ErrorKind::other,
                          "a statement follows an error that ended the transaction");
        return;
    }
    // The last statement's error number stays until the next one is sent.
    const auto error = static_cast<int>(Mariadb::loaded().last_error(mysql_of(back_end_)));
    if (error == 0) return;
    const DbError last = classify(soci::mysql_soci_error("", error), engine_);
    if (last.kind == ErrorKind::deadlock || last.kind == ErrorKind::lost) throw last;
}

void Watch::before_commit() {
    refuse_after_undo();
    if (!in_transaction())
        throw DbError(ErrorKind::other, "the transaction was ended by something else than us");
    end_transaction();
}

void Watch::end_transaction() {
    finish_statement();
    transaction_ = false;
}

bool Watch::has_written() const {
    return engine_ == Engine::sqlite &&
           sqlite_api::sqlite3_txn_state(sqlite_of(back_end_), "main") == SQLITE_TXN_WRITE;
}

std::unique_ptr<Link> Link::open(const Address& address, bool durable, Patience patience) {
    auto link = std::make_unique<Link>();
    link->engine = address.engine;
    try {
        link->sql = address.engine == Engine::sqlite ? open_sqlite(address, durable)
                                                     : open_mariadb(address, patience);
    } catch (const DbError&) {
        throw;
    } catch (const std::exception& thrown) {
        throw classify(thrown, address.engine);
    }
    link->watch = std::make_shared<Watch>(address.engine);
    link->watch->attach(*link->sql);
    link->sql->set_logger(soci::logger(new Logger(link->watch)));
    return link;
}

void Link::begin_write() {
    announced.reset();
    *sql << (engine == Engine::sqlite ? "BEGIN IMMEDIATE" : "START TRANSACTION");
    watch->start_transaction();
}

void Link::begin_read() {
    announced.reset();
    if (engine == Engine::sqlite) {
        *sql << "BEGIN";
    } else {
        *sql << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
        *sql << "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    }
    watch->start_transaction();
}

void Link::roll_back() noexcept {
    try {
        // SQLite may have undone the transaction itself; MariaDB takes a ROLLBACK at any time.
        if (engine == Engine::mariadb || watch->in_transaction()) sql->rollback();
    } catch (...) {
        broken = true;
    }
    watch->end_transaction();
}

void Link::keep_pages(int kib_max) {
    if (engine == Engine::sqlite) *sql << "PRAGMA cache_size = " << -kib_max;
}

void Link::release_memory() noexcept {
    if (engine == Engine::sqlite)
        sqlite_api::sqlite3_db_release_memory(sqlite_of(sql->get_backend()));
}

}  // namespace preau::db
