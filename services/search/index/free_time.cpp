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

void PartTime::add(const Held& held) {
    auto& list = held.kind == rules::OccupationKind::closure ? closures : bookings;
    const auto at = std::ranges::upper_bound(list, held.interval, {}, &Held::interval);
    const auto number = at - list.begin();
    // A quarter to spare, not as much again: all parts together hold millions.
    if (list.size() == list.capacity()) list.reserve(list.size() + list.size() / 4 + 1);
    list.insert(list.begin() + number, held);
}

void PartTime::remove(std::uint32_t owner) {
    const auto own = [&](const Held& held) { return held.owner == owner; };
    std::erase_if(bookings, own);
    std::erase_if(closures, own);
}

bool PartTime::add_to_planes(const Held& held, const Horizon& horizon, bool pending_holds) {
    if (held.kind == rules::OccupationKind::closure) return true;
    if (held.kind == rules::OccupationKind::pending && !pending_holds) return true;
    if (!events) {
        events = std::make_unique<Bitmap>(horizon);
        buffer_before_s = held.buffer_before_s;
        buffer_after_s = held.buffer_after_s;
    }
    const bool alike =
        buffer_before_s == held.buffer_before_s && buffer_after_s == held.buffer_after_s;
    if (!alike && !buffered) return false;
    events->set(held.interval);
    if (buffered) buffered->set(held.interval.grown(held.buffer_before_s, held.buffer_after_s));
    return true;
}

void PartTime::rebuild(const Horizon& horizon, bool pending_holds) {
    stale = false;
    events.reset();
    buffered.reset();
    bool alike = true;
    for (const Held& held : bookings)
        alike = add_to_planes(held, horizon, pending_holds) && alike;
    if (alike) return;
    buffered = std::make_unique<Bitmap>(horizon);
    for (const Held& held : bookings)
        add_to_planes(held, horizon, pending_holds);
}

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
    const auto same = [&](const Bookable& one) {
        return one.window.earliest == window.earliest && one.window.first == window.first &&
               one.window.last == window.last;
    };
    // Rooms that follow one another nearly always share both.
    if (last_open_ == &open && same(*last_)) return last_->dates;
    std::deque<Bookable>& known = bookable_[&open];
    auto at = std::ranges::find_if(known, same);
    if (at == known.end()) {
        at = known.insert(known.end(), Bookable{window, {}});
        for (std::size_t n = 0; n < size(); ++n)
            at->dates.set(n, window.state_of(slots()[n]) == rules::SlotState::free);
        open.each_not_whole(grown(0, 0), [&](std::size_t n) { at->dates.reset(n); });
    }
    last_open_ = &open;
    last_ = &*at;
    return at->dates;
}

FreeTime::FreeTime(const Bitmap& open, const rules::BookableWindow& window,
                   const rules::Offer& offer, std::span<const PartTime* const> parts)
    : open_(open),
      window_(window),
      buffer_before_s_(offer.buffer_before_min * kSecondsPerMinute),
      buffer_after_s_(offer.buffer_after_min * kSecondsPerMinute),
      parts_(parts) {}

/// An event that grows over the slot is a slot that grows, mirrored, over the event.
const Cells& FreeTime::grown_for(const PartTime& part, const AskedDates& dates) const {
    const std::int64_t before = part.buffered ? 0 : part.buffer_after_s;
    const std::int64_t after = part.buffered ? 0 : part.buffer_before_s;
    return dates.grown(std::max(buffer_before_s_, before), std::max(buffer_after_s_, after));
}

FreeDates FreeTime::among(const AskedDates& dates) const {
    FreeDates free = dates.bookable(open_, window_);
    const auto strike = [&](std::size_t n) { free.reset(n); };
    for (const PartTime* part : parts_) {
        if (part->events) {
            part->events->each_touched(grown_for(*part, dates), strike);
            if (part->buffered) part->buffered->each_touched(dates.grown(0, 0), strike);
        }
        for (const PartTime::Held& closure : part->closures)
            strike_out(closure.interval, dates.slots(), free);
    }
    return free;
}

bool FreeTime::on_all(const AskedDates& dates) const {
    FreeDates free = dates.bookable(open_, window_);
    if (free.count() != dates.size()) return false;
    for (const PartTime* part : parts_) {
        if (part->events) {
            if (!part->events->touches_none(grown_for(*part, dates))) return false;
            if (part->buffered && !part->buffered->touches_none(dates.grown(0, 0))) return false;
        }
        for (const PartTime::Held& closure : part->closures)
            strike_out(closure.interval, dates.slots(), free);
    }
    return free.count() == dates.size();
}

}  // namespace preau::search
