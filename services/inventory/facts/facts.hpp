#pragma once
// The JSON form of inventory's facts: what the events carry (api/events) and what answers repeat of
// them, so that a reader of the feed and a reader of the API see the same words.

#include <string>

#include <nlohmann/json.hpp>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/wire/space.hpp"

namespace preau::inventory::facts {

double degrees(std::int64_t e6);

wire::Space wire_space(const SpaceFacts& facts);

nlohmann::json space_changed(const SpaceFacts& facts);
nlohmann::json establishment_changed(const EstablishmentFacts& facts);
nlohmann::json calendar_changed(const StoredSchoolCalendar& stored);
nlohmann::json calendar_changed(const StoredPublicHolidays& stored);
nlohmann::json tariff_changed(const Tariff& tariff);

std::string calendar_id(const rules::SchoolCalendar& calendar);  // "school:A"
std::string calendar_id(const rules::PublicHolidays& holidays);  // "public:metropole"

}  // namespace preau::inventory::facts
