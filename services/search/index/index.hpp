#pragma once
// Everything that search knows, in memory: spaces with their planes of bits, what occupies their
// parts, calendars, tariffs. Fed by inventory and booking (jobs/), asked by http/. A space's free
// time is read from the planes; the reason of a refusal is rules::judge's, worked out only for what
// is shown. The planes are made with the same rules, and a property test holds both together.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/search/index/free_time.hpp"
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
        /// All spaces, ordered by a geographic grid of 0.05°.
        const std::vector<const SpaceEntry*>& spaces() const { return index_.ordered_; }
        bool calendar_known() const { return !index_.calendars_.schools.empty(); }
        const Horizon& horizon() const { return index_.horizon_; }

        /// The free time of one offer, looked up once for many dates.
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
    struct Known {
        std::int64_t version = 0;
        std::uint32_t number = 0;
        std::vector<std::string> parts;
    };

    // All under the write lock.
    void forget(const Facts& facts);
    void put(wire::Space space, std::set<std::string>& touched);
    void put(const Occupancy& occupancy, std::set<std::string>& touched);
    void rebuild_hours();
    void rebuild_part(PartTime& part, bool pending_holds) const;
    std::shared_ptr<const Hours> hours_of(std::string key, const rules::Opening& opening,
                                          const SpaceEntry& space);
    /// The votes that may apply to a space, once for all spaces that have the same.
    std::shared_ptr<const std::vector<rules::TariffVersion>> tariffs_of(const wire::Space& space);
    void reorder();
    Horizon horizon_now() const;
    bool pending_holds(const std::string& part_id) const;

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
    std::vector<const SpaceEntry*> ordered_;
    std::unordered_map<std::string, PartTime> parts_;
    std::unordered_map<std::string, std::string> space_of_part_;
    std::unordered_map<std::string, Known> occupancies_;
    std::uint32_t last_number_ = 0;
    std::map<std::string, std::shared_ptr<const Hours>> hours_;  // by key
};

}  // namespace preau::search
