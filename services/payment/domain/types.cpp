#include "services/payment/domain/types.hpp"

#include <algorithm>

namespace preau::payment {

namespace {
bool second_money(const Refund& refund) {
    return refund.key.starts_with("twice:") || refund.key.starts_with("excess:");
}
}  // namespace

RefundState Payment::refund_state() const {
    if (refunded <= 0) return RefundState::none;
    std::int64_t received = received_offline;
    for (const auto& one : attempts)
        received += one.received;
    return refunded < received ? RefundState::partial : RefundState::full;
}

const Attempt* Payment::live_attempt() const {
    const auto it = std::ranges::find_if(attempts, [](const Attempt& one) {
        return one.status == AttemptStatus::planned || one.status == AttemptStatus::open;
    });
    return it == attempts.end() ? nullptr : &*it;
}

Attempt* Payment::live_attempt() {
    return const_cast<Attempt*>(std::as_const(*this).live_attempt());
}

Attempt* Payment::attempt(int n) {
    const auto it = std::ranges::find(attempts, n, &Attempt::n);
    return it == attempts.end() ? nullptr : &*it;
}

Refund* Payment::refund(const RefundId& wanted) {
    const auto it = std::ranges::find(refunds, wanted, &Refund::id);
    return it == refunds.end() ? nullptr : &*it;
}

Refund* Payment::refund_by_key(std::string_view key) {
    const auto it = std::ranges::find_if(refunds, [&](const Refund& r) { return r.key == key; });
    return it == refunds.end() ? nullptr : &*it;
}

const Attempt* Payment::settling_attempt() const {
    const auto it = std::ranges::find_if(attempts, [&](const Attempt& one) {
        if (one.received == 0) return false;
        return std::ranges::none_of(
            refunds, [&](const Refund& r) { return r.key == "twice:" + one.charge_id; });
    });
    return it == attempts.end() ? nullptr : &*it;
}

std::int64_t Payment::refunds_granted() const {
    std::int64_t sum = 0;
    for (const auto& one : refunds) {
        if (!second_money(one) && one.status != RefundStatus::rejected) sum += one.amount;
    }
    return sum;
}

std::int64_t Payment::refunds_executed() const {
    std::int64_t sum = 0;
    for (const auto& one : refunds) {
        if (!second_money(one) && one.status == RefundStatus::succeeded) sum += one.amount;
    }
    return sum;
}

DisputeState Payment::dispute_state() const {
    auto out = DisputeState::none;
    for (const auto& one : disputes) {
        if (one.state == DisputeState::open) return one.state;
        if (out != DisputeState::lost) out = one.state;
    }
    return out;
}

std::int64_t Payment::disputed() const {
    std::int64_t sum = 0;
    for (const auto& one : disputes) {
        if (one.state != DisputeState::won) sum += one.amount;
    }
    return sum;
}

std::string Establishment::hindrance(bool demonstration) const {
    if (account.empty()) return "no_account";
    if (mandate_ref.empty() && !demonstration) return "mandate_missing";
    return restricted;
}

std::string Payment::label() const {
    return booking_reference + " " + public_ref;
}

}  // namespace preau::payment
