#pragma once
// What configuration and environment say to this service. A key that moves real money never meets
// invented rooms, a simulator or a clock that is not the world's: then the process ends here.

#include <memory>
#include <string>
#include <vector>

#include "services/payment/http/api.hpp"
#include "shared/host/host.hpp"

namespace preau::payment {

/// Stripe where there is a key, else what officers record by hand.
std::unique_ptr<Provider> make_provider(host::Host& host);
std::vector<std::string> webhook_secrets();
http::AccountNumbers account_numbers(const host::Host& host);
CashierSettings cashier_settings(const host::Host& host);

}  // namespace preau::payment
