#pragma once
// What differs between SQLite and MariaDB, in one place. Migrations use words in braces; the few
// run-time statements that differ are built by the functions below.
//
//   word         SQLite                                MariaDB
//   {id}         TEXT                                  CHAR(26) ascii, binary: a ULID
//   {key}        TEXT                                  VARCHAR(190) ascii, binary: a short key
//   {text}       TEXT                                  VARCHAR(500)
//   {json}       TEXT                                  MEDIUMTEXT (also any long text)
//   {bigauto}    INTEGER PRIMARY KEY AUTOINCREMENT     BIGINT AUTO_INCREMENT PRIMARY KEY
//   {table}      (nothing)                             ENGINE=InnoDB, utf8mb4, binary collation
//   {clustered}  WITHOUT ROWID                         as {table}
//   {refuse}     BEGIN SELECT RAISE(ABORT, …); END     SIGNAL …: the body of a trigger that says no
//
// Both engines compare text byte by byte. An {id} or {key} holds ASCII only, {text} at most 500
// characters (bounded at the edge: strict mode refuses longer ones, never cuts).

#include <span>
#include <string>
#include <string_view>

#include "shared/db/database.hpp"

namespace preau::db {

/// `sql` with its brace words replaced, text in single quotes left alone. Throws
/// std::invalid_argument at a word that is not in the table above.
std::string translate(std::string_view sql, Engine engine);

/// " FOR UPDATE" on MariaDB; nothing on SQLite, where the writer is alone.
std::string_view for_update(Engine engine);

using Columns = std::span<const std::string_view>;

/// INSERT INTO table (columns) VALUES (:first,:second…) that on a duplicate of `key` sets the
/// columns of `updated` to the new values. Parameters stand in the order of `columns`.
std::string upsert(Engine engine, std::string_view table, Columns columns, Columns key,
                   Columns updated);

/// As upsert of all columns outside `key`, but an existing row changes only when `version` (one of
/// the columns) grows: what a projection of events needs.
std::string upsert_if_newer(Engine engine, std::string_view table, Columns columns, Columns key,
                            std::string_view version);

/// INSERT that does nothing when `key` exists. Unlike MariaDB's INSERT IGNORE it hides no other
/// fault. The affected rows do not tell which of the two happened.
std::string insert_unless_exists(Engine engine, std::string_view table, Columns columns,
                                 Columns key);

}  // namespace preau::db
