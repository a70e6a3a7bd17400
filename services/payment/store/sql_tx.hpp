#pragma once
// One transaction of the payment store on one session.

#include "services/payment/domain/store.hpp"
#include "services/payment/store/sql.hpp"
#include "services/payment/store/sql_bank_book.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"

namespace preau::payment {

class SqlTx final : public Tx {
public:
    SqlTx(db::Session& session, const base::Clock& machine)
        : session_(session), machine_(machine), book_(session) {}

    base::Result<std::optional<KeptAnswer>> claim_key(const KeyScope& scope) override;
    void keep_answer(const KeyScope& scope, const KeptAnswer& answer) override;

    // Establishments.
    std::optional<Establishment> establishment(const base::EstablishmentId& id) override;
    std::optional<Establishment> account_owner(const std::string& account) override;
    std::vector<Establishment> establishments() override;
    void set_account(const base::EstablishmentId& id, const std::string& account) override;
    void set_mandate(const base::EstablishmentId& id, const std::string& reference,
                     time::Date on) override;
    void set_restricted(const std::string& account, const std::string& why) override;
    /// Establishments with an account whose next look is due.
    std::vector<Establishment> accounts_due(base::Instant now, int limit) override;
    base::Instant synced_until(const std::string& account) override;
    void set_synced(const std::string& account, base::Instant until, base::Instant next) override;

    // Payments.
    bool reference_exists(const std::string& public_ref) override;
    std::optional<Payment> find(const PaymentId& id) override;
    std::optional<Payment> find_by_booking(const base::BookingId& id) override;
    std::optional<PaymentId> owner_of_intent(const std::string& intent) override;
    std::optional<PaymentId> owner_of_refund(const RefundId& id) override;
    /// Writes the payment (version + 1 when `effects.changed`), its entries, findings and facts;
    /// `stale_version` when somebody else wrote it since it was read.
    base::Result<void> save(Payment& payment, const Effects& effects, base::Instant now) override;
    std::vector<Payment> list(const PaymentFilter& filter) override;
    /// Attempts that may have changed at the provider without our hearing of it.
    std::vector<PaymentId> attempts_to_look(base::Instant now, base::Instant looked_before,
                                            int limit) override;
    void looked(const PaymentId& id, base::Instant now) override;
    /// Payments whose booking has ended and whose page is still open.
    std::vector<PaymentId> to_close(int limit) override;
    std::vector<std::pair<PaymentId, RefundId>> refunds_to_send(int limit) override;
    std::vector<std::pair<PaymentId, RefundId>> refunds_pending(base::Instant looked_before,
                                                                int limit) override;
    void refund_looked(const RefundId& id, base::Instant now) override;
    std::vector<std::pair<PaymentId, std::string>> disputes_open(base::Instant looked_before,
                                                                 int limit) override;
    void dispute_looked(const std::string& id, base::Instant now) override;

    // Calls to the provider.
    /// False when a call with this key is there already.
    bool plan_call(const ProviderCall& call) override;
    std::optional<ProviderCall> call_by_key(const std::string& idem_key) override;
    /// Takes a call that is not settled and not being sent by another; nothing otherwise.
    std::optional<ProviderCall> claim_call(const std::string& idem_key, base::Instant machine_now,
                                           std::int64_t lease_s) override;
    void settle_call(const ProviderCall& call, const CallAnswer& answer) override;
    std::vector<std::string> calls_due(base::Instant machine_now, int limit) override;

    // Webhooks.
    bool store_event(const InboxEvent& event, base::Instant now) override;
    std::vector<InboxEvent> inbox_due(base::Instant machine_now, int limit) override;
    void settle_event(const std::string& id, const std::string& state, const std::string& error,
                      base::Instant next_try) override;

    // Ledger and findings.
    /// False when an entry with this key is there already.
    bool post(const base::EstablishmentId& establishment, const ledger::Entry& entry,
              base::Instant now) override;
    bool posted(const std::string& event_key) override;
    ledger::Balances balances(const base::EstablishmentId& establishment,
                              std::optional<time::Date> from,
                              std::optional<time::Date> until) override;
    std::vector<ledger::Written> entries(const EntryFilter& filter) override;
    void note(const Finding& finding, base::Instant now) override;
    std::vector<Finding> findings(const base::EstablishmentId& establishment, int limit) override;

    // The provider's account.
    bool knows_txn(const std::string& txn) override;
    void mirror(const ProviderTxn& txn) override;
    std::int64_t mirrored_net(const base::EstablishmentId& establishment) override;
    std::optional<Payout> find_payout(const std::string& id) override;
    void save_payout(const Payout& payout) override;
    std::vector<Payout> payouts(const base::EstablishmentId& establishment,
                                const std::string& after, int limit) override;
    std::vector<Payout> payouts_open(const base::EstablishmentId& establishment) override;
    void set_payout_lines(const std::string& payout, const std::vector<std::string>& txns) override;
    std::vector<PayoutLine> payout_lines(const std::string& payout) override;
    std::vector<PaymentId> payments_of_payout(const std::string& payout) override;

    // The bank.
    BankBook& book() override { return book_; }
    std::optional<Statement> statement_by_hash(const base::EstablishmentId& establishment,
                                               const std::string& sha256) override;
    void insert_statement(const Statement& statement) override;
    std::vector<Statement> statements(const base::EstablishmentId& establishment) override;
    std::optional<Statement> last_statement(const base::EstablishmentId& establishment) override;
    std::optional<Statement> statement_after(const base::EstablishmentId& establishment,
                                             time::Date day) override;
    std::vector<KnownLine> known_lines(const base::EstablishmentId& establishment, time::Date from,
                                       time::Date until) override;
    std::optional<BankAccount> bank_account(const base::EstablishmentId& establishment) override;
    std::optional<BankAccount> bank_account_named(const std::string& account) override;
    void save_bank_account(const BankAccount& account) override;
    std::string csv_profile(const base::EstablishmentId& establishment) override;
    void save_csv_profile(const base::EstablishmentId& establishment,
                          const std::string& details) override;
    /// False when this line is known from another file.
    bool insert_line(const base::EstablishmentId& establishment, const BankLine& line) override;
    void save_line(const BankLine& line) override;
    std::vector<BankLine> lines(const base::EstablishmentId& establishment,
                                const std::string& state, const std::string& after,
                                int limit) override;

    /// The facts of all payments, for the snapshot.
    void each_payment(const std::function<void(const Payment&)>& take);

private:
    Query query(std::string_view text, const Cells& cells = {}) {
        return Query(session_.sql(), text, cells);
    }
    std::vector<Payment> payments_where(const std::string& condition, const Cells& cells);
    std::optional<PaymentId> one_id(std::string_view text, const Cells& cells);
    void write_attempts(const Payment& payment);
    void write_refunds(const Payment& payment);
    void write_disputes(const Payment& payment);
    void publish(const Payment& payment, const Effects& effects, base::Instant now);
    time::Zone zone_of(const base::EstablishmentId& establishment);

    db::Session& session_;
    const base::Clock& machine_;
    SqlBankBook book_;
};

}  // namespace preau::payment
