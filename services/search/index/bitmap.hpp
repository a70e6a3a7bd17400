#pragma once
// A plane of one bit for each quarter-hour cell between two moments: 18 months are 6.7 KB, of which
// only the words between the first and the last bit that is set are kept. Cells outside the horizon
// count as set when one asks whether they are free of bits, and as not set when one asks whether
// all are set: what is not known is never offered.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "shared/time/interval.hpp"

namespace preau::search {

/// The cells [first, first + count) that all planes of an index cover.
struct Horizon {
    time::Cell first;
    std::int64_t count = 0;
    bool operator==(const Horizon&) const = default;
};

/// Intervals as words and masks of the planes of one horizon: worked out once, asked of many
/// planes.
class Cells {
public:
    /// The cells that each interval touches.
    Cells(std::span<const time::Interval> intervals, const Horizon& horizon);

private:
    friend class Bitmap;
    struct Piece {
        std::uint32_t interval;  // by number
        std::uint32_t word;
        std::uint64_t mask;
    };
    std::vector<Piece> pieces_;
    std::vector<std::uint32_t> beyond_;  // intervals that leave the horizon
};

class Bitmap {
public:
    Bitmap() = default;
    explicit Bitmap(const Horizon& horizon) : horizon_(horizon) {}

    /// Sets every cell that the interval touches.
    void set(const time::Interval& interval);
    /// Sets every cell that lies wholly in the interval.
    void set_inside(const time::Interval& interval);

    /// Calls `tell(number)` for every interval of which a cell is not set; perhaps more than once.
    template <class Tell>
    void each_not_whole(const Cells& cells, Tell tell) const {
        for (const std::uint32_t interval : cells.beyond_)
            tell(interval);
        for (const auto& piece : cells.pieces_)
            if ((word(piece.word) & piece.mask) != piece.mask) tell(piece.interval);
    }
    /// Calls `tell(number)` for every interval of which a cell is set; perhaps more than once.
    template <class Tell>
    void each_touched(const Cells& cells, Tell tell) const {
        for (const std::uint32_t interval : cells.beyond_)
            tell(interval);
        for (const auto& piece : cells.pieces_)
            if ((word(piece.word) & piece.mask) != 0) tell(piece.interval);
    }

    /// Whether no cell of any interval is set, and all lie in the horizon.
    bool touches_none(const Cells& cells) const;

private:
    std::uint64_t word(std::uint32_t number) const {
        const std::uint32_t at = number - first_word_;  // wraps where it lies before
        return at < words_.size() ? words_[at] : 0;
    }
    /// The word, made where it is not kept yet. There is never room to spare: a plane stays as it
    /// is for long, and there are tens of thousands.
    std::uint64_t& made(std::uint32_t number);

    Horizon horizon_;
    std::uint32_t first_word_ = 0;
    std::vector<std::uint64_t> words_;
};

}  // namespace preau::search
