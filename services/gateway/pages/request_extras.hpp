#pragma once
// The extras of a request: what was chosen, as the operations take it, and the fields that ask.

#include <nlohmann/json.hpp>

#include "services/gateway/pages/request_form.hpp"
#include "shared/net/message.hpp"

namespace preau::gateway {

/// The fields "extra_<code>" of a form; those left at 0 or empty were not chosen.
std::vector<std::pair<std::string, std::string>> chosen_extras(const net::Pairs& form);

/// [{"code", "count"}] as quotes and requests take it; what is no number goes as it is and the
/// service says what it takes.
nlohmann::json extras_body(const RequestForm& form);

/// One field for each extra that the quote offers, open where something was chosen; false where the
/// vote has none.
nlohmann::json extras_view(const Visit& visit, const RequestForm& form,
                           const nlohmann::json& quote);

}  // namespace preau::gateway
