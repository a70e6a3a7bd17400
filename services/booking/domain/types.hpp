#pragma once
// The things of this service as values: bookings with their dated occurrences, closures, the people
// who act, and the refusals that a caller gets.

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/booking/domain/refund.hpp"
#include "services/booking/domain/states.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/availability.hpp"
#include "shared/rules/charges.hpp"
#include "shared/rules/recurrence.hpp"
#include "shared/rules/space.hpp"
#include "shared/time/interval.hpp"
#include "shared/time/zone.hpp"

namespace preau::booking {

/// A date that cannot be had and why. It names the interval in the way, never the other party.
struct Conflict {
    rules::Slot slot;
    rules::SlotState state = rules::SlotState::taken;
    std::string reason;
    std::optional<time::Interval> clash;
    std::string via;  // name of the other offer whose booking is in the way ("Gymnase entier")
    base::BookingId with = {};  // for the house alone: whose time is in the way, or empty
};

/// Who decided, in which role and when; never a name.
struct Decision {
    std::string by_role;  // "manager", "rules"
    std::string by;       // person id; of rules: auto_accepted, or empty (an instant room)
    base::Instant at;
    std::string reason_code;
    std::string reason_text;
};

/// Decision::by of what rule R-13 accepted: it is paid within days, not minutes.
inline constexpr std::string_view auto_accepted = "auto_accept";

/// A booking that a closure would push aside.
struct TouchedBooking {
    base::BookingId id;
    std::string reference;
    State state = State::submitted;
    base::OrganisationId organisation;
    base::SiteId site;
    std::vector<time::Interval> intervals;
};

/// An expected "no", with what the answer tells besides the code.
struct Refusal {
    Refusal(base::Error e) : error(std::move(e)) {}  // NOLINT: every Error is a Refusal
    base::Error error;
    std::vector<Conflict> conflicts;
    time::Zone zone = time::Zone::paris();  // for the slots of `conflicts`
    std::optional<Decision> decision;
    std::optional<State> state;
    std::vector<TouchedBooking> touched;
    std::size_t touched_total = 0;  // where `touched` is not all of them
};

template <class T>
using Outcome = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(std::string code, std::string detail = {}) {
    return std::unexpected(Refusal(base::Error{std::move(code), std::move(detail), {}}));
}
inline std::unexpected<Refusal> refuse_field(std::string code, std::string pointer,
                                             std::string detail = {}) {
    return std::unexpected(
        Refusal(base::fail_field(std::move(code), std::move(pointer), std::move(detail)).error()));
}

/// An input that is not acceptable: `code` is one of "required", "format", "range", "unknown".
inline std::unexpected<Refusal> refuse_input(std::string pointer, std::string code,
                                             std::string detail = {}) {
    return std::unexpected(Refusal(
        base::Error{"invalid", {}, {{std::move(pointer), std::move(code), std::move(detail)}}}));
}

enum class PostRole { manager, finance, caretaker, counter, admin };

struct Post {
    base::BodyId body;
    PostRole role = PostRole::manager;
    std::vector<base::EstablishmentId> establishments;  // empty: the whole body
};

/// Who acts, with what he may do. Built from the identity token at the edge.
struct Actor {
    std::string id;  // person id or "service:<name>"
    bool service = false;
    std::vector<base::OrganisationId> member_of;  // in any role
    std::vector<base::OrganisationId> books_for;  // as president or booker
    std::vector<Post> posts;

    bool is_member(const base::OrganisationId& organisation) const;
    bool may_book_for(const base::OrganisationId& organisation) const;
    /// Holds `role`, or admin, for this establishment.
    bool holds(PostRole role, const base::BodyId& body,
               const base::EstablishmentId& establishment) const;
    /// Holds any post that covers this establishment.
    bool works_at(const base::BodyId& body, const base::EstablishmentId& establishment) const;
    /// "manager", "admin", "counter", … : the strongest post that covers the establishment.
    std::string_view role_at(const base::BodyId& body,
                             const base::EstablishmentId& establishment) const;
};

/// A space as this service knows it from inventory's feed.
struct Space {
    base::SpaceId id;
    base::BodyId body;
    base::SiteId site;
    base::EstablishmentId establishment;
    std::string name;
    std::string establishment_name;
    std::string kind;
    std::string commune_name;
    std::string slug;
    bool published = false;
    bool demonstration = false;
    bool pending_holds = true;
    bool two_levels = false;   // the body decides after the college
    bool auto_accept = false;  // what R-13 allows needs no decision
    time::Zone zone = time::Zone::paris();
    std::string school_zone;
    std::string territory;
    std::vector<std::string> purposes;  // words of rules::purpose_words; empty: all
    std::vector<base::PartId> parts;
    std::vector<rules::Offer> offers;
    rules::Opening opening;
    std::int64_t version = 0;

