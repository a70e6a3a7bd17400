#pragma once
// Spreadsheets as people save them: a CSV file with a header line of French names, `;` or `,`, in
// UTF-8 (with or without byte-order mark), ISO-8859-15 or Windows-1252. Every line keeps its number
// in the file; what is wrong with it is told by code, column and value, for a catalogue of
// sentences to say.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/text/csv.hpp"

namespace preau::text {

/// Why a line cannot be used. `code` is the last part of a key `import.fault.<code>`.
struct SheetFault {
    std::size_t line = 0;  // from 1, in the file; 0: the file as a whole
    std::string code;
    std::string column = {};  // name in the header, or empty
    std::string value = {};   // what stands there, or the bound that is not kept
    bool operator==(const SheetFault&) const = default;
};

/// What is wrong with a row that parse_csv could not read: `quotes`, `columns` or `characters`.
SheetFault fault_of(const CsvRow& row, std::size_t columns);

/// The text in UTF-8, without byte-order mark. What is not UTF-8 is read as Windows-1252 when it
/// has bytes that only this one gives a letter (0x80 to 0x9F), else as ISO-8859-15.
std::string to_utf8(std::string_view bytes);

/// "2027-01-12" from "12/01/2027", "12/1/2027", "12-01-2027" or "2027-01-12"; empty when it is none
/// of these. Whether the day exists is the calendar's question.
std::string iso_date(std::string_view typed);
/// "18:30" from "18:30", "18h30", "18 h 30", "18:30:00", "18h" or "18"; empty when it is none.
std::string clock_time(std::string_view typed);
/// Cents from "13,70", "13.7", "1 250 €" or "13"; nothing when it is not such a sum.
std::optional<std::int64_t> cents_of(std::string_view typed);
/// The parts between separators, collapsed; empty ones are left out.
std::vector<std::string> split_list(std::string_view text, char separator = '|');

struct SheetColumn {
    std::string_view name;
    bool required = false;  // must stand in the header
};

class Sheet {
public:
    /// `invalid` with the names of required columns that the header lacks in `detail`.
    static base::Result<Sheet> read(std::string_view bytes, std::span<const SheetColumn> columns);

    /// The lines that can be read, in order; their faults are in `faults`.
    const std::vector<CsvRow>& rows() const { return rows_; }
    const std::vector<SheetFault>& faults() const { return faults_; }
    /// Collapsed; empty where the file has no such column.
    std::string text(const CsvRow& row, std::string_view column) const;

private:
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::vector<CsvRow> rows_;
    std::vector<SheetFault> faults_;
};

/// One line while it is being read: gives values and gathers what is wrong with them.
class SheetLine {
public:
    SheetLine(const Sheet& sheet, const CsvRow& row) : sheet_(sheet), row_(row) {}

    std::size_t number() const { return row_.line; }
    std::string text(std::string_view column) const { return sheet_.text(row_, column); }
    /// Fault `required` where it is empty.
    std::string required(std::string_view column);
    /// `otherwise` where it is empty; fault `number` beyond the bounds or for another text.
    int whole(std::string_view column, int min, int max, int otherwise);
    /// "oui" or "non" (also "o", "n", "1", "0", "x"); fault `yes_or_no`.
    bool yes(std::string_view column, bool otherwise);
    void fault(std::string code, std::string_view column = {}, std::string value = {});

    bool sound() const { return faults_.empty(); }
    std::vector<SheetFault>& faults() { return faults_; }

private:
    const Sheet& sheet_;
    const CsvRow& row_;
    std::vector<SheetFault> faults_;
};

}  // namespace preau::text
