#pragma once
// Sentences and lists about a booking that the hirer's and the manager's pages share.

#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// `dates`: one row an occurrence, with its own state and reason.
nlohmann::json dates_view(const Visit& visit, const nlohmann::json& booking, bool open);
/// `history` from GET /v1/bookings/{id}/history.
nlohmann::json history_view(const Visit& visit, const nlohmann::json& booking,
                            const nlohmann::json& history);
/// What a line of history changed, old and new; empty when it changed no date and no field.
std::string changes_text(const Visit& visit, const nlohmann::json& line);
/// "mardi 8 décembre 2026, 18 h–20 h" of a slot.
std::string slot_text(const Visit& visit, const nlohmann::json& slot);
/// What an occurrence is called: its own state, or the booking's while it is only planned.
std::string occurrence_text(const Visit& visit, const nlohmann::json& booking,
                            const std::string& state);
std::string occurrence_tone(const nlohmann::json& booking, const std::string& state);
/// The tone of a booking's badge: one that waits for money is to be looked at.
std::string tone_of(const nlohmann::json& booking);
/// "Sport" of "sport"; free text stays as it is.
std::string purpose_text(const Visit& visit, const nlohmann::json& booking);
std::string state_text(const Visit& visit, const nlohmann::json& booking);
/// "Association liée au collège" of a ground's code; free text stays as it is.
std::string ground_text(const Visit& visit, const nlohmann::json& booking);
/// "Raison" of a refusal's code.
std::string refusal_text(const Visit& visit, const std::string& code);
/// The moment of a member, "26 juin 2026 à 19 h 04"; "" when absent.
std::string moment_of(const Visit& visit, const nlohmann::json& object, std::string_view name);
/// Its date alone, "9 juillet 2026".
std::string day_of(const Visit& visit, const nlohmann::json& object, std::string_view name);

/// A flash note; tone free, info, warn or warm.
nlohmann::json flash_view(const std::string& tone, const std::string& text);

}  // namespace preau::gateway
