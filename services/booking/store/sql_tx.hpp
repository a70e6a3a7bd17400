#pragma once
// One transaction of the booking store on one session.

#include <memory>

#include "services/booking/domain/store.hpp"
#include "services/booking/store/facts.hpp"
#include "shared/db/database.hpp"

namespace preau::booking {

class SqlTx final : public Tx {
public:
    SqlTx(db::Session& session, FactsCache& facts, const base::Clock& machine)
        : session_(session), facts_(facts), machine_(machine) {}

    base::Result<std::optional<KeptAnswer>> claim_key(const KeyScope& scope) override;
    void keep_answer(const KeyScope& scope, const KeptAnswer& answer) override;

    SpaceRef space_of_offer(const base::OfferId& offer) override;
    SpaceRef space(const base::SpaceId& space) override;
    std::vector<SpaceRef> spaces_of_site(const base::SiteId& site) override;
    std::vector<SpaceRef> spaces_of_establishment(const base::EstablishmentId& id) override;
    SpaceRef space_of_part(const base::PartId& part) override;
    SiteCalendar calendar_of(const Space& space) override;
    std::optional<base::BodyId> body_of(const base::EstablishmentId& establishment) override;
    Affiliation affiliation(const base::OrganisationId& organisation,
                            const base::BodyId& body) override;

    std::vector<rules::TariffVersion> tariffs_of(const Space& space) override;

    void keep_quote(const KeptQuote& quote) override;
    std::optional<KeptQuote> find_quote(const base::QuoteId& id) override;
    std::optional<KeptQuote> latest_quote(const base::OrganisationId& organisation,
                                          const std::string& slots_hash,
                                          base::Instant since) override;
    int prune_quotes(base::Instant now, int limit) override;

    void bump(std::span<const base::PartId> parts, const base::OrganisationId* organisation,
              const base::BodyId& body) override;
    std::vector<rules::Occupation> occupations(std::span<const base::PartId> parts,
                                               time::Interval window) override;
    bool take(const Booking& booking, bool keyed) override;
    void set_pending(const base::BookingId& booking, bool pending) override;
    void free_all(const base::BookingId& booking) override;
    bool attempt(const std::function<bool()>& step) override;
    void free_one(const Booking& booking, time::Interval interval) override;

    bool reference_exists(const std::string& reference) override;
    bool booking_exists(const base::BookingId& booking) override;
    void insert(const Booking& booking) override;
    std::optional<Booking> find(const base::BookingId& id) override;
    void join_request(const base::BookingId& first, const base::BookingId& booking) override;
    std::vector<base::BookingId> joined_with(const base::BookingId& booking) override;
    bool update(Booking& booking) override;
    void update_price(const Booking& booking) override;
    void update_occurrences(const Booking& booking) override;
    void rewrite(const Booking& booking) override;
    void update_buffers(const Booking& booking) override;
    bool was_here(const base::OrganisationId& organisation, const base::BodyId& body) override;
    int incidents(const base::OrganisationId& organisation, const base::BodyId& body,
                  base::Instant since) override;
    bool had_slot(const base::OrganisationId& organisation, const base::OfferId& offer,
                  const rules::Slot& slot, base::Instant since, base::Instant until) override;
    std::vector<base::BookingId> granted_of(const base::OrganisationId& organisation,
                                            const base::BodyId& body, base::Instant now) override;
    std::vector<base::BookingId> suspended_until(base::Instant until, int limit) override;
    std::vector<OpenInvoice> open_invoices(const base::OrganisationId& organisation,
                                           const base::EstablishmentId& establishment,
                                           base::Instant now) override;
    int count_unanswered(const base::OrganisationId& organisation,
                         const base::BodyId& body) override;
    std::optional<base::BookingId> find_duplicate(const base::OrganisationId& organisation,
                                                  const std::string& request_hash) override;
    base::Result<Page> list(const ListFilter& filter) override;
    std::vector<Booking> planned(const base::EstablishmentId& establishment, time::Interval window,
                                 int limit) override;
    void add_history(const base::BookingId& booking, const HistoryLine& line) override;
    std::vector<HistoryLine> history(const base::BookingId& booking) override;
    std::vector<CompetingRequest> competing(const Booking& booking) override;
    PastCounts past(const base::OrganisationId& organisation,
                    const base::EstablishmentId& establishment,
                    const base::BookingId& but) override;

    void insert_proposal(const Booking& booking) override;
    void update_proposal(const Booking& booking) override;
    void end_proposal(const Booking& booking, std::string_view how) override;

