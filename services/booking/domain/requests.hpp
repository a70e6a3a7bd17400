#pragma once
// What is asked of the desk: one value for each act that needs more than a booking and its version.
// Shapes and lengths were judged at the edge; whether it can be had, the desk judges.

#include <optional>
#include <string>
#include <vector>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// Another day or other hours in the same room, in place of one date of the rule.
struct Instead {
    time::Date of;  // the local date that the rule gives
    time::Date date;
    time::Minute start_minute = 0;
    time::Minute end_minute = 0;  // may pass midnight
};
inline constexpr std::size_t instead_max = 50;

/// Dates of the rule that are asked for in another room, by a booking of its own beside this one.
struct ElsewhereRequest {
    std::vector<time::Date> of;  // the local dates that the rule gives
    base::OfferId offer;
    rules::Recurrence when;
    std::optional<base::QuoteId> quote;
};
inline constexpr std::size_t elsewhere_max = 20;

struct QuoteRequest {
    base::OrganisationId organisation;
    base::OfferId offer;
    rules::Recurrence when;
    std::vector<rules::ExtraChoice> extras = {};
    std::vector<Instead> instead = {};
};

/// Minutes, never more than they are now (a new booking: the offer's); absent: as now.
struct BufferRequest {
    std::optional<int> before_min;
    std::optional<int> after_min;
};

struct SubmitRequest {
    base::OrganisationId organisation;
    base::OfferId offer;
    rules::Recurrence when;
    std::string purpose;
    int headcount = 1;
    std::optional<std::string> message;
    std::optional<std::string> contact_phone;
    std::optional<base::QuoteId> quote;  // whose price is wanted
    std::vector<rules::ExtraChoice> extras = {};
    std::string terms_version;
    std::optional<std::string> terms_hash;
    bool terms_accepted = false;
    bool skip_conflicts = false;
    BufferRequest buffers;  // a manager's alone (S47)
    std::vector<Instead> instead = {};
    std::vector<ElsewhereRequest> elsewhere = {};  // submit_together alone asks for them
    bool counted = false;  // beside another booking of the same request
};

/// A booking out of a body's old calendar: confirmed at once, no message, no payment. Dates that
/// went by are judged as on their own day.
struct ImportRequest {
    base::BookingId id;
    base::OrganisationId organisation;
    base::OfferId offer;
    std::string requester;
    rules::Recurrence when;
    std::string purpose;
    int headcount = 1;
    bool pending = false;  // a request that waits for an answer, for demonstrations
    bool whole = false;    // by the rules of a request at the counter, all dates or none
};

/// Some dates of a request, and why the others are not granted.
struct PartialGrant {
    std::vector<base::OccurrenceId> dates;  // at least one of those that are asked for
    std::string reason_code;                // of refusal_codes
    std::string reason_text;
    std::string ground;                     // as for accept
    std::optional<base::Cents> total = {};  // as for accept
};

/// Another date or other hours in the place of one.
struct Replacement {
    base::OccurrenceId occurrence;
    time::Date date;
    time::Minute start_minute = 0;
    time::Minute end_minute = 0;  // may pass midnight
};

struct ProposalRequest {
    std::optional<base::OfferId> offer;     // another one of the same site
    std::optional<rules::Recurrence> when;  // in place of all dates; or
    std::vector<Replacement> replace;       // of single ones
    std::string message;
    std::optional<time::Date> deadline;  // until 18:00 local; else five working days
    std::string ground;                  // as for accept
};

/// Which dates a move takes along; those that have begun stay as they are.
enum class MoveScope { one, following, future };

/// New hours, day or offer for dates that keep time. What is absent stays.
struct MoveRequest {
    base::OccurrenceId occurrence;  // scope future: any of the booking
    MoveScope scope = MoveScope::one;
    std::optional<time::Date> date;            // scope one
    std::optional<time::Weekday> weekday;      // scopes following, future: of each date's own week
    std::optional<time::Minute> start_minute;  // both or none
    std::optional<time::Minute> end_minute;    // may pass midnight
    std::optional<base::OfferId> offer;        // of the same space; scope future, none begun
};

/// What a hirer may still put right after the decision (S89).
struct EditRequest {
    std::optional<int> headcount;
    std::optional<std::string> purpose;
    std::optional<std::string> message;  // empty: none any more
    std::optional<std::string> contact_phone;
};

struct ClosureRequest {
    std::optional<base::SiteId> site;
    std::optional<base::SpaceId> space;
    std::vector<base::PartId> parts;
    ClosureKind kind = ClosureKind::closure;
    std::string reason;
    time::Date from;
    time::Date until;
    std::optional<time::Minute> start_minute;  // both or none: the same hours on each day
    std::optional<time::Minute> end_minute;
    bool force = false;
};

/// The same closure at several sites of one body.
struct BulkClosureRequest {
    std::vector<base::SiteId> sites;  // 1 to bulk_closure_sites_max, each once
    ClosureKind kind = ClosureKind::closure;
    std::string reason;
    time::Date from;
    time::Date until;
    std::optional<time::Minute> start_minute;  // both or none: the same hours on each day
    std::optional<time::Minute> end_minute;
    bool force = false;
};
inline constexpr std::size_t bulk_closure_sites_max = 200;

}  // namespace preau::booking
