#pragma once
// Bank statements as banks export them to CSV: date;libelle;montant;reference, or debit and credit
// in columns of their own. Pure: text in, lines or faults out.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/time/civil.hpp"

namespace preau::payment::reconciliation {

inline constexpr std::size_t statement_bytes_max = 1024 * 1024;
inline constexpr std::size_t statement_lines_max = 20'000;

struct StatementLine {
    time::Date day;
    std::string label;
    std::string reference;
    std::int64_t amount = 0;   // cents; negative: money that left
    std::string fingerprint;   // the same for the same line in every file
    std::int64_t ordinal = 0;  // among lines with this fingerprint: two genuine twins are two lines
    bool operator==(const StatementLine&) const = default;
};

/// The lines, or `invalid_statement` with a fault for each bad line ("/lines/12", at most 50).
/// UTF-8 (with or without mark) or ISO-8859-15; `;` or `,`; decimal comma or point; spaces between
/// thousands. Where both "SOLDE INITIAL" and "SOLDE FINAL" stand, the lines must add up.
base::Result<std::vector<StatementLine>> parse_statement(std::string_view text);

/// "1 234,56" -> 123456; nothing when it is not an amount.
std::optional<std::int64_t> parse_amount(std::string_view text);
/// "28/11/2026" or "2026-11-28".
std::optional<time::Date> parse_day(std::string_view text);

}  // namespace preau::payment::reconciliation
