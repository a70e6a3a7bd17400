#pragma once
// The desk: every act of the service as one function on a running transaction. Handlers and jobs
// open the transaction, the desk decides, the store writes. No act changes anything when it
// refuses.

#include <optional>
#include <string>
#include <vector>

#include "services/booking/domain/auto_accept.hpp"
#include "services/booking/domain/bulk_closure.hpp"
#include "services/booking/domain/dates.hpp"
#include "services/booking/domain/guard.hpp"
#include "services/booking/domain/price.hpp"
#include "services/booking/domain/requests.hpp"
#include "services/booking/domain/store.hpp"
#include "services/booking/domain/terms.hpp"
#include "services/booking/domain/types.hpp"

namespace preau::booking {

struct DeskSettings {
    int undo_window_s = 10;
    int closure_undo_window_s = 900;  // of a closure at many sites
    int live_requests_max = 3;    // unanswered requests of one organisation towards one body
    int answer_working_days = 5;
    int pay_by_days = 7;
    int first_use_working_days = 0;  // notice for who was never here; 0: that of the offer
    int single_horizon_days = 0;     // of what is no series; 0: that of the offer
    bool series_in_school_year = false;  // a series ends with the school year of its first date
    DebtTerms debt;
    bool insurance_required = false;     // on every date; else dates are not suspended
    bool contract_required = false;      // where a price is below the reference
    CancellationTerms cancellation;
    std::size_t cells_max = 6'000;
    rules::ExpansionLimits limits;
    UnsafeGuard unsafe;
    Terms terms;
};

struct Quote {
    Place place;
    std::vector<JudgedSlot> dates;
    std::vector<rules::SkippedDate> skipped;
    int free_count = 0;
    Affiliation affiliation;
    Debt debt;                   // towards the establishment; a blocked one refuses every request
    bool ground_needed = false;  // the decision must name why the price is zero
    Priced priced;               // of the free dates; neither price nor problem where none is free
    std::vector<rules::Extra> extras_offered;
    bool contract_needed = false;  // before an acceptance: the price is a favour
    int uninsured_count = 0;       // free dates that would be suspended
    std::string payment;           // what an acceptance would require, where there is a price
    std::string slots_hash;        // of the dates that are priced
    base::QuoteId id;              // of the kept price; empty where it is not kept (yet)
    base::Instant valid_until;
    base::Instant expected_by;
};

/// What an actor may do with one date.
struct DateActs {
    bool give_back = false;
    bool credited = false;  // and would get its price back
    bool move = false;
    bool add_again = false;
};

struct BookingActs {
    std::vector<DateActs> dates;  // as booking.occurrences
    bool edit = false;
    bool shorten_buffers = false;
    std::optional<time::Date> end_from;  // the earliest day from which the series may end
};

struct Checks {
    std::vector<JudgedSlot> dates;  // the kept dates against what others hold now
    std::vector<CompetingRequest> competing;
    int capacity = 0;
    Affiliation affiliation;
    bool ground_needed = false;
    bool insurance_covers_all = false;
    bool contract_needed = false;
    std::vector<Act> acts;                         // by which the actor may answer now
    bool auto_accept = false;                      // the college has opted in
    std::vector<std::string_view> auto_obstacles;  // why it is for a person all the same
    Debt debt;
    PastCounts past;
};

/// Some local days of an establishment: bookings with their dates of these days, and closures with
/// their hours of these days.
struct Planning {
    time::Zone zone;
    time::Interval window;
    std::vector<Booking> bookings;
    std::vector<Closure> closures;
};
inline constexpr int planning_bookings_max = 2'000;

class Desk {
public:
    Desk(DeskSettings settings, const base::Clock& business, const base::Clock& machine);

    const DeskSettings& settings() const { return settings_; }

