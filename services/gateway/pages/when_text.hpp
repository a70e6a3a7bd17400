#pragma once
// "When" in words: the one-date, weekly and listed forms of the services' answers as a sentence.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/time/civil.hpp"

namespace preau::gateway {

/// "le mardi de 18 h à 20 h, du 1ᵉʳ septembre 2026 au 29 juin 2027, hors vacances" or "mardi
/// 15 septembre 2026, de 18 h à 20 h".
std::string when_long(const Visit& visit, const nlohmann::json& when);
/// "le mardi 18 h–20 h", "mardi 15 septembre 2026, 18 h–20 h".
std::string when_short(const Visit& visit, const nlohmann::json& when);

/// "mardi et jeudi"
std::string weekday_names(const Visit& visit, const nlohmann::json& when);
/// "le mardi et le jeudi"
std::string weekdays_on(const Visit& visit, const nlohmann::json& when);

/// Hours of one occurrence, in minutes; 0 when unreadable.
int minutes_of(const nlohmann::json& when);

/// The dates that a question names, in order, without the skipped ones: for drawing the strip of a
/// search answer, which has one letter a date. Empty for forms that cannot be listed.
std::vector<time::Date> dates_of(const nlohmann::json& when, const nlohmann::json& skipped);

}  // namespace preau::gateway
