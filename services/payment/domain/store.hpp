#pragma once
// What the rules of this service need of its database. One Tx is one transaction; the work given to
// Store::transact may run several times (deadlock, busy) and therefore has no effect outside it.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/payment/domain/provider.hpp"
#include "services/payment/domain/types.hpp"
#include "shared/base/unit_of_work.hpp"

namespace preau::payment {

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

/// Exactly one of booking, organisation, establishment.
struct PaymentFilter {
    std::optional<base::BookingId> booking;
    std::optional<base::OrganisationId> organisation;
    std::optional<base::EstablishmentId> establishment;
    std::vector<Status> statuses;  // empty: all
    std::string after;             // payment id of the last row seen
    int limit = 50;
};

/// A webhook as it came.
struct InboxEvent {
    std::string id;
    std::string type;
    std::string account;
    std::string object_kind;  // "checkout.session"
    std::string object_id;
    std::string raw;
    int tries = 0;
};

struct Payout {
    std::string id;
    base::EstablishmentId establishment;
    std::string account;
    std::int64_t amount = 0;
    std::int64_t itemised = 0;
    std::string status = "seen";  // seen itemised bank_confirmed discrepancy failed
    std::string trace;
    base::Instant created;
    base::Instant arrival;
};

struct PayoutLine {
    ProviderTxn txn;
    std::string public_ref;
    std::string booking_reference;
};

struct BankLine {
    LineId id;
    StatementId statement;
    std::string fingerprint;
    std::int64_t ordinal = 0;
    time::Date day;
    std::string label;
    std::string reference;
    std::int64_t amount = 0;
    std::string state = "unmatched";  // unmatched matched partly_matched
    std::string rule;
    std::string reasons;  // words with spaces between
    std::string payout_id;
    std::int64_t gap = 0;
};

struct Statement {
    StatementId id;
    base::EstablishmentId establishment;
    std::string sha256;
    time::Date from;
    time::Date until;
    std::int64_t lines = 0;
    base::Instant imported_at;
    std::string imported_by;
    std::string format = "csv";
    std::string account;                  // account_key(); empty where the file named none
    std::optional<std::int64_t> opening;  // cents
    std::optional<std::int64_t> closing;
};

/// A line as another file knows it.
struct KnownLine {
    std::string fingerprint;
    std::int64_t ordinal = 0;
    time::Date day;
    std::int64_t amount = 0;
    std::string format;  // of the file that brought it
};

/// Where an establishment's money arrives.
struct BankAccount {
    base::EstablishmentId establishment;
    std::string account;     // account_key()
    bool dedicated = false;  // nothing arrives there but what this service knows of
    base::Instant registered_at;
    std::string registered_by;
};

struct EntryFilter {
    base::EstablishmentId establishment;
    std::string payment_id;
    std::optional<time::Date> from;   // by business day
    std::optional<time::Date> until;  // inclusive
    std::int64_t after = 0;           // number of the last entry seen
    int limit = 100;
};

class BankBook;

class Tx {
public:
    virtual ~Tx() = default;

    virtual base::Result<std::optional<KeptAnswer>> claim_key(const KeyScope& scope) = 0;
    virtual void keep_answer(const KeyScope& scope, const KeptAnswer& answer) = 0;

    // Establishments.
    virtual std::optional<Establishment> establishment(const base::EstablishmentId& id) = 0;
    virtual std::optional<Establishment> account_owner(const std::string& account) = 0;
    virtual std::vector<Establishment> establishments() = 0;
    virtual void set_account(const base::EstablishmentId& id, const std::string& account) = 0;
    virtual void set_mandate(const base::EstablishmentId& id, const std::string& reference,
                             time::Date on) = 0;
    /// Why the account takes no payments; empty: it takes them.
    virtual void set_restricted(const std::string& account, const std::string& why) = 0;
    /// Establishments with an account whose next look is due.
    virtual std::vector<Establishment> accounts_due(base::Instant now, int limit) = 0;
    virtual base::Instant synced_until(const std::string& account) = 0;
    virtual void set_synced(const std::string& account, base::Instant until,
                            base::Instant next) = 0;

    // Payments.
    virtual bool reference_exists(const std::string& public_ref) = 0;
    virtual std::optional<Payment> find(const PaymentId& id) = 0;
    virtual std::optional<Payment> find_by_booking(const base::BookingId& id) = 0;
    virtual std::optional<PaymentId> owner_of_intent(const std::string& intent) = 0;
    virtual std::optional<PaymentId> owner_of_refund(const RefundId& id) = 0;
    /// Writes the payment (version + 1 when `effects.changed`), its entries, findings and facts;
    /// `stale_version` when somebody else wrote it since it was read.
    virtual base::Result<void> save(Payment& payment, const Effects& effects,
                                    base::Instant now) = 0;
    virtual std::vector<Payment> list(const PaymentFilter& filter) = 0;
    /// Attempts that may have changed at the provider without our hearing of it.
    virtual std::vector<PaymentId> attempts_to_look(base::Instant now, base::Instant looked_before,
                                                    int limit) = 0;
    virtual void looked(const PaymentId& id, base::Instant now) = 0;
    /// Payments whose booking has ended and whose page is still open.
    virtual std::vector<PaymentId> to_close(int limit) = 0;
    virtual std::vector<std::pair<PaymentId, RefundId>> refunds_to_send(int limit) = 0;
    /// Refunds and disputes under way that were not looked at since.
    virtual std::vector<std::pair<PaymentId, RefundId>> refunds_pending(base::Instant looked_before,
                                                                        int limit) = 0;
    virtual void refund_looked(const RefundId& id, base::Instant now) = 0;
    virtual std::vector<std::pair<PaymentId, std::string>> disputes_open(
        base::Instant looked_before, int limit) = 0;
    virtual void dispute_looked(const std::string& id, base::Instant now) = 0;

