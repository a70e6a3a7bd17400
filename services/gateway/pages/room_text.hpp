#pragma once
// Sentences about a space that several pages share.

#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// "Avenue Marie-Curie, 38500 Voiron"
std::string address_of(const nlohmann::json& place);
/// The larger of seats and standing room.
std::int64_t capacity_of(const nlohmann::json& space);
/// "840 m²" or false.
nlohmann::json area_text(const Visit& visit, const nlohmann::json& space);
bool is_step_free(const nlohmann::json& space);
/// "Accessible en fauteuil", "Accès par des marches"
std::string access_text(const Visit& visit, bool step_free);
/// "Douches, vestiaires", or false; words that the catalogue does not know are left out.
nlohmann::json words_text(const Visit& visit, const nlohmann::json& codes, const std::string& key);
/// "Gymnase du collège La Garenne, Voiron"
std::string name_and_commune(const nlohmann::json& space);
/// One row of a collège's list of rooms.
nlohmann::json room_row(const Visit& visit, const nlohmann::json& space);
/// The tone of a slot's state: free, taken, pending or closed.
std::string slot_tone(std::string_view state);
/// Why a date is not free: "réservé par une autre association", from `reason`, else `state`; texts
/// that are no code of the catalogue (a closure's own words) are shown as they are.
std::string reason_text(const Visit& visit, const nlohmann::json& date);
/// The tone of a booking's state.
std::string booking_tone(std::string_view state);

}  // namespace preau::gateway
