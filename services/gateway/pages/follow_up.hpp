#pragma once
// Views of the hirer's requests.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

nlohmann::json my_requests_view(const Visit& visit, const std::string& organisation,
                                const nlohmann::json& bookings);

/// `may_act`: the visitor books for the organisation (withdraw, cancel). `payment`: as payment
/// tells it, else as booking does; empty where there is none. `error`: of an answer to a question.
/// `instead`: closed_dates_view.
nlohmann::json request_view(const Visit& visit, const nlohmann::json& booking,
                            const nlohmann::json& history, const std::string& organisation,
                            bool may_act, const nlohmann::json& payment = nlohmann::json::object(),
                            const std::optional<base::Error>& error = {},
                            const nlohmann::json& instead = false);

/// The hidden field `version` of a form; 0 when it is not a number.
std::int64_t version_of(const Visit& visit);

}  // namespace preau::gateway
