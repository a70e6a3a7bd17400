#pragma once
// What the rules of this folder write beside a payment: entries, findings, mirrored movements,
// moves of the one table. Used by settle.cpp, refunds.cpp, transfer.cpp and
// disputes.cpp only.

#include <string>
#include <string_view>

#include "services/payment/domain/settle.hpp"

namespace preau::payment {

/// `cents` from `credit` to `debit`, labelled with the payment; nothing when `cents` <= 0.
void post(Payment& payment, Effects& out, std::string key, std::string_view word,
          ledger::Account debit, ledger::Account credit, std::int64_t cents,
          std::int64_t happened_at = 0);
void note(const Payment& payment, Effects& out, std::string kind, std::string subject,
          std::string reason, std::int64_t amount, bool resolved = false);
/// A move that the table does not know is a finding, and nothing moves.
bool move(Payment& payment, Status to, Effects& out);
/// The gross amount of a movement at the provider against `other`, and its fee, if any.
void post_txn(Payment& payment, const SeenTxn& txn, std::string_view word, ledger::Account other,
              Effects& out);

/// Promises money that stands in refund_due already: `from` is the attempt whose money goes back,
/// null where it goes by transfer.
RefundId add_refund(Payment& payment, Refund refund, const Attempt* from, Effects& out);
/// All that is left of money that came too late goes back.
void refund_late_money(Payment& payment, std::string_view reason, base::Instant now, Effects& out);

}  // namespace preau::payment
