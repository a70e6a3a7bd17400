#pragma once
// The cashier: everything that needs the provider. No transaction is ever open across a call: first
// the intent is stored, then the call is sent, then its answer is applied; whoever finds a call
// that was not settled sends the same bytes under the same key again. News are only hints: the
// object is fetched, and settle.hpp decides.

#include <functional>
#include <string>

#include "services/payment/domain/settle.hpp"
#include "services/payment/domain/store.hpp"

namespace preau::payment {

struct CashierSettings {
    bool demonstration = false;  // accounts need no written mandate
    /// A page at the provider lives at least 30 minutes; one more to send the payer there.
    std::int64_t page_life_s_min = 31 * 60;
    std::int64_t page_life_s_max = 24 * 3'600 - 600;
    std::int64_t look_again_s = 300;           // sweeper: an open attempt is read this often
    std::int64_t sync_account_s = 3'600;       // movements of an account are read this often
    std::int64_t sync_overlap_s = 3 * 86'400;  // behind the last reading, for what came late
    /// Longer than a call can take (7 s); what a killed sender left is taken over after it. Two
    /// senders at once would do no harm: key and bytes are the same.
    std::int64_t call_lease_s = 9;
    std::int64_t give_up_replay_s = 20 * 3'600;  // keys live 24 h at the provider: then by reading
    std::int64_t refund_alarm_s = 5 * 86'400;    // a refund under way longer than that is a finding
    int waits_for_other = 80;  // pauses until another sender of the same call is done
    /// Waits 100 ms; tests replace it.
    std::function<void()> pause;
};

struct Checkout {
    std::string url;
    base::Instant expires_at;
};

enum class CancelOutcome { none, cancelled, expired, processing, paid };
std::string_view to_string(CancelOutcome outcome);

enum class NewsOutcome { done, ignored, later, failed };

struct SyncCounts {
    int txns = 0;
    int payouts = 0;
};

class Cashier {
public:
    Cashier(CashierSettings settings, Store& store, Provider& provider, BookingPeer& booking,
            const base::Clock& business, const base::Clock& machine);

    /// The page where this payment is made, opened if need be. `already_paid`, `payment_expired`,
    /// `pay_by_too_close`, `establishment_not_payable`, `invalid_transition` (billed later),
    /// `upstream_unavailable`.
    base::Result<Checkout> checkout(const PaymentId& id);
    /// Takes over what the provider knows of this payment.
    base::Result<void> sync(const PaymentId& id);
    base::Result<CancelOutcome> cancel(const base::BookingId& booking);

    NewsOutcome handle(const InboxEvent& event);
    /// Movements and payouts of one account since the last reading.
    base::Result<SyncCounts> sync_account(const Establishment& establishment);

    // Jobs: each does at most `limit` things and says how many it did.
    int resume_calls(int limit);
    int read_inbox(int limit);
    int sweep(int limit);
    int sync_accounts(int limit);

    const Provider& provider() const { return provider_; }
    base::Instant now() const { return business_.now(); }

private:
    using Work = std::function<base::Result<void>(Tx&, Payment&, Effects&)>;
    /// Reads, changes and writes one payment; again when somebody else wrote it meanwhile.
    base::Result<Payment> change(const PaymentId& id, const Work& work);
    base::Result<Payment> look(const PaymentId& id);
    /// Who is paid, with an account at the provider; else `establishment_not_payable`.
    base::Result<Establishment> creditor(const Payment& payment);
    void look_at_refund(const PaymentId& id, const RefundId& refund);
    void look_at_dispute(const PaymentId& id, const std::string& dispute);

    // Opening a page (cashier.cpp).
    base::Result<void> make_room(const Payment& payment);
    base::Result<void> plan_attempt(const Payment& payment);

    // Calls (cashier_calls.cpp).
    /// Sends a stored call unless it is settled; waits for another sender of the same call.
    base::Result<void> run_call(const std::string& key);
    base::Result<void> settle(const ProviderCall& call, const CallAnswer& answer);
    base::Result<void> settle_by_reading(const ProviderCall& call, bool last_chance);
    void apply_answer(const ProviderCall& call, const CallAnswer& answer, Payment& payment,
                      Effects& effects);
    base::Result<void> send_refund(const PaymentId& id, const RefundId& refund);
    base::Result<void> close_page(const Payment& payment, const Attempt& attempt);

    // News (cashier_news.cpp).
    base::Result<void> read_attempt(const PaymentId& id, const std::string& account,
                                    const std::string& session);
    base::Result<void> take_charge(const Establishment& owner, const SeenCharge& charge);
    /// Reads a charge that something else spoke of; whether it is known now.
    bool hears_of_charge(const Establishment& owner, const std::string& id);
    base::Result<void> take_refund(const Establishment& owner, const SeenRefund& refund);
    base::Result<void> take_dispute(const Establishment& owner, const SeenDispute& dispute);
    base::Result<void> take_waiting_refunds(const Establishment& owner, base::Instant since);
    base::Result<void> take_account(const Establishment& owner);
    base::Result<void> take_txn(const Establishment& owner, const SeenTxn& txn);
    base::Result<void> take_unknown(const Establishment& owner, const SeenTxn& txn);
    base::Result<void> take_payout_txn(const Establishment& owner, const SeenTxn& txn);
    base::Result<void> sync_payout(const Establishment& owner, const std::string& payout);
    base::Result<void> handle_object(const Establishment& owner, const InboxEvent& event);

    CashierSettings settings_;
    Store& store_;
    Provider& provider_;
    BookingPeer& booking_;
    const base::Clock& business_;
    const base::Clock& machine_;
};

}  // namespace preau::payment
