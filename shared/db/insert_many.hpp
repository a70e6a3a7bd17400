#pragma once
// Many rows at once: on MariaDB as multi-row INSERT … VALUES in chunks, seven times faster than
// SOCI's vectors; on SQLite by one prepared row. Text values must be ids or other text without
// quotes or colons (asserted); anything a person typed goes through soci::use.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/db/database.hpp"

namespace preau::db {

using Cell = std::variant<std::int64_t, std::string_view, std::nullptr_t>;

/// Inserts `rows` (each as long as `columns`) in the order given. Throws DbError as any statement
/// does; rows before the one that failed may be there, for the caller to roll back.
void insert_many(Session& session, std::string_view table,
                 const std::vector<std::string_view>& columns,
                 const std::vector<std::vector<Cell>>& rows);

}  // namespace preau::db
