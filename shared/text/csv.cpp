#include "shared/text/csv.hpp"

#include <algorithm>

#include "shared/text/french.hpp"

namespace preau::text {
namespace {

constexpr std::size_t kFieldBytesMax = 8'192;

struct Scan {
    std::string_view text;
    char separator = ',';
    std::size_t at = 0;
    std::size_t line = 1;

    bool done() const { return at >= text.size(); }
    bool at_line_end() const { return text[at] == '\n' || text.substr(at, 2) == "\r\n"; }
    void pass_line_end() {
        at += text[at] == '\r' ? 2U : 1U;
        ++line;
    }
};

/// Reads a quoted field whose opening quote is at `scan.at`. Gives a fault, or nothing.
std::string read_quoted(Scan& scan, std::string& field) {
    ++scan.at;
    while (!scan.done()) {
        const char c = scan.text[scan.at];
        if (c == '"' && scan.text.substr(scan.at, 2) == "\"\"") {
            field += '"';
            scan.at += 2;
        } else if (c == '"') {
            ++scan.at;
            if (scan.done() || scan.at_line_end() || scan.text[scan.at] == scan.separator)
                return {};
            return "text after a closing quote";
        } else {
            if (c == '\n') ++scan.line;
            field += c;
            ++scan.at;
            if (field.size() > kFieldBytesMax) break;
        }
    }
    return "a quote that is never closed";
}

std::string read_plain(Scan& scan, std::string& field) {
    while (!scan.done() && !scan.at_line_end() && scan.text[scan.at] != scan.separator) {
        if (scan.text[scan.at] == '"') return "a quote inside a field that is not quoted";
        field += scan.text[scan.at++];
        if (field.size() > kFieldBytesMax) return "a field that is too long";
    }
    return {};
}

CsvRow read_row(Scan& scan) {
    const std::size_t start = scan.at;
    CsvRow row;
    row.line = scan.line;
    for (;;) {
        std::string field;
        const bool quoted = !scan.done() && scan.text[scan.at] == '"';
        row.fault = quoted ? read_quoted(scan, field) : read_plain(scan, field);
        if (!row.fault.empty()) break;
        row.fields.push_back(std::move(field));
        if (scan.done()) return row;
        if (scan.at_line_end()) {
            scan.pass_line_end();
            return row;
        }
        ++scan.at;  // the separator
    }
    // Go on with the next physical line, whatever the faulty one swallowed.
    const std::size_t end = scan.text.find('\n', start);
    scan.at = end == std::string_view::npos ? scan.text.size() : end + 1;
    scan.line = row.line + 1;
    row.fields.clear();
    return row;
}

char separator_of(std::string_view text) {
    const std::string_view header = text.substr(0, text.find('\n'));
    return std::ranges::count(header, ';') > std::ranges::count(header, ',') ? ';' : ',';
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
        const auto found = std::ranges::find(header, name);
        if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
    }
    return std::nullopt;
}

CsvTable parse_csv(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    CsvTable table;
    Scan scan{.text = text, .separator = separator_of(text)};
    if (!scan.done()) table.header = read_row(scan).fields;
    for (std::string& name : table.header)
        name = collapsed(name);
    while (!scan.done()) {
        CsvRow row = read_row(scan);
        if (row.fault.empty()) {
            if (row.fields.size() == 1 && row.fields[0].empty()) continue;
            if (row.fields.size() != table.header.size()) {
                row.fault = std::to_string(row.fields.size()) + " fields instead of " +
                            std::to_string(table.header.size());
            } else if (!std::ranges::all_of(row.fields, is_clean_utf8)) {
                row.fault = "text that is not clean UTF-8";
            }
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace preau::text