    void defer(const DeferredEffect& effect) override;
    bool take_deferred(const base::BookingId& booking) override;
    std::vector<base::BookingId> deferred_due(base::Instant machine_now, int limit) override;

    std::vector<base::BookingId> unanswered_started(base::Instant now, int limit) override;
    std::vector<base::BookingId> proposals_over(base::Instant now, int limit) override;
    std::vector<base::BookingId> overdue(base::Instant now, int limit) override;
    bool mark_overdue(const Booking& booking) override;
    void restart_answer(const Booking& booking) override;
    std::vector<base::BookingId> confirmed_ended(base::Instant now, int limit) override;

    std::vector<base::BookingId> unpaid_due(base::Instant now, int limit) override;
    void ask_payment_at(const base::BookingId& booking, base::Instant at) override;

    base::Cents refunds_ordered(const base::BookingId& booking) override;
    void order_refund(const Booking& booking, const RefundOrder& order, base::Instant now) override;
    int count_free_uses(const base::OrganisationId& organisation, const base::BodyId& body,
                        const rules::FreeUse& use, const base::BookingId& but) override;
    void note_free_use(const Booking& booking) override;
    void keep_claims(const Booking& booking, std::span<const KeptShare> kept) override;
    std::vector<ReletClaim> open_claims(const base::SpaceId& space, time::Interval window) override;
    bool answer_claim(const ReletClaim& claim, const base::BookingId& relet_by) override;
    bool late_payment_answered(const PaymentId& payment) override;
    void answer_late_payment(const Booking& booking, const PaymentId& payment, bool retaken,
                             base::Instant now) override;

    void insert_closure(const Closure& closure) override;
    std::optional<Closure> find_closure(const base::ClosureId& id) override;
    bool lift_closure(Closure& closure) override;
    std::vector<Closure> closures(const base::SiteId& site, base::Instant ending_after) override;
    void insert_bulk_closure(const BulkClosure& bulk) override;
    std::optional<BulkClosure> find_bulk_closure(const BulkClosureId& id) override;
    bool move_bulk_closure(const BulkClosureId& id, BulkState from, BulkState to) override;
    void set_undo_until(const BulkClosureId& id, base::Instant until) override;
    void update_bulk_site(const BulkClosureId& id, const BulkSite& site) override;
    std::vector<BulkClosureId> bulk_closures(const base::BodyId& body, int limit) override;
    std::vector<BulkClosureId> bulk_closures_due(base::Instant machine_now, int limit) override;
    bool bulk_closure_is(const BulkClosureId& id, BulkState state) override;
    std::vector<base::BookingId> pushed_by(const BulkClosureId& id,
                                           const base::SiteId& site) override;
    std::vector<TouchedBooking> touched(std::span<const PartInterval> intervals) override;

    void publish_occupancy(const Booking& booking, base::Instant now) override;
    void publish_booking(const Booking& booking, std::string_view what, base::Instant now) override;
    void publish_change(const Booking& booking, std::string_view act, base::Instant now) override;
    void publish_closure(const Closure& closure, base::Instant now) override;

    /// Of all sites, for the snapshot.
    std::vector<Closure> closures_in_force(base::Instant ending_after);
    /// Acceptances that stand and have a price: not paid yet, or with dates after `since`.
    std::vector<base::BookingId> acceptances_with_price(base::Instant since);

private:
    soci::session& sql() { return session_.sql(); }
    SpaceRef space_at(const std::string& space_id, std::int64_t version);
    std::vector<SpaceRef> spaces_where(std::string_view column, const std::string& id);
    std::vector<Closure> closures_where(std::string_view condition, const std::string& id,
                                        base::Instant ending_after);
    /// The quote that meets a condition on two texts and a moment.
    std::optional<KeptQuote> quote_where(const std::string& condition, const std::string& one,
                                         const std::string& two, long long since);
    /// Sets what payment told of these bookings.
    void add_payments(std::span<Booking> bookings);
    /// Sets what can still be taken back of these bookings.
    void add_deferred(std::span<Booking> bookings);
    /// Sets the proposals that stand, without their dates.
    void add_proposals(std::span<Booking> bookings);
    std::vector<Occurrence> occurrences_of(const ProposalId& proposal);
    /// What it holds, as told in occupancy_changed.v1.
    nlohmann::json intervals_of(const Booking& booking);

    db::Session& session_;
    FactsCache& facts_;
    const base::Clock& machine_;
    std::shared_ptr<const wire::Calendars> calendars_;  // as read by this transaction
    std::shared_ptr<const wire::Tariffs> tariffs_;
    base::BookingId made_;  // by this transaction, and all its time stands as it was taken
};

}  // namespace preau::booking
