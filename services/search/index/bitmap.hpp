#pragma once
// A plane of one bit for each quarter-hour cell between two moments: 18 months are 6.7 KB. Cells
// outside the plane count as set when one asks whether they are free of bits, and as not set when
// one asks whether all are set: what is not known is never offered.

#include <cstdint>
#include <vector>

#include "shared/time/interval.hpp"

namespace preau::search {

/// The cells [first, first + count) that all planes of an index cover.
struct Horizon {
    time::Cell first;
    std::int64_t count = 0;
    bool operator==(const Horizon&) const = default;
};

class Bitmap {
public:
    Bitmap() = default;
    explicit Bitmap(const Horizon& horizon);

    /// Sets every cell that the interval touches.
    void set(const time::Interval& interval);
    /// Sets every cell that lies wholly in the interval.
    void set_inside(const time::Interval& interval);
    /// Whether every cell that the interval touches is set.
    bool all(const time::Interval& interval) const;
    /// Whether no cell that the interval touches is set.
    bool none(const time::Interval& interval) const;

private:
    struct Range {
        std::int64_t begin;
        std::int64_t end;
        bool inside;  // wholly within the horizon
    };
    Range range(const time::Interval& interval) const;

    std::int64_t first_ = 0;
    std::int64_t count_ = 0;
    std::vector<std::uint64_t> words_;
};

}  // namespace preau::search
