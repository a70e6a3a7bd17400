#include "services/payment/reconciliation/desk.hpp"

#include <algorithm>
#include <set>

#include "services/payment/domain/transfer.hpp"
#include "services/payment/reconciliation/booking.hpp"
#include "services/payment/reconciliation/match.hpp"

namespace preau::payment::reconciliation {

namespace {

using enum ledger::Account;

constexpr int kPatienceDays = 3;  // working days until a line that nobody can name goes to suspense
constexpr std::int64_t kClaims_s = std::int64_t{550} * 86'400;  // the longest booking, and a month
constexpr std::int64_t kBefore_s =
    std::int64_t{40} * 86'400;  // payouts before the oldest open line

/// What must be looked at of lines and payouts, and what need not any more.
void note_open(Tx& tx, const Establishment& at, const std::vector<BankLine>& lines,
               const std::set<std::string>& concerned, base::Instant now) {
    for (const auto& line : lines) {
        if (line.amount <= 0 || !concerned.contains(line.id.str())) continue;
        const bool differs = line.state == "partly_matched";
        tx.note({"bank_line",
                 line.id.str(),
                 "bank_line_unmatched",
                 line.amount,
                 at.id,
                 differs || line.state == "matched",
                 {}},
                now);
        tx.note({"bank_line", line.id.str(), "bank_line_differs", line.gap, at.id, !differs, {}},
                now);
    }
    const auto newest = tx.book().counts(at.id).newest;
    if (!newest) return;
    for (const auto& payout : tx.payouts_open(at.id)) {
        const auto arrival = time::Zone::paris().local(payout.arrival).date;
        if (working_days_after(arrival, kPatienceDays) < *newest) {
            tx.note({"payout", payout.id, "payout_not_at_bank", payout.amount, at.id, false, {}},
                    now);
        }
    }
}

/// R6: after three working days the money has a place in the ledger, though nobody can name it.
void put_into_suspense(Tx& tx, const Establishment& at, BankLine& line, base::Instant now) {
    const auto today = time::Zone::paris().local(now).date;
    if (line.state == "suspense" || line.state == "partly_matched" ||
        working_days_after(line.day, kPatienceDays) >= today) {
        return;
    }
    // Out of it and back again needs no second entry: undoing brings the line back to where it was.
    auto entry = ledger::transfer("suspense:" + line.id.str(), "unknown credit", bank, suspense_in,
                                  line.amount);
    entry.happened_at = happened_on(line);
    if (!tx.post(at.id, entry, now)) return;
    line.state = "suspense";
    tx.save_line(line);
}

base::Result<void> square_payments(Tx& tx, const std::vector<Claim>& claims, base::Instant now) {
    for (const auto& claim : claims) {
        if (claim.rest != 0 || claim.closed) continue;
        auto transfers = tx.book().transfers(claim.payment);
        if (transfers.received == 0 || transfers.settled) continue;
        auto payment = tx.find(claim.payment);
        if (!payment) continue;
        Effects effects;
        square(*payment, transfers, now, effects);
        if (!effects.changed) continue;
        tx.book().save_transfers(claim.payment, transfers);
        if (auto saved = tx.save(*payment, effects, now); !saved) return saved;
    }
    return {};
}

/// Writes what the rules found about one line; the first proposal tells its state.
base::Result<void> take(Tx& tx, const Establishment& at, BankLine& line, const Proposal& found,
                        bool first, base::Instant now) {
    BankMatch match;
    match.id = MatchId::make();
    match.line = line.id;
    match.state = "made";
    match.rule = found.rule;
    match.reasons = found.reasons;
    match.actor = "system";
    match.made_at = now;
    match.items = found.items;
    if (found.outcome == Outcome::matched) return make_match(tx, at, line, std::move(match), now);
    if (found.outcome != Outcome::known) {
        match.state = "suggested";
        tx.book().insert_match(at.id, match);
    }
    if (!first) return {};
    line.rule = found.rule;
    line.reasons = found.reasons;
    line.gap = found.outcome == Outcome::partly_matched ? found.gap : 0;
    line.payout_id = !found.items.empty() && found.items.front().kind == "payout" &&
                             found.outcome == Outcome::partly_matched
                         ? found.items.front().subject
                         : "";
    if (line.state != "suspense") {
        line.state = found.outcome == Outcome::partly_matched ? "partly_matched"
                     : found.outcome == Outcome::suggested    ? "suggested"
                                                              : "unmatched";
    }
    tx.save_line(line);
    return {};
}

MatchCounts counts_of(Tx& tx, const Establishment& at) {
    auto by_state = tx.book().counts(at.id).by_state;
    return {by_state["matched"], by_state["partly_matched"], by_state["suggested"],
            by_state["suspense"], by_state["unmatched"]};
}

}  // namespace

base::Result<MatchCounts> match_open(Tx& tx, const Establishment& at, base::Instant now) {
    auto& book = tx.book();
    auto open = book.open_lines(at.id);
    std::erase_if(open, [](const BankLine& line) { return line.amount <= 0; });
    const auto account = tx.bank_account(at.id);
    const auto oldest = open.empty() ? now : base::Instant{happened_on(open.front())};
    const auto claims = book.claims(at.id, now + -kClaims_s);
    if (auto done = square_payments(tx, claims, now); !done) return std::unexpected(done.error());
    const auto found = match(open, book.payouts_since(at.id, oldest + -kBefore_s), claims);
    book.drop_suggestions(at.id);
    std::set<std::string> concerned;
    std::set<std::size_t> seen;
    for (const auto& one : found) {
        auto& line = open[one.line];
        concerned.insert(line.id.str());
        if (auto done = take(tx, at, line, one, seen.insert(one.line).second, now); !done) {
            return std::unexpected(done.error());
        }
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        auto& line = open[i];
        if (line.state == "matched") continue;
        if (!seen.contains(i) && line.state != "suspense" && line.state != "unmatched") {
            line.state = "unmatched";
            line.rule.clear(), line.reasons.clear(), line.payout_id.clear();
            line.gap = 0;
            tx.save_line(line);
        }
        const bool ours = seen.contains(i) || from_provider(line) || names_reference(line) ||
                          line.state == "suspense" || (account && account->dedicated);
        if (!ours) continue;
        concerned.insert(line.id.str());
        put_into_suspense(tx, at, line, now);
    }
    note_open(tx, at, open, concerned, now);
    return counts_of(tx, at);
}

base::Result<BankMatch> match_by_hand(Tx& tx, const Establishment& at, BankLine line,
                                      const Decision& decision, const std::string& who,
                                      base::Instant now) {
    if (line.state == "matched" || line.state == "ignored" || line.amount <= 0) {
        return base::fail("invalid_transition", "the line is " + line.state);
    }
    BankMatch match;
    match.id = MatchId::make();
    match.line = line.id;
    match.state = "made";
    match.rule = decision.rule;
    match.reasons = decision.reasons;
    match.note = decision.note;
    match.actor = who;
    match.made_at = now;
    match.items = decision.items;
    // Payouts have their amounts; of payments each takes what it lacks, and the last one what is
    // left.
    std::int64_t left = line.amount;
    for (std::size_t n = 0; n < match.items.size(); ++n) {
        auto& item = match.items[n];
        const bool last = n + 1 == match.items.size();
        if (item.kind == "payout") {
            const auto payout = tx.find_payout(item.subject);
            if (!payout || payout->establishment != at.id) return base::fail("not_found", "payout");
            item.amount = payout->amount;
            item.reference = payout->id;
        } else {
            const auto payment = tx.find(PaymentId::trusted(item.subject));
            if (!payment || payment->establishment != at.id) {
                return base::fail("not_found", "payment");
            }
            const auto transfers = tx.book().transfers(payment->id);
            const bool recorded = payment->received_offline > 0 && !transfers.settled &&
                                  !transfers.seen && payment->received_offline <= left;
            item.kind = recorded ? "receipt" : "payment";
            item.reference = payment->public_ref;
            item.amount = recorded ? payment->received_offline
                          : last   ? left
                                   : std::min(left, missing(*payment, transfers));
        }
        left -= item.amount;
        if (item.amount <= 0) return base::fail("invalid_transition", "nothing is left for it");
    }
    if (left != 0 && match.note.empty()) return base::fail("reason_required", "gap");
    if (auto done = make_match(tx, at, line, match, now); !done) {
        return std::unexpected(done.error());
    }
    return match;
}

base::Result<void> undo_match(Tx& tx, const Establishment& at, const BankMatch& match,
                              const std::string& who, base::Instant now) {
    auto found = tx.book().line(match.line);
    if (!found || found->first != at.id) return base::fail("not_found", "line");
    if (match.state != "made") return base::fail("invalid_transition", match.state);
    return unmake_match(tx, at, found->second, match, who, now);
}

base::Result<void> set_aside(Tx& tx, const Establishment& at, BankLine line, const std::string& why,
                             base::Instant now) {
    if (line.state == "matched" || line.state == "ignored") {
        return base::fail("invalid_transition", "the line is " + line.state);
    }
    if (why.empty()) return base::fail("reason_required");
    if (line.state == "suspense") {
        auto entry = ledger::transfer("aside:" + MatchId::make().str(), "not ours", suspense_in,
                                      bank, line.amount);
        tx.post(at.id, entry, now);
    }
    tx.book().drop_suggestions_of(line.id);
    line.state = "ignored";
    line.reasons = "set_aside";
    line.rule.clear();
    tx.save_line(line);
    for (const auto* reason : {"bank_line_unmatched", "bank_line_differs"})
        tx.note({"bank_line", line.id.str(), reason, 0, at.id, true, {}}, now);
    return {};
}

base::Result<void> take_up_again(Tx& tx, const Establishment& at, BankLine line,
                                 base::Instant now) {
    if (line.state != "ignored")
        return base::fail("invalid_transition", "the line is " + line.state);
    line.state = "unmatched";
    line.reasons.clear();
    if (tx.posted("suspense:" + line.id.str())) {
        auto entry = ledger::transfer("again:" + MatchId::make().str(), "unknown credit again",
                                      bank, suspense_in, line.amount);
        tx.post(at.id, entry, now);
        line.state = "suspense";
    }
    tx.save_line(line);
    return {};
}

}  // namespace preau::payment::reconciliation