    /// Writes nothing; names the kept quote of today where there is one with the same price.
    Outcome<Quote> quote(Tx& tx, const Actor& actor, const QuoteRequest& request) const;
    /// As quote, and keeps its price.
    Outcome<Quote> keep_quote(Tx& tx, const Actor& actor, const QuoteRequest& request) const;
    Outcome<Booking> submit(Tx& tx, const Actor& actor, const SubmitRequest& request) const;
    /// One request over several rooms (desk_together.cpp): the booking of `submit`, then one for
    /// each of `elsewhere`, all or nothing. Refusals as those of submit; a fault of one of the
    /// others has its pointer under "/elsewhere/<n>".
    Outcome<std::vector<Booking>> submit_together(Tx& tx, const Actor& actor,
                                                  const SubmitRequest& request) const;
    /// Through the guard (desk_import.cpp). `whole`: the refusals of `submit` that stand in what is
    /// asked for, and `forbidden` (detail: the status) for a hirer whom the body does not know or
    /// has barred; unpublished rooms may be taken. Else dates that cannot be had are left out.
    Outcome<Booking> import_booking(Tx& tx, const ImportRequest& request) const;

    /// A booking that the actor may see; else `not_found`.
    Outcome<Booking> look(Tx& tx, const Actor& actor, const base::BookingId& id) const;
    /// What is planned at an establishment on some local days, for those who work there; else
    /// `not_found`. `too_many` beyond `planning_bookings_max`.
    Outcome<Planning> planning(Tx& tx, const Actor& actor, const base::EstablishmentId& id,
                               time::Date from, int days) const;
    Outcome<Checks> checks(Tx& tx, const Actor& actor, const base::BookingId& id) const;

    /// `ground`: why the price is zero, where the affiliation does not say it. `total`: less than
    /// the price of the vote (S94); it needs its ground, and the old price stays on record.
    Outcome<Booking> accept(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version, std::optional<std::string> ground,
                            std::optional<base::Cents> total = {}) const;
    /// As accept, for the dates named; the others are left out with the reason. At least one.
    Outcome<Booking> accept_in_part(Tx& tx, const Actor& actor, const base::BookingId& id,
                                    std::int64_t version, const PartialGrant& part) const;
    /// Says what is missing; the hirer is to answer.
    Outcome<Booking> ask_documents(Tx& tx, const Actor& actor, const base::BookingId& id,
                                   std::int64_t version, const std::string& text) const;
    Outcome<Booking> provide_documents(Tx& tx, const Actor& actor, const base::BookingId& id,
                                       std::int64_t version, const std::string& text) const;
    Outcome<Booking> propose(Tx& tx, const Actor& actor, const base::BookingId& id,
                             std::int64_t version, const ProposalRequest& request) const;
    Outcome<Booking> accept_proposal(Tx& tx, const Actor& actor, const base::BookingId& id,
                                     std::int64_t version) const;
    Outcome<Booking> decline_proposal(Tx& tx, const Actor& actor, const base::BookingId& id,
                                      std::int64_t version, const std::string& text) const;
    /// Where two levels decide: the college is in favour, and the body's administrators have the
    /// last word. `text`: its opinion in words, or empty.
    Outcome<Booking> endorse(Tx& tx, const Actor& actor, const base::BookingId& id,
                             std::int64_t version, const std::string& text) const;
    Outcome<Booking> refuse_request(Tx& tx, const Actor& actor, const base::BookingId& id,
                                    std::int64_t version, const std::string& reason_code,
                                    const std::string& reason_text) const;
    Outcome<Booking> withdraw(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version) const;
    Outcome<Booking> cancel(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version, const std::string& reason_text) const;
    Outcome<Booking> undo(Tx& tx, const Actor& actor, const base::BookingId& id,
                          std::int64_t version) const;
    Outcome<Booking> reopen(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version) const;

