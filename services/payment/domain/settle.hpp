#pragma once
// From what the provider says, and what booking says, to the payment as it then is: pure functions
// that change the value and collect what must be written with it. They are idempotent and do not
// mind the order in which news arrive: every entry has a key of its own, and states only move
// forward.

#include "services/payment/domain/provider.hpp"
#include "services/payment/domain/types.hpp"

namespace preau::payment {

// ── The provider's news ─────────────────────────────────────────────────────────────────────────

void apply_session(Payment& payment, const SeenSession& session, Effects& out);
/// Money came. Decides what it is: the payment, late, a second one, or not what was asked for.
void apply_charge(Payment& payment, const SeenCharge& charge, Effects& out);
void apply_refund(Payment& payment, const SeenRefund& refund, Effects& out);
void apply_dispute(Payment& payment, const SeenDispute& dispute, Effects& out);

// ── Booking's facts ─────────────────────────────────────────────────────────────────────────────

/// The rent is due from now on.
void establish(Payment& payment, Effects& out);
void booking_confirmed(Payment& payment, Effects& out);
/// The hirer or the body cancelled: nothing is due any more. What was paid goes back by booking's
/// order (refund_ordered); what comes late goes back at once, in full.
void booking_cancelled(Payment& payment, base::Instant now, Effects& out);
void booking_expired(Payment& payment, base::Instant now, Effects& out);
/// The slot of a late payment could be taken again.
void retaken(Payment& payment, Effects& out);
void not_retaken(Payment& payment, base::Instant now, Effects& out);

/// Closes a payment on which no attempt is live. `expired` when its time is over, else `canceled`.
void close(Payment& payment, Status to, Effects& out);

// ── Refunds and receipts ────────────────────────────────────────────────────────────────────────

/// Grants a refund by rule or by booking's order; the same key again gives the same one.
/// `refund_exceeds_paid` when more is asked than is left, `refund_under_way` when only refunds that
/// are not executed yet are in the way.
base::Result<RefundId> grant_refund(Payment& payment, const RefundId& id, const std::string& key,
                                    std::int64_t amount, const std::string& reason,
                                    base::Instant now, Effects& out);

/// What an officer asks for.
struct RefundOrder {
    RefundId id;
    std::int64_t amount = 0;
    std::string reason;
    std::string asked_by;
    bool second_officer = false;  // another one has to approve it
};
/// As grant_refund, for a person: also `dispute_open`. Nothing is posted before it is approved.
base::Result<RefundId> ask_refund(Payment& payment, const RefundOrder& order, base::Instant now,
                                  Effects& out);
/// `already_decided`, `second_officer_required` (who asked may not decide), `dispute_open`.
base::Result<void> decide_refund(Payment& payment, const RefundId& id, bool approve,
                                 const std::string& officer, Effects& out);
/// Whether it may go to the provider now: not during a dispute, nor when one took the money.
bool may_send(const Payment& payment, const Refund& refund);
/// A refund was ordered at the bank: one that goes by transfer, that failed, or for which the
/// provider's account lacks the money. `invalid_transition` else.
base::Result<void> refund_transferred(Payment& payment, const RefundId& id, Effects& out);

/// Money that came outside the provider. `already_paid`, or `invalid_transition` while a page is
/// open.
base::Result<void> receive_offline(Payment& payment, const std::string& method,
                                   const std::string& reference, time::Date received_on,
                                   base::Instant now, Effects& out);

/// Whether an amount may be asked for at all.
base::Result<void> check_amount(std::int64_t amount, const std::string& currency);

}  // namespace preau::payment
