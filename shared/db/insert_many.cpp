#include "shared/db/insert_many.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace preau::db {
namespace {

constexpr std::size_t kRowsMax = 500;  // a statement; larger ones gain nothing (measured)

/// Text goes into the statement as it is, so only what cannot end a literal or be taken for a
/// parameter passes.
void append_text(std::string& out, std::string_view text) {
    const bool plain = std::ranges::none_of(text, [](char c) {
        return c == '\'' || c == '"' || c == '`' || c == '\\' || c == ':' ||
               static_cast<unsigned char>(c) < 0x20;
    });
    if (!plain) throw std::invalid_argument("insert_many takes ids only; use soci::use for text");
    out.append(1, '\'').append(text).append(1, '\'');
}

void append_cell(std::string& out, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        out += std::to_string(*number);
    else if (const auto* text = std::get_if<std::string_view>(&cell))
        append_text(out, *text);
    else
        out += "NULL";
}

void append_row(std::string& out, const std::vector<Cell>& row, std::size_t width) {
    if (row.size() != width) throw std::invalid_argument("a row is not as long as the columns");
    out += '(';
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += ',';
        append_cell(out, row[i]);
    }
    out += ')';
}

}  // namespace

void insert_many(Session& session, std::string_view table,
                 const std::vector<std::string_view>& columns,
                 const std::vector<std::vector<Cell>>& rows) {
    std::string head = "INSERT INTO ";
    head.append(table).append(" (");
    for (std::size_t i = 0; i < columns.size(); ++i)
        head.append(i > 0 ? "," : "").append(columns[i]);
    head += ") VALUES ";
    for (std::size_t from = 0; from < rows.size(); from += kRowsMax) {
        std::string sql = head;
        const std::size_t end = std::min(rows.size(), from + kRowsMax);
        for (std::size_t i = from; i < end; ++i) {
            if (i > from) sql += ',';
            append_row(sql, rows[i], columns.size());
        }
        try {
            session.sql() << sql;
        } catch (const soci::soci_error& thrown) {
            throw classify(thrown, session.engine());
        }
    }
}

}  // namespace preau::db
