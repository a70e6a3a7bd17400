#pragma once
// The officer's desk: statements in, matches made, entries posted. Each function is one
// transaction's work.

#include "services/payment/domain/store.hpp"
#include "services/payment/reconciliation/statement.hpp"

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
    Format format = Format::csv;
    bool account_registered = false;  // the first file that names an account tells which it is
    MatchCounts counts;
};

/// Stores a statement and matches. `file`: its bytes, for the hash that knows it again. Nothing is
/// stored of one that does not follow on what is known: `unknown_account`, or `invalid_statement`
/// where the balance it starts with (or ends with) is not the one that the statement beside it has.
/// The same file again changes nothing.
base::Result<ImportReport> import_statement(Tx& tx, const Establishment& establishment,
                                            std::string_view file, const ParsedStatement& parsed,
                                            const std::string& who, base::Instant now);

/// Tells where the establishment's money arrives. `unknown_account` when it is no account, or
/// another establishment's.
base::Result<BankAccount> register_account(Tx& tx, const Establishment& establishment,
                                           const std::string& account, bool dedicated,
                                           const std::string& who, base::Instant now);

/// Matches what is open, posts bank entries, notes what a person must look at.
base::Result<MatchCounts> match_open(Tx& tx, const Establishment& establishment, base::Instant now);

}  // namespace preau::payment::reconciliation
