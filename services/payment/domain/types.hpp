#pragma once
// The things of this service as values: payments with their attempts and refunds, establishments
// that are paid, the people who act.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/payment/domain/states.hpp"
#include "services/payment/ledger/entry.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/time/zone.hpp"

namespace preau::payment {

using PaymentId = base::Id<struct PaymentTag>;
using RefundId = base::Id<struct RefundTag>;
using StatementId = base::Id<struct StatementTag>;
using LineId = base::Id<struct LineTag>;

/// The provider takes between 0.50 € and 999,999.99 € (payments.md F-44); booking asks for no other
/// amounts, and what comes all the same is refused before any call.
inline constexpr std::int64_t amount_min_cents = 50;
inline constexpr std::int64_t amount_max_cents = 99'999'999;

/// What a vote adds on certain dates, in the amount of its line.
struct LineSupplement {
    std::string kind;         // heating weekend
    std::int64_t amount = 0;  // cents
};

/// One line of the price, frozen with the booking.
struct Line {
    std::string unit;  // hour half_day day weekend season date booking
    std::int64_t quantity_quarters = 0;
    std::int64_t unit_price = 0;  // cents
    std::int64_t amount = 0;      // cents, supplements and tax included
    std::int64_t dates_count = 0;
    std::string kind = "room";  // room extra free_use
    std::string label;          // of an extra, as voted
    std::vector<LineSupplement> supplements;
    std::int64_t vat_basis_points = 0;
    std::string vat_note;
    std::int64_t vat_tax = 0;  // cents, in `amount`
};

/// One page at the provider.
struct Attempt {
    int n = 1;
    AttemptStatus status = AttemptStatus::planned;
    bool declined = false;
    bool processing = false;  // the payer did his part, the bank has not answered
    std::string session_id;   // the provider's ids; empty until known
    std::string intent_id;
    std::string charge_id;
    std::string url;
    std::int64_t received = 0;  // cents
    base::Instant opened_at;
    base::Instant expires_at;
};

struct Refund {
    RefundId id;
    // What makes it one: "ordered:<id>", "asked:<id>", "late:<charge>", "outside:<re_…>".
    std::string key;
    std::int64_t amount = 0;
    std::string reason;
    RefundStatus status = RefundStatus::requested;
    Route route = Route::provider;
    int attempt = 0;  // whose money goes back; 0 where it never came through the provider
    std::string external_id;
    std::string pending_reason;  // the provider's, while pending: "insufficient_funds"
    std::string asked_by;        // an officer; empty where a rule or booking's order granted it
    std::string decided_by;      // the second officer
    base::Instant requested_at;
};

/// Money that the payer's bank took back, or may.
struct Dispute {
    std::string id;  // the provider's: du_…
    int attempt = 0;
    std::int64_t amount = 0;     // cents
    std::int64_t withdrawn = 0;  // cents that left the account, and have not come back
    DisputeState state = DisputeState::open;
    std::string reason;  // the bank's word: fraudulent, product_not_received, …
    std::optional<base::Instant> answer_by;
    base::Instant opened_at;
};

struct Payment {
    PaymentId id;
    std::string public_ref;
    base::BookingId booking;
    std::string booking_reference;
    base::BodyId body;
    base::EstablishmentId establishment;
    base::OrganisationId organisation;
    Requirement requirement = Requirement::before;
    std::int64_t amount = 0;
    std::string currency = "EUR";
    Status status = Status::created;
    std::int64_t refunded = 0;  // executed
    std::int64_t received_offline = 0;
    Settlement settlement = Settlement::none;
    BookingState booking_state = BookingState::accepted;
    std::optional<base::Instant> pay_by;
    std::optional<base::Instant> paid_at;
    std::string method;  // card transfer cheque cash mandat, or empty
    std::string payout_id;
    std::string space_name;
    std::string establishment_name;
    std::vector<Line> lines;
    base::Instant created_at;
    std::int64_t version = 0;  // 0: not stored yet
    std::vector<Attempt> attempts;
    std::vector<Refund> refunds;
    std::vector<Dispute> disputes;

    RefundState refund_state() const;
    /// Open before lost before won.
    DisputeState dispute_state() const;
    /// Cents that disputes hold back or took.
    std::int64_t disputed() const;
    /// The attempt that may still bring money, or null.
    Attempt* live_attempt();
    const Attempt* live_attempt() const;
    Attempt* attempt(int n);
    Refund* refund(const RefundId& id);
    Refund* refund_by_key(std::string_view key);
    /// The attempt whose money settled the payment (not a second one), or null.
    const Attempt* settling_attempt() const;
    /// What of the settling money was promised back: executed, under way, failed and still owed, or
    /// asked for and not rejected.
    std::int64_t refunds_granted() const;
    /// What of it has gone back.
    std::int64_t refunds_executed() const;
    /// Cents that may still be granted.
    std::int64_t refundable() const { return amount - disputed() - refunds_granted(); }
    /// "PR-7F3K-2 PA-…": how entries are labelled.
    std::string label() const;
};

/// A creditor, as inventory's feed tells it, with its account at the provider.
struct Establishment {
    /// Why it cannot be paid online: no_account, mandate_missing, or the provider's word on an
    /// account that it restricted. Empty: it can.
    std::string hindrance(bool demonstration) const;

    base::EstablishmentId id;
    base::BodyId body;
    std::string uai;
    std::string name;
    std::string zone = "Europe/Paris";
    std::string account;  // at the provider; empty: cannot be paid online
    /// The written mandate of the public accountant to collect by this provider.
    std::string mandate_ref;
    time::Date mandate_on;
    std::string restricted;  // the provider's reason; empty: charges are enabled
};

/// Something that a person must look at. One for each (kind, subject, reason) until resolved.
struct Finding {
    std::string kind;  // payment refund payout bank_line transaction webhook
    std::string subject;
    std::string reason;
    std::int64_t amount = 0;
    base::EstablishmentId establishment;
    bool resolved = false;  // true: takes the finding back
    base::Instant found_at;
};

/// A movement on the provider's account, mirrored for good.
struct ProviderTxn {
    std::string id;
    std::string account;
    base::EstablishmentId establishment;
    std::string type;  // charge refund payout …
    std::int64_t gross = 0;
    std::int64_t fee = 0;
    std::string source;  // ch_… re_… po_…
    std::string payment_id;
    base::Instant created;
    std::int64_t net() const { return gross - fee; }
};

struct Fact {
    std::string type;  // payment_paid.v1 …
    std::optional<Refund> refund;
};

/// What follows a change of a payment, to be written with it.
struct Effects {
    bool changed = false;
    std::vector<ledger::Entry> entries;
    std::vector<ProviderTxn> txns;
    std::vector<Finding> findings;
    std::vector<Fact> facts;
};

}  // namespace preau::payment
