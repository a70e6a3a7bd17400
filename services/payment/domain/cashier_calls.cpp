// Calls that change something at the provider: stored, sent, settled, resumed (payments.md §3.5).

#include <algorithm>

#include "services/payment/domain/cashier.hpp"

namespace preau::payment {

namespace {

int attempt_of(const ProviderCall& call) {
    const auto slash = call.target.find('/');
    return slash == std::string::npos ? 0 : std::stoi(call.target.substr(slash + 1));
}

/// A refund that was sent and not answered says so until it is known what became of it.
void nobody_knows(Payment& payment, const std::string& refund_id, Effects& effects) {
    Refund* refund = payment.refund(RefundId::trusted(refund_id));
    if (refund == nullptr || refund->status != RefundStatus::submitted) return;
    refund->status = RefundStatus::unknown;
    effects.changed = true;
}

/// Refused because of a dispute that is not decided, or of which we have not heard: sent again when
/// it is. A few times only, should the provider say so for ever.
bool waits_for_dispute(const ProviderCall& call, const CallAnswer& answer, const Payment& payment) {
    const bool first_ones = std::ranges::count(call.idem_key, ':') == 1 ||
                            call.idem_key.ends_with(":2") || call.idem_key.ends_with(":3");
    const auto state = payment.dispute_state();
    return answer.code == "charge_disputed" && first_ones &&
           (state == DisputeState::none || state == DisputeState::open);
}

base::Error unanswered(std::string detail) {
    return {"upstream_unavailable", std::move(detail), {}};
}

}  // namespace

base::Result<void> Cashier::run_call(const std::string& key) {
    for (int i = 0; i <= settings_.waits_for_other; ++i) {
        const auto claimed =
            store_.transact([&](Tx& tx) -> base::Result<std::optional<ProviderCall>> {
                return tx.claim_call(key, machine_.now(), settings_.call_lease_s);
            });
        if (!claimed) return std::unexpected(claimed.error());
        if (*claimed) {
            const auto& call = **claimed;
            if (machine_.now() - call.first_sent_at > settings_.give_up_replay_s) {
                return settle_by_reading(call, true);
            }
            return settle(call, provider_.send(call));
        }
        const auto other = store_.read([&](Tx& tx) -> base::Result<std::string> {
            const auto call = tx.call_by_key(key);
            return call ? call->state : std::string("ok");
        });
        if (!other) return std::unexpected(other.error());
        if (*other != "in_flight") return {};
        settings_.pause();
    }
    return std::unexpected(unanswered("another request waits for the provider"));
}

void Cashier::apply_answer(const ProviderCall& call, const CallAnswer& answer, Payment& payment,
                           Effects& effects) {
    const bool done = answer.kind == CallAnswer::Kind::done;
    if (call.kind == "refund") {
        if (done) {
            if (const auto seen = provider_.refund_of(answer.body)) {
                apply_refund(payment, *seen, effects);
            }
            return;
        }
        if (Refund* refund = payment.refund(RefundId::trusted(call.target))) {
            const bool sent = refund->status == RefundStatus::submitted ||
                              refund->status == RefundStatus::unknown;
            if (sent && waits_for_dispute(call, answer, payment)) {
                refund->status = RefundStatus::approved;
                effects.changed = true;
            } else if (sent) {
                refund->status = RefundStatus::failed;
                effects.changed = true;
                effects.findings.push_back({"refund",
                                            refund->id.str(),
                                            "refund_failed",
                                            refund->amount,
                                            payment.establishment,
                                            false,
                                            {}});
            }
        }
        return;
    }
    if (done) {
        if (const auto seen = provider_.session_of(answer.body)) {
            apply_session(payment, *seen, effects);
        }
    } else if (call.kind == "checkout") {
        Attempt* attempt = payment.attempt(attempt_of(call));
        if (attempt != nullptr && attempt->status == AttemptStatus::planned) {
            attempt->status = AttemptStatus::failed;
            effects.changed = true;
        }
    }
}

base::Result<void> Cashier::settle(const ProviderCall& call, const CallAnswer& answer) {
    if (answer.kind == CallAnswer::Kind::replayed) return settle_by_reading(call, false);
    const bool final_answer =
        answer.kind == CallAnswer::Kind::done || answer.kind == CallAnswer::Kind::refused;
    const auto kept = change(PaymentId::trusted(call.payment_id),
                             [&](Tx& tx, Payment& payment, Effects& effects) {
                                 tx.settle_call(call, answer);
                                 if (final_answer) {
                                     apply_answer(call, answer, payment, effects);
                                 } else if (call.kind == "refund") {
                                     nobody_knows(payment, call.target, effects);
                                 }
                                 return base::Result<void>{};
                             });
    if (!kept) return std::unexpected(kept.error());
    if (!final_answer) return std::unexpected(unanswered("the provider does not answer"));
    if (call.kind == "refund" && answer.code == "charge_disputed") {
        // The movements name the dispute.
        const auto owner = creditor(*kept);
        if (owner) (void)sync_account(*owner);
        return {};
    }
    if (call.kind == "expire" && answer.kind == CallAnswer::Kind::refused) {
        // It is over already, one way or the other: the session tells which.
        return sync(PaymentId::trusted(call.payment_id));
    }
    return {};
}

// The key gives an old failure again, or is too old to be trusted: what exists at the provider
// decides.
base::Result<void> Cashier::settle_by_reading(const ProviderCall& call, bool last_chance) {
    const auto id = PaymentId::trusted(call.payment_id);
    CallAnswer answer{CallAnswer::Kind::refused, 0, "resolved_by_reading", {}, 0};
    std::optional<SeenSession> session;
    std::optional<SeenRefund> refund;
    const auto payment = look(id);
    if (!payment) return std::unexpected(payment.error());
    if (call.kind == "checkout") {
        const int n = attempt_of(call);
        const auto opened = std::ranges::find(payment->attempts, n, &Attempt::n);
        const auto since = opened == payment->attempts.end() ? business_.now() : opened->opened_at;
        auto found = provider_.find_session(call.account, id, n, since + -3'600);
        if (!found) return std::unexpected(unanswered(found.error().detail));
        session = std::move(*found);
    } else if (call.kind == "refund") {
        const auto wanted =
            std::ranges::find(payment->refunds, RefundId::trusted(call.target), &Refund::id);
        if (wanted == payment->refunds.end()) return base::fail("internal", "refund");
        const auto from = std::ranges::find(payment->attempts, wanted->attempt, &Attempt::n);
        const std::string intent = from == payment->attempts.end() ? "" : from->intent_id;
        const auto all = provider_.refunds(call.account, intent);
        if (!all) return std::unexpected(unanswered(all.error().detail));
        for (const auto& one : *all) {
            if (one.refund_id == call.target) refund = one;
        }
    }
    if (session || refund) answer.kind = CallAnswer::Kind::done;
    const auto kept = change(id, [&](Tx& tx, Payment& mine, Effects& effects) {
        tx.settle_call(call, answer);
        if (session) {
            apply_session(mine, *session, effects);
        } else if (refund) {
            apply_refund(mine, *refund, effects);
        } else if (call.kind == "refund" && !last_chance) {
            // It never happened: asked for again, under a key of its own.
            if (Refund* again = mine.refund(RefundId::trusted(call.target))) {
                again->status = RefundStatus::approved;
                effects.changed = true;
            }
        } else {
            apply_answer(call, answer, mine, effects);
        }
        return base::Result<void>{};
    });
    if (!kept) return std::unexpected(kept.error());
    if (call.kind == "expire") return sync(id);
    return {};
}

base::Result<void> Cashier::close_page(const Payment& payment, const Attempt& attempt) {
    const auto owner = creditor(payment);
    if (!owner) return std::unexpected(owner.error());
    const std::string key = "expire:" + payment.id.str() + ":" + std::to_string(attempt.n);
    const auto planned = store_.transact([&](Tx& tx) -> base::Result<bool> {
        if (const auto known = tx.call_by_key(key)) {
            return known->state == "ok" || known->state == "refused";
        }
        ProviderCall call;
        call.id = base::new_ulid();
        call.kind = "expire";
        call.target = payment.id.str() + "/" + std::to_string(attempt.n);
        call.payment_id = payment.id.str();
        call.account = owner->account;
        call.idem_key = key;
        provider_.render_expire(call, attempt.session_id);
        tx.plan_call(call);
        return false;
    });
    if (!planned) return std::unexpected(planned.error());
    // Asked for before and settled: the session tells what came of it.
    return *planned ? sync(payment.id) : run_call(key);
}

base::Result<void> Cashier::send_refund(const PaymentId& id, const RefundId& refund_id) {
    const auto payment = look(id);
    if (!payment) return std::unexpected(payment.error());
    const auto owner = creditor(*payment);
    if (!owner) return std::unexpected(owner.error());
    std::string key;
    const auto planned =
        change(id, [&](Tx& tx, Payment& mine, Effects& effects) -> base::Result<void> {
            Refund* refund = mine.refund(refund_id);
            if (refund == nullptr || !may_send(mine, *refund)) return {};
            const Attempt* from = mine.attempt(refund->attempt);
            if (from == nullptr) return base::fail("internal", "the refund has no attempt");
            key = "refund:" + refund_id.str();
            for (int n = 2; tx.call_by_key(key); ++n)
                key = "refund:" + refund_id.str() + ":" + std::to_string(n);
            ProviderCall call;
            call.id = base::new_ulid();
            call.kind = "refund";
            call.target = refund_id.str();
            call.payment_id = mine.id.str();
            call.account = owner->account;
            call.idem_key = key;
            provider_.render_refund(call, mine, *refund, from->intent_id);
            tx.plan_call(call);
            refund->status = RefundStatus::submitted;
            effects.changed = true;
            return {};
        });
    if (!planned) return std::unexpected(planned.error());
    return key.empty() ? base::Result<void>{} : run_call(key);
}

int Cashier::resume_calls(int limit) {
    if (!provider_.capabilities().movements) return 0;
    const auto due = store_.read([&](Tx& tx) -> base::Result<std::vector<std::string>> {
        return tx.calls_due(machine_.now(), limit);
    });
    if (!due) return 0;
    for (const auto& key : *due)
        (void)run_call(key);
    return static_cast<int>(due->size());
}

}  // namespace preau::payment
