#pragma once
// One date of a booking: giving it back, having it again, moving it (and those after it). What may
// be done is booking's answer; the page only shows it.

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// Everything that template `date` needs. `clashes`: the conflicts of a move that was refused, or
/// empty.
nlohmann::json date_view(const Visit& visit, const nlohmann::json& booking,
                         const nlohmann::json& occurrence, const base::Error* error,
                         const nlohmann::json& clashes);

/// What else may be done with the booking as a whole (end, edit, buffers), or false.
nlohmann::json series_acts_view(const Visit& visit, const nlohmann::json& booking);

}  // namespace preau::gateway
