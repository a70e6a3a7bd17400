#pragma once
// How files for other programs write values: amounts, cells of a spreadsheet, accounts of a bank.
// Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/time/civil.hpp"

namespace preau::payment::exports {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// "1234,05", "-0,50".
std::string euros(std::int64_t cents);
/// "1234.05", for ISO 20022.
std::string decimal(std::int64_t cents);
/// "20261003"
std::string compact(time::Date day);

/// For spreadsheets: quoted where needed, and never a formula (a leading = + - @, tab or return
/// gets an apostrophe before it). Not for numbers.
std::string cell(std::string_view text);
/// Cells and numbers with `;` between, ended as spreadsheets want it.
std::string row(const std::vector<std::string>& written);

/// Without what separates the fields of an accounting file: tabs and line ends become spaces.
std::string field(std::string_view text);

/// The IBAN of a key made by reconciliation::account_key(): French ones are computed from bank,
/// branch and number. Nothing when it is none.
std::optional<std::string> iban_of(std::string_view account_key);
/// Length, letters and control digits (ISO 7064, 97-10) are right. Spaces are passed over.
std::optional<std::string> read_iban(std::string_view typed);

}  // namespace preau::payment::exports
