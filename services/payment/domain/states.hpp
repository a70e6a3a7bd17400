#pragma once
// The states of this service and the one table of the moves between them (payments.md §3.1).

#include <optional>
#include <span>
#include <string_view>

namespace preau::payment {

enum class Status {
    created,
    awaiting_payer,
    processing,
    paid,
    expired,
    canceled,
    paid_late,
    payment_failed,
};
inline constexpr int status_count = 8;

struct Move {
    Status from;
    Status to;
};
std::span<const Move> moves();
bool may_move(Status from, Status to);

/// Nothing is expected any more, and money that comes is late.
bool closed(Status status);

enum class RefundState { none, partial, full };
enum class Settlement { none, pending, in_payout, bank_confirmed };
enum class Requirement { before, later };
/// What this service knows of the booking.
enum class BookingState { accepted, confirmed, cancelled, expired };
enum class AttemptStatus { planned, open, complete, expired, failed };
/// In the order in which a refund moves on. `requested` waits for a second officer, `approved` for
/// being sent (or for the bank, by transfer), `unknown` for the provider's word on what was sent.
enum class RefundStatus {
    requested,
    approved,
    submitted,
    unknown,
    pending,
    succeeded,
    failed,
    rejected,
};
/// What the payer's bank says of money that it wants back.
enum class DisputeState { none, open, won, lost };
enum class Route { provider, bank_transfer };

std::string_view to_string(Status value);
std::string_view to_string(RefundState value);
std::string_view to_string(Settlement value);
std::string_view to_string(Requirement value);
std::string_view to_string(BookingState value);
std::string_view to_string(AttemptStatus value);
std::string_view to_string(RefundStatus value);
std::string_view to_string(Route value);
std::string_view to_string(DisputeState value);

/// Reads a name back; nothing for an unknown one.
template <class E>
std::optional<E> from_text(std::string_view text);
template <>
std::optional<Status> from_text(std::string_view text);
template <>
std::optional<Settlement> from_text(std::string_view text);
template <>
std::optional<Requirement> from_text(std::string_view text);
template <>
std::optional<BookingState> from_text(std::string_view text);
template <>
std::optional<AttemptStatus> from_text(std::string_view text);
template <>
std::optional<RefundStatus> from_text(std::string_view text);
template <>
std::optional<Route> from_text(std::string_view text);
template <>
std::optional<DisputeState> from_text(std::string_view text);

}  // namespace preau::payment
