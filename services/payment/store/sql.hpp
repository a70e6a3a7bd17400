#pragma once
// Statements over SOCI with values in lists: queries are written with `?`, rows are read by column
// number. Saves the pairs of soci::use and soci::into of forty operations.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <soci/soci.h>

#include "shared/db/database.hpp"

namespace preau::payment {

/// SOCI's name of a 64-bit column.
using Number = long long;

/// A value to bind: text or number.
class Cell {
public:
    Cell(std::string text) : value_(std::move(text)) {}                 // NOLINT: implicit
    Cell(std::string_view text) : value_(std::string(text)) {}          // NOLINT: implicit
    Cell(const char* text) : value_(std::string(text)) {}               // NOLINT: implicit
    Cell(std::int64_t number) : value_(static_cast<Number>(number)) {}  // NOLINT: implicit
    Cell(int number) : value_(Number{number}) {}                        // NOLINT: implicit
    Cell(bool flag) : value_(Number{flag ? 1 : 0}) {}                   // NOLINT: implicit

    template <class Use>
    void visit(Use use) const {
        std::visit(use, value_);
    }

private:
    std::variant<std::string, Number> value_;
};
using Cells = std::vector<Cell>;

/// One statement with its values, run once.
class Query {
public:
    Query(soci::session& sql, std::string_view text, const Cells& cells);

    /// Runs a change; the number of rows that it matched.
    std::int64_t run();
    /// `kinds`: one letter a column, t for text, n for number (no NULL: use COALESCE).
    template <class Take>
    void each(std::string_view kinds, Take take) {
        if (!open(kinds)) return;
        do {
            take(std::as_const(*this));
        } while (statement_.fetch());
    }
    const std::string& text(std::size_t column) const { return out_texts_[column]; }
    std::int64_t number(std::size_t column) const { return out_numbers_[column]; }

private:
    bool open(std::string_view kinds);
    void prepare();

    soci::statement statement_;
    std::string text_;
    std::deque<std::string> texts_;
    std::deque<Number> numbers_;
    std::deque<std::string> out_texts_;  // a place for every column, of which one is used
    std::deque<Number> out_numbers_;
};

/// A column and its value.
using Column = std::pair<std::string_view, Cell>;
using Columns = std::vector<Column>;

/// Inserts the row or overwrites all but its key, which is the first `key_count` columns.
void put_row(db::Session& session, std::string_view table, const Columns& columns,
             std::size_t key_count);
void insert_row(db::Session& session, std::string_view table, const Columns& columns);

}  // namespace preau::payment
