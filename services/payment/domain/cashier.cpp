// Opening and closing pages at the provider.

#include "services/payment/domain/cashier.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace preau::payment {

namespace {

constexpr int kSteps = 5;       // of a conversation with the provider, each of which may change all
constexpr int kWriteTries = 8;  // against others who write the same payment

void wait_a_little() {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

std::string target_of(const Payment& payment, int n) {
    return payment.id.str() + "/" + std::to_string(n);
}

std::string checkout_key(const Payment& payment, int n) {
    return "checkout:" + payment.id.str() + ":" + std::to_string(n);
}

bool booking_over(const Payment& payment) {
    return payment.booking_state == BookingState::cancelled ||
           payment.booking_state == BookingState::expired;
}

}  // namespace

std::string_view to_string(CancelOutcome outcome) {
    switch (outcome) {
        case CancelOutcome::none:
            return "none";
        case CancelOutcome::cancelled:
            return "cancelled";
        case CancelOutcome::expired:
            return "expired";
        case CancelOutcome::processing:
            return "processing";
        case CancelOutcome::paid:
            return "paid";
    }
    return "none";
}

Cashier::Cashier(CashierSettings settings, Store& store, Provider& provider, BookingPeer& booking,
                 const base::Clock& business, const base::Clock& machine)
    : settings_(std::move(settings)),
      store_(store),
      provider_(provider),
      booking_(booking),
      business_(business),
      machine_(machine) {
    if (!settings_.pause) settings_.pause = wait_a_little;
}

base::Result<Payment> Cashier::change(const PaymentId& id, const Work& work) {
    base::Result<Payment> out = base::fail("internal");
    for (int i = 0; i < kWriteTries; ++i) {
        out = store_.transact([&](Tx& tx) -> base::Result<Payment> {
            auto payment = tx.find(id);
            if (!payment) return base::fail("not_found", "payment");
            Effects effects;
            if (auto done = work(tx, *payment, effects); !done) {
                return std::unexpected(done.error());
            }
            if (auto saved = tx.save(*payment, effects, business_.now()); !saved) {
                return std::unexpected(saved.error());
            }
            return *std::move(payment);
        });
        if (out || out.error().code != "stale_version") return out;
    }
    return base::fail("overloaded", "the payment is written by others");
}

base::Result<Payment> Cashier::look(const PaymentId& id) {
    return store_.read([&](Tx& tx) -> base::Result<Payment> {
        auto payment = tx.find(id);
        if (!payment) return base::fail("not_found", "payment");
        return *std::move(payment);
    });
}

base::Result<Establishment> Cashier::creditor(const Payment& payment) {
    if (!provider_.capabilities().hosted_page) {
        return base::fail("establishment_not_payable", "no_key");
    }
    return store_.read([&](Tx& tx) -> base::Result<Establishment> {
        auto found = tx.establishment(payment.establishment);
        if (!found || found->account.empty()) {
            return base::fail("establishment_not_payable", "no_account");
        }
        return *std::move(found);
    });
}

base::Result<Checkout> Cashier::checkout(const PaymentId& id) {
    for (int step = 0; step < kSteps; ++step) {
        const auto payment = look(id);
        if (!payment) return std::unexpected(payment.error());
        switch (payment->status) {
            case Status::paid:
            case Status::paid_late:
            case Status::processing:
                return base::fail("already_paid");
            case Status::expired:
            case Status::canceled:
                return base::fail("payment_expired");
            case Status::created:
            case Status::awaiting_payer:
            case Status::payment_failed:
                break;
        }
        if (booking_over(*payment)) return base::fail("payment_expired");
        if (payment->requirement == Requirement::later) {
            return base::fail("invalid_transition", "billed later");
        }
        const Attempt* live = payment->live_attempt();
        base::Result<void> done;
        if (live == nullptr) {
            done = make_room(*payment);
        } else if (live->status == AttemptStatus::planned) {
            done = run_call(checkout_key(*payment, live->n));
        } else if (live->expires_at <= business_.now()) {
            done = sync(id);
        } else {
            return Checkout{live->url, live->expires_at};
        }
        if (!done) return std::unexpected(done.error());
    }
    return base::fail("upstream_unavailable", "no page was opened");
}

base::Result<void> Cashier::make_room(const Payment& payment) {
    if (auto fine = check_amount(payment.amount, payment.currency); !fine) return fine;
    const auto now = business_.now();
    if (!payment.pay_by || *payment.pay_by - now >= settings_.page_life_s_min) {
        return plan_attempt(payment);
    }
    if (*payment.pay_by <= now) return base::fail("payment_expired");
    const auto extended = booking_.extend_pay_by(payment.booking);
    if (!extended) return std::unexpected(extended.error());
    if (*extended - now < settings_.page_life_s_min) return base::fail("pay_by_too_close");
    const auto kept = change(payment.id, [&](Tx&, Payment& mine, Effects& effects) {
        if (!mine.pay_by || *mine.pay_by < *extended) {
            mine.pay_by = *extended;
            effects.changed = true;
        }
        return base::Result<void>{};
    });
    if (!kept) return std::unexpected(kept.error());
    return {};
}

base::Result<void> Cashier::plan_attempt(const Payment& payment) {
    const auto owner = creditor(payment);
    if (!owner) return std::unexpected(owner.error());
    if (const auto why = owner->hindrance(settings_.demonstration); !why.empty()) {
        return base::fail("establishment_not_payable", why);
    }
    const auto planned =
        change(payment.id, [&](Tx& tx, Payment& mine, Effects& effects) -> base::Result<void> {
            // Somebody clicked twice: the other one's attempt will do.
            if (mine.live_attempt() != nullptr || mine.status == Status::paid) return {};
            const auto now = business_.now();
            Attempt attempt;
            attempt.n = static_cast<int>(mine.attempts.size()) + 1;
            attempt.opened_at = now;
            attempt.expires_at = now + settings_.page_life_s_max;
            if (mine.pay_by) attempt.expires_at = std::min(attempt.expires_at, *mine.pay_by);
            ProviderCall call;
            call.id = base::new_ulid();
            call.kind = "checkout";
            call.target = target_of(mine, attempt.n);
            call.payment_id = mine.id.str();
            call.account = owner->account;
            call.idem_key = checkout_key(mine, attempt.n);
            provider_.render_checkout(call, mine, attempt, *owner);
            mine.attempts.push_back(std::move(attempt));
            effects.changed = true;
            tx.plan_call(call);
            return {};
        });
    if (!planned) return std::unexpected(planned.error());
    return {};
}

base::Result<void> Cashier::sync(const PaymentId& id) {
    const auto payment = look(id);
    if (!payment) return std::unexpected(payment.error());
    if (payment->attempts.empty()) return {};
    const auto owner = creditor(*payment);
    if (!owner) return {};
    for (const auto& attempt : payment->attempts) {
        if (attempt.status == AttemptStatus::planned) {
            if (auto done = run_call(checkout_key(*payment, attempt.n)); !done) return done;
        } else if (!attempt.session_id.empty() && attempt.charge_id.empty()) {
            if (auto done = read_attempt(id, owner->account, attempt.session_id); !done) {
                return done;
            }
        }
    }
    return {};
}

base::Result<CancelOutcome> Cashier::cancel(const base::BookingId& booking) {
    const auto found = store_.read([&](Tx& tx) -> base::Result<PaymentId> {
        const auto payment = tx.find_by_booking(booking);
        if (!payment) return base::fail("not_found", "payment");
        return payment->id;
    });
    if (!found) {
        if (found.error().code == "not_found") return CancelOutcome::none;
        return std::unexpected(found.error());
    }
    for (int step = 0; step < kSteps; ++step) {
        const auto payment = look(*found);
        if (!payment) return std::unexpected(payment.error());
        switch (payment->status) {
            case Status::paid:
            case Status::paid_late:
                return CancelOutcome::paid;
            case Status::expired:
                return CancelOutcome::expired;
            case Status::canceled:
                return CancelOutcome::cancelled;
            case Status::processing:
                if (step > 0) return CancelOutcome::processing;
                if (auto done = sync(*found); !done) return std::unexpected(done.error());
                continue;
            case Status::created:
            case Status::awaiting_payer:
            case Status::payment_failed:
                break;
        }
        base::Result<void> done;
        const Attempt* live = payment->live_attempt();
        if (live == nullptr) {
            const bool over = payment->pay_by && *payment->pay_by <= business_.now();
            const auto closed_now = change(*found, [&](Tx&, Payment& mine, Effects& effects) {
                if (mine.live_attempt() == nullptr) {
                    close(mine, over ? Status::expired : Status::canceled, effects);
                }
                return base::Result<void>{};
            });
            if (!closed_now) return std::unexpected(closed_now.error());
        } else if (live->status == AttemptStatus::planned) {
            done = run_call(checkout_key(*payment, live->n));
        } else {
            done = close_page(*payment, *live);
        }
        if (!done) return std::unexpected(done.error());
    }
    return base::fail("upstream_unavailable", "the page could not be closed");
}

}  // namespace preau::payment
