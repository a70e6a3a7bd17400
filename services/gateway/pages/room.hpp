#pragma once
// What the pages of one room share: the room itself and a weekly series in it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "services/gateway/pages/week_table.hpp"

namespace preau::gateway {

struct RoomQuestion : WeekQuestion {
    std::string typed_date;             // as it came, "" when none
    std::optional<std::int64_t> price;  // cents, of the chosen slot
};

/// The offer of a space by its id, else its first active one.
nlohmann::json offer_of(const nlohmann::json& space, std::string_view offer_id);

/// The room page. `verdict` is the availability of the chosen slot (null when none or refused);
/// `error` is what search refused.
nlohmann::json room_view(const Visit& visit, const RoomQuestion& question,
                         const nlohmann::json& space, const nlohmann::json& week,
                         const nlohmann::json& verdict, const base::Error* error);

/// GET /recherche/serie
base::Result<Reply> series_page(Visit& visit);

}  // namespace preau::gateway
