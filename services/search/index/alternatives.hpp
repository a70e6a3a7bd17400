#pragma once
// What could stand in for the dates that an offer cannot give, and for the series as a whole. Only
// proposals: nothing is held, and booking judges again whatever is asked for.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/search/index/index.hpp"
#include "services/search/index/question.hpp"

namespace preau::search {

/// In the order of preference: the same room a little earlier or later, another room of the same
/// site, the nearest room of the same kind elsewhere.
enum class Instead { other_hours, same_site, nearby };
std::string_view to_string(Instead kind);

/// Furthest shift to other hours of the same day.
inline constexpr time::Minute shift_min_max = 120;

struct Wish {
    rules::Recurrence when;
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
    int capacity = 1;       // persons
    double radius_km = 15;  // of rooms elsewhere
    char category = 'C';    // of the tariff, for list prices
};

struct Alternative {
    Instead kind = Instead::other_hours;
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
    rules::Slot slot;
    double distance_km = 0;
    std::optional<base::Cents> price;  // of this date alone
};

struct MissingDate {
    rules::Slot slot;
    std::vector<Alternative> alternatives;  // best first
};

/// The same hours on another day of the week, or the same days in another room.
struct OtherSeries {
    std::optional<time::Weekday> weekday;  // else another room
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
    std::size_t free_count = 0;
    std::size_t total_count = 0;
    double distance_km = 0;
    std::optional<base::Cents> price;  // of its free dates
};

struct Alternatives {
    std::vector<MissingDate> dates;     // those that are not free, in order
    std::vector<OtherSeries> weekdays;  // with fewer dates missing; fullest first
    std::vector<OtherSeries> rooms;     // as weekdays, then nearest
};

/// At most `per_date` alternatives a date, one of each kind before a second of any, and at most
/// `series_max` other weekdays and other rooms each. Errors: those of rules::expand.
base::Result<Alternatives> alternatives(const Index::View& view, const Wish& wish,
                                        std::size_t per_date, std::size_t series_max);

}  // namespace preau::search