    // Dates of a booking, one by one (desk_series.cpp).
    /// What the actor may do with it now, as far as it can be told before the guard is asked.
    BookingActs acts_of(Tx& tx, const Actor& actor, const Booking& booking) const;
    /// The hirer gives dates back: their time is free at once, the others stay as they are. A
    /// granted date is credited from 3 local days ahead on. `last_date` when none would be
    /// left: that is a cancellation.
    Outcome<Booking> give_back(Tx& tx, const Actor& actor, const base::BookingId& id,
                               std::int64_t version,
                               const std::vector<base::OccurrenceId>& dates) const;
    /// Gives back every date from a day on; `notice_too_short` within 7 local days.
    Outcome<Booking> end_series(Tx& tx, const Actor& actor, const base::BookingId& id,
                                std::int64_t version, time::Date from) const;
    /// A date that was skipped, left out or given back, through the guard again. `price_settled`
    /// where the agreed price does not cover it (docs/decisions/0011).
    Outcome<Booking> add_again(Tx& tx, const Actor& actor, const base::BookingId& id,
                               std::int64_t version, const base::OccurrenceId& date) const;
    Outcome<Booking> edit(Tx& tx, const Actor& actor, const base::BookingId& id,
                          std::int64_t version, const EditRequest& request) const;
    /// A manager lets others come closer; never further away.
    Outcome<Booking> shorten_buffers(Tx& tx, const Actor& actor, const base::BookingId& id,
                                     std::int64_t version, const BufferRequest& request) const;
    /// Moves all or nothing (desk_move.cpp): 409 with the dates that clash, or every date moved. By
    /// the hirer before the decision, by a manager after it; the hirer of a granted booking that
    /// costs nothing asks the college again.
    Outcome<Booking> move(Tx& tx, const Actor& actor, const base::BookingId& id,
                          std::int64_t version, const MoveRequest& request) const;

    Outcome<Closure> lay_closure(Tx& tx, const Actor& actor, const ClosureRequest& request) const;
    Outcome<Closure> lift_closure(Tx& tx, const Actor& actor, const base::ClosureId& id) const;

    // The same closure at many sites (desk_bulk_closure.cpp): begun in one transaction, then one
    // for each site, by whoever comes next, the caller or the clock.
    /// Closes nothing yet. `closure_touches_bookings` with those of all sites, unless forced.
    Outcome<BulkClosure> begin_bulk_closure(Tx& tx, const Actor& actor,
                                            const BulkClosureRequest& request) const;
    /// Gives whether there is more to do.
    Outcome<bool> close_next_site(Tx& tx, const BulkClosureId& id) const;
    /// Opens nothing yet; from now on nothing of it stands that was not told already.
    /// `invalid_transition` once its window is over.
    Outcome<BulkClosure> undo_bulk_closure(Tx& tx, const Actor& actor,
                                           const BulkClosureId& id) const;
    Outcome<bool> reopen_next_site(Tx& tx, const BulkClosureId& id) const;
    /// The window is over: gives whether it was this that ended it.
    Outcome<bool> bulk_closure_stands(Tx& tx, const BulkClosureId& id) const;
    /// For those who may close one of its sites; else `not_found`.
    Outcome<BulkClosure> look_at_bulk_closure(Tx& tx, const Actor& actor,
                                              const BulkClosureId& id) const;

    // Papers (desk_papers.cpp).
    /// After accounts told how a body sees an organisation: suspends the dates to come that its
    /// insurance does not cover, takes those up again that it covers now.
    Outcome<void> papers_changed(Tx& tx, const base::OrganisationId& organisation,
                                 const base::BodyId& body) const;

    // The clock's acts; each gives whether something was done.
    Outcome<bool> settle(Tx& tx, const base::BookingId& id) const;
    Outcome<bool> expire(Tx& tx, const base::BookingId& id) const;
    /// Reminds the managers of an answer that is due; tells the administrators at twice the time.
    Outcome<bool> tell_overdue(Tx& tx, const base::BookingId& id) const;
    Outcome<bool> close(Tx& tx, const base::BookingId& id) const;
    /// Frees the dates that are still suspended seven days before, as if they were given back; the
    /// booking is cancelled where none is left.
    Outcome<bool> lapse_suspended(Tx& tx, const base::BookingId& id) const;

