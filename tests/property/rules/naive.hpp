#pragma once
// A second opinion on the rules, written to be obviously right and slow: minute by minute, with its
// own clock of Paris. It shares only the types with the rules under test.

#include <cstdint>
#include <random>
#include <vector>

#include "shared/rules/availability.hpp"
#include "shared/rules/recurrence.hpp"

namespace preau::rules::naive {

/// Year, month and day of a date, counted from 1970 year by year and month by month.
struct Civil {
    int year = 1970;
    int month = 1;
    int day = 1;
};
Civil civil(std::int32_t days);

/// Minutes east of Greenwich that the clocks of Paris show, from the text of the directive: summer
/// time from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
std::int64_t paris_offset_min(std::int64_t utc_min);

/// The first minute (UTC) at which the clocks of Paris reach this wall time, for minute 0 to 2,880
/// of the day; a time that is jumped over is reached at the jump.
std::int64_t reached(std::int32_t day, std::int64_t minute);
/// Whether the clocks ever show it.
bool shown(std::int32_t day, std::int64_t minute);

/// open[i] for each minute of `days` days from `first` (local midnight).
struct Minutes {
    std::int64_t first_utc_min = 0;
    std::vector<bool> open;
    bool at(std::int64_t utc_min) const;
};
Minutes open_minutes(const Opening& opening, const Calendar& calendar, std::int32_t first,
                     int days);

SlotState judge(const Slot& slot, const Offer& offer, const SpaceFacts& facts, const Asker& asker,
                const std::vector<Occupation>& occupations, base::Instant now);

/// A generator whose seed is printed when a test fails; PREAU_SEED sets it.
class Random {
public:
    Random();
    /// 0 ≤ n < bound.
    std::int64_t below(std::int64_t bound);
    bool chance(int percent) { return below(100) < percent; }
    std::uint64_t seed() const { return seed_; }

private:
    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace preau::rules::naive
