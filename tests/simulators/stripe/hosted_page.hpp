#pragma once
// The stand-in for Stripe's hosted payment page, in French, without script: what is paid to whom,
// and three buttons. It says on top that no money moves.

#include "shared/net/router.hpp"
#include "tests/simulators/stripe/world.hpp"

namespace preau::stripe_simulator {

void add_hosted_page(net::Router& router, World& world);

}  // namespace preau::stripe_simulator
