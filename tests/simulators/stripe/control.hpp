#pragma once
// What tests and the demonstration may order the simulated world to do, under /_control.

#include "shared/net/router.hpp"
#include "tests/simulators/stripe/api.hpp"
#include "tests/simulators/stripe/webhooks.hpp"
#include "tests/simulators/stripe/world.hpp"

namespace preau::stripe_simulator {

///   POST /_control/payouts   {"account"?}            pays out the balance of one or all accounts
///   POST /_control/webhooks  {"mode":"deliver|hold|duplicate|shuffle|drop"}
///   POST /_control/faults {"fault":"none|error_before|error_after|too_many|slow|garbage","count"}
///   POST /_control/pay       {"session","act":"pay|decline|pay_late|pay_slowly|bank_says_yes|
///                            bank_says_no"}   the payer, without a browser
///   POST /_control/refunds   {"account","payment_intent","amount"} made in the provider's pages;
///                            {"account","fail":"re_…"} comes back
///   GET  /_control/accounts
///   GET  /_control/bank.csv?account=   the bank's statement, one line for each payout
void add_control(net::Router& router, World& world, Api& api, Webhooks& webhooks);

}  // namespace preau::stripe_simulator
