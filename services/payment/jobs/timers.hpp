#pragma once
// What the service does by itself; each function does one round and gives the pause after it.

#include <chrono>

#include "services/payment/domain/cashier.hpp"

namespace preau::payment {

/// Webhooks received and not handled.
std::chrono::milliseconds handle_webhooks(Cashier& cashier);
/// Calls to the provider that were planned, cut short or not answered: also after a crash.
std::chrono::milliseconds resume_provider_calls(Cashier& cashier);
/// Open pages of which nothing was heard, refunds to send, payments to close.
std::chrono::milliseconds sweep_payments(Cashier& cashier);
/// Movements and payouts of the accounts at the provider.
std::chrono::milliseconds sync_provider_accounts(Cashier& cashier);

}  // namespace preau::payment
