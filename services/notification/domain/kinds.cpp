#include "services/notification/domain/kinds.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace preau::notification {

namespace {

using enum Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 23> kNames{{
    {submitted, "submitted"},
    {received, "received"},
    {accepted, "accepted"},
    {confirmed, "confirmed"},
    {refused, "refused"},
    {expired, "expired"},
    {cancelled_by_hirer, "cancelled_by_hirer"},
    {cancelled_notice, "cancelled_notice"},
    {cancelled_by_body, "cancelled_by_body"},
    {paid, "paid"},
    {refunded, "refunded"},
    {not_retaken, "not_retaken"},
    {documents_asked, "documents_asked"},
    {documents_provided, "documents_provided"},
    {counter_proposed, "counter_proposed"},
    {proposal_declined, "proposal_declined"},
    {expired_notice, "expired_notice"},
    {answer_due, "answer_due"},
    {answer_overdue, "answer_overdue"},
    {endorsed, "endorsed"},
    {suspended, "suspended"},
    {resumed, "resumed"},
    {dates_cancelled, "dates_cancelled"},
}};

}  // namespace

std::string_view to_string(Kind kind) {
    return std::ranges::find(kNames, kind, &std::pair<Kind, std::string_view>::first)->second;
}

std::optional<Kind> kind_from(std::string_view text) {
    const auto found = std::ranges::find(kNames, text, &std::pair<Kind, std::string_view>::second);
    if (found == kNames.end()) return std::nullopt;
    return found->first;
}

std::vector<Telling> tellings(std::string_view type, std::string_view state,
                              std::string_view payment) {
    if (type == "booking_submitted.v1") {
        return {{submitted, Audience::requester}, {received, Audience::managers}};
    }
    if (type == "booking_accepted.v1") {
        if (payment == "before") return {{accepted, Audience::requester}};
        return {};
    }
    if (type == "booking_confirmed.v1") return {{confirmed, Audience::requester}};
    if (type == "booking_refused.v1") return {{refused, Audience::requester}};
    if (type == "booking_expired.v1") {
        return {{expired, Audience::requester}, {expired_notice, Audience::managers}};
    }
    if (type == "booking_documents_asked.v1") return {{documents_asked, Audience::requester}};
    if (type == "booking_documents_provided.v1") {
        return {{documents_provided, Audience::managers}};
    }
    if (type == "booking_counter_proposed.v1") return {{counter_proposed, Audience::requester}};
    if (type == "booking_proposal_declined.v1") return {{proposal_declined, Audience::managers}};
    if (type == "booking_answer_due.v1") return {{answer_due, Audience::managers}};
    if (type == "booking_answer_overdue.v1") return {{answer_overdue, Audience::administrators}};
    if (type == "booking_suspended.v1") return {{suspended, Audience::requester}};
    if (type == "booking_resumed.v1") return {{resumed, Audience::requester}};
    if (type == "booking_endorsed.v1") return {{endorsed, Audience::administrators}};
    if (type == "booking_dates_cancelled.v1") return {{dates_cancelled, Audience::requester}};
    if (type == "booking_cancelled.v1") {
        if (state == "cancelled_by_body") return {{cancelled_by_body, Audience::requester}};
        return {{cancelled_by_hirer, Audience::requester}, {cancelled_notice, Audience::managers}};
    }
    if (type == "payment_paid.v1") return {{paid, Audience::requester}};
    if (type == "refund_executed.v1") return {{refunded, Audience::requester}};
    if (type == "not_retaken.v1") return {{not_retaken, Audience::requester}};
    return {};
}

}  // namespace preau::notification
