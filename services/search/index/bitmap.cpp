#include "services/search/index/bitmap.hpp"

#include <algorithm>

namespace preau::search {
namespace {

constexpr std::int64_t kBits = 64;

/// The bits [from, to) of one word, 0 ≤ from < to ≤ 64.
std::uint64_t mask(std::int64_t from, std::int64_t to) {
    const std::uint64_t upper = to == kBits ? ~0ULL : (1ULL << static_cast<unsigned>(to)) - 1;
    return upper & ~((1ULL << static_cast<unsigned>(from)) - 1);
}

/// Cells of the horizon, counted from its first.
struct Range {
    std::int64_t begin;
    std::int64_t end;
    bool inside;  // wholly within the horizon
};

Range range(const time::Interval& interval, const Horizon& horizon) {
    const std::int64_t begin = time::first_cell(interval).number - horizon.first.number;
    const std::int64_t end = time::end_cell(interval).number - horizon.first.number;
    return {std::clamp<std::int64_t>(begin, 0, horizon.count),
            std::clamp<std::int64_t>(end, 0, horizon.count), begin >= 0 && end <= horizon.count};
}

/// Calls `on_word(number, mask)` for each word of the cells.
template <class OnWord>
void each_word(const Range& cells, OnWord on_word) {
    for (std::int64_t begin = cells.begin; begin < cells.end;) {
        const std::int64_t word = begin / kBits;
        const std::int64_t stop = std::min(cells.end, (word + 1) * kBits);
        on_word(static_cast<std::uint32_t>(word), mask(begin % kBits, stop - word * kBits));
        begin = stop;
    }
}

}  // namespace

Cells::Cells(std::span<const time::Interval> intervals, const Horizon& horizon) {
    pieces_.reserve(intervals.size() * 2);
    for (std::uint32_t n = 0; n < intervals.size(); ++n) {
        const Range cells = range(intervals[n], horizon);
        if (!cells.inside) {
            beyond_.push_back(n);
            continue;
        }
        each_word(cells, [&](std::uint32_t word, std::uint64_t bits) {
            pieces_.push_back({n, word, bits});
        });
    }
}

void Bitmap::set(const time::Interval& interval) {
    if (interval.empty()) return;
    each_word(range(interval, horizon_),
              [&](std::uint32_t word, std::uint64_t bits) { made(word) |= bits; });
}

void Bitmap::set_inside(const time::Interval& interval) {
    const std::int64_t up = time::cell_seconds - 1;
    const time::Interval whole{time::cell_at({interval.start.seconds + up}).start(),
                               time::cell_at(interval.end).start()};
    set(whole);
}

bool Bitmap::touches_none(const Cells& cells) const {
    if (!cells.beyond_.empty()) return false;
    // In steps: a branch for each piece costs more than the piece.
    constexpr std::size_t kStep = 8;
    const std::size_t count = cells.pieces_.size();
    for (std::size_t n = 0; n < count; n += kStep) {
        std::uint64_t touched = 0;
        for (std::size_t i = n; i < std::min(n + kStep, count); ++i)
            touched |= word(cells.pieces_[i].word) & cells.pieces_[i].mask;
        if (touched != 0) return false;
    }
    return true;
}

std::uint64_t& Bitmap::made(std::uint32_t number) {
    if (words_.empty()) first_word_ = number;
    if (number < first_word_) {
        std::vector<std::uint64_t> longer(words_.size() + first_word_ - number);
        std::ranges::copy_backward(words_, longer.end());
        words_.swap(longer);
        first_word_ = number;
    }
    const std::size_t at = number - first_word_;
    if (at >= words_.size()) {
        words_.reserve(at + 1);
        words_.resize(at + 1);
    }
    return words_[at];
}

}  // namespace preau::search
