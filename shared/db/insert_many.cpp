#include "shared/db/insert_many.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include <soci/sqlite3/soci-sqlite3.h>

#include "shared/db/connections.hpp"

namespace preau::db {
namespace {

constexpr std::size_t kRowsMax = 500;  // a statement; larger ones gain nothing (measured)

/// On MariaDB text goes into the statement as it is, so only what cannot end a literal or be taken
/// for a parameter passes, on either engine.
bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        return c == '\'' || c == '"' || c == '`' || c == '\\' || c == ':' ||
               static_cast<unsigned char>(c) < 0x20;
    });
}

void check_row(const std::vector<Cell>& row, std::size_t width) {
    if (row.size() != width) throw std::invalid_argument("a row is not as long as the columns");
    for (const auto& cell : row) {
        const auto* text = std::get_if<std::string_view>(&cell);
        if (text != nullptr && !is_plain(*text))
            throw std::invalid_argument("insert_many takes ids only; use soci::use for text");
    }
}

void append_cell(std::string& out, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        out += std::to_string(*number);
    else if (const auto* text = std::get_if<std::string_view>(&cell))
        out.append(1, '\'').append(*text).append(1, '\'');
    else
        out += "NULL";
}

void append_row(std::string& out, const std::vector<Cell>& row) {
    out += '(';
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += ',';
        append_cell(out, row[i]);
    }
    out += ')';
}

/// MariaDB: a round trip costs more than the parsing of many rows.
void insert_joined(Session& session, const std::string& head,
                   const std::vector<std::vector<Cell>>& rows) {
    for (std::size_t from = 0; from < rows.size(); from += kRowsMax) {
        std::string sql = head;
        const std::size_t end = std::min(rows.size(), from + kRowsMax);
        for (std::size_t i = from; i < end; ++i) {
            if (i > from) sql += ',';
            append_row(sql, rows[i]);
        }
        session.sql() << sql;
    }
}

using sqlite_api::sqlite3;
using sqlite_api::sqlite3_stmt;
constexpr auto finalize = [](sqlite3_stmt* s) { sqlite_api::sqlite3_finalize(s); };
using Prepared = std::unique_ptr<sqlite3_stmt, decltype(finalize)>;

void bind(sqlite3_stmt* statement, int place, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        sqlite_api::sqlite3_bind_int64(statement, place, *number);
    else if (const auto* text = std::get_if<std::string_view>(&cell))
        // A null pointer would be NULL. The rows outlive the statement.
        sqlite_api::sqlite3_bind_text(statement, place, text->empty() ? "" : text->data(),
                                      static_cast<int>(text->size()), nullptr);
    else
        sqlite_api::sqlite3_bind_null(statement, place);
}

/// SQLite: no round trip, and parsing a row costs more than storing it, so one row's statement is
/// prepared and run for each.
void insert_prepared(Session& session, std::string sql, std::size_t width,
                     const std::vector<std::vector<Cell>>& rows) {
    sql += '(';
    for (std::size_t i = 0; i < width; ++i)
        sql += i > 0 ? ",?" : "?";
    sql += ')';
    Connections::link(session).watch->start_statement(sql);
    sqlite3* const handle =
        static_cast<soci::sqlite3_session_backend*>(session.sql().get_backend())->conn_;
    const auto check = [&](int code, int expected) {
        if (code != expected)
            throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(handle), code);
    };
    sqlite3_stmt* made = nullptr;
    check(sqlite_api::sqlite3_prepare_v2(handle, sql.c_str(), static_cast<int>(sql.size()), &made,
                                         nullptr),
          SQLITE_OK);
    const Prepared statement(made);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < width; ++i)
            bind(made, static_cast<int>(i) + 1, row[i]);
        check(sqlite_api::sqlite3_step(made), SQLITE_DONE);
        sqlite_api::sqlite3_reset(made);
    }
}

std::string head_of(std::string_view table, const std::vector<std::string_view>& columns) {
    std::string head = "INSERT INTO ";
    head.append(table).append(" (");
    for (std::size_t i = 0; i < columns.size(); ++i)
        head.append(i > 0 ? "," : "").append(columns[i]);
    return head += ") VALUES ";
}

}  // namespace

void insert_many(Session& session, std::string_view table,
                 const std::vector<std::string_view>& columns,
                 const std::vector<std::vector<Cell>>& rows) {
    if (rows.empty()) return;
    for (const auto& row : rows)
        check_row(row, columns.size());
    try {
        if (session.engine() == Engine::sqlite)
            insert_prepared(session, head_of(table, columns), columns.size(), rows);
        else
            insert_joined(session, head_of(table, columns), rows);
    } catch (const soci::soci_error& thrown) {
        throw classify(thrown, session.engine());
    }
}

}  // namespace preau::db
