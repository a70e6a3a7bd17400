#pragma once
// A service's problem as people read it: one sentence a field, and the summary at the top of the
// page.

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/base/result.hpp"

namespace preau::gateway {

/// The sentence for the first fault of `field`, or false.
nlohmann::json field_error(const Visit& visit, const std::vector<base::FieldError>& faults,
                           std::string_view field);

/// The sentence of one fault: what the field takes (field_error.*), or problem.<code>.
std::string fault_text(const Visit& visit, const base::FieldError& fault);

/// The sentence of a problem as a whole: problem.<code>.
std::string problem_text(const Visit& visit, const base::Error& error);

/// The page's `errors`: every fault once, each a link to its field; a problem without fields is one
/// line. `fallback_field` is where a fault without a known field points to.
nlohmann::json errors_view(const Visit& visit, const base::Error& error,
                           std::string_view fallback_field);

}  // namespace preau::gateway
