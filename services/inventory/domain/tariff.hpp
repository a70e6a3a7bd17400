#pragma once
// A tariff grid as a public body (or one establishment) voted it, and which vote is in force.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/id.hpp"
#include "shared/rules/pricing.hpp"
#include "shared/time/civil.hpp"

namespace preau::inventory {

struct Tariff {
    base::BodyId body;
    std::optional<base::EstablishmentId> establishment;  // nothing: the whole body
    rules::TariffVersion grid;
    std::int64_t version = 0;
};

/// The grid that applies at `establishment` on `day`: the latest voted and executory one, its own
/// before the body's. Null when none is in force.
const Tariff* in_force(const std::vector<Tariff>& tariffs,
                       const base::EstablishmentId& establishment, time::Date day);

}  // namespace preau::inventory
