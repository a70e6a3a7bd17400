#include "shared/words/import_report.hpp"

#include <algorithm>
#include <ostream>
#include <utility>
#include <vector>

namespace preau::words {

void report_faults(std::ostream& out, const Catalogue& words, const std::string& file,
                   std::span<const text::SheetFault> faults) {
    std::vector<std::pair<std::size_t, std::size_t>> sorted;  // line and place in `faults`
    for (std::size_t i = 0; i < faults.size(); ++i)
        sorted.emplace_back(faults[i].line, i);
    std::ranges::sort(sorted);
    const std::size_t shown = std::min(sorted.size(), faults_shown_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& fault = faults[sorted[i].second];
        const std::string why = words.fill("import.fault." + fault.code,
                                           {{"column", fault.column}, {"value", fault.value}});
        const std::string_view key = fault.line == 0 ? "import.in_file" : "import.in_line";
        out << words.fill(key, {{"file", file}, {"line", std::to_string(fault.line)}, {"why", why}})
            << "\n";
    }
    if (sorted.size() > shown) {
        out << words.count("import.more_faults", static_cast<std::int64_t>(sorted.size() - shown),
                           {{"file", file}})
            << "\n";
    }
}

}  // namespace preau::words
