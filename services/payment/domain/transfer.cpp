#include "services/payment/domain/transfer.hpp"

#include <algorithm>

#include "services/payment/domain/posting.hpp"

namespace preau::payment {

namespace {

using enum ledger::Account;

bool expected(Status status) {
    return !closed(status) && status != Status::paid && status != Status::paid_late;
}

void owe_back(Payment& payment, Transfers& transfers, const std::string& key, std::int64_t cents,
              base::Instant now, Effects& out) {
    Refund refund;
    refund.id = RefundId::make();
    refund.key = "excess:" + key;
    refund.amount = cents;
    refund.reason = "overpaid";
    refund.requested_at = now;
    add_refund(payment, std::move(refund), nullptr, out);
    transfers.granted += cents;
}

void settle(Payment& payment, Transfers& transfers, Status to, base::Instant now, Effects& out) {
    payment.status = to;
    payment.method = "transfer";
    payment.paid_at = now;
    payment.received_offline = payment.amount;
    payment.settlement = Settlement::bank_confirmed;
    transfers.settled = true;
    out.changed = true;
    out.facts.push_back({to == Status::paid ? "payment_paid.v1" : "payment_paid_late.v1", {}});
}

ledger::Entry entry_of(const Payment& payment, const Arrival& arrival, std::string_view word) {
    ledger::Entry out;
    out.event_key = arrival.key;
    out.payment_id = payment.id.str();
    out.label = std::string(word) + " " + payment.label();
    out.happened_at = arrival.happened_at;
    out.postings = {{arrival.from, arrival.cents, 0}};
    return out;
}

}  // namespace

std::int64_t missing(const Payment& payment, const Transfers& transfers) {
    if (!expected(payment.status) && !transfers.settled) return 0;
    return std::max<std::int64_t>(0, payment.amount - (transfers.received - transfers.granted));
}

void receive_transfer(Payment& payment, Transfers& transfers, const Arrival& arrival,
                      base::Instant now, Effects& out) {
    const bool late = closed(payment.status);
    const auto before = missing(payment, transfers);
    const auto towards = late ? 0 : std::min(arrival.cents, before);
    const auto over = arrival.cents - towards;
    auto entry = entry_of(payment, arrival, late ? "late transfer" : "transfer");
    if (towards > 0) entry.postings.push_back({receivable, 0, towards});
    if (over > 0) entry.postings.push_back({refund_due, 0, over});
    out.entries.push_back(std::move(entry));
    transfers.received += arrival.cents;
    out.changed = true;
    if (late && arrival.cents == payment.amount && may_move(payment.status, Status::paid_late)) {
        settle(payment, transfers, Status::paid_late, now, out);
        // A cancelled booking takes nothing more: all of it goes back. An expired one is asked.
        if (payment.booking_state != BookingState::cancelled) return;
    }
    if (over > 0) owe_back(payment, transfers, arrival.key, over, now, out);
    if (late || towards == 0 || towards < before) return;
    if (transfers.settled) {  // it had been taken back, and is here again
        out.findings.push_back({"payment",
                                payment.id.str(),
                                "transfer_undone",
                                payment.amount,
                                payment.establishment,
                                true,
                                {}});
    } else if (may_move(payment.status, Status::paid)) {
        settle(payment, transfers, Status::paid, now, out);
    }
}

void see_receipt(Payment& payment, Transfers& transfers, const Arrival& arrival, Effects& out) {
    auto entry = entry_of(payment, arrival, "transfer seen");
    entry.postings.push_back({offline_clearing, 0, arrival.cents});
    out.entries.push_back(std::move(entry));
    transfers.seen = true;
    payment.settlement = Settlement::bank_confirmed;
    out.changed = true;
}

base::Result<void> take_back_transfer(Payment& payment, Transfers& transfers, std::int64_t cents,
                                      Effects& out) {
    const bool late = payment.status == Status::paid_late;
    if (transfers.granted > 0 || late || cents > transfers.received) {
        return base::fail("invalid_transition", "a part of it was granted back");
    }
    transfers.received -= cents;
    out.changed = true;
    if (transfers.settled) {
        // Booking knows it as paid, and stays so; the officer must find the money.
        out.findings.push_back({"payment",
                                payment.id.str(),
                                "transfer_undone",
                                cents,
                                payment.establishment,
                                false,
                                {}});
    }
    return {};
}

void square(Payment& payment, Transfers& transfers, base::Instant now, Effects& out) {
    const auto kept = transfers.received - transfers.granted;
    if (payment.status != Status::paid || transfers.settled || kept <= 0) return;
    auto entry =
        ledger::transfer("square:" + payment.id.str() + ":" + std::to_string(kept),
                         "paid twice in part " + payment.label(), receivable, refund_due, kept);
    entry.payment_id = payment.id.str();
    const auto key = entry.event_key;
    out.entries.push_back(std::move(entry));
    owe_back(payment, transfers, key, kept, now, out);
}

}  // namespace preau::payment
