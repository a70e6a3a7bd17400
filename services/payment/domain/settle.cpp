#include "services/payment/domain/settle.hpp"

#include <algorithm>

namespace preau::payment {

namespace {

using ledger::Account;
using enum ledger::Account;

void post(Payment& payment, Effects& out, std::string key, std::string_view word, Account debit,
          Account credit, std::int64_t cents, std::int64_t happened_at = 0) {
    if (cents <= 0) return;
    auto entry = ledger::transfer(std::move(key), std::string(word) + " " + payment.label(), debit,
                                  credit, cents);
    entry.payment_id = payment.id.str();
    entry.happened_at = happened_at;
    out.entries.push_back(std::move(entry));
}

void find(const Payment& payment, Effects& out, std::string kind, std::string subject,
          std::string reason, std::int64_t amount) {
    out.findings.push_back({std::move(kind),
                            std::move(subject),
                            std::move(reason),
                            amount,
                            payment.establishment,
                            false,
                            {}});
}

/// A move that the table does not know is a finding, and nothing moves.
bool move(Payment& payment, Status to, Effects& out) {
    if (payment.status == to) return true;
    if (!may_move(payment.status, to)) {
        find(payment, out, "payment", payment.id.str(), "illegal_transition", payment.amount);
        return false;
    }
    payment.status = to;
    out.changed = true;
    return true;
}

void mirror(const Payment& payment, const SeenTxn& txn, Effects& out) {
    out.txns.push_back({txn.id,
                        {},
                        payment.establishment,
                        txn.type,
                        txn.gross,
                        txn.fee,
                        txn.source,
                        payment.id.str(),
                        txn.created});
}

/// The gross amount of a movement at the provider against `other`, and its fee, if any.
void post_txn(Payment& payment, const SeenTxn& txn, std::string_view word, Account other,
              Effects& out) {
    mirror(payment, txn, out);
    const auto at = txn.created.seconds;
    if (txn.gross > 0) {
        post(payment, out, "txn:" + txn.id, word, psp_clearing, other, txn.gross, at);
    } else {
        post(payment, out, "txn:" + txn.id, word, other, psp_clearing, -txn.gross, at);
    }
    if (txn.fee > 0) {
        post(payment, out, "txn:" + txn.id + ":fee", "fee", fees, psp_clearing, txn.fee, at);
    } else {
        post(payment, out, "txn:" + txn.id + ":fee", "fee", psp_clearing, fees, -txn.fee, at);
    }
}

/// A refund of money that stands in refund_due already.
RefundId add_refund(Payment& payment, const RefundId& id, std::string key, std::int64_t amount,
                    std::string reason, const Attempt* from, base::Instant now, Effects& out) {
    Refund refund;
    refund.id = id;
    refund.key = std::move(key);
    refund.amount = amount;
    refund.reason = std::move(reason);
    refund.requested_at = now;
    if (from != nullptr) {
        refund.attempt = from->n;
    } else {
        refund.route = Route::bank_transfer;
        find(payment, out, "refund", refund.id.str(), "refund_by_transfer", amount);
    }
    payment.refunds.push_back(refund);
    out.changed = true;
    return refund.id;
}

void refund_late_money(Payment& payment, std::string_view reason, base::Instant now, Effects& out) {
    const Attempt* from = payment.settling_attempt();
    const std::string key = "late:" + (from != nullptr ? from->charge_id : payment.id.str());
    if (payment.refund_by_key(key) != nullptr) return;
    const auto rest = payment.amount - payment.refunds_granted();
    if (rest > 0) {
        add_refund(payment, RefundId::make(), key, rest, std::string(reason), from, now, out);
    }
}

void money_came_late(Payment& payment, const SeenCharge& charge, Effects& out) {
    post_txn(payment, charge.txn, "late", refund_due, out);
    if (!move(payment, Status::paid_late, out)) return;
    payment.paid_at = charge.created;
    payment.method = "card";
    payment.settlement = Settlement::pending;
    out.facts.push_back({"payment_paid_late.v1", {}});
    if (payment.booking_state == BookingState::cancelled) {
        refund_late_money(payment, "paid_late", charge.created, out);
    }
}

void money_came(Payment& payment, const SeenCharge& charge, Effects& out) {
    post_txn(payment, charge.txn, "paid", receivable, out);
    if (!move(payment, Status::paid, out)) return;
    payment.paid_at = charge.created;
    payment.method = "card";
    payment.settlement = Settlement::pending;
    out.facts.push_back({"payment_paid.v1", {}});
}

void money_came_twice(Payment& payment, const SeenCharge& charge, const Attempt& attempt,
                      Effects& out) {
    post_txn(payment, charge.txn, "twice", refund_due, out);
    find(payment, out, "payment", payment.id.str(), "paid_twice", charge.amount);
    add_refund(payment, RefundId::make(), "twice:" + charge.id, charge.amount, "paid_twice",
               &attempt, charge.created, out);
}

int rank(RefundStatus status) {
    return static_cast<int>(status);
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
    find(payment, out, "refund", seen.id, "outside_refund", seen.amount);
    return &payment.refunds.back();
}

Refund* refund_seen(Payment& payment, const SeenRefund& seen, Effects& out) {
    const auto it = std::ranges::find_if(payment.refunds, [&](const Refund& r) {
        return r.external_id == seen.id ||
               (!seen.refund_id.empty() && r.id.str() == seen.refund_id);
    });
    return it == payment.refunds.end() ? outside_refund(payment, seen, out) : &*it;
}

}  // namespace

base::Result<void> check_amount(std::int64_t amount, const std::string& currency) {
    if (currency != "EUR") return base::fail_field("amount_out_of_range", "/currency", "EUR");
    if (amount < amount_min_cents || amount > amount_max_cents) {
        return base::fail_field("amount_out_of_range", "/amount", "50 to 99999999");
    }
    return {};
}

void apply_session(Payment& payment, const SeenSession& session, Effects& out) {
    Attempt* attempt = payment.attempt(session.attempt);
    if (attempt == nullptr || session.payment_id != payment.id.str()) {
        find(payment, out, "payment", session.id, "unknown_object", session.amount);
        return;
    }
    const auto set = [&out](auto& member, const auto& value) {
        if (member == value) return;
        member = value;
        out.changed = true;
    };
    set(attempt->session_id, session.id);
    if (!session.intent.empty()) set(attempt->intent_id, session.intent);
    if (session.declined) set(attempt->declined, true);
    const bool live =
        attempt->status == AttemptStatus::planned || attempt->status == AttemptStatus::open;
    switch (session.state) {
        case SeenSession::State::open:
            if (!live) return;
            set(attempt->status, AttemptStatus::open);
            set(attempt->url, session.url);
            set(attempt->expires_at, session.expires_at);
            if (payment.status == Status::created || payment.status == Status::payment_failed) {
                move(payment, Status::awaiting_payer, out);
            }
            return;
        case SeenSession::State::expired:
            if (!live) return;
            set(attempt->status, AttemptStatus::expired);
            set(attempt->url, std::string());
            return;
        case SeenSession::State::complete:
            set(attempt->url, std::string());
            if (session.charge) {
                apply_charge(payment, *session.charge, out);
            } else if (session.intent_failed) {
                set(attempt->processing, false);
                if (live) set(attempt->status, AttemptStatus::failed);
                if (payment.status == Status::processing) {
                    move(payment, Status::payment_failed, out);
                }
            } else if (live) {
                set(attempt->status, AttemptStatus::open);
                set(attempt->processing, true);
                if (payment.status == Status::created) move(payment, Status::awaiting_payer, out);
                if (payment.status == Status::awaiting_payer) {
                    move(payment, Status::processing, out);
                }
            }
            return;
    }
}

void apply_charge(Payment& payment, const SeenCharge& charge, Effects& out) {
    Attempt* attempt = payment.attempt(charge.attempt);
    if (attempt == nullptr || charge.payment_id != payment.id.str()) {
        find(payment, out, "payment", charge.id, "unknown_object", charge.amount);
        return;
    }
    if (attempt->charge_id == charge.id) return;
    const bool second_of_attempt = !attempt->charge_id.empty();
    if (!second_of_attempt) {
        attempt->charge_id = charge.id;
        attempt->status = AttemptStatus::complete;
        attempt->processing = false;
        attempt->url.clear();
        if (!charge.intent.empty()) attempt->intent_id = charge.intent;
        out.changed = true;
    }
    if (charge.amount != payment.amount || charge.currency != payment.currency) {
        // Not what was asked for: it stands aside until somebody has looked.
        post_txn(payment, charge.txn, "unclear", suspense_in, out);
        find(payment, out, "payment", payment.id.str(),
             charge.currency == payment.currency ? "amount_mismatch" : "currency_mismatch",
             charge.amount);
        return;
    }
    if (payment.status == Status::paid || payment.status == Status::paid_late) {
        attempt->received += charge.amount;
        money_came_twice(payment, charge, *attempt, out);
        return;
    }
    attempt->received = charge.amount;
    const bool over = payment.booking_state == BookingState::cancelled ||
                      payment.booking_state == BookingState::expired;
    if (over && !closed(payment.status)) close(payment, Status::canceled, out);
    if (closed(payment.status)) {
        money_came_late(payment, charge, out);
    } else {
        money_came(payment, charge, out);
    }
}

void apply_refund(Payment& payment, const SeenRefund& seen, Effects& out) {
    Refund* refund = refund_seen(payment, seen, out);
    if (refund->external_id != seen.id) {
        refund->external_id = seen.id;
        out.changed = true;
    }
    if (seen.txn) post_txn(payment, *seen.txn, "refund", refund_due, out);
    if (seen.failure_txn) post_txn(payment, *seen.failure_txn, "refund returned", refund_due, out);
    if (rank(seen.status) <= rank(refund->status)) return;
    const bool executed = refund->status == RefundStatus::succeeded;
    refund->status = seen.status;
    out.changed = true;
    if (seen.status == RefundStatus::succeeded) {
        payment.refunded += refund->amount;
        out.facts.push_back({"refund_executed.v1", *refund});
    }
    if (seen.status == RefundStatus::failed) {
        if (executed) payment.refunded -= refund->amount;
        find(payment, out, "refund", refund->id.str(), "refund_failed", refund->amount);
    }
}

void establish(Payment& payment, Effects& out) {
    post(payment, out, "due:" + payment.id.str(), "due", receivable, revenue, payment.amount);
    out.changed = true;
}

void close(Payment& payment, Status to, Effects& out) {
    if (closed(payment.status) || payment.status == Status::paid ||
        payment.status == Status::paid_late) {
        return;
    }
    if (!move(payment, to, out)) return;
    post(payment, out, "undue:" + payment.id.str(), "no longer due", revenue, receivable,
         payment.amount);
}

void booking_confirmed(Payment& payment, Effects& out) {
    if (payment.booking_state != BookingState::accepted) return;
    payment.booking_state = BookingState::confirmed;
    out.changed = true;
}

void booking_cancelled(Payment& payment, base::Instant now, Effects& out) {
    if (payment.booking_state == BookingState::cancelled) return;
    payment.booking_state = BookingState::cancelled;
    out.changed = true;
    // Money that booking knew, or will know, as paid goes back by its order; late money at once.
    if (payment.status == Status::paid_late) {
        refund_late_money(payment, "paid_late", now, out);
    } else if (payment.live_attempt() == nullptr) {
        close(payment, Status::canceled, out);
    }
}

void booking_expired(Payment& payment, base::Instant, Effects& out) {
    if (payment.booking_state == BookingState::expired ||
        payment.booking_state == BookingState::cancelled) {
        return;
    }
    payment.booking_state = BookingState::expired;
    out.changed = true;
    if (payment.live_attempt() == nullptr) close(payment, Status::expired, out);
}

void retaken(Payment& payment, Effects& out) {
    if (payment.status == Status::paid && payment.booking_state != BookingState::confirmed) {
        payment.booking_state = BookingState::confirmed;
        out.changed = true;
        return;
    }
    if (payment.status != Status::paid_late || !payment.refunds.empty()) return;
    payment.booking_state = BookingState::confirmed;
    post(payment, out, "retaken:" + payment.id.str(), "due again", receivable, revenue,
         payment.amount);
    post(payment, out, "kept:" + payment.id.str(), "late money kept", refund_due, receivable,
         payment.amount);
    move(payment, Status::paid, out);
    out.facts.push_back({"payment_paid.v1", {}});
}

void not_retaken(Payment& payment, base::Instant now, Effects& out) {
    if (payment.status == Status::paid_late) {
        refund_late_money(payment, "paid_late", now, out);
    } else if (payment.status == Status::paid) {
        // It came in time for us, and too late for booking.
        const auto rest = payment.amount - payment.refunds_granted();
        (void)grant_refund(payment, RefundId::make(), "late:" + payment.id.str(), rest, "paid_late",
                           now, out);
    }
}

base::Result<RefundId> grant_refund(Payment& payment, const RefundId& id, const std::string& key,
                                    std::int64_t amount, const std::string& reason,
                                    base::Instant now, Effects& out) {
    if (const Refund* known = payment.refund_by_key(key)) return known->id;
    if (amount <= 0 || payment.status != Status::paid ||
        amount > payment.amount - payment.refunds_granted()) {
        return base::fail("refund_exceeds_paid");
    }
    const Attempt* from = payment.received_offline > 0 ? nullptr : payment.settling_attempt();
    post(payment, out, "refund:" + key, "refund granted", revenue, refund_due, amount);
    return add_refund(payment, id, key, amount, reason, from, now, out);
}

base::Result<void> refund_transferred(Payment& payment, const RefundId& id, Effects& out) {
    Refund* refund = payment.refund(id);
    if (refund == nullptr) return base::fail("not_found", "refund");
    const bool owed =
        (refund->route == Route::bank_transfer && refund->status == RefundStatus::requested) ||
        refund->status == RefundStatus::failed;
    if (!owed) return base::fail("invalid_transition", "this refund does not go by transfer");
    for (const auto* reason : {"refund_by_transfer", "refund_failed"}) {
        out.findings.push_back(
            {"refund", id.str(), reason, refund->amount, payment.establishment, true, {}});
    }
    refund->route = Route::bank_transfer;
    refund->status = RefundStatus::succeeded;
    payment.refunded += refund->amount;
    post(payment, out, "transferred:" + id.str(), "refund by transfer", refund_due, bank,
         refund->amount);
    out.changed = true;
    out.facts.push_back({"refund_executed.v1", *refund});
    return {};
}

base::Result<void> receive_offline(Payment& payment, const std::string& method,
                                   const std::string& reference, time::Date received_on,
                                   base::Instant now, Effects& out) {
    if (payment.status == Status::paid || payment.status == Status::paid_late) {
        return base::fail("already_paid");
    }
    if (payment.live_attempt() != nullptr) {
        return base::fail("invalid_transition", "a page at the provider is open");
    }
    // A cheque in the letter box is a fact, however late it comes: booking says what becomes of it.
    const bool late = closed(payment.status);
    post(payment, out, "offline:" + payment.id.str(),
         method + (reference.empty() ? "" : " " + reference), offline_clearing,
         late ? refund_due : receivable, payment.amount,
         std::int64_t{received_on.days} * 86'400 + 43'200);
    payment.received_offline = payment.amount;
    payment.method = method;
    payment.paid_at = now;
    move(payment, late ? Status::paid_late : Status::paid, out);
    out.facts.push_back({late ? "payment_paid_late.v1" : "payment_paid.v1", {}});
    if (late && payment.booking_state == BookingState::cancelled) {
        refund_late_money(payment, "paid_late", now, out);
    }
    return {};
}

}  // namespace preau::payment
