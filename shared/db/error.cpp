// The classifier: what a number of the engine means for the transaction.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <soci/mysql/soci-mysql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "shared/db/database.hpp"

namespace preau::db {
namespace {

struct Meaning {
    int number;
    ErrorKind kind;
};

constexpr std::array kMariadb = {
    Meaning{1062, ErrorKind::duplicate},     // ER_DUP_ENTRY
    Meaning{1586, ErrorKind::duplicate},     // ER_DUP_ENTRY_WITH_KEY_NAME
    Meaning{1213, ErrorKind::deadlock},      // ER_LOCK_DEADLOCK; Galera: certification failed
    Meaning{1020, ErrorKind::deadlock},      // ER_CHECKREAD: snapshot conflict
    Meaning{1205, ErrorKind::lock_timeout},  // ER_LOCK_WAIT_TIMEOUT
    Meaning{1451, ErrorKind::foreign_key},   // ER_ROW_IS_REFERENCED_2
    Meaning{1452, ErrorKind::foreign_key},   // ER_NO_REFERENCED_ROW_2
    Meaning{1021, ErrorKind::full},          // ER_DISK_FULL
    Meaning{1114, ErrorKind::full},          // ER_RECORD_FILE_FULL
    Meaning{1040, ErrorKind::busy},          // ER_CON_COUNT_ERROR
    Meaning{1203, ErrorKind::busy},          // ER_TOO_MANY_USER_CONNECTIONS
    Meaning{1047, ErrorKind::lost},          // ER_UNKNOWN_COM_ERROR; Galera: not primary
    Meaning{1053, ErrorKind::lost},          // ER_SERVER_SHUTDOWN
    Meaning{1927, ErrorKind::lost},          // ER_CONNECTION_KILLED
    Meaning{2002, ErrorKind::lost},          // CR_CONNECTION_ERROR
    Meaning{2003, ErrorKind::lost},          // CR_CONN_HOST_ERROR
    Meaning{2006, ErrorKind::lost},          // CR_SERVER_GONE_ERROR
    Meaning{2013, ErrorKind::lost},          // CR_SERVER_LOST
    Meaning{2055, ErrorKind::lost},          // CR_SERVER_LOST_EXTENDED
    Meaning{4031, ErrorKind::lost},          // disconnected for inactivity
};

// Messages of these repeat values or the statement itself, which holds values on MariaDB.
constexpr std::array kTelling = {1064, 1292, 1366, 1367, 1411, 1416};

ErrorKind sqlite_kind(int code) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return ErrorKind::busy;
        case SQLITE_FULL:
            return ErrorKind::full;
        case SQLITE_CONSTRAINT:
            break;
        default:
            return ErrorKind::other;
    }
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return ErrorKind::duplicate;
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return ErrorKind::foreign_key;
        default:
            return ErrorKind::other;
    }
}

DbError from_sqlite(const soci::sqlite3_soci_error& thrown) {
    DbError error(sqlite_kind(thrown.result()), thrown.get_error_message());
    error.number = thrown.result();
    // "UNIQUE constraint failed: part.id, part.cell": the first column names the constraint.
    constexpr std::string_view mark = "constraint failed: ";
    if (const auto at = error.detail.find(mark); at != error.detail.npos) {
        const auto from = at + mark.size();
        error.constraint = error.detail.substr(from, error.detail.find(',', from) - from);
    }
    return error;
}

DbError from_mariadb(const soci::mysql_soci_error& thrown) {
    DbError error(ErrorKind::other, thrown.get_error_message());
    error.number = static_cast<int>(thrown.err_num_);
    const auto known = std::ranges::find(kMariadb, error.number, &Meaning::number);
    if (known != kMariadb.end()) error.kind = known->kind;
    if (error.kind == ErrorKind::duplicate) {
        // "Duplicate entry 'value' for key 'name'": the value is not for the log.
        constexpr std::string_view mark = "for key '";
        if (const auto at = error.detail.rfind(mark); at != error.detail.npos) {
            const auto from = at + mark.size();
            error.constraint = error.detail.substr(from, error.detail.rfind('\'') - from);
        }
        error.detail = "duplicate entry for key '" + error.constraint + "'";
    } else if (error.kind == ErrorKind::foreign_key) {
        constexpr std::string_view mark = "CONSTRAINT `";
        if (const auto at = error.detail.find(mark); at != error.detail.npos) {
            const auto from = at + mark.size();
            error.constraint = error.detail.substr(from, error.detail.find('`', from) - from);
        }
    } else if (std::ranges::find(kTelling, error.number) != kTelling.end()) {
        error.detail.resize(std::min(error.detail.size(), error.detail.find('\'')));
    }
    error.detail = std::to_string(error.number) + " " + error.detail;
    return error;
}

}  // namespace

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::duplicate:
            return "duplicate";
        case ErrorKind::deadlock:
            return "deadlock";
        case ErrorKind::lock_timeout:
            return "lock_timeout";
        case ErrorKind::busy:
            return "busy";
        case ErrorKind::lost:
            return "lost";
        case ErrorKind::unknown_outcome:
            return "unknown_outcome";
        case ErrorKind::foreign_key:
            return "foreign_key";
        case ErrorKind::full:
            return "full";
        case ErrorKind::schema:
            return "schema";
        case ErrorKind::other:
            break;
    }
    return "other";
}

DbError classify(const std::exception& thrown, Engine) {
    if (const auto* own = dynamic_cast<const DbError*>(&thrown)) return *own;
    if (const auto* mariadb = dynamic_cast<const soci::mysql_soci_error*>(&thrown))
        return from_mariadb(*mariadb);
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&thrown))
        return from_sqlite(*sqlite);
    if (const auto* soci_own = dynamic_cast<const soci::soci_error*>(&thrown))
        return {ErrorKind::other, soci_own->get_error_message()};
    return {ErrorKind::other, thrown.what()};
}

}  // namespace preau::db
