#include "services/payment/provider/offline/provider.hpp"

#include <stdexcept>

namespace preau::payment::offline {

namespace {

[[noreturn]] void nothing_to_send() {
    throw std::logic_error("the offline provider sends nothing");
}

std::unexpected<ReadFailure> nothing() {
    return std::unexpected(ReadFailure{true, "there is no provider"});
}

}  // namespace

Capabilities OfflineProvider::capabilities() const {
    return {.methods = {"transfer", "cheque", "cash", "mandat"}};
}

void OfflineProvider::render_checkout(ProviderCall&, const Payment&, const Attempt&,
                                      const Establishment&) const {
    nothing_to_send();
}
void OfflineProvider::render_expire(ProviderCall&, const std::string&) const {
    nothing_to_send();
}
void OfflineProvider::render_refund(ProviderCall&, const Payment&, const Refund&,
                                    const std::string&) const {
    nothing_to_send();
}

CallAnswer OfflineProvider::send(const ProviderCall&) {
    return {CallAnswer::Kind::refused, 0, "no_provider", {}, 0};
}
std::optional<SeenSession> OfflineProvider::session_of(const std::string&) const {
    return std::nullopt;
}
std::optional<SeenRefund> OfflineProvider::refund_of(const std::string&) const {
    return std::nullopt;
}

Read<SeenSession> OfflineProvider::session(const std::string&, const std::string&) {
    return nothing();
}
Read<std::optional<SeenSession>> OfflineProvider::find_session(const std::string&, const PaymentId&,
                                                               int, base::Instant) {
    return std::optional<SeenSession>{};
}
Read<SeenCharge> OfflineProvider::charge(const std::string&, const std::string&) {
    return nothing();
}
Read<SeenRefund> OfflineProvider::refund(const std::string&, const std::string&) {
    return nothing();
}
Read<std::vector<SeenRefund>> OfflineProvider::refunds(const std::string&, const std::string&) {
    return std::vector<SeenRefund>{};
}
Read<std::vector<SeenRefund>> OfflineProvider::refunds_since(const std::string&, base::Instant) {
    return std::vector<SeenRefund>{};
}
Read<SeenDispute> OfflineProvider::dispute(const std::string&, const std::string&) {
    return nothing();
}
Read<SeenAccount> OfflineProvider::account(const std::string&) {
    return nothing();
}
Read<SeenPayout> OfflineProvider::payout(const std::string&, const std::string&) {
    return nothing();
}
Read<std::vector<SeenPayout>> OfflineProvider::payouts(const std::string&, base::Instant) {
    return std::vector<SeenPayout>{};
}
Read<std::vector<SeenTxn>> OfflineProvider::txns_of_payout(const std::string&, const std::string&) {
    return std::vector<SeenTxn>{};
}
Read<std::vector<SeenTxn>> OfflineProvider::txns(const std::string&, base::Instant) {
    return std::vector<SeenTxn>{};
}

}  // namespace preau::payment::offline
