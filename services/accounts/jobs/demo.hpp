#pragma once
// Loads the demonstration's people and organisations, and gives those who sign in a password that
// is random for each installation.

#include <cstdint>
#include <string>

#include "services/accounts/domain/store.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

namespace preau::accounts {

struct DemoResult {
    std::size_t organisations = 0;
    std::size_t people = 0;
    std::size_t accounts = 0;
    std::string accounts_file;
};

/// Called again, it keeps the passwords of `<data_dir>/demo-accounts.json` (mode 0600: a list of
/// {role, label, name, email, password, organisation, establishment}) and changes only what
/// differs.
base::Result<DemoResult> load_demo(Store& store, std::uint32_t seed, const std::string& data_dir,
                                   base::Instant business_now, base::Instant machine_now);

}  // namespace preau::accounts
