#pragma once
// Which bank line is what (payments.md §4.3). Rules in order, the first unique hit wins; what is
// not unique on both sides is only suggested, and a person decides. Pure.

#include <string>
#include <vector>

#include "services/payment/domain/bank_book.hpp"

namespace preau::payment::reconciliation {

enum class Outcome {
    matched,         // certain: it closes by itself
    partly_matched,  // the right reference with another amount: shown with the gap, never closed
    suggested,       // one of the things that it may be
    known,           // it names what is closed already: doubled, or for nobody here
};

struct Proposal {
    std::size_t line = 0;  // into the lines given
    Outcome outcome = Outcome::suggested;
    std::string rule;
    std::string reasons;  // words with spaces between, keys of match_reason
    std::vector<MatchItem> items;
    std::int64_t gap = 0;  // line minus items
};

/// `lines`: money that came in and is not matched, oldest first; `payouts`: of the time, also those
/// that the bank has confirmed (they are named again by a doubled line); `claims`: payments of the
/// establishment.
///   R1  the line names payouts (id or trace) and they make its amount
///   R4  it names one and the amount is another: partly matched
///   R2  the payer is a provider, amount equal, day between arrival - 1 and five working days
///   after, and no other
///       such line and no other such payout
///   R3  as R2, with the sum of two to four payouts: one way only, and no other line could use one
///   of them R5  it names payments by their printed reference (O for 0, I or L for 1 are read):
///   what is missing, less or more;
///       a reference with one letter wrong, or an amount that is exactly what one payment lacks, is
///       suggested
std::vector<Proposal> match(const std::vector<BankLine>& lines, const std::vector<Payout>& payouts,
                            std::vector<Claim> claims);

/// All sets of two to `size_max` (≤ 4) of these amounts that make `wanted`, as indices in rising
/// order; at most `sets_max` of them.
std::vector<std::vector<std::size_t>> subsets(const std::vector<std::int64_t>& amounts,
                                              std::int64_t wanted, std::size_t size_max,
                                              std::size_t sets_max);

/// Whether a label looks like a provider's.
bool from_provider(const BankLine& line);
/// Whether it could carry one of our references, right or wrong.
bool names_reference(const BankLine& line);
/// `n` working days later; weekends do not count.
time::Date working_days_after(time::Date day, int n);

}  // namespace preau::payment::reconciliation
