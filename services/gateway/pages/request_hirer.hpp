#pragma once
// In whose name a room is asked for: an association that the visitor books for, or at a counter one
// that stands before him.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/request_form.hpp"

namespace preau::gateway {

/// Organisations that the visitor may act for.
nlohmann::json bookable(const Visit& visit);
/// Whether the visitor stands at a counter of some body: a manager, counter agent or administrator.
bool at_a_counter(const Visit& visit);
/// Its name as accounts tells it, or empty where the visitor may not know it.
std::string hirer_name(const Visit& visit, const std::string& organisation_id);

nlohmann::json organisation_view(const Visit& visit, const RequestForm& form,
                                 const nlohmann::json& quote,
                                 const std::vector<base::FieldError>& faults);

}  // namespace preau::gateway
