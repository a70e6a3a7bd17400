#pragma once
// What this service needs of a payment provider. Calls that change something at the provider are
// rendered first, stored as bytes, and only then sent: the same bytes under the same key as often
// as it takes. What is read is given back in our own words, so that the rules never see a
// provider's format.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "services/payment/domain/types.hpp"

namespace preau::payment {

struct SeenTxn {
    std::string id;
    std::string type;
    std::int64_t gross = 0;
    std::int64_t fee = 0;
    std::string source;
    base::Instant created;
};

struct SeenCharge {
    std::string id;
    std::string intent;
    std::string payment_id;  // of our metadata; empty when it is not ours
    int attempt = 0;
    std::int64_t amount = 0;
    std::string currency;  // upper case
    base::Instant created;
    SeenTxn txn;
};

struct SeenSession {
    enum class State { open, complete, expired };
    std::string id;
    State state = State::open;
    std::string payment_id;
    int attempt = 0;
    std::int64_t amount = 0;
    std::string currency;
    std::string url;
    std::string intent;
    base::Instant expires_at;
    bool declined = false;
    bool intent_failed = false;        // complete, and the bank said no afterwards
    std::optional<SeenCharge> charge;  // the money, once it came
};

struct SeenRefund {
    std::string id;
    std::string refund_id;  // of our metadata
    std::string intent;
    std::string charge;
    std::int64_t amount = 0;
    std::string currency;
    RefundStatus status = RefundStatus::pending;
    std::string pending_reason;
    base::Instant created;
    std::optional<SeenTxn> txn;
    std::optional<SeenTxn> failure_txn;
};

struct SeenDispute {
    std::string id;
    std::string intent;
    std::string charge;
    std::int64_t amount = 0;
    std::string currency;
    DisputeState state = DisputeState::open;
    std::string reason;
    std::optional<base::Instant> answer_by;
    base::Instant created;
    std::vector<SeenTxn> txns;  // withdrawn, given back
};

struct SeenAccount {
    std::string id;
    std::string restricted;  // why it cannot take payments; empty: it can
};

struct SeenPayout {
    std::string id;
    std::int64_t amount = 0;
    std::string status;  // pending in_transit paid failed canceled
    std::string trace;
    base::Instant created;
    base::Instant arrival;
    bool itemised = false;  // its lines are complete
};

/// A change asked for at the provider, exactly as it is sent.
struct ProviderCall {
    std::string id;      // ULID
    std::string kind;    // checkout, expire, refund
    std::string target;  // payment id/attempt, or refund id
    std::string payment_id;
    std::string account;
    std::string idem_key;
    std::string path;
    std::string body;
    std::string state = "planned";  // planned in_flight unknown ok refused
    int tries = 0;
    base::Instant first_sent_at;  // machine time; 0 before
    base::Instant next_try_at;    // machine time
};

/// What became of a sent call.
struct CallAnswer {
    enum class Kind {
        done,      // the body holds the object
        refused,   // a final no: 4xx
        unknown,   // nobody knows: time-out, 5xx, cut connection; the same bytes may be sent again
        replayed,  // an old failure was repeated: the same key will never do; read instead
    };
    Kind kind = Kind::unknown;
    int status = 0;
    std::string code;  // the provider's error code
    std::string body;
    std::int64_t retry_after_s = 0;
};

/// A read that failed: nothing is known. `gone`: the provider answered that there is no such thing.
struct ReadFailure {
    bool gone = false;
    std::string detail;
};
/// As the caller's error: `not_found` or `upstream_unavailable`.
inline base::Error unreadable(const ReadFailure& failure) {
    return {failure.gone ? "not_found" : "upstream_unavailable", failure.detail, {}};
}
template <class T>
using Read = std::expected<T, ReadFailure>;

/// What a provider can do; the rest is done by people.
struct Capabilities {
    bool hosted_page = false;     // the payer pays at an address that it gives
    bool expiry_control = false;  // that page can be closed by us
    bool refund = false;          // money goes back the way it came
    bool partial_refund = false;
    bool movements = false;  // its account can be read, movement by movement
    bool signed_notifications = false;
    std::vector<std::string_view> methods;  // that an officer records by hand
};

class Provider {
public:
    virtual ~Provider() = default;

    virtual std::string_view name() const = 0;
    virtual bool simulated() const = 0;
    virtual Capabilities capabilities() const = 0;

    // Rendering: path and body of a call; no network.
    virtual void render_checkout(ProviderCall& call, const Payment& payment, const Attempt& attempt,
                                 const Establishment& establishment) const = 0;
    virtual void render_expire(ProviderCall& call, const std::string& session) const = 0;
    virtual void render_refund(ProviderCall& call, const Payment& payment, const Refund& refund,
                               const std::string& intent) const = 0;

    virtual CallAnswer send(const ProviderCall& call) = 0;
    /// The object in the body of a `done` answer.
    virtual std::optional<SeenSession> session_of(const std::string& body) const = 0;
    virtual std::optional<SeenRefund> refund_of(const std::string& body) const = 0;

    // Reading the truth.
    virtual Read<SeenSession> session(const std::string& account, const std::string& id) = 0;
    /// The session that an attempt opened, found by our reference; nothing when there is none.
    virtual Read<std::optional<SeenSession>> find_session(const std::string& account,
                                                          const PaymentId& payment, int attempt,
                                                          base::Instant since) = 0;
    virtual Read<SeenCharge> charge(const std::string& account, const std::string& id) = 0;
    virtual Read<SeenRefund> refund(const std::string& account, const std::string& id) = 0;
    virtual Read<std::vector<SeenRefund>> refunds(const std::string& account,
                                                  const std::string& intent) = 0;
    /// Of all payments of the account, created since. One that waits for money has no movement yet.
    virtual Read<std::vector<SeenRefund>> refunds_since(const std::string& account,
                                                        base::Instant since) = 0;
    virtual Read<SeenDispute> dispute(const std::string& account, const std::string& id) = 0;
    virtual Read<SeenAccount> account(const std::string& account) = 0;
    virtual Read<SeenPayout> payout(const std::string& account, const std::string& id) = 0;
    /// Ids of payouts created since.
    virtual Read<std::vector<SeenPayout>> payouts(const std::string& account,
                                                  base::Instant since) = 0;
    virtual Read<std::vector<SeenTxn>> txns_of_payout(const std::string& account,
                                                      const std::string& payout) = 0;
    /// Movements created since, oldest first.
    virtual Read<std::vector<SeenTxn>> txns(const std::string& account, base::Instant since) = 0;
};

/// The one question that this service asks of booking.
class BookingPeer {
public:
    virtual ~BookingPeer() = default;
    /// The new pay_by; `pay_by_too_close` when it cannot be extended, `upstream_unavailable`.
    virtual base::Result<base::Instant> extend_pay_by(const base::BookingId& booking) = 0;
};

}  // namespace preau::payment
