#pragma once
// The week of a room as a table whose rows are not equal hours: a row begins wherever a segment of
// any day begins or ends, and at each full hour of free time. What is not free is one tall cell;
// free time is one cell, and one link, an hour.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/time/civil.hpp"

namespace preau::gateway {

struct Slot {
    time::Date date;
    time::Minute start = 0;
    time::Minute end = 0;
};

struct WeekQuestion {
    std::string path;  // "/salles/gymnase"
    std::string offer_id;
    std::string room_name;
    bool pending_may_be_asked = false;  // the space lets others ask for a slot with a request
    time::Date shown;                   // a day of the week, the one that phones open
    std::optional<Slot> chosen;
    time::Date horizon;  // no later week is offered
};

/// The `week` member of the room page from search's GET /v1/spaces/{id}/week.
nlohmann::json week_view(const Visit& visit, const WeekQuestion& question,
                         const nlohmann::json& week);

}  // namespace preau::gateway
