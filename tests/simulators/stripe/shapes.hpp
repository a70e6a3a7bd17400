#pragma once
// The shapes in which the provider shows its objects: what the simulator keeps for itself stays
// inside, and members that Stripe always gives are there, empty where nothing is simulated.

#include <nlohmann/json.hpp>

namespace preau::stripe_simulator {

/// With every object inside it, expanded ones too.
nlohmann::json public_form(nlohmann::json value);

}  // namespace preau::stripe_simulator
