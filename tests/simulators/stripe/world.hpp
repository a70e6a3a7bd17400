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
    /// Objects of a kind, newest first, after the filter.
    std::vector<Json> list(const std::string& account, const std::string& object,
                           const std::function<bool(const Json&)>& wanted);
    Json balance(const std::string& account);
    Json account(const std::string& id);
    std::vector<std::string> accounts();

    /// What the payer does on the hosted page; the session afterwards.
    enum class PayerAct { pay, decline };
    std::optional<Json> session_of_page(const std::string& id);
    std::optional<Json> payer_acts(const std::string& id, PayerAct act);

    /// Pays out the whole balance of the account; nothing when it is not positive.
    std::optional<Json> make_payout(const std::string& account);
    /// Expires what is past its time; called every second.
    void tick();

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
    void settle_payment(Account& account, Json& session, Events& events, const std::string& owner);
    std::int64_t unpaid_out(Account& account);
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
};

}  // namespace preau::stripe_simulator
