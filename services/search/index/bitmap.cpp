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

/// Calls `on_word(index, mask)` for each word of the bits [begin, end) until it answers false.
template <class OnWord>
bool each_word(std::int64_t begin, std::int64_t end, OnWord on_word) {
    while (begin < end) {
        const std::int64_t word = begin / kBits;
        const std::int64_t stop = std::min(end, (word + 1) * kBits);
        if (!on_word(static_cast<std::size_t>(word), mask(begin % kBits, stop - word * kBits))) {
            return false;
        }
        begin = stop;
    }
    return true;
}

}  // namespace

Bitmap::Bitmap(const Horizon& horizon)
    : first_(horizon.first.number),
      count_(horizon.count),
      words_(static_cast<std::size_t>((horizon.count + kBits - 1) / kBits), 0) {}

Bitmap::Range Bitmap::range(const time::Interval& interval) const {
    const std::int64_t begin = time::first_cell(interval).number - first_;
    const std::int64_t end = time::end_cell(interval).number - first_;
    return {std::clamp<std::int64_t>(begin, 0, count_), std::clamp<std::int64_t>(end, 0, count_),
            begin >= 0 && end <= count_};
}

void Bitmap::set(const time::Interval& interval) {
    if (interval.empty()) return;
    const Range r = range(interval);
    each_word(r.begin, r.end, [&](std::size_t word, std::uint64_t bits) {
        words_[word] |= bits;
        return true;
    });
}

void Bitmap::set_inside(const time::Interval& interval) {
    const std::int64_t up = time::cell_seconds - 1;
    const time::Interval whole{time::cell_at({interval.start.seconds + up}).start(),
                               time::cell_at(interval.end).start()};
    set(whole);
}

bool Bitmap::all(const time::Interval& interval) const {
    const Range r = range(interval);
    return r.inside && each_word(r.begin, r.end, [&](std::size_t word, std::uint64_t bits) {
               return (words_[word] & bits) == bits;
           });
}

bool Bitmap::none(const time::Interval& interval) const {
    const Range r = range(interval);
    return r.inside && each_word(r.begin, r.end, [&](std::size_t word, std::uint64_t bits) {
               return (words_[word] & bits) == 0;
           });
}

}  // namespace preau::search
