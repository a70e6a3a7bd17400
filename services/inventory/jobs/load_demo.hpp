#pragma once
// preau-inventory demo: demonstration rooms and a tariff grid for the imported collèges of one
// body. Run again with the same seed on the same day, it changes nothing.

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/time/civil.hpp"

namespace preau::inventory {

struct DemoOptions {
    std::uint64_t seed = 38;
    std::string body_slug = "isere";
};

/// `--seed <number> [--body-slug isere]`.
base::Result<DemoOptions> demo_options(const std::vector<std::string>& arguments);

/// The process's exit code: 0, or 1 when nothing was imported or the store refuses.
int load_demo(Catalogue& catalogue, const DemoOptions& options, time::Date today,
              std::ostream& out);

}  // namespace preau::inventory