    const rules::Offer* offer(const base::OfferId& id_wanted) const;
};
using SpaceRef = std::shared_ptr<const Space>;

/// School and public holidays of one site, kept alive by `owner`.
struct SiteCalendar {
    std::shared_ptr<const void> owner;
    rules::Calendar calendar;
};

/// What accounts says of an organisation towards a body.
struct Affiliation {
    char category = 'C';
    std::string category_ground;
    std::string status = "none";  // active suspended banned, or none where there is no affiliation
    std::optional<time::Date> contract_signed_on;
    std::optional<time::Date> insurance_valid_until;
};

struct Occurrence {
    base::OccurrenceId id;
    rules::Slot slot;
    OccurrenceState state = OccurrenceState::planned;
    std::string reason;
    std::int64_t buffer_before_s = 0;
    std::int64_t buffer_after_s = 0;
};

using ProposalId = base::Id<struct ProposalTag>;

/// Other dates or hours, or another offer of the same site, that a manager holds out in place of
/// what was asked for: the booking as it would be. While it stands its time is held besides that of
/// the request, until the deadline.
struct Proposal {
    ProposalId id;
    base::SpaceId space;
    base::OfferId offer;
    std::string space_name;
    std::string offer_name;
    std::vector<base::PartId> parts;  // sorted
    rules::Recurrence when;
    std::vector<Occurrence> occurrences;  // in order of start
    std::optional<rules::Price> price;    // what an acceptance freezes
    std::string payment;
    std::string ground;  // why the price is zero, where it is
    std::string message;
    std::string by_role;
    std::string by;  // person id
    base::Instant made_at;
    base::Instant deadline;

    /// The occurrences that keep their time.
    std::vector<const Occurrence*> kept() const;
    base::Instant first_start() const;
};

/// Of an occurrence: minutes that are kept free around it, in seconds.
struct Buffers {
    std::int64_t before_s = 0;
    std::int64_t after_s = 0;
    bool operator==(const Buffers&) const = default;
};

/// Occurrence::reason of a date that was given back.
inline constexpr std::string_view reason_credited = "credited";
inline constexpr std::string_view reason_not_credited = "not_credited";
/// Of a suspended date, and of one that was cancelled since it stayed so.
inline constexpr std::string_view reason_insurance = "insurance";

struct AcceptedTerms {
    std::string version;
    std::string hash;  // SHA-256 of the text, hex
    base::Instant accepted_at;
    CancellationTerms cancellation = {};  // as they were then
};

using BulkClosureId = base::Id<struct BulkClosureTag>;

/// What a closure took of a booking.
struct PushedAside {
    BulkClosureId by;                          // by which it can be given back; empty: not any more
    std::vector<base::OccurrenceId> dates;     // of the booking
    std::vector<base::OccurrenceId> proposed;  // of the proposal that stands
    std::optional<rules::Price> proposal_price;
    std::optional<Decision> decision;  // as it was before
};

/// What a decision changed besides state and time, as it was before.
struct Before {
    std::optional<rules::Price> price;
    std::string payment;
    std::vector<base::OccurrenceId> left_out;  // by the decision; they keep their time until then
    bool lowered = false;                      // the price, by a person
    std::optional<PushedAside> pushed = {};    // by a closure, not by a decision
};

/// A human decision whose consequences wait until it can no longer be taken back.
struct DeferredEffect {
    base::BookingId booking;
    Act act = Act::accept;
    State previous_state = State::submitted;
    Hold previous_hold = Hold::none;
    base::Instant effective_at;  // machine time
    Before before;
};

using PaymentId = base::Id<struct PaymentTag>;
using RefundId = base::Id<struct RefundTag>;

/// What payment told of the payment of a booking.
struct PaymentFacts {
    PaymentId id;
    base::BookingId booking;
    std::string status;  // created awaiting_payer processing paid expired canceled paid_late …
    std::string refund_state = "none";
    base::Cents amount;
    base::Cents refunded;
    std::string public_ref;
    std::int64_t version = 0;
};

/// An order to payment, given once.
struct RefundOrder {
    RefundId id;
    PaymentId payment;
    base::Cents amount;
    std::string reason;  // cancelled_by_hirer cancelled_by_body closure relet
};

/// What is still given back of a cancelled date when its slot is let to another.
struct ReletClaim {
    base::BookingId booking;
    KeptShare share;
};

struct Booking {
    base::BookingId id;
    std::string reference;
    std::int64_t version = 1;
    State state = State::submitted;
    Hold hold = Hold::none;
    std::string origin = "request";  // or "import"
    std::string channel = "online";  // or "counter"
    base::BodyId body;
    base::EstablishmentId establishment;
    base::SiteId site;
    base::SpaceId space;
    base::OfferId offer;
    base::OrganisationId organisation;
    std::string requester;
    std::string space_name;
    std::string offer_name;
    std::string establishment_name;
    time::Zone zone = time::Zone::paris();
    std::vector<base::PartId> parts;  // sorted
    std::string purpose;
    std::optional<std::string> message;
    std::optional<std::string> contact_phone;
    int headcount = 0;
    rules::Recurrence when;
    std::string request_hash;  // of hirer, offer and slots: finds the same request sent twice
    char category = 'C';
    std::string free_ground;
    std::string payment = "later";      // requirement: none, before, later
    std::optional<rules::Price> price;  // frozen with the request; old and odd imports have none
    std::string quote;                  // whose price it is, or empty
    std::vector<rules::ExtraChoice> extras;
    std::optional<base::Instant> pay_by;  // payment "before": once the acceptance stands
    bool pay_by_extended = false;
    std::optional<base::Instant> ask_payment_at;  // when the clock next wants its time back
    bool paid = false;  // the money was here once; a refund does not change that
    std::optional<PaymentFacts> payment_facts;
    AcceptedTerms terms;
    base::Instant submitted_at;
    base::Instant answer_by;
    base::Instant escalate_by;  // twice the working days of answer_by
    int overdue_told = 0;       // 0 nobody, 1 the managers, 2 the body's administrators too
    bool two_levels = false;    // as the space said when it was asked for
    std::string endorsed_by;    // person id: whose opinion the body has, or empty
    std::string asked;          // what the body misses, while it waits for it
    std::string answered;       // the hirer's last answer to that
    base::Instant first_start;  // of the occurrences that keep time
    base::Instant last_start;
    base::Instant last_end;
    std::optional<base::Instant> suspended_from;  // start of the first suspended date
    int dates_count = 0;
    std::optional<Decision> decision;
    std::vector<Occurrence> occurrences;
    std::optional<DeferredEffect> deferred;
    std::optional<Proposal> proposal;  // that stands

