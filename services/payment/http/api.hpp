#pragma once
// The operations of this service over HTTP: parse -> authorise -> domain -> answer.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "services/payment/domain/cashier.hpp"
#include "services/payment/domain/store.hpp"
#include "shared/net/router.hpp"
#include "shared/observe/metrics.hpp"
#include "shared/security/identity.hpp"

namespace preau::payment::http {

/// The number of each account in the establishments' plan.
using AccountNumbers = std::map<ledger::Account, std::string>;

/// What the handlers work with; wired in main.cpp, and by the tests without a server.
struct Api {
    Store& store;
    Cashier& cashier;
    observe::Registry& metrics;
    const base::Clock& machine;
    std::vector<std::string> webhook_secrets;
    AccountNumbers numbers;
    /// A refund that an officer asks for needs a second one from this sum on; 0: never.
    std::int64_t refund_four_eyes_cents = 0;
    /// The caller, or `unauthenticated`.
    std::function<base::Result<security::Identity>(const net::Request&)> require;
};

/// Adds every operation of api/openapi/payment.yaml. The handlers copy `api`.
void add_routes(net::Router& router, const Api& api);

// One function for each family; add_routes calls them all.
void add_payment_routes(net::Router& router, const Api& api);
void add_refund_routes(net::Router& router, const Api& api);
void add_webhook_routes(net::Router& router, const Api& api);
void add_money_routes(net::Router& router, const Api& api);           // payouts, ledger
void add_bank_routes(net::Router& router, const Api& api);            // statements, lines
void add_reconciliation_routes(net::Router& router, const Api& api);  // sums, matches
void add_export_routes(net::Router& router, const Api& api);          // files, months

}  // namespace preau::payment::http
