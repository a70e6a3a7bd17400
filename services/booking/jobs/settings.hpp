#pragma once
// The desk's settings as the configuration gives them; the keys and defaults stand in README.md.

#include "services/booking/domain/desk.hpp"
#include "shared/host/config.hpp"

namespace preau::booking {

/// Ends the process with 2 where a test-only switch is set outside demonstration and test
/// instances.
DeskSettings settings_of(const host::Config& config, Terms terms);

}  // namespace preau::booking
