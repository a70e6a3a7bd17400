#pragma once
// preau-inventory import-open-data: the open data of a folder into the catalogue. Run again, it
// gives new versions only to what changed.

#include <iosfwd>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::inventory {

struct ImportOptions {
    std::string data_dir;
    std::string colleges_file = "colleges_publics_france.csv";  // in data_dir, or a path
    std::set<std::string> departements;                         // empty: all
    std::optional<base::BodyId> body;                           // nothing: one for each département
};

/// `--data <dir> --departement 38[,73…]|all [--colleges <file>] [--body <id>]`. Error `invalid`
/// names the argument in `detail`.
base::Result<ImportOptions> import_options(const std::vector<std::string>& arguments);

/// Reads, stores and reports on `out`. Lines that cannot be right are reported with
/// their number and left out. Gives the process's exit code: 0, or 1 when a file cannot be read or
/// the store refuses.
int import_open_data(Catalogue& catalogue, const ImportOptions& options,
                     const words::Catalogue& words, std::ostream& out);

}  // namespace preau::inventory
