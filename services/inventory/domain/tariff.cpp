#include "services/inventory/domain/tariff.hpp"

namespace preau::inventory {

const Tariff* in_force(const std::vector<Tariff>& tariffs,
                       const base::EstablishmentId& establishment, time::Date day) {
    // The choice is pricing's; a vote without its lines is enough to make it.
    std::vector<rules::TariffVersion> votes;
    std::vector<const Tariff*> of_vote;
    for (const Tariff& tariff : tariffs) {
        if (tariff.establishment && *tariff.establishment != establishment) continue;
        rules::TariffVersion vote;
        vote.number = tariff.grid.number;
        vote.voted_on = tariff.grid.voted_on;
        vote.executory_from = tariff.grid.executory_from;
        vote.own = tariff.establishment.has_value();
        votes.push_back(std::move(vote));
        of_vote.push_back(&tariff);
    }
    const auto* best = rules::version_in_force(day, votes, day);
    return best == nullptr ? nullptr : of_vote[static_cast<std::size_t>(best - votes.data())];
}

}  // namespace preau::inventory
