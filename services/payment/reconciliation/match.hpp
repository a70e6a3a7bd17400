#pragma once
// Which bank line is which payout (payments.md §4.3). Rules in order, the first unique hit wins;
// what is not unique on both sides stays open for a person. Pure.

#include <optional>
#include <string>
#include <vector>

#include "services/payment/domain/store.hpp"

namespace preau::payment::reconciliation {

struct Match {
    std::size_t line = 0;  // into the lines given
    std::string payout_id;
    std::string state;  // matched, partly_matched
    std::string rule;   // R1, R2, R4
    std::string reasons;
    std::int64_t gap = 0;  // line minus payout
};

/// `lines`: money that came in and is not matched; `payouts`: not seen at the bank.
///   R1  the line names the payout (id or trace) and the amount is equal
///   R4  the line names the payout and the amount is another: partly matched, never closed
///   R2  the payer is the provider, amount equal, day between arrival - 1 and arrival + 7, and
///   there
///       is no other such line and no other such payout
std::vector<Match> match(const std::vector<BankLine>& lines, const std::vector<Payout>& payouts);

/// Whether a label looks like the provider's.
bool from_provider(const BankLine& line);

}  // namespace preau::payment::reconciliation
