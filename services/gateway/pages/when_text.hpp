#pragma once
// "When" in words: the one-date, weekly and listed forms of the services' answers as a sentence.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/time/civil.hpp"

namespace preau::gateway {

/// "Chaque mardi de 18 h à 20 h, du 1ᵉʳ septembre 2026 au 29 juin 2027, hors vacances scolaires" or
/// "Mardi 15 septembre 2026, de 18 h à 20 h".
std::string when_long(const Visit& visit, const nlohmann::json& when);
/// "Chaque mardi 18 h–20 h", "Mardi 15 septembre 2026, 18 h–20 h".
std::string when_short(const Visit& visit, const nlohmann::json& when);
/// As in a page's title: "le mardi 18 h–20 h", "le mardi 1ᵉʳ décembre 2026, 18 h–20 h".
std::string when_title(const Visit& visit, const nlohmann::json& when);

/// "le mardi et le jeudi" without articles: "mardi et jeudi".
std::string weekday_names(const Visit& visit, const nlohmann::json& when);

/// Hours of one occurrence, in minutes; 0 when unreadable.
int minutes_of(const nlohmann::json& when);
/// "66 h", "1 h 30"
std::string hours_text(const Visit& visit, int minutes);

/// The dates that a question names, in order, without the skipped ones: for drawing the strip of a
/// search answer, which has one letter a date. Empty for forms that cannot be listed.
std::vector<time::Date> dates_of(const nlohmann::json& when, const nlohmann::json& skipped);

/// "a, b et c"
std::string joined(const Visit& visit, const std::vector<std::string>& parts);

}  // namespace preau::gateway