    // Money (desk_money.cpp).
    /// For payment only: moves `pay_by` once, when a page could not be opened any more.
    Outcome<Booking> extend_pay_by(Tx& tx, const Actor& actor, const base::BookingId& id) const;
    /// What payment told. The projection holds it already; this does what follows from it.
    Outcome<void> payment_changed(Tx& tx, const PaymentFacts& facts) const;
    /// Payment has promised that nothing will be paid any more: the time is freed.
    Outcome<bool> release_unpaid(Tx& tx, const base::BookingId& id) const;

    base::Instant now() const { return business_.now(); }
    base::Instant machine_now() const { return machine_.now(); }

private:
    struct Acting {
        Booking booking;
        std::string role;             // as it stands in history
        bool by_body = false;         // in the name of the body that decided
        State to = State::submitted;  // where for_decision leads
    };
    /// How far this hirer may ask: after the notice of a first use, within the horizon of its kind.
    AskerDays days_for(Tx& tx, const Place& place, const base::OrganisationId& organisation,
                       bool staff, const rules::Recurrence& when) const;
    Debt debt_of(Tx& tx, const base::OrganisationId& organisation,
                 const base::EstablishmentId& establishment, const time::Zone& zone) const;
    /// Of dates to come that are not insured, suspends those that were planned, and takes up those
    /// that are insured again. Only in memory.
    struct Cover {
        std::vector<DateChange> suspended;
        std::vector<DateChange> resumed;
    };
    Cover cover_dates(Tx& tx, Booking& booking) const;
    /// Writes what the cover changed into history and tells it.
    void tell_cover(Tx& tx, const Booking& booking, Cover cover) const;
    Outcome<void> cancel_lapsed(Tx& tx, Booking booking) const;
    bool contract_missing(Tx& tx, const Booking& booking) const;
    /// `contract_required`, or `insurance_missing` where a date that is not insured is so near that
    /// it could not be suspended.
    Outcome<void> check_papers(Tx& tx, const Booking& booking) const;
    /// What stands in the way of an acceptance without a person.
    std::vector<std::string_view> obstacles_of(Tx& tx, const Space& space,
                                               const Booking& booking) const;
    /// The dates, after the quota and the look for the same request.
    Outcome<AskedDates> plan_of(Tx& tx, const Place& place, const SubmitRequest& request) const;
    Booking compose(const Place& place, const std::vector<JudgedSlot>& judged,
                    const std::optional<Buffers>& buffers) const;
    Outcome<Booking> write_new(Tx& tx, const Place& place, Booking booking,
                               const std::vector<HistoryLine>& lines) const;
    /// The booking for an act of the body: `not_found`, or `forbidden` for one's own organisation.
    Outcome<Acting> for_body(Tx& tx, const Actor& actor, const base::BookingId& id) const;
    /// As for_body, for an answer to a request: `forbidden` for the level whose turn it is not,
    /// `already_decided` where somebody answered before. The college's opinion stands when the body
    /// answers it.
    Outcome<Acting> for_decision(Tx& tx, const Actor& actor, const base::BookingId& id, Act act,
                                 std::int64_t version) const;
    /// The booking for an act in the name of its hirer: `not_found`, or `forbidden` for who may not
    /// (domain/acting.hpp).
    Outcome<Acting> for_hirer(Tx& tx, const Actor& actor, const base::BookingId& id) const;
    Outcome<State> check_act(const Booking& booking, Act act, Party by, std::int64_t version) const;
    /// Writes state and version, or says what somebody else did in the meantime.
    Outcome<void> save(Tx& tx, Booking& booking, Act act) const;
    void note_changes(Tx& tx, const Booking& booking, State from, std::string_view act,
                      const std::string& role, const std::string& by, std::vector<DateChange> dates,
                      std::vector<FieldChange> fields) const;
    void note(Tx& tx, const Booking& booking, State from, std::string_view act,
              const std::string& role, const std::string& by, std::string reason_code = {},
              std::string reason_text = {}) const;
    /// What follows an acceptance that stands: the fact, then confirmation where nothing is
    /// required.
    Outcome<void> acceptance_stands(Tx& tx, Booking& booking) const;
    Outcome<void> release_stands(Tx& tx, Booking& booking, std::string_view what) const;
    Outcome<void> settle_booking(Tx& tx, Booking& booking) const;
    /// What follows a decision that cannot be taken back any more.
    Outcome<void> stands(Tx& tx, Booking& booking, const DeferredEffect& effect) const;
    /// Forgets a decision that the other side has overtaken before anybody was told of it.
    Outcome<void> drop_deferred(Tx& tx, Booking& booking) const;
    Outcome<void> defer_or_do(Tx& tx, Booking& booking, Act act, State previous, Hold previous_hold,
                              Before before = {}) const;
    /// A cancellation or refusal that cannot be taken back any more.
    Outcome<void> decision_stands(Tx& tx, Booking& booking, Act act) const;
    Outcome<void> confirm(Tx& tx, Booking& booking) const;
    // Granting (desk_accept.cpp).
    Outcome<Booking> grant(Tx& tx, const Actor& actor, const base::BookingId& id,
                           std::int64_t version, const std::string& ground,
                           const std::optional<base::Cents>& total, const PartialGrant* part) const;
    /// Sets the lower price that a person grants.
    Outcome<void> lower_price(Booking& booking, base::Cents total, const std::string& ground) const;
    /// Sets why the price is zero, where it is: `ground`, else the affiliation's.
    Outcome<void> name_ground(Tx& tx, Booking& booking, const std::string& ground) const;
    /// An acceptance of a request that holds its time already.
    Outcome<Booking> accept_in_place(Tx& tx, Booking booking) const;
    void free_dates(Tx& tx, const Booking& booking,
                    const std::vector<base::OccurrenceId>& dates) const;
    // Proposals and questions (desk_propose.cpp, desk_documents.cpp).
    Outcome<std::vector<rules::Slot>> slots_proposed(const Place& place, const Booking& booking,
                                                     const ProposalRequest& request) const;
    Outcome<base::Instant> proposal_deadline(const Place& place, const ProposalRequest& request,
                                             base::Instant first_start) const;
    Outcome<Proposal> compose_proposal(Tx& tx, const Place& place, const Booking& booking,
                                       const ProposalRequest& request) const;
    /// The time to answer begins anew.
    void restart_answer(Tx& tx, Booking& booking) const;
    // Taking back (desk_undo.cpp).
    void restore_dates(Tx& tx, Booking& booking, const DeferredEffect& effect) const;
    void restore_hold(Tx& tx, Booking& booking, const DeferredEffect& effect) const;
    /// Through the guard once more, for a booking that holds nothing (reopened, or never held).
    Outcome<Booking> take_again(Tx& tx, Booking booking, Hold hold, Act act) const;
    /// Fails on an extra that cannot be had; any other problem stands in the quote.
    Outcome<void> price_quote(Tx& tx, const Place& place, const QuoteRequest& request,
                              Quote& out) const;
    void price_import(Tx& tx, const Place& place, const ImportRequest& request,
                      const std::vector<JudgedSlot>& judged, Booking& booking) const;
    Outcome<void> set_price(Tx& tx, const Place& place, const SubmitRequest& request,
                            const std::vector<JudgedSlot>& judged, Booking& booking) const;
    /// The price of what is left of a request, by the votes that it was frozen with; never more
    /// than was asked for. Only in memory.
    void reprice(Tx& tx, Booking& booking) const;
    /// `own`: the booking that is priced anew, whose free use is not one more.
    Priced price_free(Tx& tx, const Place& place, rules::PriceQuestion question,
                      const base::OrganisationId& organisation,
                      const base::BookingId& own = {}) const;
    /// The free use that the vote grants and the hirer has not had yet, or nothing. Counts
    /// what is sure only after the pair was bumped.
    std::optional<rules::FreeUse> free_use_for(Tx& tx, const Space& space,
                                               const rules::PriceQuestion& question,
                                               const base::OrganisationId& organisation,
                                               const base::BookingId& own) const;
    /// Which of the free uses the booking's would be now, 0 where its price needs none; nothing
    /// where they were all had meanwhile.
    std::optional<int> free_use_number(Tx& tx, const Booking& booking) const;
    /// Why a price of zero is right: `given`, else the free use, else the category's ground.
    std::string ground_of(Tx& tx, const Booking& booking,
                          const std::optional<std::string>& given) const;
    /// What the terms give a hirer back who gives these slots up, and what he has when they are let
    /// to another.
    void refund_hirer(Tx& tx, const Booking& booking, const std::vector<rules::Slot>& slots) const;
    /// Gives back in full what others had cancelled and this booking has taken.
    void refund_relet(Tx& tx, const Booking& booking) const;
    /// Orders `amount` back where money was paid, but no more than is left of it.
    void order_refund(Tx& tx, const Booking& booking, base::Cents amount,
                      std::string_view reason) const;
    /// The refund of dates that a closure took, or that were given back, before the money came.
    void refund_closed_dates(Tx& tx, const Booking& booking) const;
    Outcome<void> money_came(Tx& tx, Booking& booking, const PaymentFacts& facts) const;
    Outcome<void> money_came_late(Tx& tx, Booking& booking, const PaymentFacts& facts) const;
    /// As for_hirer, for an act on its dates: `stale_version`, `invalid_transition` besides. A
    /// decision that could still be taken back stands from now on.
    Outcome<Acting> for_dates(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version) const;
    Outcome<Booking> give_dates_back(Tx& tx, const Actor& actor, Acting acting,
                                     const std::vector<base::OccurrenceId>& dates,
                                     std::string_view act) const;
    /// What the price becomes when dates are asked for besides, or moved: `price_settled` once it
    /// was agreed and would change.
    Outcome<void> price_dates(Tx& tx, const Place& place, Booking& booking) const;
    /// As for_dates, and after the decision a manager too.
    Outcome<Acting> for_move(Tx& tx, const Actor& actor, const base::BookingId& id,
                             std::int64_t version) const;
    // What a closure takes (desk_push_aside.cpp).
    struct Closer {
        std::string role;  // as it stands in history
        std::string id;
    };
    /// `by`: can be given back as long as that can be undone; empty: it stands at once.
    Outcome<void> push_aside(Tx& tx, const Closer& closer, const Closure& closure,
                             const TouchedBooking& touched, const BulkClosureId& by) const;
    Outcome<void> pushed_stands(Tx& tx, Booking& booking, const DeferredEffect& effect) const;
    Outcome<void> give_back_pushed(Tx& tx, Booking& booking, const DeferredEffect& effect) const;
    Outcome<BulkSiteState> close_site(Tx& tx, const BulkClosure& bulk, BulkSite& site) const;
    Outcome<void> reopen_site(Tx& tx, const BulkClosure& bulk, BulkSite& site) const;

    DeskSettings settings_;
    const base::Clock& business_;
    const base::Clock& machine_;
};

/// Does what is left to do of a closure at many sites, one transaction a site; stops at the first
/// that fails, for the clock to come back to.
Outcome<void> carry_on(Store& store, const Desk& desk, const BulkClosureId& id);

/// Whether the actor may read this booking: a member of its organisation, staff of its
/// establishment, or a service.
bool may_see(const Actor& actor, const Booking& booking);
/// What the price owes to dates that were given back in time: refunded where it was paid,
/// else when the money comes.
base::Cents credit_of(const Booking& booking);

}  // namespace preau::booking
