#include "services/payment/domain/states.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace preau::payment {

namespace {

using enum Status;

constexpr std::array kMoves{
    Move{created, awaiting_payer},
    Move{created, paid},
    Move{created, expired},
    Move{created, canceled},
    Move{awaiting_payer, processing},
    Move{awaiting_payer, paid},
    Move{awaiting_payer, expired},
    Move{awaiting_payer, canceled},
    Move{processing, paid},
    Move{processing, payment_failed},
    Move{processing, expired},
    Move{processing, canceled},
    Move{payment_failed, paid},
    Move{payment_failed, awaiting_payer},
    Move{payment_failed, expired},
    Move{payment_failed, canceled},
    Move{expired, paid_late},
    Move{canceled, paid_late},
    Move{paid_late, paid},
};

constexpr std::array<std::string_view, status_count> kStatus{
    "created", "awaiting_payer", "processing", "paid",
    "expired", "canceled",       "paid_late",  "payment_failed"};
constexpr std::array<std::string_view, 3> kRefundState{"none", "partial", "full"};
constexpr std::array<std::string_view, 4> kSettlement{"none", "pending", "in_payout",
                                                      "bank_confirmed"};
constexpr std::array<std::string_view, 2> kRequirement{"before", "later"};
constexpr std::array<std::string_view, 4> kBooking{"accepted", "confirmed", "cancelled", "expired"};
constexpr std::array<std::string_view, 5> kAttempt{"planned", "open", "complete", "expired",
                                                   "failed"};
constexpr std::array<std::string_view, 8> kRefund{
    "requested", "approved", "submitted", "unknown", "pending", "succeeded", "failed", "rejected"};
constexpr std::array<std::string_view, 4> kDispute{"none", "open", "won", "lost"};
constexpr std::array<std::string_view, 2> kRoute{"provider", "bank_transfer"};

template <class E, std::size_t n>
std::optional<E> find(const std::array<std::string_view, n>& names, std::string_view text) {
    const auto it = std::ranges::find(names, text);
    if (it == names.end()) return std::nullopt;
    return static_cast<E>(it - names.begin());
}

}  // namespace

std::span<const Move> moves() {
    return kMoves;
}

bool may_move(Status from, Status to) {
    return std::ranges::any_of(kMoves, [&](const Move& m) { return m.from == from && m.to == to; });
}

bool closed(Status status) {
    return status == expired || status == canceled;
}

std::string_view to_string(Status value) {
    return kStatus[static_cast<std::size_t>(value)];
}
std::string_view to_string(RefundState value) {
    return kRefundState[static_cast<std::size_t>(value)];
}
std::string_view to_string(Settlement value) {
    return kSettlement[static_cast<std::size_t>(value)];
}
std::string_view to_string(Requirement value) {
    return kRequirement[static_cast<std::size_t>(value)];
}
std::string_view to_string(BookingState value) {
    return kBooking[static_cast<std::size_t>(value)];
}
std::string_view to_string(AttemptStatus value) {
    return kAttempt[static_cast<std::size_t>(value)];
}
std::string_view to_string(RefundStatus value) {
    return kRefund[static_cast<std::size_t>(value)];
}
std::string_view to_string(Route value) {
    return kRoute[static_cast<std::size_t>(value)];
}
std::string_view to_string(DisputeState value) {
    return kDispute[static_cast<std::size_t>(value)];
}

template <>
std::optional<Status> from_text(std::string_view text) {
    return find<Status>(kStatus, text);
}
template <>
std::optional<Settlement> from_text(std::string_view text) {
    return find<Settlement>(kSettlement, text);
}
template <>
std::optional<Requirement> from_text(std::string_view text) {
    return find<Requirement>(kRequirement, text);
}
template <>
std::optional<BookingState> from_text(std::string_view text) {
    return find<BookingState>(kBooking, text);
}
template <>
std::optional<AttemptStatus> from_text(std::string_view text) {
    return find<AttemptStatus>(kAttempt, text);
}
template <>
std::optional<RefundStatus> from_text(std::string_view text) {
    return find<RefundStatus>(kRefund, text);
}
template <>
std::optional<Route> from_text(std::string_view text) {
    return find<Route>(kRoute, text);
}
template <>
std::optional<DisputeState> from_text(std::string_view text) {
    return find<DisputeState>(kDispute, text);
}

}  // namespace preau::payment
