#pragma once
// The JSON form of a space's facts, as in the event space_changed.v1: written by inventory, read by
// search and booking. One spelling for every service.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/space.hpp"

namespace preau::wire {

struct Part {
    base::PartId id;
    std::string name;
};

struct Space {
    base::SpaceId id;
    base::BodyId body;
    base::SiteId site;
    base::EstablishmentId establishment;
    std::string slug;
    std::string name;
    std::string kind;  // gym polyvalente classroom it_room auditorium dojo meeting
    int capacity_seated = 0;
    int capacity_standing = 0;
    int area_m2 = 0;
    bool step_free = false;
    std::vector<std::string> equipment;
    std::vector<std::string> purposes;
    bool published = false;
    bool demonstration = false;
    std::string zone;         // IANA
    std::string school_zone;  // "A", or empty
    std::string territory;    // of the public holidays: "metropole"
    double lat = 0;
    double lon = 0;
    std::string commune_insee;
    std::string commune_name;
    std::string establishment_name;
    bool pending_holds = true;
    bool two_levels = false;   // the body decides after the college
    bool auto_accept = false;  // what R-13 allows needs no decision
    std::vector<Part> parts;
    std::vector<rules::Offer> offers;
    rules::Opening opening;
    std::int64_t version = 0;
};

nlohmann::json to_json(const Space& space);
/// `invalid` with pointers when a member is missing or out of range.
base::Result<Space> space_from_json(const nlohmann::json& value);

nlohmann::json to_json(const rules::Opening& opening);
base::Result<rules::Opening> opening_from_json(const nlohmann::json& value, std::string pointer);

}  // namespace preau::wire
