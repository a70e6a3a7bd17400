#include "services/search/index/room_table.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "services/search/index/index.hpp"
#include "shared/rules/vocabulary.hpp"

namespace preau::search {
namespace {

constexpr double kGridDegrees = 0.05;
/// Rather less than a degree of latitude has, so that no room is overlooked.
constexpr double kKmPerDegree = 111;
constexpr std::int64_t kColumns = 10'000;  // more than a circle of latitude has squares

std::int64_t row_of(double lat) {
    return static_cast<std::int64_t>(std::floor(lat / kGridDegrees));
}

std::int64_t column_of(double lon) {
    return static_cast<std::int64_t>(std::floor(lon / kGridDegrees));
}

std::int64_t square_of(const SpaceEntry& space) {
    return row_of(space.facts.lat) * kColumns + column_of(space.facts.lon);
}

template <class Bits>
Bits bits_of(std::span<const std::string_view> vocabulary, const std::vector<std::string>& words) {
    Bits out = 0;
    for (const auto& word : words) {
        if (const auto n = rules::word_number(vocabulary, word)) out |= Bits{1} << *n;
    }
    return out;
}

auto limits_of(const rules::Offer& offer) {
    return std::tie(offer.grid_min, offer.duration_min_min, offer.duration_max_min,
                    offer.notice_days, offer.horizon_days, offer.buffer_before_min,
                    offer.buffer_after_min);
}

/// What an offer of `capacity` persons has of a capacity of the whole room.
std::int32_t share(int of_whole, const rules::Offer& offer, const wire::Space& facts) {
    const std::int64_t whole = std::max(facts.capacity_seated, facts.capacity_standing);
    if (offer.capacity >= whole) return of_whole;
    return static_cast<std::int32_t>(std::int64_t{of_whole} * offer.capacity / whole);
}

}  // namespace

RoomTable::RoomTable(std::vector<SpaceEntry*> spaces, const PartOf& part_of) {
    // Rooms of one site lie together: they share their distance, their hours and their calendar.
    std::ranges::sort(spaces, [](const SpaceEntry* a, const SpaceEntry* b) {
        return std::tuple(square_of(*a), std::tie(a->facts.site, a->facts.id)) <
               std::tuple(square_of(*b), std::tie(b->facts.site, b->facts.id));
    });
    std::size_t offers = 0;
    std::size_t parts = 0;
    for (const SpaceEntry* space : spaces) {
        offers += space->facts.offers.size();
        for (const rules::Offer& offer : space->facts.offers)
            parts += offer.parts.size();
    }
    // Spans point into these: they must not grow.
    offers_.reserve(offers);
    parts_.reserve(parts);
    rooms_.reserve(spaces.size());
    squares_.reserve(spaces.size());
    for (SpaceEntry* space : spaces) {
        const wire::Space& facts = space->facts;
        const std::size_t first_offer = offers_.size();
        for (const rules::Offer& offer : facts.offers) {
            const std::size_t first_part = parts_.size();
            for (const auto& part : offer.parts)
                parts_.push_back(part_of(part.str()));
            offers_.push_back(
                {&offer, std::span(parts_).subspan(first_part), number_of_limits(offer),
                 offer.capacity, share(facts.capacity_seated, offer, facts),
                 share(facts.capacity_standing, offer, facts), offer.active, offer.instant});
        }
        const auto kind = rules::word_number(rules::kind_words(), facts.kind);
        space->room = static_cast<std::uint32_t>(rooms_.size());
        squares_.push_back(square_of(*space));
        rooms_.push_back(
            {space, space->hours.get(), number_of_calendar(*space), facts.lat, facts.lon,
             bits_of<std::uint64_t>(rules::equipment_words(), facts.equipment),
             bits_of<std::uint32_t>(rules::purpose_words(), facts.purposes),
             static_cast<std::uint8_t>(kind.value_or(rules::kind_words().size())), facts.published,
             facts.step_free, std::span(offers_).subspan(first_offer)});
    }
}

std::uint32_t RoomTable::number_of_limits(const rules::Offer& offer) {
    const auto same = [&](const rules::Offer* known) {
        return limits_of(*known) == limits_of(offer);
    };
    const auto at = std::ranges::find_if(limits_, same);
    const auto number = static_cast<std::uint32_t>(at - limits_.begin());
    if (at == limits_.end()) limits_.push_back(&offer);
    return number;
}

std::uint32_t RoomTable::number_of_calendar(const SpaceEntry& space) {
    const auto same = [&](const SpaceEntry* known) {
        return known->calendar.school == space.calendar.school &&
               known->calendar.holidays == space.calendar.holidays && known->zone == space.zone;
    };
    const auto at = std::ranges::find_if(calendars_, same);
    const auto number = static_cast<std::uint32_t>(at - calendars_.begin());
    if (at == calendars_.end()) calendars_.push_back(&space);
    return number;
}

std::vector<RoomTable::Rows> RoomTable::squares(double lat, double lon, double radius_km) const {
    std::vector<Rows> out;
    const double up = radius_km / kKmPerDegree;
    const double narrowest = std::min(89.0, std::abs(lat) + up) * std::numbers::pi / 180;
    const double aside = up / std::cos(narrowest);
    const std::int64_t west = column_of(std::max(-180.0, lon - aside));
    const std::int64_t east = column_of(std::min(180.0, lon + aside));
    for (std::int64_t row = row_of(lat - up); row <= row_of(lat + up); ++row) {
        const auto begin = std::ranges::lower_bound(squares_, row * kColumns + west);
        const auto end = std::upper_bound(begin, squares_.end(), row * kColumns + east);
        if (begin == end) continue;
        out.push_back({static_cast<std::size_t>(begin - squares_.begin()),
                       static_cast<std::size_t>(end - squares_.begin())});
    }
    return out;
}

}  // namespace preau::search
