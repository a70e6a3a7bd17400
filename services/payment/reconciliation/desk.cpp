#include "services/payment/reconciliation/desk.hpp"

#include <algorithm>

#include "services/payment/reconciliation/match.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr int kLinesMax = 100'000;
constexpr std::int32_t kPatienceDays = 5;  // three working days after the arrival
constexpr std::int64_t kNoon_s = 43'200;

base::Result<void> confirm_payout(Tx& tx, Payout payout, const BankLine& line, base::Instant now) {
    using enum ledger::Account;
    auto entry = ledger::transfer("bank:" + line.id.str(), "bank " + payout.id, bank,
                                  payout_transit, line.amount);
    entry.happened_at = std::int64_t{line.day.days} * 86'400 + kNoon_s;
    tx.post(payout.establishment, entry, now);
    payout.status = "bank_confirmed";
    tx.save_payout(payout);
    tx.note({"payout", payout.id, "payout_not_at_bank", 0, payout.establishment, true, {}}, now);
    for (const auto& id : tx.payments_of_payout(payout.id)) {
        auto payment = tx.find(id);
        if (!payment || payment->settlement == Settlement::bank_confirmed) continue;
        payment->settlement = Settlement::bank_confirmed;
        Effects effects;
        effects.changed = true;
        if (auto saved = tx.save(*payment, effects, now); !saved) return saved;
    }
    return {};
}

/// What must be looked at of lines and payouts, and what need not any more.
void note_open(Tx& tx, const Establishment& at, const std::vector<BankLine>& lines,
               base::Instant now) {
    std::optional<time::Date> newest;
    for (const auto& line : lines) {
        if (!newest || line.day > *newest) newest = line.day;
        if (line.amount <= 0 || !from_provider(line)) continue;
        const auto note = [&](const char* reason, bool open, std::int64_t amount) {
            tx.note({"bank_line", line.id.str(), reason, amount, at.id, !open, {}}, now);
        };
        note("bank_line_unmatched", line.state == "unmatched", line.amount);
        note("bank_line_differs", line.state == "partly_matched", line.gap);
    }
    if (!newest) return;
    for (const auto& payout : tx.payouts_open(at.id)) {
        const auto arrival = time::Zone::paris().local(payout.arrival).date;
        if (arrival + kPatienceDays < *newest) {
            tx.note({"payout", payout.id, "payout_not_at_bank", payout.amount, at.id, false, {}},
                    now);
        }
    }
}

}  // namespace

base::Result<MatchCounts> match_open(Tx& tx, const Establishment& at, base::Instant now) {
    auto lines = tx.lines(at.id, "", "", kLinesMax);
    std::ranges::reverse(lines);  // oldest first: of two lines for one payout the first is the one
    std::vector<BankLine> open;
    for (const auto& line : lines) {
        if (line.state != "matched" && line.amount > 0) open.push_back(line);
    }
    const auto payouts = tx.payouts_open(at.id);
    for (const auto& found : match(open, payouts)) {
        auto& line = open[found.line];
        line.state = found.state;
        line.rule = found.rule;
        line.reasons = found.reasons;
        line.payout_id = found.payout_id;
        line.gap = found.gap;
        tx.save_line(line);
        if (found.state != "matched") continue;
        const auto payout = std::ranges::find(payouts, found.payout_id, &Payout::id);
        if (auto done = confirm_payout(tx, *payout, line, now); !done) {
            return std::unexpected(done.error());
        }
    }
    MatchCounts out;
    const auto after = tx.lines(at.id, "", "", kLinesMax);
    for (const auto& line : after) {
        if (line.amount <= 0) continue;
        ++(line.state == "matched"          ? out.matched
           : line.state == "partly_matched" ? out.partly_matched
                                            : out.unmatched);
    }
    note_open(tx, at, after, now);
    return out;
}

}  // namespace preau::payment::reconciliation
