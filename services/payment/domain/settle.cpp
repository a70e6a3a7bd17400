#include "services/payment/domain/settle.hpp"

#include <algorithm>

#include "services/payment/domain/posting.hpp"

namespace preau::payment {

using enum ledger::Account;

namespace {

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
    note(payment, out, "payment", payment.id.str(), "paid_twice", charge.amount);
    Refund refund;
    refund.id = RefundId::make();
    refund.key = "twice:" + charge.id;
    refund.amount = charge.amount;
    refund.reason = "paid_twice";
    refund.requested_at = charge.created;
    add_refund(payment, std::move(refund), &attempt, out);
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
        note(payment, out, "payment", session.id, "unknown_object", session.amount);
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
        note(payment, out, "payment", charge.id, "unknown_object", charge.amount);
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
        note(payment, out, "payment", payment.id.str(),
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
