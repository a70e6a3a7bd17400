#pragma once
// Money without a provider: cheques, transfers, cash at a régie and mandats administratifs, each
// recorded by the finance officer. Nothing is ever sent and nothing can be read; what a provider
// would do, people do. In place of Stripe where an installation has no key.

#include "services/payment/domain/provider.hpp"

namespace preau::payment::offline {

class OfflineProvider final : public Provider {
public:
    std::string_view name() const override { return "offline"; }
    bool simulated() const override { return false; }
    Capabilities capabilities() const override;

    // Never asked: there is no page to open, and refunds go by transfer.
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
};

}  // namespace preau::payment::offline
