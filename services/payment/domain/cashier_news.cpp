// News of the provider: webhooks, movements, payouts (payments.md §3.6, §4.1, §4.2).

#include <algorithm>

#include "services/payment/domain/cashier.hpp"

namespace preau::payment {

namespace {

constexpr int kNewsTries = 12;
constexpr std::int64_t kNewsWait_s[] = {2, 10, 60, 300, 1'800};

base::Error unreadable(const ReadFailure& failure) {
    return {failure.gone ? "not_found" : "upstream_unavailable", failure.detail, {}};
}

bool is_charge(std::string_view type) {
    return type == "charge" || type == "payment";
}

bool is_dispute(std::string_view type) {
    return type.starts_with("dispute");
}

bool is_refund(std::string_view type) {
    return type == "refund" || type == "payment_refund" || type == "refund_failure" ||
           type == "payment_failure_refund";
}

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

base::Result<void> Cashier::take_unknown(const Establishment& owner, const SeenTxn& txn) {
    return store_.transact([&](Tx& tx) -> base::Result<void> {
        using enum ledger::Account;
        const auto net = txn.gross - txn.fee;
        tx.mirror({txn.id,
                   owner.account,
                   owner.id,
                   txn.type,
                   txn.gross,
                   txn.fee,
                   txn.source,
                   {},
                   txn.created});
        if (net != 0) {
            auto entry = net > 0 ? ledger::transfer("txn:" + txn.id, "unknown " + txn.type,
                                                    psp_clearing, suspense_in, net)
                                 : ledger::transfer("txn:" + txn.id, "unknown " + txn.type,
                                                    suspense_out, psp_clearing, -net);
            entry.happened_at = txn.created.seconds;
            tx.post(owner.id, entry, business_.now());
        }
        tx.note({"transaction", txn.id, "unknown_transaction", net, owner.id, false, {}},
                business_.now());
        return {};
    });
}

base::Result<void> Cashier::take_payout_txn(const Establishment& owner, const SeenTxn& txn) {
    return store_.transact([&](Tx& tx) -> base::Result<void> {
        using enum ledger::Account;
        tx.mirror({txn.id,
                   owner.account,
                   owner.id,
                   txn.type,
                   txn.gross,
                   txn.fee,
                   txn.source,
                   {},
                   txn.created});
        if (txn.gross == 0) return {};
        auto entry = txn.gross < 0
                         ? ledger::transfer("txn:" + txn.id, "payout " + txn.source, payout_transit,
                                            psp_clearing, -txn.gross)
                         : ledger::transfer("txn:" + txn.id, "payout returned " + txn.source,
                                            psp_clearing, payout_transit, txn.gross);
        entry.happened_at = txn.created.seconds;
        tx.post(owner.id, entry, business_.now());
        return {};
    });
}

base::Result<void> Cashier::take_txn(const Establishment& owner, const SeenTxn& txn) {
    const auto known =
        store_.read([&](Tx& tx) -> base::Result<bool> { return tx.knows_txn(txn.id); });
    if (!known) return std::unexpected(known.error());
    if (*known) return {};
    if (txn.type.starts_with("payout")) return take_payout_txn(owner, txn);
    base::Result<void> taken = base::fail("not_found", txn.type);
    if (is_charge(txn.type)) {
        const auto charge = provider_.charge(owner.account, txn.source);
        taken = charge ? take_charge(owner, *charge)
                       : base::Result<void>(std::unexpected(unreadable(charge.error())));
    } else if (is_refund(txn.type)) {
        const auto refund = provider_.refund(owner.account, txn.source);
        taken = refund ? take_refund(owner, *refund)
                       : base::Result<void>(std::unexpected(unreadable(refund.error())));
    } else if (is_dispute(txn.type)) {
        const auto dispute = provider_.dispute(owner.account, txn.source);
        taken = dispute ? take_dispute(owner, *dispute)
                        : base::Result<void>(std::unexpected(unreadable(dispute.error())));
    }
    if (!taken && taken.error().code != "not_found") return taken;
    const auto mirrored =
        store_.read([&](Tx& tx) -> base::Result<bool> { return tx.knows_txn(txn.id); });
    if (!mirrored) return std::unexpected(mirrored.error());
    return *mirrored ? base::Result<void>{} : take_unknown(owner, txn);
}

base::Result<void> Cashier::sync_payout(const Establishment& owner, const std::string& payout_id) {
    const auto seen = provider_.payout(owner.account, payout_id);
    if (!seen) return std::unexpected(unreadable(seen.error()));
    const auto lines = provider_.txns_of_payout(owner.account, payout_id);
    if (!lines) return std::unexpected(unreadable(lines.error()));
    std::int64_t sum = 0;
    std::vector<std::string> ids;
    for (const auto& txn : *lines) {
        if (auto taken = take_txn(owner, txn); !taken) return taken;
        // Some listings have the payout's own movement among its lines.
        if (txn.type.starts_with("payout")) continue;
        sum += txn.gross - txn.fee;
        ids.push_back(txn.id);
    }
    const bool failed = seen->status == "failed" || seen->status == "canceled";
    const auto kept = store_.transact([&](Tx& tx) -> base::Result<std::vector<PaymentId>> {
        const auto now = business_.now();
        auto payout = tx.find_payout(payout_id).value_or(Payout{});
        const bool confirmed = payout.status == "bank_confirmed";
        payout = {payout_id,     owner.id,    owner.account, seen->amount, sum,
                  payout.status, seen->trace, seen->created, seen->arrival};
        const bool complete = seen->itemised && sum == seen->amount;
        if (!confirmed) {
            payout.status = complete ? "itemised" : seen->itemised ? "discrepancy" : "seen";
        }
        if (failed) payout.status = "failed";
        tx.save_payout(payout);
        tx.set_payout_lines(payout_id, ids);
        tx.note({"payout",
                 payout_id,
                 "payout_discrepancy",
                 seen->amount - sum,
                 owner.id,
                 payout.status != "discrepancy",
                 {}},
                now);
        if (failed) {
            tx.note({"payout", payout_id, "payout_failed", seen->amount, owner.id, false, {}}, now);
        }
        return tx.payments_of_payout(payout_id);
    });
    if (!kept) return std::unexpected(kept.error());
    for (const auto& id : *kept) {
        const auto moved = change(id, [&](Tx&, Payment& payment, Effects& effects) {
            const bool told = payment.payout_id == payout_id &&
                              payment.settlement >= Settlement::in_payout && !failed;
            if (told) return base::Result<void>{};
            payment.payout_id = failed ? std::string() : payout_id;
            payment.settlement = failed ? Settlement::pending : Settlement::in_payout;
            effects.changed = true;
            return base::Result<void>{};
        });
        if (!moved) return std::unexpected(moved.error());
    }
    return {};
}

base::Result<SyncCounts> Cashier::sync_account(const Establishment& owner) {
    if (owner.account.empty() || !provider_.capabilities().movements) {
        return base::fail("establishment_not_payable");
    }
    const auto now = business_.now();
    const auto last = store_.read(
        [&](Tx& tx) -> base::Result<base::Instant> { return tx.synced_until(owner.account); });
    if (!last) return std::unexpected(last.error());
    const base::Instant since{std::max<std::int64_t>(0, last->seconds - settings_.sync_overlap_s)};
    const auto txns = provider_.txns(owner.account, since);
    if (!txns) return std::unexpected(unreadable(txns.error()));
    SyncCounts counts;
    for (const auto& txn : *txns) {
        const auto known =
            store_.read([&](Tx& tx) -> base::Result<bool> { return tx.knows_txn(txn.id); });
        if (known && *known) continue;
        if (auto taken = take_txn(owner, txn); !taken) return std::unexpected(taken.error());
        ++counts.txns;
    }
    if (auto taken = take_account(owner); !taken) return std::unexpected(taken.error());
    const auto payouts = provider_.payouts(owner.account, since);
    if (!payouts) return std::unexpected(unreadable(payouts.error()));
    for (const auto& payout : *payouts) {
        const auto settled = store_.read([&](Tx& tx) -> base::Result<bool> {
            const auto known = tx.find_payout(payout.id);
            return known && (known->status == "itemised" || known->status == "bank_confirmed") &&
                   payout.status != "failed";
        });
        if (settled && *settled) continue;
        if (auto done = sync_payout(owner, payout.id); !done) return std::unexpected(done.error());
        ++counts.payouts;
    }
    const auto kept = store_.transact([&](Tx& tx) -> base::Result<bool> {
        tx.set_synced(owner.account, now, now + settings_.sync_account_s);
        return true;
    });
    if (!kept) return std::unexpected(kept.error());
    return counts;
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

int Cashier::sync_accounts(int limit) {
    if (!provider_.capabilities().movements) return 0;
    const auto now = business_.now();
    const auto due = store_.read([&](Tx& tx) -> base::Result<std::vector<Establishment>> {
        return tx.accounts_due(now, limit);
    });
    if (!due) return 0;
    for (const auto& one : *due) {
        if (sync_account(one)) continue;
        (void)store_.transact([&](Tx& tx) -> base::Result<bool> {
            tx.set_synced(one.account, tx.synced_until(one.account), now + settings_.look_again_s);
            return true;
        });
    }
    return static_cast<int>(due->size());
}

}  // namespace preau::payment
