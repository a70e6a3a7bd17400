#pragma once
// Views of the manager's inbox.

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// What one inbox page shows; absent parts are null.
struct Inbox {
    bool done = false;                                 // the tab of decided requests
    nlohmann::json bookings;                           // {items, next}
    nlohmann::json selected;                           // a booking
    nlohmann::json checks;                             // of the selected booking
    nlohmann::json history;                            // of the selected booking
    nlohmann::json space;                              // of the selected booking
    std::map<std::string, std::string> organisations;  // names by id
    std::map<std::string, std::string> people;         // names by id
    std::string scope;                                 // "Collège La Garenne, Voiron"
    std::optional<base::Error> error;                  // of the refusal form
    base::Instant machine_now;                         // for the seconds left to undo
};

nlohmann::json inbox_view(const Visit& visit, const Inbox& inbox);

}  // namespace preau::gateway
