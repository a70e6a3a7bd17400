#pragma once
// Bank statements as banks hand them out: CAMT.053, CFONB120, OFX (1.x SGML and 2.x XML) and CSV.
// The format is recognised from the content, and all give the same value. Pure: bytes in, a
// statement or its faults out.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/time/civil.hpp"

namespace preau::payment::reconciliation {

inline constexpr std::size_t statement_bytes_max = 8 * 1024 * 1024;
inline constexpr std::size_t statement_lines_max = 20'000;

enum class Format { csv, camt053, cfonb120, ofx };
std::string_view to_string(Format format);

struct StatementLine {
    time::Date day;  // booked
    std::string label;
    std::string reference;     // what the payer gave: end-to-end reference, RCN, CSV column
    std::string bank_ref;      // the bank's own: AcctSvcrRef, FITID, number of the entry
    std::int64_t amount = 0;   // cents; negative: money that left
    std::string fingerprint;   // the same for the same line in every file of a format
    std::int64_t ordinal = 0;  // among lines with this fingerprint: two genuine twins are two lines
    bool operator==(const StatementLine&) const = default;
};

struct ParsedStatement {
    Format format = Format::csv;
    std::string account;  // account_key() of the file; empty where the format names none
    std::optional<std::int64_t> opening;  // cents
    std::optional<std::int64_t> closing;
    std::size_t opening_at = 1;  // lines of the file
    std::size_t closing_at = 1;
    time::Date from;
    time::Date until;
    std::vector<StatementLine> lines;
};

/// What the columns of a bank's CSV are called, besides the names that every bank's are tried for.
/// Empty: the usual names.
struct CsvProfile {
    std::string day, label, amount, debit, credit, reference;
    bool operator==(const CsvProfile&) const = default;
};

/// The statement, or `invalid_statement` with a fault for each bad line ("/lines/12", at most 50;
/// codes: see frontend/messages statement_error). Every sum that the file states must hold:
/// opening + lines = closing, and in a file of several statements each starts where the one before
/// ended. XML with a DOCTYPE is refused unread.
base::Result<ParsedStatement> parse_statement(std::string_view bytes,
                                              const CsvProfile& profile = {});

/// What two spellings of one account share: bank, branch and number of a French account (from its
/// IBAN or its parts), else the letters and digits as they are. Empty for none.
std::string account_key(std::string_view iban_or_number);
std::string account_key(std::string_view bank, std::string_view branch, std::string_view number);
/// "…T027": enough to recognise an account, too little to misuse it.
std::string masked_account(std::string_view key);

/// "1 234,56" -> 123456; nothing when it is not an amount.
std::optional<std::int64_t> parse_amount(std::string_view text);
/// "28/11/2026", "2026-11-28" or "20261128".
std::optional<time::Date> parse_day(std::string_view text);

}  // namespace preau::payment::reconciliation
