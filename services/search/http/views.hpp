#pragma once
// The JSON of search's answers.

#include <nlohmann/json.hpp>

#include "services/search/http/handlers.hpp"
#include "services/search/index/question.hpp"

namespace preau::search {

nlohmann::json to_json(const Place& place);
/// {"inventory","booking","lag_s"} and "stale" when the index lags more than 10 s.
nlohmann::json to_json(const AsOf& as_of);
/// One room of a result, its dates judged one by one: never who, only why.
nlohmann::json room(const Index::View& view, const Found& found, Pricer& pricer,
                    bool with_distance);
/// Which room and which offer of it, without its dates: {"space_id","slug",…,"offer"}.
nlohmann::json room_reference(const SpaceEntry& space, const rules::Offer& offer,
                              double distance_km);
/// The verdict on one date of an offer: {"slot","state","reason"?}.
nlohmann::json judged_date(const Index::View& view, const SpaceEntry& space,
                           const rules::Offer& offer, const rules::Slot& slot);
/// The verdict on each date.
nlohmann::json judged_dates(const Index::View& view, const SpaceEntry& space,
                            const rules::Offer& offer, const std::vector<rules::Slot>& slots);

}  // namespace preau::search
