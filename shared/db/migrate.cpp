// Numbered, checksummed schema steps. SQLite applies all of them in one transaction. MariaDB
// commits at every DDL statement, so a step's progress is recorded statement by statement, and a
// step that was cut short goes on where it stopped; another session holds the lock row meanwhile,
// which the server frees when we die.

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <soci/mysql/soci-mysql.h>

#include "preau_migrations_db.hpp"
#include "shared/db/connections.hpp"
#include "shared/db/dialect.hpp"
#include "shared/db/link.hpp"
#include "shared/db/state.hpp"
#include "shared/observe/log.hpp"

namespace preau::db {
namespace {

constexpr int kLockWaitSeconds = 300;  // for another process that migrates the same schema

struct Applied {
    std::string checksum;
    std::int64_t statements_done = 0;
    bool finished = false;
};

/// FNV-1a: it must notice accidents, not attackers.
std::string checksum(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[(hash >> shift) & 0xf];
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// The statements of a step in this engine's words, without comment lines.
std::vector<std::string> statements_of(const Migration& step, Engine engine) {
    const std::string_view sql = step.sql;
    std::vector<std::string> out;
    std::string statement;
    std::size_t from = 0;
    while (from < sql.size()) {
        const auto end = std::min(sql.find('\n', from), sql.size());
        const auto line = trimmed(sql.substr(from, end - from));
        from = end + 1;
        if (line.empty() || line.starts_with("--")) continue;
        statement.append(statement.empty() ? "" : "\n").append(line);
        if (line.ends_with(';')) {
            statement.pop_back();
            // Only now: a quote in a comment is no quote.
            out.push_back(translate(statement, engine));
            statement.clear();
        }
    }
    if (!statement.empty())
        throw std::invalid_argument("the last statement does not end with ; at the end of a line");
    return out;
}

std::string name_of(const Migration& step) {
    return std::string(step.component) + " " + std::to_string(step.number) + " (" +
           std::string(step.title) + ")";
}

class Migrator {
public:
    explicit Migrator(Link& link) : link_(link) {}

    void prepare() {
        for (const std::string_view sql :
             {"CREATE TABLE IF NOT EXISTS schema_migration (component {key} NOT NULL,"
              " number BIGINT NOT NULL, title {text} NOT NULL, checksum {key} NOT NULL,"
              " statements_done BIGINT NOT NULL, applied_at BIGINT NULL,"
              " PRIMARY KEY (component, number)) {table}",
              "CREATE TABLE IF NOT EXISTS schema_lock (id BIGINT NOT NULL, PRIMARY KEY (id)) "
              "{table}"})
            *link_.sql << translate(sql, link_.engine);
        constexpr std::array<std::string_view, 1> id = {"id"};
        const int one = 1;
        *link_.sql << insert_unless_exists(link_.engine, "schema_lock", id, id), soci::use(one);
    }

    void bring_up_to_date(std::span<const Migration> steps) {
        read_applied();
        for (const auto& step : steps)
            check(step, steps);
        for (const auto& step : steps) {
            const auto found = applied_.find({std::string(step.component), step.number});
            if (found == applied_.end() || !found->second.finished)
                apply(step, found == applied_.end() ? 0 : found->second.statements_done);
        }
    }

private:
    using Key = std::pair<std::string, std::int64_t>;

    void read_applied() {
        applied_.clear();
        const soci::rowset<soci::row> rows =
            (link_.sql->prepare << "SELECT component, CAST(number AS CHAR), checksum,"
                                   " CAST(statements_done AS CHAR),"
                                   " CASE WHEN applied_at IS NULL THEN 'no' ELSE 'yes' END"
                                   " FROM schema_migration");
        for (const auto& row : rows) {
            applied_[{row.get<std::string>(0), std::stoll(row.get<std::string>(1))}] = {
                row.get<std::string>(2), std::stoll(row.get<std::string>(3)),
                row.get<std::string>(4) == "yes"};
        }
    }

    void check(const Migration& step, std::span<const Migration> steps) const {
        const std::string component(step.component);
        int newest = 0;
        for (const auto& other : steps) {
            if (other.component != step.component) continue;
            if (other.number != newest + 1)
                throw DbError(ErrorKind::schema, component + " has no step " +
                                                     std::to_string(newest + 1) + " in its place");
            newest = other.number;
        }
        for (const auto& [key, applied] : applied_) {
            if (key.first != component) continue;
            if (key.second > newest)
                throw DbError(ErrorKind::schema,
                              "the database is newer than this program: it has step " +
                                  std::to_string(key.second) + " of " + component +
                                  ", this program knows " + std::to_string(newest) +
                                  "; install the newer program or restore the older database");
            if (key.second == step.number && applied.checksum != checksum(step.sql))
                throw DbError(ErrorKind::schema,
                              "the text of step " + name_of(step) +
                                  " changed after it was applied to this database");
        }
    }

    void apply(const Migration& step, std::int64_t done) {
        const auto statements = statements_of(step, link_.engine);
        const auto count = static_cast<std::int64_t>(statements.size());
        const std::string component(step.component);
        const std::string title(step.title);
        const std::string sum = checksum(step.sql);
        if (done == 0) {
            constexpr std::array<std::string_view, 5> columns = {"component", "number", "title",
                                                                 "checksum", "statements_done"};
            constexpr std::array<std::string_view, 2> key = {"component", "number"};
            *link_.sql << insert_unless_exists(link_.engine, "schema_migration", columns, key),
                soci::use(component), soci::use(step.number), soci::use(title), soci::use(sum),
                soci::use(done);
        }
        for (std::int64_t i = done; i < count; ++i)
            run(step, statements[static_cast<std::size_t>(i)], i, i == done);
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
        const auto applied_at = static_cast<long long>(now);
        *link_.sql << "UPDATE schema_migration SET applied_at = :at"
                      " WHERE component = :component AND number = :number",
            soci::use(applied_at), soci::use(component), soci::use(step.number);
        observe::log(
            observe::Level::info, "db.migrated",
            {{"component", step.component}, {"number", step.number}, {"title", step.title}});
    }

    /// One statement and the record that it was done. On MariaDB a DDL statement commits alone, and
    /// may have been done by a run that died before the record: `resumed`.
    void run(const Migration& step, const std::string& statement, std::int64_t index,
             bool resumed) {
        const bool mariadb = link_.engine == Engine::mariadb;
        if (mariadb) *link_.sql << "START TRANSACTION";
        try {
            *link_.sql << statement;
        } catch (const soci::mysql_soci_error& thrown) {
            if (!(resumed && was_done(thrown.err_num_))) throw in_step(thrown, step, index);
        } catch (const soci::soci_error& thrown) {
            throw in_step(thrown, step, index);
        }
        const std::int64_t done = index + 1;
        const std::string component(step.component);
        *link_.sql << "UPDATE schema_migration SET statements_done = :done"
                      " WHERE component = :component AND number = :number",
            soci::use(done), soci::use(component), soci::use(step.number);
        if (mariadb) *link_.sql << "COMMIT";
    }

    /// Table, column or key exists already, or is gone already.
    static bool was_done(unsigned number) {
        constexpr std::array<unsigned, 6> numbers = {1050, 1051, 1060, 1061, 1091, 1826};
        return std::ranges::find(numbers, number) != numbers.end();
    }

    DbError in_step(const soci::soci_error& thrown, const Migration& step,
                    std::int64_t index) const {
        DbError error = classify(thrown, link_.engine);
        error.kind = ErrorKind::schema;
        error.detail = "step " + name_of(step) + ", statement " + std::to_string(index + 1) + ": " +
                       error.detail;
        return error;
    }

    Link& link_;
    std::map<Key, Applied> applied_;
};

void migrate_sqlite(const Address& address, bool durable, std::span<const Migration> steps) {
    const auto link = Link::open(address, durable, Patience{});
    *link->sql << "BEGIN IMMEDIATE";
    // Closing the connection undoes what an exception cuts short.
    Migrator migrator(*link);
    migrator.prepare();
    migrator.bring_up_to_date(steps);
    *link->sql << "COMMIT";
}

void migrate_mariadb(const Address& address, std::span<const Migration> steps) {
    const Patience patient{.connect_s = 5, .answer_s = 0};
    const auto link = Link::open(address, true, patient);
    const auto guard = Link::open(address, true, patient);
    Migrator migrator(*link);
    migrator.prepare();
    *guard->sql << "SET SESSION innodb_lock_wait_timeout = " << kLockWaitSeconds;
    *guard->sql << "START TRANSACTION";
    int id = 0;
    *guard->sql << "SELECT id FROM schema_lock WHERE id = 1 FOR UPDATE", soci::into(id);
    migrator.bring_up_to_date(steps);
    *guard->sql << "ROLLBACK";
}

}  // namespace

std::span<const Migration> core_migrations() {
    return migrations_db;
}

std::expected<void, DbError> Database::migrate(std::span<const Migration> steps) {
    std::vector<Migration> all(core_migrations().begin(), core_migrations().end());
    for (const auto& step : steps)
        if (step.component != all.front().component) all.push_back(step);
    const Address& address = state_->connections.address;
    try {
        if (address.engine == Engine::sqlite)
            migrate_sqlite(address, state_->connections.durable, all);
        else
            migrate_mariadb(address, all);
    } catch (const DbError& error) {
        return std::unexpected(error);
    } catch (const std::invalid_argument& thrown) {
        return std::unexpected(DbError(ErrorKind::schema, thrown.what()));
    } catch (const std::exception& thrown) {
        return std::unexpected(classify(thrown, address.engine));
    }
    return {};
}

}  // namespace preau::db
