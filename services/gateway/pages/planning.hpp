#pragma once
// Views of the college's planning: a week, one row a room or part, what is booked, asked for,
// closed and free.

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/posts.hpp"

namespace preau::gateway {

/// What a week of an establishment shows.
struct PlanningWeek {
    time::Date monday;
    nlohmann::json spaces;                             // inventory's list, of the establishment
    nlohmann::json planning;                           // booking's GET /v1/planning
    std::map<std::string, nlohmann::json> weeks;       // search's GET …/week, by offer
    std::map<std::string, std::string> organisations;  // names by id
};

/// One row of the planning: an offer that is a whole room or one of its parts.
struct PlanningRow {
    std::string space_id;
    std::string offer_id;
    std::set<std::string> parts;
    std::string name;
    std::string detail;
    bool is_part = false;
};

/// Rooms in inventory's order, each whole before its parts. Offers of several but not all parts
/// have no row of their own: what is booked through them stands at each of their parts.
std::vector<PlanningRow> planning_rows(const Visit& visit, const nlohmann::json& spaces);

nlohmann::json planning_view(const Visit& visit, const PostScope& scope, const PlanningWeek& week);

/// The office's pages of one establishment have this in common: scope and chooser.
nlohmann::json office_frame(const Visit& visit, const PostScope& scope, const std::string& path);

}  // namespace preau::gateway