    // Calls to the provider.
    /// False when a call with this key is there already.
    virtual bool plan_call(const ProviderCall& call) = 0;
    virtual std::optional<ProviderCall> call_by_key(const std::string& idem_key) = 0;
    /// Takes a call that is not settled and not being sent by another; nothing otherwise.
    virtual std::optional<ProviderCall> claim_call(const std::string& idem_key,
                                                   base::Instant machine_now,
                                                   std::int64_t lease_s) = 0;
    virtual void settle_call(const ProviderCall& call, const CallAnswer& answer) = 0;
    virtual std::vector<std::string> calls_due(base::Instant machine_now, int limit) = 0;

    // Webhooks.
    virtual bool store_event(const InboxEvent& event, base::Instant now) = 0;
    virtual std::vector<InboxEvent> inbox_due(base::Instant machine_now, int limit) = 0;
    virtual void settle_event(const std::string& id, const std::string& state,
                              const std::string& error, base::Instant next_try) = 0;

    // Ledger and findings.
    /// False when an entry with this key is there already.
    virtual bool post(const base::EstablishmentId& establishment, const ledger::Entry& entry,
                      base::Instant now) = 0;
    virtual bool posted(const std::string& event_key) = 0;
    virtual ledger::Balances balances(const base::EstablishmentId& establishment,
                                      std::optional<time::Date> from = {},
                                      std::optional<time::Date> until = {}) = 0;
    virtual std::vector<ledger::Written> entries(const EntryFilter& filter) = 0;
    virtual void note(const Finding& finding, base::Instant now) = 0;
    virtual std::vector<Finding> findings(const base::EstablishmentId& establishment,
                                          int limit) = 0;

    // The provider's account.
    virtual bool knows_txn(const std::string& txn) = 0;
    virtual void mirror(const ProviderTxn& txn) = 0;
    virtual std::int64_t mirrored_net(const base::EstablishmentId& establishment) = 0;
    virtual std::optional<Payout> find_payout(const std::string& id) = 0;
    virtual void save_payout(const Payout& payout) = 0;
    virtual std::vector<Payout> payouts(const base::EstablishmentId& establishment,
                                        const std::string& after, int limit) = 0;
    virtual std::vector<Payout> payouts_open(const base::EstablishmentId& establishment) = 0;
    virtual void set_payout_lines(const std::string& payout,
                                  const std::vector<std::string>& txns) = 0;
    virtual std::vector<PayoutLine> payout_lines(const std::string& payout) = 0;
    virtual std::vector<PaymentId> payments_of_payout(const std::string& payout) = 0;

    // The bank. Matches and months: bank_book.hpp.
    virtual BankBook& book() = 0;
    virtual std::optional<Statement> statement_by_hash(const base::EstablishmentId& establishment,
                                                       const std::string& sha256) = 0;
    virtual void insert_statement(const Statement& statement) = 0;
    virtual std::vector<Statement> statements(const base::EstablishmentId& establishment) = 0;
    /// The one that ends last.
    virtual std::optional<Statement> last_statement(const base::EstablishmentId& establishment) = 0;
    /// The one that begins first after this day.
    virtual std::optional<Statement> statement_after(const base::EstablishmentId& establishment,
                                                     time::Date day) = 0;
    /// Lines of these days, both included.
    virtual std::vector<KnownLine> known_lines(const base::EstablishmentId& establishment,
                                               time::Date from, time::Date until) = 0;
    virtual std::optional<BankAccount> bank_account(const base::EstablishmentId& establishment) = 0;
    virtual std::optional<BankAccount> bank_account_named(const std::string& account) = 0;
    virtual void save_bank_account(const BankAccount& account) = 0;
    /// JSON, as it was saved; empty for none.
    virtual std::string csv_profile(const base::EstablishmentId& establishment) = 0;
    virtual void save_csv_profile(const base::EstablishmentId& establishment,
                                  const std::string& details) = 0;
    /// False when this line is known from another file.
    virtual bool insert_line(const base::EstablishmentId& establishment, const BankLine& line) = 0;
    virtual void save_line(const BankLine& line) = 0;
    virtual std::vector<BankLine> lines(const base::EstablishmentId& establishment,
                                        const std::string& state, const std::string& after,
                                        int limit) = 0;
};

class Store : public base::UnitOfWork<Tx> {};

}  // namespace preau::payment
