#pragma once
// preau-accounts import: the associations that a body knows, out of its spreadsheet
// (docs/moving-in.md). One that stands in a register already keeps its record and how the body sees
// it.

#include <iosfwd>
#include <string>

#include "services/accounts/domain/store.hpp"
#include "shared/base/clock.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::accounts {

struct ImportOptions {
    std::string folder;  // has associations.csv
    std::string body;    // id or slug
    bool rehearsal = false;
};

/// The process's exit code: 0 when every line was taken or known, 1 when some were left out, 2 when
/// the file or the body cannot be used or the store refuses.
int import_associations(Store& store, const ImportOptions& options, const words::Catalogue& words,
                        base::Instant business_now, std::ostream& out);

}  // namespace preau::accounts
