#pragma once
// Demonstration rooms: rooms, areas, prices and opening hours of collèges are published nowhere, so
// a demonstration instance makes plausible ones from a fixed seed and flags each as demonstration.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/inventory/domain/establishment.hpp"
#include "services/inventory/domain/space.hpp"
#include "services/inventory/domain/tariff.hpp"
#include "shared/time/civil.hpp"

namespace preau::inventory::demo {

/// A reproducible source of small choices. The standard distributions differ between libraries, so
/// they are not used; a generator for each key keeps one choice from moving all later ones.
class Dice {
public:
    Dice(std::uint64_t seed, std::string_view key);
    std::uint64_t next();
    int between(int low, int high);  // both inclusive
    bool chance(int percent);

private:
    std::uint64_t state_;
};

/// For 97 collèges exactly 800 spaces: 30 gyms of three parts, 97 salles polyvalentes, 22
/// auditoriums, 121 IT rooms, 530 classrooms; for another number in proportion. The same arguments
/// give the same spaces. `today` fixes the years of the opening hours: last year to two years
/// ahead.
std::vector<Space> spaces(std::uint64_t seed, time::Date today,
                          std::span<const EstablishmentFacts> establishments);

/// The hours of rule R-06 with small variations between establishments.
rules::Opening opening(std::uint64_t seed, time::Date today, const EstablishmentFacts& at,
                       SpaceKind kind);

/// The demonstration grid, all categories, executory from the last 1 September.
Tariff tariff(const base::BodyId& body, std::string_view body_slug, time::Date today);

/// The gyms that the documentation and the first searches show: around Voiron.
struct Showcase {
    std::string_view uai;
    int gym_capacity;
    int gym_area_m2;
    bool step_free;
};
std::span<const Showcase> showcase();

}  // namespace preau::inventory::demo
