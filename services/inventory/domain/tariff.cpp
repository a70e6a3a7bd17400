#include "services/inventory/domain/tariff.hpp"

#include <tuple>

namespace preau::inventory {

const Tariff* in_force(const std::vector<Tariff>& tariffs,
                       const base::EstablishmentId& establishment, time::Date day) {
    const auto rank = [](const Tariff& tariff) {
        return std::tuple{tariff.establishment.has_value(), tariff.grid.executory_from,
                          tariff.grid.number};
    };
    const Tariff* best = nullptr;
    for (const Tariff& tariff : tariffs) {
        const bool elsewhere = tariff.establishment && *tariff.establishment != establishment;
        if (elsewhere || day < tariff.grid.voted_on || day < tariff.grid.executory_from) continue;
        if (best == nullptr || rank(*best) < rank(tariff)) best = &tariff;
    }
    return best;
}

}  // namespace preau::inventory
