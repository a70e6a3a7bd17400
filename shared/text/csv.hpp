#pragma once
// Comma-separated files as bodies and ministries publish them: RFC 4180 quoting, `,` or `;` (the
// header line tells), with or without a byte-order mark, LF or CRLF. A record that cannot be read
// keeps its place with the reason, so that it can be reported by line number while the others are
// used.

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preau::text {

struct CsvRow {
    std::size_t line = 0;             // number of its first line in the file, from 1
    std::vector<std::string> fields;  // as many as the header when there is no fault
    std::string fault;                // why it cannot be used; empty when it can
};

struct CsvTable {
    std::vector<std::string> header;
    std::vector<CsvRow> rows;

    /// The column that has one of these names.
    std::optional<std::size_t> column(std::initializer_list<std::string_view> names) const;
};

/// Blank lines are left out. A quote that never closes spoils one line, not the rest of the file.
CsvTable parse_csv(std::string_view text);

}  // namespace preau::text
