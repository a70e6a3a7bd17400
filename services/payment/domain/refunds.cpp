// Money that goes back: promised, sent or transferred, executed, returned (payments.md §3.1).

#include <algorithm>

#include "services/payment/domain/posting.hpp"

namespace preau::payment {

using ledger::Account;
using enum ledger::Account;

namespace {

constexpr std::string_view kNoMoney = "insufficient_funds";

int rank(RefundStatus status) {
    return static_cast<int>(status);
}

const Attempt* source_of(const Payment& payment) {
    return payment.received_offline > 0 ? nullptr : payment.settling_attempt();
}

void grant(Payment& payment, const Refund& refund, Effects& out) {
    post(payment, out, "refund:" + refund.key, "refund granted", revenue, refund_due,
         refund.amount);
}

/// More than is there: 422 for ever, or 409 while other refunds are under way.
base::Result<void> check_refundable(const Payment& payment, std::int64_t amount) {
    const auto kept = payment.amount - payment.refunds_executed() - payment.disputed();
    if (amount <= 0 || payment.status != Status::paid || amount > kept) {
        return base::fail("refund_exceeds_paid");
    }
    if (amount > payment.refundable()) return base::fail("refund_under_way");
    return {};
}

/// A refund that nobody here granted: made in the provider's own pages.
Refund* outside_refund(Payment& payment, const SeenRefund& seen, Effects& out) {
    const auto from = std::ranges::find_if(payment.attempts, [&](const Attempt& one) {
        return !one.intent_id.empty() && one.intent_id == seen.intent;
    });
    Refund refund;
    refund.id = RefundId::make();
    refund.key = "outside:" + seen.id;
    refund.amount = seen.amount;
    refund.reason = "outside";
    refund.status = RefundStatus::submitted;
    refund.attempt = from == payment.attempts.end() ? 0 : from->n;
    refund.external_id = seen.id;
    refund.requested_at = seen.created;
    payment.refunds.push_back(refund);
    out.changed = true;
    if (payment.status == Status::paid) {
        post(payment, out, "refund:" + refund.key, "refund granted", revenue, refund_due,
             seen.amount, seen.created.seconds);
    }
    note(payment, out, "refund", seen.id, "outside_refund", seen.amount);
    return &payment.refunds.back();
}

Refund* refund_seen(Payment& payment, const SeenRefund& seen, Effects& out) {
    const auto it = std::ranges::find_if(payment.refunds, [&](const Refund& r) {
        return r.external_id == seen.id ||
               (!seen.refund_id.empty() && r.id.str() == seen.refund_id);
    });
    return it == payment.refunds.end() ? outside_refund(payment, seen, out) : &*it;
}

/// A refund that the provider's account cannot pay stands on the list until it can.
void keep_pending_reason(Payment& payment, Refund& refund, const std::string& reason,
                         Effects& out) {
    if (refund.pending_reason == reason) return;
    if (reason == kNoMoney || refund.pending_reason == kNoMoney) {
        note(payment, out, "refund", refund.id.str(), "refund_insufficient_funds", refund.amount,
             reason != kNoMoney);
    }
    refund.pending_reason = reason;
    out.changed = true;
}

}  // namespace

RefundId add_refund(Payment& payment, Refund refund, const Attempt* from, Effects& out) {
    if (refund.status == RefundStatus::requested && refund.asked_by.empty()) {
        refund.status = RefundStatus::approved;
    }
    if (from != nullptr) {
        refund.attempt = from->n;
    } else {
        refund.route = Route::bank_transfer;
    }
    if (refund.status == RefundStatus::requested) {
        note(payment, out, "refund", refund.id.str(), "refund_to_approve", refund.amount);
    } else if (refund.route == Route::bank_transfer) {
        note(payment, out, "refund", refund.id.str(), "refund_by_transfer", refund.amount);
    }
    payment.refunds.push_back(refund);
    out.changed = true;
    return refund.id;
}

void refund_late_money(Payment& payment, std::string_view reason, base::Instant now, Effects& out) {
    const Attempt* from = payment.settling_attempt();
    Refund refund;
    refund.key = "late:" + (from != nullptr ? from->charge_id : payment.id.str());
    if (payment.refund_by_key(refund.key) != nullptr) return;
    refund.id = RefundId::make();
    refund.amount = payment.amount - payment.refunds_granted();
    refund.reason = reason;
    refund.requested_at = now;
    if (refund.amount > 0) add_refund(payment, std::move(refund), from, out);
}

base::Result<RefundId> grant_refund(Payment& payment, const RefundId& id, const std::string& key,
                                    std::int64_t amount, const std::string& reason,
                                    base::Instant now, Effects& out) {
    if (const Refund* known = payment.refund_by_key(key)) return known->id;
    if (auto fine = check_refundable(payment, amount); !fine) return std::unexpected(fine.error());
    Refund refund;
    refund.id = id;
    refund.key = key;
    refund.amount = amount;
    refund.reason = reason;
    refund.requested_at = now;
    grant(payment, refund, out);
    return add_refund(payment, std::move(refund), source_of(payment), out);
}

base::Result<RefundId> ask_refund(Payment& payment, const RefundOrder& order, base::Instant now,
                                  Effects& out) {
    if (payment.dispute_state() == DisputeState::open) return base::fail("dispute_open");
    if (auto fine = check_refundable(payment, order.amount); !fine) {
        return std::unexpected(fine.error());
    }
    Refund refund;
    refund.id = order.id;
    refund.key = "asked:" + order.id.str();
    refund.amount = order.amount;
    refund.reason = order.reason;
    refund.asked_by = order.asked_by;
    refund.requested_at = now;
    if (!order.second_officer) {
        refund.status = RefundStatus::approved;
        grant(payment, refund, out);
    }
    return add_refund(payment, std::move(refund), source_of(payment), out);
}

base::Result<void> decide_refund(Payment& payment, const RefundId& id, bool approve,
                                 const std::string& officer, Effects& out) {
    Refund* refund = payment.refund(id);
    if (refund == nullptr) return base::fail("not_found", "refund");
    if (refund->status != RefundStatus::requested) return base::fail("already_decided");
    if (officer == refund->asked_by) return base::fail("second_officer_required");
    if (approve && payment.dispute_state() == DisputeState::open) return base::fail("dispute_open");
    // A dispute may have taken since what was there when it was asked.
    if (approve && payment.refundable() < 0) return base::fail("refund_exceeds_paid");
    refund->decided_by = officer;
    refund->status = approve ? RefundStatus::approved : RefundStatus::rejected;
    out.changed = true;
    note(payment, out, "refund", id.str(), "refund_to_approve", refund->amount, true);
    if (!approve) return {};
    grant(payment, *refund, out);
    if (refund->route == Route::bank_transfer) {
        note(payment, out, "refund", id.str(), "refund_by_transfer", refund->amount);
    }
    return {};
}

bool may_send(const Payment& payment, const Refund& refund) {
    return refund.status == RefundStatus::approved && refund.route == Route::provider &&
           payment.dispute_state() != DisputeState::open && payment.refundable() >= 0;
}

void apply_refund(Payment& payment, const SeenRefund& seen, Effects& out) {
    Refund* refund = refund_seen(payment, seen, out);
    if (refund->external_id != seen.id) {
        refund->external_id = seen.id;
        out.changed = true;
    }
    // The officer gave it back by transfer meanwhile: what the provider sends now is too much.
    const bool by_transfer =
        refund->route == Route::bank_transfer && refund->status == RefundStatus::succeeded;
    const Account other = by_transfer ? suspense_out : refund_due;
    if (seen.txn) post_txn(payment, *seen.txn, "refund", other, out);
    if (seen.failure_txn) post_txn(payment, *seen.failure_txn, "refund returned", other, out);
    if (by_transfer) {
        if (seen.status == RefundStatus::succeeded) {
            note(payment, out, "refund", refund->id.str(), "refunded_twice", refund->amount);
        }
        return;
    }
    if (seen.status == RefundStatus::pending && rank(refund->status) <= rank(seen.status)) {
        keep_pending_reason(payment, *refund, seen.pending_reason, out);
    }
    if (rank(seen.status) <= rank(refund->status)) return;
    const bool executed = refund->status == RefundStatus::succeeded;
    refund->status = seen.status;
    out.changed = true;
    if (seen.status == RefundStatus::succeeded) {
        keep_pending_reason(payment, *refund, {}, out);
        note(payment, out, "refund", refund->id.str(), "refund_late", refund->amount, true);
        payment.refunded += refund->amount;
        out.facts.push_back({"refund_executed.v1", *refund});
    }
    if (seen.status == RefundStatus::failed) {
        keep_pending_reason(payment, *refund, {}, out);
        if (executed) payment.refunded -= refund->amount;
        note(payment, out, "refund", refund->id.str(), "refund_failed", refund->amount);
    }
}

base::Result<void> refund_transferred(Payment& payment, const RefundId& id, Effects& out) {
    Refund* refund = payment.refund(id);
    if (refund == nullptr) return base::fail("not_found", "refund");
    const bool waits =
        refund->status == RefundStatus::pending && refund->pending_reason == kNoMoney;
    const bool owed =
        (refund->route == Route::bank_transfer && refund->status == RefundStatus::approved) ||
        refund->status == RefundStatus::failed || waits;
    if (!owed) return base::fail("invalid_transition", "this refund does not go by transfer");
    for (const auto* reason :
         {"refund_by_transfer", "refund_failed", "refund_insufficient_funds", "refund_late"}) {
        note(payment, out, "refund", id.str(), reason, refund->amount, true);
    }
    refund->route = Route::bank_transfer;
    refund->status = RefundStatus::succeeded;
    refund->pending_reason.clear();
    payment.refunded += refund->amount;
    post(payment, out, "transferred:" + id.str(), "refund by transfer", refund_due, bank,
         refund->amount);
    out.changed = true;
    out.facts.push_back({"refund_executed.v1", *refund});
    return {};
}

}  // namespace preau::payment
