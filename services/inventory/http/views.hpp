#pragma once
// The JSON of answers.

#include <vector>

#include <nlohmann/json.hpp>

#include "services/inventory/domain/catalogue.hpp"

namespace preau::inventory::views {

nlohmann::json establishment(const EstablishmentFacts& facts);
nlohmann::json establishment(const EstablishmentSummary& summary);
/// The short form of lists.
nlohmann::json space_short(const SpaceFacts& facts);
/// All facts, with establishment, site and the grid in force for its offers.
nlohmann::json space(const SpaceFacts& facts, const std::vector<Tariff>& tariffs, time::Date today);
nlohmann::json calendars(const StoredCalendars& stored);
nlohmann::json tariff(const Tariff& tariff);

}  // namespace preau::inventory::views
