// What a request costs, what it waits for, and what the terms give back. Payment takes the money;
// this says how much, until when, and what follows from it.

#include <algorithm>
#include <map>

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/refund.hpp"

namespace preau::booking {

namespace {

constexpr std::string_view kPayment = "service:payment";

std::vector<time::Date> dates_credited(const Booking& booking) {
    std::vector<time::Date> out;
    for (const auto& one : booking.occurrences) {
        if (one.state == OccurrenceState::given_back && one.reason == reason_credited) {
            out.push_back(one.slot.local_date);
        }
    }
    return out;
}

/// But for those that can still be given back.
std::vector<time::Date> dates_cancelled(const Booking& booking, std::string_view reason) {
    std::vector<time::Date> out;
    const auto* pushed = booking.deferred && booking.deferred->before.pushed
                             ? &*booking.deferred->before.pushed
                             : nullptr;
    for (const auto& one : booking.occurrences) {
        if (one.state != OccurrenceState::cancelled || one.reason != reason) continue;
        const bool comes_back =
            pushed != nullptr && std::ranges::find(pushed->dates, one.id) != pushed->dates.end();
        if (!comes_back) out.push_back(one.slot.local_date);
    }
    return out;
}

}  // namespace

base::Cents credit_of(const Booking& booking) {
    return booking.price ? refund_in_full(*booking.price, dates_credited(booking)) : base::Cents{};
}

Outcome<Booking> Desk::extend_pay_by(Tx& tx, const Actor& actor, const base::BookingId& id) const {
    if (actor.id != kPayment) return refuse("forbidden", "payment only");
    auto found = tx.find(id);
    if (!found) return refuse("not_found", "booking");
    Booking booking = *std::move(found);
    if (booking.state != State::accepted || !booking.pay_by) {
        Refusal refusal(base::Error{"invalid_transition", "it does not wait for a payment", {}});
        refusal.state = booking.state;
        return std::unexpected(std::move(refusal));
    }
    const auto remain = booking.pay_by->seconds - now().seconds;
    if (remain >= pay_seconds_extendable) return booking;
    if (booking.pay_by_extended || remain <= 0) {
        Refusal refusal(base::Error{"pay_by_too_close", {}, {}});
        refusal.state = booking.state;
        return std::unexpected(std::move(refusal));
    }
    booking.pay_by = now() + pay_seconds_min;
    booking.pay_by_extended = true;
    booking.ask_payment_at = booking.pay_by;
    if (const auto saved = save(tx, booking, Act::confirm); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, booking, booking.state, "extend_pay_by", "rules", {});
    return booking;
}

Outcome<bool> Desk::release_unpaid(Tx& tx, const base::BookingId& id) const {
    auto booking = tx.find(id);
    if (!booking || booking->paid || !booking->pay_by || *booking->pay_by > now()) return false;
    // Nothing more will be paid for what a closure may still give back either.
    if (const auto done = settle_booking(tx, *booking); !done) {
        return std::unexpected(done.error());
    }
    const auto to = next_state(booking->state, Act::expire, Party::clock);
    if (booking->state != State::accepted || !to) return false;
    const State from = booking->state;
    booking->state = *to;
    if (const auto done = release_stands(tx, *booking, "expired"); !done) {
        return std::unexpected(done.error());
    }
    note(tx, *booking, from, "expire", "clock", {}, "unpaid");
    return true;
}

void Desk::order_refund(Tx& tx, const Booking& booking, base::Cents amount,
                        std::string_view reason) const {
    if (!booking.paid || !booking.payment_facts) return;
    const auto left = booking.payment_facts->amount - tx.refunds_ordered(booking.id);
    const auto due = std::min(amount, left);
    if (due <= base::Cents{}) return;
    tx.order_refund(booking,
                    {RefundId::make(), booking.payment_facts->id, due, std::string(reason)}, now());
}

void Desk::refund_hirer(Tx& tx, const Booking& booking,
                        const std::vector<rules::Slot>& slots) const {
    if (!booking.price || !booking.paid) return;
    const auto refund =
        refund_to_hirer(*booking.price, booking.terms.cancellation, slots, now(), booking.zone);
    order_refund(tx, booking, refund.amount, "cancelled_by_hirer");
    tx.keep_claims(booking, refund.kept);
}

void Desk::refund_relet(Tx& tx, const Booking& booking) const {
    const auto kept = booking.kept();
    if (kept.empty()) return;
    const auto claims = tx.open_claims(booking.space, {booking.first_start, booking.last_end});
    std::map<base::BookingId, base::Cents> due;
    for (const auto& claim : claims) {
        const auto& lost = claim.share.interval;
        const bool covered = std::ranges::any_of(kept, [&](const Occurrence* one) {
            const auto& interval = one->slot.interval;
            return interval.start <= lost.start && lost.end <= interval.end;
        });
        const auto other = covered ? tx.find(claim.booking) : std::nullopt;
        if (!other || !std::ranges::includes(booking.parts, other->parts)) continue;
        if (tx.answer_claim(claim, booking.id)) due[claim.booking] += claim.share.amount;
    }
    for (const auto& [id, amount] : due) {
        if (const auto other = tx.find(id)) order_refund(tx, *other, amount, "relet");
    }
}

void Desk::refund_closed_dates(Tx& tx, const Booking& booking) const {
    if (!booking.price) return;
    order_refund(tx, booking, refund_in_full(*booking.price, dates_cancelled(booking, "closure")),
                 "closure");
    order_refund(tx, booking, credit_of(booking), "given_back");
}

Outcome<void> Desk::decision_stands(Tx& tx, Booking& booking, Act act) const {
    const bool cancelled = act == Act::cancel;
    if (const auto done = release_stands(tx, booking, cancelled ? "cancelled" : "refused"); !done) {
        return done;
    }
    if (cancelled && booking.price) {
        order_refund(tx, booking, refund_in_full(*booking.price, dates_cancelled(booking, "")),
                     "cancelled_by_body");
    }
    return {};
}

Outcome<void> Desk::confirm(Tx& tx, Booking& booking) const {
    const auto to = next_state(booking.state, Act::confirm, Party::rules);
    if (!to) return refuse("invalid_transition");
    const State from = booking.state;
    booking.state = *to;
    if (const auto saved = save(tx, booking, Act::confirm); !saved) return saved;
    note(tx, booking, from, "confirm", "rules", {});
    tx.publish_booking(booking, "confirmed", now());
    refund_relet(tx, booking);
    return {};
}

Outcome<void> Desk::payment_changed(Tx& tx, const PaymentFacts& facts) const {
    auto booking = tx.find(facts.booking);
    if (!booking) return {};
    booking->payment_facts = facts;
    if (facts.status == "paid_late") return money_came_late(tx, *booking, facts);
    if (facts.status == "paid" && !booking->paid) return money_came(tx, *booking, facts);
    return {};
}

Outcome<void> Desk::money_came(Tx& tx, Booking& booking, const PaymentFacts& facts) const {
    // Payment knew the booking to wait when it said "paid"; by now it may have ended here.
    if (booking.state == State::expired) return money_came_late(tx, booking, facts);
    booking.paid = true;
    if (booking.state == State::accepted && !booking.deferred) {
        if (const auto done = confirm(tx, booking); !done) return done;
    } else if (const auto saved = save(tx, booking, Act::confirm); !saved) {
        return saved;
    }
    const bool over = booking.hold == Hold::none && booking.state != State::closed;
    if (over) {
        // It came after the cancellation: all of it goes back, whatever the notice was.
        order_refund(tx, booking, facts.amount,
                     booking.state == State::cancelled_by_hirer ? "cancelled_by_hirer"
                                                                : "cancelled_by_body");
    } else {
        refund_closed_dates(tx, booking);
    }
    return {};
}

Outcome<void> Desk::money_came_late(Tx& tx, Booking& booking, const PaymentFacts& facts) const {
    if (tx.late_payment_answered(facts.id)) return {};
    if (booking.state == State::accepted || booking.state == State::confirmed) {
        // Payment gave it up before we did.
        if (!booking.paid) {
            if (const auto done = money_came(tx, booking, facts); !done) return done;
        }
        tx.answer_late_payment(booking, facts.id, true, now());
        return {};
    }
    const auto to = next_state(booking.state, Act::take_late_payment, Party::rules);
    if (!to) return {};  // cancelled: payment gives it back without being asked
    const bool retaken = tx.attempt([&] {
        Booking again = booking;
        again.state = *to;
        again.paid = true;
        auto taken = take_again(tx, std::move(again), Hold::taken, Act::take_late_payment);
        if (!taken) return false;
        note(tx, *taken, booking.state, "take_late_payment", "rules", {});
        tx.publish_occupancy(*taken, now());
        tx.publish_booking(*taken, "confirmed", now());
        tx.answer_late_payment(*taken, facts.id, true, now());
        refund_closed_dates(tx, *taken);
        refund_relet(tx, *taken);
        return true;
    });
    if (!retaken) tx.answer_late_payment(booking, facts.id, false, now());
    return {};
}

}  // namespace preau::booking
