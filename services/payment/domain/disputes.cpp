// What payers' banks take back (payments.md §3.4): opened, decided, in the ledger.

#include <algorithm>

#include "services/payment/domain/posting.hpp"

namespace preau::payment {

using enum ledger::Account;

namespace {

Dispute& dispute_seen(Payment& payment, const SeenDispute& seen, Effects& out) {
    const auto it = std::ranges::find(payment.disputes, seen.id, &Dispute::id);
    if (it != payment.disputes.end()) return *it;
    const auto from = std::ranges::find_if(payment.attempts, [&](const Attempt& one) {
        return one.charge_id == seen.charge ||
               (!seen.intent.empty() && one.intent_id == seen.intent);
    });
    Dispute made;
    made.id = seen.id;
    made.attempt = from == payment.attempts.end() ? 0 : from->n;
    made.amount = seen.amount;
    made.reason = seen.reason;
    made.opened_at = seen.created;
    payment.disputes.push_back(made);
    out.changed = true;
    note(payment, out, "dispute", seen.id, "dispute_open", seen.amount);
    return payment.disputes.back();
}

}  // namespace

void apply_dispute(Payment& payment, const SeenDispute& seen, Effects& out) {
    Dispute& dispute = dispute_seen(payment, seen, out);
    std::int64_t withdrawn = 0;
    for (const auto& txn : seen.txns) {
        post_txn(payment, txn, "dispute", dispute_hold, out);
        withdrawn -= txn.gross;
    }
    if (dispute.withdrawn != withdrawn || dispute.answer_by != seen.answer_by) {
        dispute.withdrawn = withdrawn;
        dispute.answer_by = seen.answer_by;
        out.changed = true;
    }
    // What is decided stays decided, whatever is told later.
    if (dispute.state == DisputeState::open && seen.state != DisputeState::open) {
        dispute.state = seen.state;
        out.changed = true;
        note(payment, out, "dispute", seen.id, "dispute_open", seen.amount, true);
        if (seen.state == DisputeState::lost) {
            note(payment, out, "dispute", seen.id, "dispute_lost", seen.amount);
        }
    }
    // The decision may be heard before the movement: posted with it, once.
    if (dispute.state == DisputeState::lost) {
        post(payment, out, "dispute-lost:" + dispute.id, "dispute lost", loss, dispute_hold,
             withdrawn);
    }
}

}  // namespace preau::payment
