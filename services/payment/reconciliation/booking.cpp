#include "services/payment/reconciliation/booking.hpp"

#include <numeric>

#include "services/payment/domain/transfer.hpp"

namespace preau::payment::reconciliation {

namespace {

using enum ledger::Account;

constexpr std::int64_t kNoon_s = 43'200;

std::string key_of(const BankMatch& match, std::size_t n) {
    return "match:" + match.id.str() + ":" + std::to_string(n);
}

base::Result<void> settle_payments(Tx& tx, const std::string& payout, Settlement to,
                                   base::Instant now) {
    for (const auto& id : tx.payments_of_payout(payout)) {
        auto payment = tx.find(id);
        if (!payment || payment->settlement == to) continue;
        payment->settlement = to;
        Effects effects;
        effects.changed = true;
        if (auto saved = tx.save(*payment, effects, now); !saved) return saved;
    }
    return {};
}

base::Result<void> book_payout(Tx& tx, const Establishment& at, const BankLine& line,
                               const MatchItem& item, const std::string& key, std::int64_t gap,
                               base::Instant now) {
    auto payout = tx.find_payout(item.subject);
    if (!payout || payout->establishment != at.id) return base::fail("not_found", "payout");
    if (payout->status == "bank_confirmed" || payout->status == "failed") {
        return base::fail("invalid_transition", "this payout is " + payout->status);
    }
    ledger::Entry entry;
    entry.event_key = key;
    entry.label = "bank " + payout->id;
    entry.happened_at = happened_on(line);
    entry.postings = {{standing(line), payout->amount + gap, 0},
                      {payout_transit, 0, payout->amount}};
    if (gap < 0) entry.postings.push_back({suspense_out, -gap, 0});
    if (gap > 0) entry.postings.push_back({suspense_in, 0, gap});
    tx.post(at.id, entry, now);
    payout->status = "bank_confirmed";
    tx.save_payout(*payout);
    tx.note({"payout", payout->id, "payout_not_at_bank", 0, at.id, true, {}}, now);
    return settle_payments(tx, payout->id, Settlement::bank_confirmed, now);
}

base::Result<void> book_payment(Tx& tx, const Establishment& at, const BankLine& line,
                                const MatchItem& item, const std::string& key, base::Instant now) {
    const auto id = PaymentId::parse(item.subject);
    auto payment = id ? tx.find(*id) : std::nullopt;
    if (!payment || payment->establishment != at.id) return base::fail("not_found", "payment");
    auto transfers = tx.book().transfers(*id);
    const Arrival arrival{key, item.amount, standing(line), happened_on(line)};
    Effects effects;
    if (item.kind == "receipt") {
        if (transfers.seen || payment->received_offline != item.amount) {
            return base::fail("invalid_transition", "no such receipt is awaited");
        }
        see_receipt(*payment, transfers, arrival, effects);
    } else {
        receive_transfer(*payment, transfers, arrival, now, effects);
    }
    tx.book().save_transfers(*id, transfers);
    return tx.save(*payment, effects, now);
}

base::Result<void> release(Tx& tx, const Establishment& at, const MatchItem& item,
                           base::Instant now) {
    if (item.kind == "payout") {
        auto payout = tx.find_payout(item.subject);
        if (!payout) return base::fail("not_found", "payout");
        payout->status = payout->itemised == payout->amount ? "itemised" : "discrepancy";
        tx.save_payout(*payout);
        return settle_payments(tx, payout->id, Settlement::in_payout, now);
    }
    auto payment = tx.find(PaymentId::trusted(item.subject));
    if (!payment || payment->establishment != at.id) return base::fail("not_found", "payment");
    auto transfers = tx.book().transfers(payment->id);
    Effects effects;
    if (item.kind == "receipt") {
        transfers.seen = false;
        payment->settlement = Settlement::none;
        effects.changed = true;
    } else if (auto done = take_back_transfer(*payment, transfers, item.amount, effects); !done) {
        return done;
    }
    tx.book().save_transfers(payment->id, transfers);
    return tx.save(*payment, effects, now);
}

}  // namespace

std::int64_t happened_on(const BankLine& line) {
    return std::int64_t{line.day.days} * 86'400 + kNoon_s;
}

ledger::Account standing(const BankLine& line) {
    return line.state == "suspense" ? suspense_in : bank;
}

base::Result<void> make_match(Tx& tx, const Establishment& at, BankLine& line, BankMatch match,
                              base::Instant now) {
    const auto sum = std::accumulate(
        match.items.begin(), match.items.end(), std::int64_t{0},
        [](std::int64_t so_far, const MatchItem& item) { return so_far + item.amount; });
    auto gap = line.amount - sum;
    for (std::size_t n = 0; n < match.items.size(); ++n) {
        const auto& item = match.items[n];
        const bool payout = item.kind == "payout";
        // The difference, if there is one, is booked with the first payout.
        auto done = payout ? book_payout(tx, at, line, item, key_of(match, n), gap, now)
                           : book_payment(tx, at, line, item, key_of(match, n), now);
        if (!done) return done;
        if (payout) gap = 0;
    }
    if (gap != 0) return base::fail("invalid_transition", "the items are not the line's amount");
    tx.book().drop_suggestions_of(line.id);
    tx.book().insert_match(at.id, match);
    line.state = "matched";
    line.rule = match.rule;
    line.reasons = match.reasons;
    line.gap = line.amount - sum;
    line.payout_id = match.items.front().kind == "payout" ? match.items.front().subject : "";
    tx.save_line(line);
    for (const auto* reason : {"bank_line_unmatched", "bank_line_differs"})
        tx.note({"bank_line", line.id.str(), reason, 0, at.id, true, {}}, now);
    return {};
}

base::Result<void> unmake_match(Tx& tx, const Establishment& at, BankLine& line,
                                const BankMatch& match, const std::string& who, base::Instant now) {
    if (!tx.book().mark_undone(match.id, who, now)) {
        return base::fail("invalid_transition", "undone already");
    }
    for (std::size_t n = 0; n < match.items.size(); ++n) {
        // Matches from before there were several to a line have the line's own key.
        auto entry = tx.book().entry(key_of(match, n));
        if (!entry) entry = tx.book().entry("bank:" + line.id.str());
        if (!entry) return base::fail("not_found", "entry of the match");
        ledger::Entry reverse;
        reverse.event_key = "undo:" + match.id.str() + ":" + std::to_string(n);
        reverse.payment_id = entry->payment_id;
        reverse.label = "undone " + entry->label;
        reverse.happened_at = now.seconds;
        for (const auto& one : entry->postings)
            reverse.postings.push_back({one.account, one.credit, one.debit});
        tx.post(at.id, reverse, now);
        if (auto done = release(tx, at, match.items[n], now); !done) return done;
    }
    line.state = tx.posted("suspense:" + line.id.str()) ? "suspense" : "unmatched";
    line.rule.clear();
    line.reasons = "undone";
    line.payout_id.clear();
    line.gap = 0;
    tx.save_line(line);
    return {};
}

}  // namespace preau::payment::reconciliation
