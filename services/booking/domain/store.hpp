#pragma once
// What the rules of this service need of its database. One Tx is one transaction; the work given to
// Store::transact may run several times (deadlock, busy) and therefore has no effect outside it.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "services/booking/domain/bulk_closure.hpp"
#include "services/booking/domain/debt.hpp"
#include "services/booking/domain/types.hpp"
#include "shared/base/unit_of_work.hpp"

namespace preau::booking {

/// Whose key, for which operation, with which request (SHA-256 of path and body).
struct KeyScope {
    std::string actor;
    std::string operation;
    std::string key;
    std::string request_hash;
};

struct KeptAnswer {
    int status = 0;
    std::string body;
};

/// A price that was told and holds for 30 days.
struct KeptQuote {
    base::QuoteId id;
    base::OrganisationId organisation;
    base::OfferId offer;
    char category = 'C';
    std::string slots_hash;  // of hirer, offer and the dates that it prices
    rules::Price price;
    base::Instant created_at;
    base::Instant valid_until;
};

/// Exactly one of organisation, establishment, body.
struct ListFilter {
    std::optional<base::OrganisationId> organisation;
    std::optional<base::EstablishmentId> establishment;
    std::optional<base::BodyId> body;
    std::vector<State> states;  // empty: all
    enum class Sort { newest, deadline } sort = Sort::newest;
    std::string after;  // cursor of the last row seen, or empty
    int limit = 50;
};

struct Page {
    std::vector<Booking> items;  // without occurrences
    std::string next;            // cursor, or empty at the end
};

/// Another request that overlaps the same parts and was not answered yet.
struct CompetingRequest {
    base::BookingId id;
    std::string reference;
    base::OrganisationId organisation;
    base::Instant submitted_at;
    std::vector<time::Interval> overlaps;
};

/// What became of an organisation's earlier bookings at one establishment.
struct PastCounts {
    int accepted = 0;  // accepted, confirmed or closed
    int refused = 0;
    int withdrawn = 0;
    int cancelled = 0;  // by the hirer
    int expired = 0;
    int no_show = 0;  // dates
};

class Tx {
public:
    virtual ~Tx() = default;

    // Idempotency keys: the first write and the last write of an unsafe operation.
    virtual base::Result<std::optional<KeptAnswer>> claim_key(const KeyScope& scope) = 0;
    virtual void keep_answer(const KeyScope& scope, const KeptAnswer& answer) = 0;

    // Facts of inventory and accounts, as of this transaction.
    virtual SpaceRef space_of_offer(const base::OfferId& offer) = 0;
    virtual SpaceRef space(const base::SpaceId& space) = 0;
    virtual std::vector<SpaceRef> spaces_of_site(const base::SiteId& site) = 0;
    virtual std::vector<SpaceRef> spaces_of_establishment(const base::EstablishmentId& id) = 0;
    virtual SpaceRef space_of_part(const base::PartId& part) = 0;
    virtual SiteCalendar calendar_of(const Space& space) = 0;
    /// The body that an establishment belongs to, or nothing.
    virtual std::optional<base::BodyId> body_of(const base::EstablishmentId& establishment) = 0;
    /// `status` is "none" where the organisation has no affiliation with the body.
    virtual Affiliation affiliation(const base::OrganisationId& organisation,
                                    const base::BodyId& body) = 0;

    /// The votes that may apply to the space: its establishment's own and its body's.
    virtual std::vector<rules::TariffVersion> tariffs_of(const Space& space) = 0;

    // Quotes.
    virtual void keep_quote(const KeptQuote& quote) = 0;
    virtual std::optional<KeptQuote> find_quote(const base::QuoteId& id) = 0;
    /// The last quote of these dates made after `since`, or nothing.
    virtual std::optional<KeptQuote> latest_quote(const base::OrganisationId& organisation,
                                                  const std::string& slots_hash,
                                                  base::Instant since) = 0;
    /// Deletes quotes that are over; at most `limit`, gives how many.
    virtual int prune_quotes(base::Instant now, int limit) = 0;

    // Time. Only the guard calls these (domain/guard.cpp).
    /// Bumps the version row of every part, in order, then of the pair: all who want the same time
    /// or quota wait here for one another.
    virtual void bump(std::span<const base::PartId> parts, const base::OrganisationId* organisation,
                      const base::BodyId& body) = 0;
    /// All that occupies these parts within the window (buffers may lie outside it).
    virtual std::vector<rules::Occupation> occupations(std::span<const base::PartId> parts,
                                                       time::Interval window) = 0;
    /// Writes cells and intervals of the occurrences of `booking` that keep time; false when a cell
    /// belongs to another booking. A wish that keeps nobody away (Hold::requested) has no cells,
    /// nor has anything under the test-only switch `no_key` (`keyed` false).
    virtual bool take(const Booking& booking, bool keyed) = 0;
    /// Turns the held time of a booking from pending to taken or back.
    virtual void set_pending(const base::BookingId& booking, bool pending) = 0;
    /// Frees all time of a booking.
    virtual void free_all(const base::BookingId& booking) = 0;
    /// Runs `step`; when it gives false all that it wrote is undone and the transaction goes on.
    virtual bool attempt(const std::function<bool()>& step) = 0;
    /// Frees one interval of a booking.
    virtual void free_one(const Booking& booking, time::Interval interval) = 0;

