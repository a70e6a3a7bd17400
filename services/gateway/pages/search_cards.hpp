#pragma once
// The rooms of a search answer as cards and as points of the map.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/directory.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// What the cards and the map need to know of the whole answer.
struct Found {
    const Visit& visit;
    const SearchForm& form;
    const nlohmann::json& answer;
    nlohmann::json when;
    std::vector<time::Date> dates;
    std::string place;       // name of the commune asked for, or empty
    std::string radius;      // "15 km"
    std::int64_t total = 0;  // dates of the question
};

struct Cards {
    nlohmann::json full = nlohmann::json::array();
    nlohmann::json partial = nlohmann::json::array();
    std::vector<std::string> none;  // rooms without one free date, by name
    struct Pin {
        std::string commune;
        std::string tone;
        int number;
        double lat;
        double lon;
    };
    std::vector<Pin> pins;
};

Cards cards_of(const Found& found, const std::vector<School>& schools);
/// The `map` member, or false where nothing can be placed.
nlohmann::json result_map(const Found& found, const Cards& cards);

}  // namespace preau::gateway
