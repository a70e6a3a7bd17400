// The account at the provider, read without any webhook: movements, refunds that wait, payouts
// (payments.md §4.1, §4.2).

#include <algorithm>

#include "services/payment/domain/cashier.hpp"

namespace preau::payment {

namespace {

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

/// A refund that waits for money (given at the provider, perhaps by others) moves nothing yet, so
/// no movement tells of it.
base::Result<void> Cashier::take_waiting_refunds(const Establishment& owner, base::Instant since) {
    const auto refunds = provider_.refunds_since(owner.account, since);
    if (!refunds) return std::unexpected(unreadable(refunds.error()));
    for (const auto& refund : *refunds) {
        if (refund.txn) continue;
        const auto taken = take_refund(owner, refund);
        if (!taken && taken.error().code != "not_found") return taken;
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
    if (auto taken = take_waiting_refunds(owner, since); !taken) {
        return std::unexpected(taken.error());
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