    // Bookings.
    virtual bool reference_exists(const std::string& reference) = 0;
    virtual bool booking_exists(const base::BookingId& booking) = 0;
    virtual void insert(const Booking& booking) = 0;
    virtual std::optional<Booking> find(const base::BookingId& id) = 0;
    /// Notes that a booking is part of the request that began with `first`.
    virtual void join_request(const base::BookingId& first, const base::BookingId& booking) = 0;
    /// The other bookings of its request, in the order of their ids.
    virtual std::vector<base::BookingId> joined_with(const base::BookingId& booking) = 0;
    /// Writes what may change of a booking and sets version + 1, if its stored version is still
    /// `booking.version`; on success `booking.version` is the new one.
    virtual bool update(Booking& booking) = 0;
    /// Writes the price and how it is paid: they change only with the dates that are granted.
    virtual void update_price(const Booking& booking) = 0;
    virtual void update_occurrences(const Booking& booking) = 0;
    /// Writes where and when a booking is now: offer, parts, rule, price, request hash, answer
    /// deadline and all its dates, under the version that `update` has set.
    virtual void rewrite(const Booking& booking) = 0;
    /// Writes the buffers of the dates that keep time.
    virtual void update_buffers(const Booking& booking) = 0;
    /// Whether the organisation was granted anything by the body before (R-01: first use).
    virtual bool was_here(const base::OrganisationId& organisation, const base::BodyId& body) = 0;
    /// Dates of the organisation at the body since then at which nobody came, and its requests that
    /// were refused for an incident.
    virtual int incidents(const base::OrganisationId& organisation, const base::BodyId& body,
                          base::Instant since) = 0;
    /// Whether the organisation had such a slot of the offer between two moments: weekday and wall
    /// time.
    virtual bool had_slot(const base::OrganisationId& organisation, const base::OfferId& offer,
                          const rules::Slot& slot, base::Instant since, base::Instant until) = 0;
    /// Accepted and confirmed bookings of the pair with dates to come.
    virtual std::vector<base::BookingId> granted_of(const base::OrganisationId& organisation,
                                                    const base::BodyId& body,
                                                    base::Instant now) = 0;
    /// Those whose first suspended date starts by then, the nearest first.
    virtual std::vector<base::BookingId> suspended_until(base::Instant until, int limit) = 0;
    /// Of bookings that are billed after use, whose last date is past and whose money is not here.
    virtual std::vector<OpenInvoice> open_invoices(const base::OrganisationId& organisation,
                                                   const base::EstablishmentId& establishment,
                                                   base::Instant now) = 0;
    /// Bookings of one request count as one.
    virtual int count_unanswered(const base::OrganisationId& organisation,
                                 const base::BodyId& body) = 0;
    /// The live booking with this request hash, or nothing.
    virtual std::optional<base::BookingId> find_duplicate(const base::OrganisationId& organisation,
                                                          const std::string& request_hash) = 0;
    virtual base::Result<Page> list(const ListFilter& filter) = 0;
    /// What takes time or waits for an answer at an establishment within the window, in order of
    /// start, each booking with the dates that lie in the window and keep time; at most `limit`.
    virtual std::vector<Booking> planned(const base::EstablishmentId& establishment,
                                         time::Interval window, int limit) = 0;
    virtual void add_history(const base::BookingId& booking, const HistoryLine& line) = 0;
    virtual std::vector<HistoryLine> history(const base::BookingId& booking) = 0;
    virtual std::vector<CompetingRequest> competing(const Booking& booking) = 0;
    virtual PastCounts past(const base::OrganisationId& organisation,
                            const base::EstablishmentId& establishment,
                            const base::BookingId& but) = 0;

    // Proposals: at most one stands for a booking; those that ended stay on record.
    virtual void insert_proposal(const Booking& booking) = 0;
    /// Writes what a closure took of the proposal that stands.
    virtual void update_proposal(const Booking& booking) = 0;
    /// `how`: accepted, declined, withdrawn, expired, refused, undone.
    virtual void end_proposal(const Booking& booking, std::string_view how) = 0;

    // What can still be taken back.
    virtual void defer(const DeferredEffect& effect) = 0;
    /// Deletes the row; false when somebody else did before.
    virtual bool take_deferred(const base::BookingId& booking) = 0;
    virtual std::vector<base::BookingId> deferred_due(base::Instant machine_now, int limit) = 0;

