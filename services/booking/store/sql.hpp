#pragma once
// Small helpers for reading and writing rows through SOCI.

#include <cassert>
#include <span>
#include <string>

#include <soci/soci.h>

#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"

namespace preau::booking {

/// SOCI's name of a 64-bit column.
using Number = long long;

/// Calls `row` for each row of a prepared statement whose columns are bound to variables.
template <class Row>
void each(soci::statement& statement, Row row) {
    if (!statement.execute(true)) return;
    do {
        row();
    } while (statement.fetch());
}

/// Runs a prepared change; the number of rows that it matched.
inline Number changed(soci::statement& statement) {
    statement.execute(true);
    return statement.get_affected_rows();
}

/// 'A','B','C': ids only, which need no quoting.
template <class IdType>
std::string id_list(std::span<const IdType> ids) {
    std::string out;
    for (const auto& id : ids) {
        assert(base::is_ulid(id.str()));
        if (!out.empty()) out += ',';
        out += '\'';
        out += id.str();
        out += '\'';
    }
    return out;
}

}  // namespace preau::booking
