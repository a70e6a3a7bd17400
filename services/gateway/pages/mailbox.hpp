#pragma once
// Views of the demonstration's mailbox.

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

nlohmann::json mailbox_view(const Visit& visit, const nlohmann::json& messages);
nlohmann::json message_view(const Visit& visit, const nlohmann::json& message);

}  // namespace preau::gateway