    // The clock's work.
    virtual std::vector<base::BookingId> unanswered_started(base::Instant now, int limit) = 0;
    /// Bookings whose proposal's deadline is over.
    virtual std::vector<base::BookingId> proposals_over(base::Instant now, int limit) = 0;
    /// Requests whose answer is overdue and whose next reader was not told.
    virtual std::vector<base::BookingId> overdue(base::Instant now, int limit) = 0;
    /// Sets overdue_told + 1 if it still is `booking.overdue_told`; the version stays, so that the
    /// clock makes nobody's page stale.
    virtual bool mark_overdue(const Booking& booking) = 0;
    /// Writes a new answer deadline, of which nobody was told yet.
    virtual void restart_answer(const Booking& booking) = 0;
    virtual std::vector<base::BookingId> confirmed_ended(base::Instant now, int limit) = 0;

    /// Accepted bookings whose time to pay is over and that are to be asked about now.
    virtual std::vector<base::BookingId> unpaid_due(base::Instant now, int limit) = 0;
    virtual void ask_payment_at(const base::BookingId& booking, base::Instant at) = 0;

    // Money.
    /// Of refunds ordered for a booking so far.
    virtual base::Cents refunds_ordered(const base::BookingId& booking) = 0;
    /// Keeps the order and publishes it.
    virtual void order_refund(const Booking& booking, const RefundOrder& order,
                              base::Instant now) = 0;
    /// Free uses of a school year that count: of requests and bookings that live, or whose end can
    /// still be taken back; but of `but`.
    virtual int count_free_uses(const base::OrganisationId& organisation, const base::BodyId& body,
                                const rules::FreeUse& use, const base::BookingId& but) = 0;
    virtual void note_free_use(const Booking& booking) = 0;
    /// Keeps what a cancelled booking would still get back.
    virtual void keep_claims(const Booking& booking, std::span<const KeptShare> kept) = 0;
    /// Claims that nobody answered yet, of slots of a space within a window.
    virtual std::vector<ReletClaim> open_claims(const base::SpaceId& space,
                                                time::Interval window) = 0;
    /// False when it was answered before.
    virtual bool answer_claim(const ReletClaim& claim, const base::BookingId& relet_by) = 0;
    virtual bool late_payment_answered(const PaymentId& payment) = 0;
    /// Keeps the answer to money that came late and publishes it.
    virtual void answer_late_payment(const Booking& booking, const PaymentId& payment, bool retaken,
                                     base::Instant now) = 0;

    // Closures.
    virtual void insert_closure(const Closure& closure) = 0;
    virtual std::optional<Closure> find_closure(const base::ClosureId& id) = 0;
    virtual bool lift_closure(Closure& closure) = 0;
    virtual std::vector<Closure> closures(const base::SiteId& site, base::Instant ending_after) = 0;
    // Closures at many sites.
    virtual void insert_bulk_closure(const BulkClosure& bulk) = 0;
    virtual std::optional<BulkClosure> find_bulk_closure(const BulkClosureId& id) = 0;
    /// Moves it on from a state, under its row's lock until the end of the transaction; false when
    /// somebody else did before. From a state to the same one: only takes the lock.
    virtual bool move_bulk_closure(const BulkClosureId& id, BulkState from, BulkState to) = 0;
    virtual void set_undo_until(const BulkClosureId& id, base::Instant until) = 0;
    virtual void update_bulk_site(const BulkClosureId& id, const BulkSite& site) = 0;
    /// Of a body, the newest first.
    virtual std::vector<BulkClosureId> bulk_closures(const base::BodyId& body, int limit) = 0;
    /// Those with sites still to be closed or to be open again, or whose window is over.
    virtual std::vector<BulkClosureId> bulk_closures_due(base::Instant machine_now, int limit) = 0;
    virtual bool bulk_closure_is(const BulkClosureId& id, BulkState state) = 0;
    /// Bookings at a site whose dates it took, while that can be given back.
    virtual std::vector<base::BookingId> pushed_by(const BulkClosureId& id,
                                                   const base::SiteId& site) = 0;
    /// Bookings that hold time in these intervals.
    virtual std::vector<TouchedBooking> touched(std::span<const PartInterval> intervals) = 0;

    // Facts for the other services (the outbox).
    virtual void publish_occupancy(const Booking& booking, base::Instant now) = 0;
    /// `what`: submitted, accepted, refused, confirmed, withdrawn, cancelled, expired,
    /// documents_asked, documents_provided, counter_proposed, proposal_declined, endorsed,
    /// answer_due, answer_overdue, suspended, resumed.
    virtual void publish_booking(const Booking& booking, std::string_view what,
                                 base::Instant now) = 0;
    /// booking_changed.v1: dates or facts of a booking changed, its state did not. `act` as in
    /// history.
    virtual void publish_change(const Booking& booking, std::string_view act,
                                base::Instant now) = 0;
    virtual void publish_closure(const Closure& closure, base::Instant now) = 0;
};

class Store : public base::UnitOfWork<Tx> {};

}  // namespace preau::booking
