#pragma once
// Stripe as a provider: Checkout Sessions on the account of each establishment (direct charges,
// payments.md §0), by a pinned version of the API.

#include <atomic>
#include <expected>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/payment/domain/provider.hpp"
#include "services/payment/provider/stripe/throttle.hpp"
#include "shared/net/client.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::payment::stripe {

inline constexpr std::string_view default_base = "https://api.stripe.com";
inline constexpr std::string_view default_version = "2026-10-28.endive";

struct Options {
    std::string api_base{default_base};
    std::string api_version{default_version};
    std::string secret_key;
    std::string public_url;  // of this installation: where the payer comes back
    bool simulated = false;
    /// In place of net::Client, for tests without sockets.
    std::function<std::expected<net::ClientResponse, net::ClientError>(const net::ClientRequest&)>
        send;
    ThrottleLimits limits;
    std::function<double()> now_s;                // of the throttle; null: the steady clock
    std::function<std::int64_t()> machine_now_s;  // UTC; null: the machine's clock
};

/// Behind or ahead of the provider's clock by more than this, webhooks are refused for their time.
inline constexpr std::int64_t clock_skew_s_max = 120;

class StripeProvider final : public Provider {
public:
    StripeProvider(Options options, observe::Registry& metrics);

    std::string_view name() const override { return "stripe"; }
    bool simulated() const override { return options_.simulated; }
    Capabilities capabilities() const override;
    /// Seconds by which the provider's clock is ahead of ours, of its last answer.
    std::int64_t clock_skew_s() const { return clock_skew_s_; }

    void render_checkout(ProviderCall& call, const Payment& payment, const Attempt& attempt,
                         const Establishment& establishment) const override;
    void render_expire(ProviderCall& call, const std::string& session) const override;
    void render_refund(ProviderCall& call, const Payment& payment, const Refund& refund,
                       const std::string& intent) const override;
    CallAnswer send(const ProviderCall& call) override;
    std::optional<SeenSession> session_of(const std::string& body) const override;
    std::optional<SeenRefund> refund_of(const std::string& body) const override;

    Read<SeenSession> session(const std::string& account, const std::string& id) override;
    Read<std::optional<SeenSession>> find_session(const std::string& account,
                                                  const PaymentId& payment, int attempt,
                                                  base::Instant since) override;
    Read<SeenCharge> charge(const std::string& account, const std::string& id) override;
    Read<SeenRefund> refund(const std::string& account, const std::string& id) override;
    Read<std::vector<SeenRefund>> refunds(const std::string& account,
                                          const std::string& intent) override;
    Read<std::vector<SeenRefund>> refunds_since(const std::string& account,
                                                base::Instant since) override;
    Read<SeenDispute> dispute(const std::string& account, const std::string& id) override;
    Read<SeenAccount> account(const std::string& account) override;
    Read<SeenPayout> payout(const std::string& account, const std::string& id) override;
    Read<std::vector<SeenPayout>> payouts(const std::string& account, base::Instant since) override;
    Read<std::vector<SeenTxn>> txns_of_payout(const std::string& account,
                                              const std::string& payout) override;
    Read<std::vector<SeenTxn>> txns(const std::string& account, base::Instant since) override;

private:
    using Json = nlohmann::json;
    net::ClientRequest request(net::Method method, const std::string& target,
                               const std::string& account) const;
    Read<Json> get(const std::string& account, const std::string& target);
    /// All pages of a list, newest first, until `enough` says so (null: to the end).
    Read<std::vector<Json>> list(const std::string& account, const std::string& target,
                                 const std::function<bool(const Json&)>& enough = {});
    Read<std::vector<SeenRefund>> refunds_where(const std::string& account,
                                                const std::string& filter);
    template <class T>
    Read<T> one(const std::string& account, const std::string& target,
                std::optional<T> (*from)(const Json&));
    void count(std::string_view outcome);
    /// Sends when the throttle has a place, and learns from the answer. The error holds the seconds
    /// after which to try again, 0 when the request was on its way.
    std::expected<net::ClientResponse, double> converse(const net::ClientRequest& message,
                                                        const std::string& account);
    void compare_clocks(const net::ClientResponse& answer);

    Options options_;
    net::Client client_;
    observe::Registry& metrics_;
    Throttle throttle_;
    std::atomic<std::int64_t> clock_skew_s_ = 0;
};

}  // namespace preau::payment::stripe
