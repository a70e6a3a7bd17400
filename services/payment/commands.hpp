#pragma once
// Commands of preau-payment beside serving. Each gives the process's exit code.

#include <string>
#include <vector>

#include "shared/host/host.hpp"

namespace preau::payment {

/// demo [--seed 38]: accounts at the simulated provider for every establishment.
int run_demo(host::Host& host, const std::vector<std::string>& arguments);
/// account <uai> <acct_…> <mandate> <signed on>: where an establishment is paid, and the written
/// mandate of its accountant without which nothing is collected outside a demonstration.
int run_account(host::Host& host, const std::vector<std::string>& arguments);

}  // namespace preau::payment
