#pragma once
// What a person who moves a body in reads: each line that cannot be taken, by file, number and
// reason, in the words of `import.fault.*`.

#include <iosfwd>
#include <span>
#include <string>

#include "shared/text/sheet.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::words {

/// Faults written out for one file; how many more there are is told instead.
inline constexpr std::size_t faults_shown_max = 500;

/// "reservations.csv, ligne 12 : …", one a line, in the order of the file.
void report_faults(std::ostream& out, const Catalogue& words, const std::string& file,
                   std::span<const text::SheetFault> faults);

}  // namespace preau::words
