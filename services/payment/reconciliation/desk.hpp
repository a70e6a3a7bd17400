#pragma once
// The officer's desk: statements in, matches made and undone, entries posted. Each function is one
// transaction's work.

#include "services/payment/domain/bank_book.hpp"
#include "services/payment/reconciliation/statement.hpp"

namespace preau::payment::reconciliation {

/// Lines that brought money, by what became of them.
struct MatchCounts {
    int matched = 0;
    int partly_matched = 0;
    int suggested = 0;
    int suspense = 0;
    int unmatched = 0;
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

/// Matches what is open, posts entries, puts what nobody could name for three working days into
/// suspense, and notes what a person must look at.
base::Result<MatchCounts> match_open(Tx& tx, const Establishment& establishment, base::Instant now);

/// What a person decided about a line.
struct Decision {
    std::vector<MatchItem> items;  // amounts are found by the desk
    std::string rule = "hand";
    std::string reasons = "by_hand";
    std::string note;  // needed where a payout is not the line's amount
};
/// `invalid_transition` where the line is matched or set aside, or one of the items is;
/// `reason_required`.
base::Result<BankMatch> match_by_hand(Tx& tx, const Establishment& establishment, BankLine line,
                                      const Decision& decision, const std::string& who,
                                      base::Instant now);
/// Every entry of the match is posted the other way round; the line is open again.
base::Result<void> undo_match(Tx& tx, const Establishment& establishment, const BankMatch& match,
                              const std::string& who, base::Instant now);
/// The line is none of ours: it leaves suspense, and nobody is asked about it any more.
base::Result<void> set_aside(Tx& tx, const Establishment& establishment, BankLine line,
                             const std::string& why, base::Instant now);
base::Result<void> take_up_again(Tx& tx, const Establishment& establishment, BankLine line,
                                 base::Instant now);

}  // namespace preau::payment::reconciliation
