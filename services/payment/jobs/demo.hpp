#pragma once
// The demonstration's accounts at the simulated provider: acct_demo_<uai> for every establishment,
// for the collèges are real and only their rooms are invented. A second run changes nothing.

#include "services/payment/domain/store.hpp"

namespace preau::payment::demo {

struct Loaded {
    int registered = 0;
    int known = 0;
};
base::Result<Loaded> load(Store& store);

}  // namespace preau::payment::demo
