#pragma once
// The simulated provider's truth: accounts and their objects, in the shapes of the pinned Stripe
// API version, and the rules by which money moves between them. One mutex guards it all; every
// change is saved to a file before it is told, so that a restart forgets nothing.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/clock.hpp"

namespace preau::stripe_simulator {

inline constexpr const char* api_version = "2026-10-28.endive";
/// A Checkout Session lives between 30 minutes and 24 hours.
inline constexpr std::int64_t session_life_s_min = 30 * 60;
inline constexpr std::int64_t session_life_s_max = 24 * 3600;
inline constexpr std::int64_t amount_min_cents = 50;
inline constexpr std::int64_t amount_max_cents = 99'999'999;

/// An error answer of the API.
struct ApiError {
    int status = 400;
    std::string type;   // "invalid_request_error"
    std::string code;   // "resource_missing", or empty
    std::string param;  // the parameter at fault, or empty
    std::string message;
};

ApiError missing(const std::string& param, const std::string& id);
ApiError invalid(const std::string& param, const std::string& message);

template <class T>
using ApiResult = std::variant<T, ApiError>;
using Json = nlohmann::json;

class World {
public:
    /// Loads `file` when it exists. `seed` makes the ids repeatable.
    World(std::string file, std::uint64_t seed, const base::Clock& clock, std::string own_url);

    /// Called, outside the lock, with each new event.
    void on_event(std::function<void(const Json& event)> tell);

    ApiResult<Json> create_session(const std::string& account, const Json& parameters);
    ApiResult<Json> expire_session(const std::string& account, const std::string& id);
    ApiResult<Json> create_refund(const std::string& account, const Json& parameters);
    /// Any object by id, if it belongs to the account.
    ApiResult<Json> find(const std::string& account, const std::string& object,
                         const std::string& id);
    /// Puts the object in the place of its id, along a path like
    /// "payment_intent.latest_charge.balance_transaction" or "data.balance_transaction".
    void expand(const std::string& account, Json& value, std::string_view path);
    /// Objects of a kind, newest first, after the filter.
    std::vector<Json> list(const std::string& account, const std::string& object,
                           const std::function<bool(const Json&)>& wanted);
    Json balance(const std::string& account);
    Json account(const std::string& id);
    std::vector<std::string> accounts();

    /// What the payer does on the hosted page; the session afterwards. `pay_late`: pays though the
    /// page is over, as a bank may that was slow. `pay_slowly`: the bank has not answered yet;
    /// `bank_says_yes`, `bank_says_no` end it.
    enum class PayerAct { pay, decline, pay_late, pay_slowly, bank_says_yes, bank_says_no };
    std::optional<Json> session_of_page(const std::string& id);
    std::optional<Json> payer_acts(const std::string& id, PayerAct act);
    /// The charge of a session differs from what was asked for: what never should happen.
    bool falsify(const std::string& session, std::int64_t amount, const std::string& currency);
    /// A refund made in the provider's own pages, or one that failed after all.
    ApiResult<Json> refund_outside(const std::string& account, const std::string& intent,
                                   std::int64_t amount);
    ApiResult<Json> fail_refund(const std::string& account, const std::string& refund);

    /// The payer's bank takes `amount` of a payment back, and decides later.
    ApiResult<Json> dispute(const std::string& account, const std::string& intent,
                            std::int64_t amount);
    ApiResult<Json> decide_dispute(const std::string& account, const std::string& id, bool won);
    /// Refunds of this account wait (insufficient_funds) until its balance covers them; without
    /// this they overdraw it.
    void lend_nothing(const std::string& account);
    /// The account takes no payments until `why` is empty again.
    void restrict(const std::string& account, const std::string& why);

    /// Pays out the whole balance of the account; nothing when it is not positive.
    std::optional<Json> make_payout(const std::string& account);
    /// Expires what is past its time, and pays out each account once a business day; called every
    /// second.
    void tick();
    std::int64_t today_s() const { return now(); }
    /// Whether tick() pays out by itself.
    void pay_out_daily(bool daily);

private:
    struct Account {
        std::map<std::string, Json> objects;  // by id, all kinds
        std::vector<std::string> order;       // ids in order of creation
    };
    using Events = std::vector<Json>;

    std::string new_id(const std::string& prefix);
    Json& put(Account& account, Json object);
    Json* get(Account& account, const std::string& id);
    void add_event(Events& events, const std::string& account, const std::string& type,
                   const Json& object);
    Json& add_transaction(Account& account, const std::string& type, const std::string& source,
                          std::int64_t amount);
    Json& intent_of(Account& account, Json& session);
    void settle_payment(Account& account, Json& session, Events& events, const std::string& owner);
    void decline_payment(Account& account, Json& session, Events& events, const std::string& owner);
    void act_on(Account& account, Json& session, PayerAct act, Events& events,
                const std::string& owner);
    ApiResult<Json> refund_charge(const std::string& account, const Json& parameters,
                                  Events& events);
    std::int64_t unpaid_out(Account& account);
    Json& account_object(const std::string& id);
    /// Executes what waits for money, oldest first.
    void release_refunds(const std::string& id, Events& events);
    std::string execute_refund(Account& account, const std::string& refund, std::int64_t amount);
    void save();
    void tell(const Events& events);
    std::int64_t now() const { return clock_.now().seconds; }
    std::pair<std::string, Json*> session_anywhere(const std::string& id);

    std::mutex mutex_;
    std::map<std::string, Account> accounts_;
    std::string file_;
    std::uint64_t seed_;
    std::uint64_t next_ = 1;
    const base::Clock& clock_;
    std::string own_url_;
    std::function<void(const Json&)> tell_;
    std::map<std::string, std::int64_t> paid_out_on_;  // account -> day since 1970
    bool daily_ = false;
};

}  // namespace preau::stripe_simulator
