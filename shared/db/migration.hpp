#pragma once
// One numbered step of a schema. The SQL is written once for both engines; words in braces are
// replaced by the dialect (see dialect.hpp): {id} {text} {json} {bigauto} {table} {clustered}.

#include <span>
#include <string_view>

namespace preau::db {

struct Migration {
    std::string_view component;  // "events", "booking": each counts its own numbers from 1
    int number;
    std::string_view title;
    std::string_view sql;  // statements end with ";" at the end of a line; whole lines that
                           // begin with "--" are comments
};

/// The tables of shared/db itself (idempotency keys): component "db". Database::migrate applies
/// them before all others.
std::span<const Migration> core_migrations();

}  // namespace preau::db
