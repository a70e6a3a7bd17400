#pragma once
// What follows from the département of a site: its IANA zone and the territory whose public
// holidays it keeps. The school zone follows from the académie and is data (academies_zones.csv).

#include <string>
#include <string_view>

namespace preau::inventory {

/// "38", "2A", "974" out of "038", "02A", "38", "974"; empty when it cannot be one.
std::string departement_code(std::string_view text);

/// "Europe/Paris", or the zone of an overseas département or collectivity. French Polynesia has
/// three zones: the Marquesas and Gambier islands are told apart by the commune's INSEE code.
std::string_view zone_of(std::string_view departement, std::string_view commune_insee = {});

/// "metropole", "alsace-moselle" (57, 67, 68), "guadeloupe", …: the slugs of jours_feries.csv.
std::string_view territory_of(std::string_view departement);

}  // namespace preau::inventory
