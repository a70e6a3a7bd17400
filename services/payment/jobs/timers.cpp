#include "services/payment/jobs/timers.hpp"

namespace preau::payment {

namespace {
using namespace std::chrono_literals;
constexpr int kBatch = 50;
constexpr int kAccountsBatch = 5;
}  // namespace

std::chrono::milliseconds handle_webhooks(Cashier& cashier) {
    return cashier.read_inbox(kBatch) == kBatch ? 1ms : 200ms;
}

std::chrono::milliseconds resume_provider_calls(Cashier& cashier) {
    return cashier.resume_calls(kBatch) == kBatch ? 10ms : 500ms;
}

std::chrono::milliseconds sweep_payments(Cashier& cashier) {
    return cashier.sweep(kBatch) >= kBatch ? 50ms : 1'000ms;
}

std::chrono::milliseconds sync_provider_accounts(Cashier& cashier) {
    return cashier.sync_accounts(kAccountsBatch) == kAccountsBatch ? 100ms : 5'000ms;
}

}  // namespace preau::payment
