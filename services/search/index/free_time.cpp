#include "services/search/index/free_time.hpp"

#include <algorithm>
#include <utility>

namespace preau::search {
namespace {

constexpr std::int64_t kSecondsPerMinute = 60;

/// Strikes out what the closure meets. Dates are in order and do not overlap.
void strike_out(const time::Interval& closure, const std::vector<rules::Slot>& slots,
                FreeDates& free) {
    const auto end_of = [](const rules::Slot& slot) { return slot.interval.end; };
    for (auto at = std::ranges::upper_bound(slots, closure.start, {}, end_of);
         at != slots.end() && at->interval.start < closure.end; ++at) {
        free.reset(static_cast<std::size_t>(at - slots.begin()));
    }
}

}  // namespace

AskedDates::AskedDates(rules::Expansion expansion, const Horizon& horizon)
    : expansion_(std::move(expansion)), horizon_(horizon) {}

const Cells& AskedDates::grown(std::int64_t before_s, std::int64_t after_s) const {
    for (const Grown& known : grown_) {
        if (known.before_s == before_s && known.after_s == after_s) return *known.cells;
    }
    std::vector<time::Interval> intervals;
    intervals.reserve(size());
    for (const rules::Slot& slot : slots())
        intervals.push_back(slot.interval.grown(before_s, after_s));
    grown_.push_back({before_s, after_s, std::make_unique<const Cells>(intervals, horizon_)});
    return *grown_.back().cells;
}

const FreeDates& AskedDates::bookable(const Bitmap& open,
                                      const rules::BookableWindow& window) const {
    std::vector<Bookable>& known = bookable_[&open];
    for (const Bookable& one : known) {
        if (one.window.earliest == window.earliest && one.window.first == window.first &&
            one.window.last == window.last) {
            return one.dates;
        }
    }
    FreeDates& dates = known.emplace_back(Bookable{window, {}}).dates;
    for (std::size_t n = 0; n < size(); ++n)
        dates.set(n, window.state_of(slots()[n]) == rules::SlotState::free);
    open.each_not_whole(grown(0, 0), [&](std::size_t n) { dates.reset(n); });
    return dates;
}

FreeTime::FreeTime(const Bitmap& open, const rules::BookableWindow& window,
                   const rules::Offer& offer)
    : open_(open),
      window_(window),
      buffer_before_s_(offer.buffer_before_min * kSecondsPerMinute),
      buffer_after_s_(offer.buffer_after_min * kSecondsPerMinute) {}

FreeDates FreeTime::among(const AskedDates& dates) const {
    FreeDates free = dates.bookable(open_, window_);
    const auto strike = [&](std::size_t n) { free.reset(n); };
    for (const PartTime* part : parts_) {
        if (free.none()) break;
        if (part->events) {
            // An event that grows over the slot is a slot that grows, mirrored, over the event.
            const std::int64_t before = part->buffered ? 0 : part->buffer_after_s;
            const std::int64_t after = part->buffered ? 0 : part->buffer_before_s;
            part->events->each_touched(
                dates.grown(std::max(buffer_before_s_, before), std::max(buffer_after_s_, after)),
                strike);
            if (part->buffered) part->buffered->each_touched(dates.grown(0, 0), strike);
        }
        for (const PartTime::Held& closure : part->closures)
            strike_out(closure.interval, dates.slots(), free);
    }
    return free;
}

}  // namespace preau::search
