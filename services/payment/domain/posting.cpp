#include "services/payment/domain/posting.hpp"

namespace preau::payment {

using ledger::Account;
using enum ledger::Account;

namespace {

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

}  // namespace

void post(Payment& payment, Effects& out, std::string key, std::string_view word, Account debit,
          Account credit, std::int64_t cents, std::int64_t happened_at) {
    if (cents <= 0) return;
    auto entry = ledger::transfer(std::move(key), std::string(word) + " " + payment.label(), debit,
                                  credit, cents);
    entry.payment_id = payment.id.str();
    entry.happened_at = happened_at;
    out.entries.push_back(std::move(entry));
}

void note(const Payment& payment, Effects& out, std::string kind, std::string subject,
          std::string reason, std::int64_t amount, bool resolved) {
    out.findings.push_back({std::move(kind),
                            std::move(subject),
                            std::move(reason),
                            amount,
                            payment.establishment,
                            resolved,
                            {}});
}

bool move(Payment& payment, Status to, Effects& out) {
    if (payment.status == to) return true;
    if (!may_move(payment.status, to)) {
        note(payment, out, "payment", payment.id.str(), "illegal_transition", payment.amount);
        return false;
    }
    payment.status = to;
    out.changed = true;
    return true;
}

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

}  // namespace preau::payment
