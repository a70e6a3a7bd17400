// News of the provider: webhooks, and what is looked at without them (payments.md §3.6).

#include <algorithm>

#include "services/payment/domain/cashier.hpp"

namespace preau::payment {

namespace {

constexpr int kNewsTries = 12;
constexpr std::int64_t kNewsWait_s[] = {2, 10, 60, 300, 1'800};

}  // namespace

base::Result<void> Cashier::read_attempt(const PaymentId& id, const std::string& account,
                                         const std::string& session) {
    const auto seen = provider_.session(account, session);
    if (!seen) return std::unexpected(unreadable(seen.error()));
    const auto kept = change(id, [&](Tx&, Payment& payment, Effects& effects) {
        apply_session(payment, *seen, effects);
        return base::Result<void>{};
    });
    if (!kept) return std::unexpected(kept.error());
    return {};
}

base::Result<void> Cashier::take_charge(const Establishment& owner, const SeenCharge& charge) {
    const auto id = PaymentId::parse(charge.payment_id);
    if (!id) return base::fail("not_found", "the charge is not ours");
    const auto kept =
        change(*id, [&](Tx&, Payment& payment, Effects& effects) -> base::Result<void> {
            if (payment.establishment != owner.id) return base::fail("not_found", "account");
            apply_charge(payment, charge, effects);
            return {};
        });
    if (!kept) return std::unexpected(kept.error());
    return {};
}

bool Cashier::hears_of_charge(const Establishment& owner, const std::string& id) {
    if (id.empty()) return false;
    const auto charge = provider_.charge(owner.account, id);
    return charge && take_charge(owner, *charge);
}

base::Result<void> Cashier::take_refund(const Establishment& owner, const SeenRefund& refund) {
    const auto look_up = [&] {
        return store_.read([&](Tx& tx) -> base::Result<std::optional<PaymentId>> {
            const auto ours = RefundId::parse(refund.refund_id);
            auto by_id = ours ? tx.owner_of_refund(*ours) : std::nullopt;
            return by_id ? by_id : tx.owner_of_intent(refund.intent);
        });
    };
    auto found = look_up();
    // Heard of before the payment itself.
    if (found && !*found && hears_of_charge(owner, refund.charge)) found = look_up();
    if (!found) return std::unexpected(found.error());
    if (!*found) return base::fail("not_found", "the refund is not ours");
    const auto kept =
        change(**found, [&](Tx&, Payment& payment, Effects& effects) -> base::Result<void> {
            if (payment.establishment != owner.id) return base::fail("not_found", "account");
            apply_refund(payment, refund, effects);
            return {};
        });
    if (!kept) return std::unexpected(kept.error());
    return {};
}

base::Result<void> Cashier::take_dispute(const Establishment& owner, const SeenDispute& dispute) {
    const auto look_up = [&] {
        return store_.read([&](Tx& tx) -> base::Result<std::optional<PaymentId>> {
            return tx.owner_of_intent(dispute.intent);
        });
    };
    auto found = look_up();
    if (found && !*found && hears_of_charge(owner, dispute.charge)) found = look_up();
    if (!found) return std::unexpected(found.error());
    if (!*found) return base::fail("not_found", "the dispute is not of ours");
    const auto kept =
        change(**found, [&](Tx&, Payment& payment, Effects& effects) -> base::Result<void> {
            if (payment.establishment != owner.id) return base::fail("not_found", "account");
            apply_dispute(payment, dispute, effects);
            return {};
        });
    if (!kept) return std::unexpected(kept.error());
    return {};
}

base::Result<void> Cashier::take_account(const Establishment& owner) {
    const auto seen = provider_.account(owner.account);
    if (!seen) return std::unexpected(unreadable(seen.error()));
    return store_.transact([&](Tx& tx) -> base::Result<void> {
        if (seen->restricted == owner.restricted) return {};
        tx.set_restricted(owner.account, seen->restricted);
        tx.note({"account",
                 owner.account,
                 "account_restricted",
                 0,
                 owner.id,
                 seen->restricted.empty(),
                 {}},
                business_.now());
        return {};
    });
}

base::Result<void> Cashier::handle_object(const Establishment& owner, const InboxEvent& event) {
    const auto& kind = event.object_kind;
    if (kind == "checkout.session") {
        const auto seen = provider_.session(owner.account, event.object_id);
        if (!seen) return std::unexpected(unreadable(seen.error()));
        const auto id = PaymentId::parse(seen->payment_id);
        if (!id) return base::fail("not_found", "the session is not ours");
        const auto kept =
            change(*id, [&](Tx&, Payment& payment, Effects& effects) -> base::Result<void> {
                if (payment.establishment != owner.id) return base::fail("not_found", "account");
                apply_session(payment, *seen, effects);
                return {};
            });
        if (!kept) return std::unexpected(kept.error());
        return {};
    }
    if (kind == "charge") {
        const auto seen = provider_.charge(owner.account, event.object_id);
        if (!seen) return std::unexpected(unreadable(seen.error()));
        if (auto taken = take_charge(owner, *seen); !taken) return taken;
        if (event.type != "charge.refunded") return {};
        const auto refunds = provider_.refunds(owner.account, seen->intent);
        if (!refunds) return std::unexpected(unreadable(refunds.error()));
        for (const auto& refund : *refunds) {
            if (auto taken = take_refund(owner, refund); !taken) return taken;
        }
        return {};
    }
    if (kind == "payment_intent") {
        const auto id = store_.read([&](Tx& tx) -> base::Result<std::optional<PaymentId>> {
            return tx.owner_of_intent(event.object_id);
        });
        if (!id) return std::unexpected(id.error());
        return *id ? sync(**id) : base::Result<void>{};
    }
    if (kind == "refund") {
        const auto seen = provider_.refund(owner.account, event.object_id);
        if (!seen) return std::unexpected(unreadable(seen.error()));
        return take_refund(owner, *seen);
    }
    if (kind == "dispute") {
        const auto seen = provider_.dispute(owner.account, event.object_id);
        if (!seen) return std::unexpected(unreadable(seen.error()));
        return take_dispute(owner, *seen);
    }
    if (kind == "account") return take_account(owner);
    return sync_payout(owner, event.object_id);
}

NewsOutcome Cashier::handle(const InboxEvent& event) {
    const auto& kind = event.object_kind;
    constexpr std::string_view kOurs[] = {"checkout.session", "charge",  "payment_intent", "refund",
                                          "payout",           "dispute", "account"};
    const bool ours = std::ranges::find(kOurs, kind) != std::end(kOurs);
    const auto owner = store_.read([&](Tx& tx) -> base::Result<std::optional<Establishment>> {
        return tx.account_owner(event.account);
    });
    NewsOutcome outcome = NewsOutcome::ignored;
    std::string error;
    if (ours && owner && *owner) {
        const auto done = handle_object(**owner, event);
        outcome = NewsOutcome::done;
        if (!done) {
            error = done.error().code + " " + done.error().detail;
            const bool unknown = done.error().code == "not_found";
            outcome =
                unknown || event.tries + 1 >= kNewsTries ? NewsOutcome::failed : NewsOutcome::later;
        }
    } else if (!owner) {
        outcome = NewsOutcome::later;
    }
    (void)store_.transact([&](Tx& tx) -> base::Result<bool> {
        const auto step = std::min<std::size_t>(static_cast<std::size_t>(event.tries),
                                                std::size(kNewsWait_s) - 1);
        const bool later = outcome == NewsOutcome::later;
        tx.settle_event(event.id,
                        later                             ? "new"
                        : outcome == NewsOutcome::failed  ? "failed"
                        : outcome == NewsOutcome::ignored ? "ignored"
                                                          : "done",
                        error.substr(0, 200), machine_.now() + kNewsWait_s[step]);
        if (outcome == NewsOutcome::failed && owner && *owner) {
            tx.note({"webhook", event.id, "unknown_object", 0, (*owner)->id, false, {}},
                    business_.now());
        }
        return true;
    });
    return outcome;
}

int Cashier::read_inbox(int limit) {
    if (!provider_.capabilities().movements) return 0;
    const auto due = store_.read([&](Tx& tx) -> base::Result<std::vector<InboxEvent>> {
        return tx.inbox_due(machine_.now(), limit);
    });
    if (!due) return 0;
    for (const auto& event : *due)
        handle(event);
    return static_cast<int>(due->size());
}

void Cashier::look_at_refund(const PaymentId& id, const RefundId& refund_id) {
    const auto payment = look(id);
    if (!payment) return;
    const auto owner = creditor(*payment);
    const auto refund = std::ranges::find(payment->refunds, refund_id, &Refund::id);
    if (!owner || refund == payment->refunds.end()) return;
    if (const auto seen = provider_.refund(owner->account, refund->external_id)) {
        (void)take_refund(*owner, *seen);
    }
    const auto now = business_.now();
    (void)store_.transact([&](Tx& tx) -> base::Result<bool> {
        tx.refund_looked(refund_id, now);
        if (now - refund->requested_at < settings_.refund_alarm_s) return true;
        auto fresh = tx.find(id);
        const Refund* same = fresh ? fresh->refund(refund_id) : nullptr;
        if (same == nullptr || same->status != RefundStatus::pending) return true;
        tx.note({"refund", refund_id.str(), "refund_late", same->amount, owner->id, false, {}},
                now);
        return true;
    });
}

void Cashier::look_at_dispute(const PaymentId& id, const std::string& dispute_id) {
    const auto payment = look(id);
    if (!payment) return;
    const auto owner = creditor(*payment);
    if (!owner) return;
    if (const auto seen = provider_.dispute(owner->account, dispute_id)) {
        (void)take_dispute(*owner, *seen);
    }
    (void)store_.transact([&](Tx& tx) -> base::Result<bool> {
        tx.dispute_looked(dispute_id, business_.now());
        return true;
    });
}

int Cashier::sweep(int limit) {
    if (!provider_.capabilities().movements) return 0;
    struct Due {
        std::vector<PaymentId> look;
        std::vector<PaymentId> close;
        std::vector<std::pair<PaymentId, RefundId>> send;
        std::vector<std::pair<PaymentId, RefundId>> pending;
        std::vector<std::pair<PaymentId, std::string>> disputes;
    };
    const auto now = business_.now();
    const auto due = store_.read([&](Tx& tx) -> base::Result<Due> {
        const auto before = now + -settings_.look_again_s;
        return Due{tx.attempts_to_look(now, before, limit), tx.to_close(limit),
                   tx.refunds_to_send(limit), tx.refunds_pending(before, limit),
                   tx.disputes_open(before, limit)};
    });
    if (!due) return 0;
    for (const auto& id : due->look) {
        (void)sync(id);
        (void)store_.transact([&](Tx& tx) -> base::Result<bool> {
            tx.looked(id, now);
            return true;
        });
    }
    for (const auto& id : due->close) {
        if (const auto payment = look(id)) (void)cancel(payment->booking);
    }
    for (const auto& [payment, refund] : due->send)
        (void)send_refund(payment, refund);
    for (const auto& [payment, refund] : due->pending)
        look_at_refund(payment, refund);
    for (const auto& [payment, dispute] : due->disputes)
        look_at_dispute(payment, dispute);
    return static_cast<int>(due->look.size() + due->close.size() + due->send.size());
}

}  // namespace preau::payment
