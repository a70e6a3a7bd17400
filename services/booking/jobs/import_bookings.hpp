#pragma once
// preau-booking import: a body's existing bookings out of its spreadsheet (docs/moving-in.md),
// through the guard, each line whole or not at all. A rehearsal runs the same road and undoes it,
// room by room; a second run changes nothing.

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "services/booking/domain/desk.hpp"
#include "services/booking/store/sql_store.hpp"
#include "shared/host/peers.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::booking {

struct ImportOptions {
    std::string folder;  // has reservations.csv
    bool rehearsal = false;
};

/// `--from <folder> [--dry-run]`; `invalid` names the argument.
base::Result<ImportOptions> import_options(const std::vector<std::string>& arguments);

/// Register number (RNA, SIREN, SIRET) or id -> organisation; those that accounts does not know are
/// left out. Called with at most 100 numbers.
using FindOrganisations = std::function<base::Result<std::map<std::string, base::OrganisationId>>(
    const std::vector<std::string>& register_numbers)>;
FindOrganisations find_through(const host::Peers& peers);

/// The process's exit code: 0 when every line was taken or known, 1 when some were left out, 2 when
/// the run stopped (what was stored before stays; the same command goes on).
int import_bookings(SqlStore& store, const Desk& desk, const FindOrganisations& find,
                    const ImportOptions& options, const words::Catalogue& words, std::ostream& out);

}  // namespace preau::booking
