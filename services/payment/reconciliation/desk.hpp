#pragma once
// The officer's desk: statements in, matches made, entries posted. Each function is one
// transaction's work.

#include "services/payment/domain/store.hpp"

namespace preau::payment::reconciliation {

struct MatchCounts {
    int matched = 0;
    int partly_matched = 0;
    int unmatched = 0;  // money that came in
};

struct ImportReport {
    bool already_imported = false;
    StatementId statement;
    int lines_new = 0;
    int lines_known = 0;
    MatchCounts counts;
};

/// Stores a statement and matches. `invalid_statement` stores nothing; the same file again changes
/// nothing.
base::Result<ImportReport> import_statement(Tx& tx, const Establishment& establishment,
                                            const std::string& file, const std::string& who,
                                            base::Instant now);
/// Matches what is open, posts bank entries, notes what a person must look at.
base::Result<MatchCounts> match_open(Tx& tx, const Establishment& establishment, base::Instant now);

}  // namespace preau::payment::reconciliation