    /// The occurrences that keep their time.
    std::vector<const Occurrence*> kept() const;
    /// Of the dates that keep time: a manager may have shortened them. Nothing where there are
    /// none.
    std::optional<Buffers> buffers() const;
    /// Nothing is to be paid: such a booking needs its ground.
    bool free_of_charge() const { return price ? price->total == base::Cents{} : category == 'A'; }
    /// Sets first_start, last_start, last_end, suspended_from and dates_count from the occurrences.
    void summarise();
};

using rules::ClosureKind;

struct PartInterval {
    base::PartId part;
    time::Interval interval;
};

struct Closure {
    base::ClosureId id;
    BulkClosureId bulk;  // whose part it is, or empty
    base::BodyId body;
    base::EstablishmentId establishment;
    base::SiteId site;
    ClosureKind kind = ClosureKind::closure;
    std::string reason;
    time::Date from;
    time::Date until;  // inclusive
    std::optional<time::Minute> start_minute;
    std::optional<time::Minute> end_minute;
    std::vector<PartInterval> intervals;
    bool active = true;
    std::int64_t version = 1;
    std::string created_by;
    base::Instant created_at;
    time::Zone zone = time::Zone::paris();
};

/// What became of one date: moved has both, given back only `before`, added again only `after`.
struct DateChange {
    base::OccurrenceId occurrence;
    std::optional<rules::Slot> before;
    std::optional<rules::Slot> after;
};

/// A field of the booking with its old and new value ("headcount", "12", "15").
struct FieldChange {
    std::string name;
    std::string before;
    std::string after;
};

struct HistoryLine {
    base::Instant at;
    std::string by_role;  // hirer, manager, admin, counter, rules, clock
    std::string by;       // person id, or empty
    std::string act;
    std::optional<State> from;
    State to = State::submitted;
    std::int64_t version = 0;
    std::string reason_code;
    std::string reason_text;
    std::vector<DateChange> dates = {};    // that the act changed, with old and new
    std::vector<FieldChange> fields = {};  // likewise
};

}  // namespace preau::booking
