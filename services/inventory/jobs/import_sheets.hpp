#pragma once
// preau-inventory import: a body's own spreadsheets into the catalogue (docs/moving-in.md). Run
// again, it changes only what differs; a rehearsal stores nothing and tells every line that would
// be left out.

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/time/civil.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::inventory {

struct SheetOptions {
    std::string folder;    // sites.csv salles.csv horaires.csv deliberations.csv tarifs.csv
    std::string data_dir;  // the open data: needed for sites.csv alone
    base::BodyId body;
    bool rehearsal = false;
};

/// `--from <folder> --body <id or slug> [--data <dir>] [--dry-run]`; `invalid` names the argument.
base::Result<SheetOptions> sheet_options(const std::vector<std::string>& arguments);

/// The process's exit code: 0 when every line was taken, 1 when some were left out, 2 when a file
/// cannot be used or the store refuses (what was stored before stays).
int import_sheets(Catalogue& catalogue, const SheetOptions& options, const words::Catalogue& words,
                  time::Date today, std::ostream& out);

}  // namespace preau::inventory
