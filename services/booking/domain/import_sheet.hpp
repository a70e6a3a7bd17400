#pragma once
// A body's list of bookings, line by line, before any room or hirer is looked up. Columns:
// docs/moving-in.md.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "shared/rules/recurrence.hpp"
#include "shared/text/sheet.hpp"

namespace preau::booking {

inline constexpr std::size_t import_lines_max = 200'000;

struct ImportLine {
    std::size_t line = 0;  // in the file
    std::string number;    // what the body calls the booking by: its natural key
    std::string uai;
    std::string room;  // code, name or slug, as an address is written; "" never
    std::string part;  // name of the offer as an address is written; empty: the whole room
    std::string register_number;  // RNA, SIREN, SIRET or id of the hirer
    std::string purpose;
    int headcount = 1;
    rules::Recurrence when;
};

struct ImportSheet {
    std::vector<ImportLine> lines;
    std::vector<text::SheetFault> faults;
};

std::span<const text::SheetColumn> import_columns();

/// Twice the same number is a fault of the second line, and so is a sheet beyond import_lines_max.
ImportSheet read_import(const text::Sheet& sheet);

}  // namespace preau::booking
