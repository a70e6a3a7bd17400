#pragma once
// Half-open intervals of instants and the quarter-hour cells that they fill. A cell is
// floor(UTC seconds / 900), so a day of 25 hours has 100 of them and nothing is ever ambiguous.

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

#include "shared/base/clock.hpp"

namespace preau::time {

inline constexpr std::int64_t cell_seconds = 900;

struct Cell {
    std::int64_t number = 0;
    auto operator<=>(const Cell&) const = default;
    base::Instant start() const { return {number * cell_seconds}; }
};

/// [start, end)
struct Interval {
    base::Instant start;
    base::Instant end;

    auto operator<=>(const Interval&) const = default;
    std::int64_t seconds() const { return end.seconds - start.seconds; }
    bool empty() const { return end <= start; }
    bool overlaps(const Interval& other) const { return start < other.end && other.start < end; }
    bool contains(const Interval& other) const { return start <= other.start && other.end <= end; }
    /// Grown by `before_s` and `after_s` seconds.
    Interval grown(std::int64_t before_s, std::int64_t after_s) const {
        return {{start.seconds - before_s}, {end.seconds + after_s}};
    }
};

inline Cell cell_at(base::Instant t) {
    const std::int64_t q = t.seconds / cell_seconds;
    return {t.seconds % cell_seconds < 0 ? q - 1 : q};
}
/// The first cell and the one after the last that the interval touches.
inline Cell first_cell(const Interval& i) {
    return cell_at(i.start);
}
inline Cell end_cell(const Interval& i) {
    return {cell_at({i.end.seconds - 1}).number + 1};
}

/// Sorted, disjoint, non-empty intervals with the same union.
std::vector<Interval> merged(std::vector<Interval> intervals);
/// `from` without `holes` (both any order); sorted and disjoint.
std::vector<Interval> without(std::vector<Interval> from, std::vector<Interval> holes);

}  // namespace preau::time
