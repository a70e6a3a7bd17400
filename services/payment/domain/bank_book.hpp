#pragma once
// What the desk writes down: lines that are open, what they were matched to, what payments received
// by transfer, and the months that are closed. Part of the transaction that Tx is.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/payment/domain/store.hpp"

namespace preau::payment {

using MatchId = base::Id<struct MatchTag>;

/// What a line is, or a part of it.
struct MatchItem {
    std::string kind;       // payout payment receipt
    std::string subject;    // id of the payout or the payment
    std::string reference;  // as people know it: id of the payout, public reference
    std::int64_t amount = 0;
    bool operator==(const MatchItem&) const = default;
};

struct BankMatch {
    MatchId id;
    LineId line;
    std::string state;    // suggested made undone
    std::string rule;     // R1 to R5, hand
    std::string reasons;  // words with spaces between, keys of match_reason
    std::string note;     // why, where a person decided against the amounts
    std::string actor;
    base::Instant made_at;
    std::string undone_by;
    std::vector<MatchItem> items;
};

/// What a payment received by transfers that were found on the bank account.
struct Transfers {
    std::int64_t received = 0;  // cents
    std::int64_t granted = 0;   // of these given back as too much
    bool settled = false;       // they paid it
    bool seen = false;          // the receipt that an officer recorded was found
};

/// A payment as money on the account may name it.
struct Claim {
    PaymentId payment;
    std::string public_ref;
    std::int64_t amount = 0;
    std::int64_t rest = 0;     // cents that are missing
    std::int64_t awaited = 0;  // recorded as a transfer, not seen on the account yet
    bool closed = false;       // nothing is expected any more
};

/// Of a day's lines that brought money.
struct LineCounts {
    std::map<std::string, int> by_state;
    std::int64_t open_cents = 0;  // not matched and not set aside
    std::optional<time::Date> oldest_open;
    std::optional<time::Date> newest;
};

/// A month that is closed: nothing is added to it, and its files have the same bytes for ever.
struct Period {
    std::string month;  // "2026-10"
    base::Instant closed_at;
    std::string closed_by;
    std::string note;     // why it was closed with something open; empty when nothing was
    std::string numbers;  // JSON: the accounts' numbers as they were
    std::string hashes;   // JSON: SHA-256 of each file
};

class BankBook {
public:
    virtual ~BankBook() = default;

    /// Not matched and not set aside, oldest first.
    virtual std::vector<BankLine> open_lines(const base::EstablishmentId& establishment) = 0;
    virtual std::optional<std::pair<base::EstablishmentId, BankLine>> line(const LineId& id) = 0;
    virtual LineCounts counts(const base::EstablishmentId& establishment) = 0;
    /// What the provider paid out and the account received: by the matches, and by the ledger.
    virtual std::int64_t arrived_from_provider(const base::EstablishmentId& establishment) = 0;
    virtual std::int64_t arrived_by_ledger(const base::EstablishmentId& establishment) = 0;

    /// All of the establishment, also those that the bank has confirmed.
    virtual std::vector<Payout> payouts_since(const base::EstablishmentId& establishment,
                                              base::Instant since) = 0;
    virtual std::vector<Claim> claims(const base::EstablishmentId& establishment,
                                      base::Instant since) = 0;
    virtual Transfers transfers(const PaymentId& payment) = 0;
    virtual void save_transfers(const PaymentId& payment, const Transfers& transfers) = 0;

    virtual void insert_match(const base::EstablishmentId& establishment,
                              const BankMatch& match) = 0;
    /// False when it was undone already.
    virtual bool mark_undone(const MatchId& id, const std::string& who, base::Instant now) = 0;
    virtual void drop_suggestions(const base::EstablishmentId& establishment) = 0;
    virtual void drop_suggestions_of(const LineId& line) = 0;
    virtual std::optional<BankMatch> match(const MatchId& id) = 0;
    virtual std::vector<BankMatch> matches_of(const LineId& line) = 0;
    /// The line that confirmed a payout, newest first.
    virtual std::vector<LineId> lines_of_payout(const std::string& payout) = 0;

    virtual std::optional<ledger::Entry> entry(const std::string& event_key) = 0;

    virtual std::vector<Period> periods(const base::EstablishmentId& establishment) = 0;
    virtual bool is_closed(const base::EstablishmentId& establishment,
                           const std::string& month) = 0;
    /// False when it is closed already.
    virtual bool close(const base::EstablishmentId& establishment, const Period& period) = 0;
    /// Movements of the provider that the ledger lacks or has with another amount: id and cents.
    virtual std::vector<std::pair<std::string, std::int64_t>> differences(
        const base::EstablishmentId& establishment, base::Instant from, base::Instant until) = 0;
    /// Sum of the provider's movements (net) in this time.
    virtual std::int64_t provider_net(const base::EstablishmentId& establishment,
                                      base::Instant from, base::Instant until) = 0;
    /// Whose account a refund by transfer goes to.
    virtual std::optional<std::pair<std::string, std::string>> payee(const RefundId& refund) = 0;
    virtual void save_payee(const RefundId& refund, const std::string& name,
                            const std::string& iban) = 0;
    /// Refunds that a person must order at the bank: payment and refund.
    virtual std::vector<std::pair<PaymentId, RefundId>> transfers_to_order(
        const base::EstablishmentId& establishment) = 0;
    virtual std::vector<PaymentId> payments_between(const base::EstablishmentId& establishment,
                                                    base::Instant from, base::Instant until) = 0;
};

}  // namespace preau::payment
