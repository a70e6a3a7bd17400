#pragma once
// What a season's page proposes for the dates that cannot be had, and for the season as a whole,
// from search's alternatives. Each proposal is a link to the request with this choice; nothing is
// chosen for anybody.

#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// The parameters of a season's page and of the request that follows it.
QueryPairs series_question(const std::string& slug, const std::string& offer_id,
                           const SearchForm& form);

/// One alternative in words: name, detail_text, price_text. `start_time`: what was asked for.
nlohmann::json alternative_text(const Visit& visit, const std::string& start_time,
                                const nlohmann::json& space, const nlohmann::json& alternative);

/// What could stand in for the date (YYYY-MM-DD), or false.
nlohmann::json date_alternatives(const Visit& visit, const SearchForm& form,
                                 const nlohmann::json& space, const std::string& offer_id,
                                 const nlohmann::json& alternatives, const std::string& date);

/// The same hours on other weekdays, the same days in other rooms, or false.
nlohmann::json other_series(const Visit& visit, const SearchForm& form,
                            const nlohmann::json& alternatives);

}  // namespace preau::gateway
