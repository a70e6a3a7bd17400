#pragma once
// Making and unmaking a match: the entries and what changes with them. Used by the run and by a
// person's decision alike.

#include "services/payment/domain/bank_book.hpp"

namespace preau::payment::reconciliation {

/// Noon of the line's day, as an instant.
std::int64_t happened_on(const BankLine& line);
/// Where the line's money stands: the bank, or suspense since nobody could name it.
ledger::Account standing(const BankLine& line);

/// Posts and saves the match; sets the line's state. The items' amounts must be the line's, or (one
/// payout, or several, decided by a person) the difference goes to suspense.
base::Result<void> make_match(Tx& tx, const Establishment& at, BankLine& line, BankMatch match,
                              base::Instant now);
base::Result<void> unmake_match(Tx& tx, const Establishment& at, BankLine& line,
                                const BankMatch& match, const std::string& who, base::Instant now);

}  // namespace preau::payment::reconciliation
