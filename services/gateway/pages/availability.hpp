#pragma once
// When the rooms of one college are free, side by side: a day, a week or a month
// (/etablissements/{slug}/disponibilites). The free hours are those of each room as a whole, as
// search's GET /v1/sites/{id}/availability tells them.

#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/net/router.hpp"

namespace preau::gateway {

enum class DaysShown : std::size_t { day, week, month };

struct AvailabilityQuestion {
    std::string slug;  // of the establishment
    DaysShown shown = DaysShown::week;
    time::Date date;
};

/// `found` is search's answer, null when it knows no room of the site.
nlohmann::json availability_view(const Visit& visit, const AvailabilityQuestion& question,
                                 const nlohmann::json& school, const nlohmann::json& found);

void add_availability_pages(Site& site, net::Router& router);

}  // namespace preau::gateway
