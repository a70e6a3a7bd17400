#pragma once
// A few rooms around Voiron, an index that knows them and the operations of search, without
// sockets.

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/search/http/handlers.hpp"
#include "services/search/index/index.hpp"
#include "services/search/index/places.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::search::testing {

/// The communes of Isère, of the real file.
const Places& isere_places();

struct RoomTraits {
    std::string slug;
    std::string kind = "classroom";
    double lat = 45.379;  // the centre of Voiron
    double lon = 5.5825;
    int capacity = 30;
    std::vector<std::string> parts{"whole"};
};
/// Open 08:00 to 22:00 every day, also on public holidays; one offer of all parts (grid 30 min, 1 h
/// to 12 h, notice 2 days) and, with several parts, one for each.
wire::Space room(const RoomTraits& traits);
/// A vote of Isère, of the demonstration grid's shape: hourly prices for category C and A,
/// executory from 1 September 2026; of one room's establishment where a slug is given.
wire::Tariff vote(const std::string& name,
                  const std::vector<std::pair<std::string, std::int64_t>>& hours,
                  const std::string& own_slug = "", std::int64_t version = 1);
base::OfferId offer_id(const wire::Space& space, std::string_view part = "all");

/// What one booking takes of a space's offer; an empty list of slots frees all.
Occupancy occupancy(const std::string& id, std::int64_t version, const wire::Space& space,
                    const std::vector<rules::Slot>& slots,
                    rules::OccupationKind kind = rules::OccupationKind::taken,
                    std::string_view part = "all");

/// Whether anybody may have one slot of the offer.
bool is_free(const Index::View& view, const SpaceEntry& space, const rules::Offer& offer,
             const rules::Slot& slot);

using Query = std::vector<std::pair<std::string, std::string>>;

/// The service at 22 November 2026, 12:00 in Paris.
class SearchWorld {
public:
    SearchWorld();
    void put(const std::vector<wire::Space>& spaces);
    void put(Occupancy one);
    void put(const wire::Tariff& tariff);

    /// Status of the last answer and its body.
    int status = 0;
    nlohmann::json get(const std::string& path, const Query& query = {});
    /// Slugs of the rooms found, in order.
    std::vector<std::string> rooms(const Query& query);
    /// "/query/<name> <code>" of the last answer's faults.
    std::vector<std::string> faults(const std::string& path, const Query& query);

    base::FixedClock clock{rules::testing::instant("2026-11-22 12:00")};
    Index index{clock};
    AsOf as_of{.inventory_seq = 41, .booking_seq = 7, .lag_s = 0.4};

private:
    net::Router router_;
};

/// Tuesday 1 December 2026, 18:00 to 20:00.
Query one_evening();
/// Ten Tuesdays from 1 December 2026, 19:00 to 21:00.
Query ten_tuesdays();
Query with(Query query, const std::string& name, const std::string& value);

}  // namespace preau::search::testing
