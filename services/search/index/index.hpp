#pragma once
// Everything that search knows, in memory: spaces with their planes of bits, what occupies their
// parts, calendars, tariffs. Fed by inventory and booking (jobs/), asked by http/. A space's free
// time is read from the planes; the reason of a refusal is rules::judge's, worked out only for what
// is shown. The planes are made with the same rules, and a property test holds both together.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/search/index/free_time.hpp"
#include "services/search/index/room_table.hpp"
#include "shared/base/clock.hpp"
#include "shared/rules/availability.hpp"
#include "shared/wire/calendar.hpp"
#include "shared/wire/space.hpp"
#include "shared/wire/tariff.hpp"

namespace preau::search {

/// Days behind and ahead of the business day that the planes cover: 18 months and what a week view
/// of the past shows.
inline constexpr std::int32_t days_behind = 8;
inline constexpr std::int32_t days_ahead = 550;

/// What one booking or one closure occupies; an empty list frees everything.
struct Occupancy {
    std::string id;  // of the booking or closure
    std::int64_t version = 0;
    std::vector<rules::Occupation> occupations;
};

/// What a feed told. A version that is not newer than the known one is ignored.
struct Facts {
    bool replaces_inventory = false;  // forget its earlier facts first: a snapshot follows
    bool replaces_booking = false;
    std::vector<rules::SchoolCalendar> schools;
    std::vector<rules::PublicHolidays> holidays;
    std::vector<wire::Tariff> tariffs;
    std::vector<wire::Space> spaces;
    std::vector<Occupancy> occupancies;
};

/// The opening hours that many spaces share, once, with their plane.
struct Hours {
    std::string key;  // zone, calendars and hours in words: the same for all that share it
    rules::Opening opening;
    Bitmap open;
};

/// A space ready to be asked. Pointers into the index: valid while the caller holds its read lock.
struct SpaceEntry {
    wire::Space facts;  // its opening stands in `hours`
    time::Zone zone = time::Zone::paris();
    rules::Calendar calendar;
    std::shared_ptr<const Hours> hours;
    std::shared_ptr<const std::vector<rules::TariffVersion>> tariffs;  // shared by many spaces
    std::uint32_t room = 0;  // number in the table of rooms

    rules::SpaceFacts rule_facts() const {
        return {&hours->opening, &calendar, &zone, facts.pending_holds};
    }
};

class Index {
public:
    explicit Index(const base::Clock& business_clock);

    /// Takes all facts in at once: readers see the index before or after, never between.
    void apply(Facts facts);
    /// Rebuilds the planes when the business day has changed; to be called every second.
    void roll();

    /// A consistent view, for one thread; readers run side by side, writers wait for them.
    class View {
    public:
        explicit View(const Index& index);
        base::Instant now() const { return now_; }
        time::Date today(const time::Zone& zone) const { return asked_at(zone).today; }
        const SpaceEntry* space(const std::string& id) const;
        const RoomTable& rooms() const { return index_.rooms_; }
        const RoomEntry& room(const SpaceEntry& space) const {
            return index_.rooms_.all()[space.room];
        }
        bool calendar_known() const { return !index_.calendars_.schools.empty(); }
        const Horizon& horizon() const { return index_.horizon_; }

        /// Between which bounds anybody may book the offer now.
        rules::BookableWindow window(const time::Zone& zone, const rules::Offer& offer) const {
            return rules::bookable_window(offer, asked_at(zone));
        }
        /// The free time of one offer of the space, looked up once for many dates.
        FreeTime free_time(const SpaceEntry& space, const rules::Offer& offer) const;
        /// What occupies the offer's parts around the interval, for rules::judge.
        std::vector<rules::Occupation> occupations(const rules::Offer& offer,
                                                   const time::Interval& around) const;
        rules::Verdict judge(const SpaceEntry& space, const rules::Offer& offer,
                             const rules::Slot& slot,
                             std::span<const rules::Occupation> occupations) const;

    private:
        static std::shared_lock<std::shared_mutex> enter(const Index& index);
        const rules::AskedAt& asked_at(const time::Zone& zone) const;
        std::shared_lock<std::shared_mutex> lock_;
        const Index& index_;
        base::Instant now_;
        // By zone, of which there are few. A view belongs to one thread.
        mutable std::vector<std::pair<time::Zone, rules::AskedAt>> asked_at_;
    };

private:
    /// An id as 128 bits: there are half a million of them.
    struct Key {
        std::array<std::uint64_t, 2> bits{};
        bool operator==(const Key&) const = default;
    };
    struct HashKey {
        std::size_t operator()(const Key& key) const noexcept { return key.bits[0] ^ key.bits[1]; }
    };
    struct Known {
        std::int64_t version = 0;
        std::uint32_t number = 0;
        std::uint32_t parts = 0;  // number of a set of parts
    };
    struct Part {
        PartTime time;
        std::string space;  // empty: none is known
    };
    using PartSet = std::vector<std::uint32_t>;  // numbers of parts, sorted

    // All under the write lock.
    void forget(const Facts& facts);
    void put(wire::Space space);
    void put(const Occupancy& occupancy);
    void rebuild_hours();
    void rebuild_stale_parts();
    std::shared_ptr<const Hours> hours_of(std::string key, const rules::Opening& opening,
                                          const SpaceEntry& space);
    /// The votes that may apply to a space, once for all spaces that have the same.
    std::shared_ptr<const std::vector<rules::TariffVersion>> tariffs_of(const wire::Space& space);
    void rebuild_rooms();
    Horizon horizon_now() const;
    bool pending_holds(const Part& part) const;
    static Key key_of(std::string_view id);
    /// The number of a part, given to it when it is first heard of, and kept.
    std::uint32_t part_number(const std::string& id);
    const PartTime* part(const base::PartId& id) const;
    void make_stale(std::uint32_t part);
    std::uint32_t set_number(PartSet parts);

    const base::Clock& clock_;
    // Readers pass the gate one by one, and a writer keeps it while it waits for those inside:
    // otherwise a stream of readers could keep writers out for ever.
    mutable std::mutex gate_;
    mutable std::shared_mutex mutex_;
    Horizon horizon_;
    wire::Calendars calendars_;
    wire::Tariffs tariffs_;
    std::map<std::string, std::shared_ptr<const std::vector<rules::TariffVersion>>> votes_;
    std::unordered_map<std::string, std::unique_ptr<SpaceEntry>> spaces_;
    RoomTable rooms_;
    std::unordered_map<std::string, std::uint32_t> part_numbers_;
    std::deque<Part> parts_;  // by number; the table of rooms points into it
    std::vector<std::uint32_t> stale_parts_;
    std::map<PartSet, std::uint32_t> set_numbers_;
    std::vector<const PartSet*> sets_;  // by number
    std::unordered_map<Key, Known, HashKey> occupancies_;
    std::uint32_t last_number_ = 0;
    std::map<std::string, std::shared_ptr<const Hours>> hours_;  // by key
};

}  // namespace preau::search
