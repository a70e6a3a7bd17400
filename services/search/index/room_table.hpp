#pragma once
// All rooms side by side in the order of a geographic grid, with what decides most refusals: a
// question reads them from front to back, and goes to a room's own facts and planes only where
// these pass. Made anew when rooms change.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "services/search/index/free_time.hpp"
#include "shared/rules/space.hpp"

namespace preau::search {

struct Hours;
struct SpaceEntry;

struct OfferEntry {
    const rules::Offer* offer = nullptr;
    std::span<const PartTime* const> parts;
    std::uint32_t limits = 0;  // number among RoomTable::limits()
    std::int32_t capacity = 0;
    std::int32_t seated = 0;    // a part of a room seats its share
    std::int32_t standing = 0;  // likewise; 0 where nobody says
    bool active = false;
    bool instant = false;
};

struct RoomEntry {
    SpaceEntry* space = nullptr;
    const Hours* hours = nullptr;
    std::uint32_t calendar = 0;  // number of its zone and calendars: dates fall alike in them
    double lat = 0;
    double lon = 0;
    std::uint64_t equipment = 0;  // bits in the order of rules::equipment_words()
    std::uint32_t purposes = 0;   // likewise
    std::uint8_t kind = 0;        // number in rules::kind_words(); beyond them where unknown
    bool published = false;
    bool step_free = false;
    std::span<const OfferEntry> offers;
};

/// Pointers into the spaces and parts of an index: valid until it changes.
class RoomTable {
public:
    using PartOf = std::function<const PartTime*(const std::string& part_id)>;

    RoomTable() = default;
    /// Sets the `room` of each space.
    RoomTable(std::vector<SpaceEntry*> spaces, const PartOf& part_of);

    std::span<const RoomEntry> all() const { return rooms_; }
    /// Calls `visit(room)` for every room within the radius, and for some beyond it.
    template <class Visit>
    void around(double lat, double lon, double radius_km, Visit visit) const {
        for (const Rows rows : squares(lat, lon, radius_km)) {
            for (std::size_t n = rows.begin; n < rows.end; ++n)
                visit(rooms_[n]);
        }
    }
    /// One offer for each set of limits (grid, durations, notice, horizon, buffers) that occurs.
    std::span<const rules::Offer* const> limits() const { return limits_; }
    std::size_t calendars_count() const { return calendars_.size(); }

private:
    struct Rows {
        std::size_t begin;
        std::size_t end;
    };
    std::vector<Rows> squares(double lat, double lon, double radius_km) const;
    std::uint32_t number_of_limits(const rules::Offer& offer);
    std::uint32_t number_of_calendar(const SpaceEntry& space);

    std::vector<RoomEntry> rooms_;
    std::vector<std::int64_t> squares_;  // of each room
    std::vector<OfferEntry> offers_;
    std::vector<const PartTime*> parts_;
    std::vector<const rules::Offer*> limits_;
    std::vector<const SpaceEntry*> calendars_;  // a space of each
};

}  // namespace preau::search
