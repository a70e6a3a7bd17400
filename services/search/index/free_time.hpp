#pragma once
// Which of the dates of a question are free in an offer, read from planes of bits for all dates at
// once. The cells of a question are worked out once for all rooms that share its dates. The same
// answer as rules::judge; a property test holds both together.

#include <bitset>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "services/search/index/bitmap.hpp"
#include "shared/rules/availability.hpp"

namespace preau::search {

/// What one part of a space cannot give.
struct PartTime {
    /// An occupation without its ids: tens of thousands of them stay in memory.
    struct Held {
        time::Interval interval;
        std::int32_t buffer_before_s = 0;
        std::int32_t buffer_after_s = 0;
        std::uint32_t owner = 0;  // number of the booking or closure
        rules::OccupationKind kind = rules::OccupationKind::taken;
        rules::ClosureKind closure = rules::ClosureKind::closure;
    };
    std::vector<Held> bookings;  // sorted by start
    std::vector<Held> closures;  // few, and of any length

    void add(const Held& held);
    /// Takes back what an owner held; the planes are stale until rebuild().
    void remove(std::uint32_t owner);
    /// Makes the planes anew. `pending_holds`: whether requests count.
    void rebuild(const Horizon& horizon, bool pending_holds);
    /// Sets what was just added in the planes, where these need not be made anew for it.
    bool add_to_planes(const Held& held, const Horizon& horizon, bool pending_holds);

    // What bookings take, as far as they hold; null: nothing. Nearly always they all have the same
    // buffers, and those can be added to what is asked for; else `buffered` has them grown.
    std::unique_ptr<Bitmap> events;
    std::unique_ptr<Bitmap> buffered;
    std::int64_t buffer_before_s = 0;
    std::int64_t buffer_after_s = 0;
    bool stale = false;  // the planes miss something
};

inline constexpr std::size_t dates_max = rules::ExpansionLimits{}.occurrences_max;
/// By number of the date.
using FreeDates = std::bitset<dates_max>;

/// The dates of a question, as they fall in one zone and calendar. Of one thread and one view: it
/// remembers what it learnt of the planes.
class AskedDates {
public:
    AskedDates(rules::Expansion expansion, const Horizon& horizon);

    const std::vector<rules::Slot>& slots() const { return expansion_.slots; }
    const std::vector<rules::SkippedDate>& skipped() const { return expansion_.skipped; }
    std::size_t size() const { return expansion_.slots.size(); }
    /// Their cells, each date grown by these buffers.
    const Cells& grown(std::int64_t before_s, std::int64_t after_s) const;
    /// Those within the window on which the plane is open: the same for many rooms.
    const FreeDates& bookable(const Bitmap& open, const rules::BookableWindow& window) const;

private:
    struct Bookable {
        rules::BookableWindow window;
        FreeDates dates;
    };
    struct Grown {
        std::int64_t before_s;
        std::int64_t after_s;
        std::unique_ptr<const Cells> cells;
    };
    rules::Expansion expansion_;
    Horizon horizon_;
    mutable std::vector<Grown> grown_;  // few: offers of a kind have the same buffers
    // A deque keeps what last_ points to.
    mutable std::unordered_map<const Bitmap*, std::deque<Bookable>> bookable_;
    mutable const Bitmap* last_open_ = nullptr;
    mutable const Bookable* last_ = nullptr;
};

/// The time of one offer that anybody may have. Valid while its view lives.
class FreeTime {
public:
    FreeTime(const Bitmap& open, const rules::BookableWindow& window, const rules::Offer& offer,
             std::span<const PartTime* const> parts);
    FreeDates among(const AskedDates& dates) const;
    /// Whether every date is free: finds out sooner where one is not.
    bool on_all(const AskedDates& dates) const;

private:
    const Cells& grown_for(const PartTime& part, const AskedDates& dates) const;

    const Bitmap& open_;
    rules::BookableWindow window_;
    std::int64_t buffer_before_s_;
    std::int64_t buffer_after_s_;
    std::span<const PartTime* const> parts_;
};

}  // namespace preau::search
