#pragma once
// SOCI's MySQL back end and libmariadb, loaded with the first session on MariaDB: on SQLite they
// stay on the disk. Internal to shared/db.

#include <soci/mysql/soci-mysql.h>

namespace preau::db {

/// What this folder calls of the two libraries. (soci::mysql_soci_error lives in its header.)
struct Mariadb {
    decltype(&soci::factory_mysql) factory = nullptr;
    decltype(&mysql_errno) last_error = nullptr;
    decltype(&mariadb_get_infov) get_infov = nullptr;

    /// Throws std::runtime_error where they are not installed.
    static const Mariadb& loaded();
};

}  // namespace preau::db
