#pragma once
// Which fact is told to whom: one table. Facts that lead to another at once are left out (an
// acceptance that needs no payment is confirmed in the same moment; a late payment is answered by
// retaken or not_retaken), so that nobody gets two messages about one thing.

#include <optional>
#include <string_view>
#include <vector>

namespace preau::notification {

enum class Kind {
    submitted,           // requester: your request has arrived
    received,            // managers: a request waits for you
    accepted,            // requester: accepted, to be paid
    confirmed,           // requester: the dates are yours, with the calendar file
    refused,             // requester, with the reason
    expired,             // requester: not answered or not paid in time
    cancelled_by_hirer,  // requester: the organisation gave its dates back
    cancelled_notice,    // managers: the same
    cancelled_by_body,   // requester
    paid,                // requester: the money has come
    refunded,            // requester: money went back
    not_retaken,         // requester: paid too late, the room is gone
    documents_asked,     // requester: something is missing
    documents_provided,  // managers: the answer to that
    counter_proposed,    // requester: something else is held out, until when
    proposal_declined,   // managers: the requester does not want it
    expired_notice,      // managers: a request ended by the clock
    answer_due,          // managers: the answer is due
    answer_overdue,      // administrators of the body: nobody has answered
    suspended,           // requester: dates are not insured, and what to do
    resumed,             // requester: they are again
    dates_cancelled,     // requester: a closure took some of the dates
    endorsed,            // administrators of the body: the college is in favour, the word is theirs
};
std::string_view to_string(Kind kind);
std::optional<Kind> kind_from(std::string_view text);

enum class Audience { requester, managers, administrators };

struct Telling {
    Kind kind;
    Audience audience;
    bool operator==(const Telling&) const = default;
};

/// What a fact's type and the few members that matter lead to. `payment` is requirement.payment of
/// the booking, `state` the booking's state after the fact.
std::vector<Telling> tellings(std::string_view type, std::string_view state,
                              std::string_view payment);

}  // namespace preau::notification
