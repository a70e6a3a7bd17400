#include "services/search/index/index.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <tuple>

namespace preau::search {
namespace {

constexpr std::int64_t kSecondsPerMinute = 60;
/// No booked slot with its buffers is longer: what starts earlier cannot reach an interval.
constexpr std::int64_t kReachSeconds = 3 * 86'400;
constexpr double kGridDegrees = 0.05;

bool starts_before(const rules::Occupation& a, const rules::Occupation& b) {
    return a.interval < b.interval;
}

/// Spaces that share it are open at the same times.
std::string opening_key(const wire::Space& space) {
    return space.zone + "|" + space.school_zone + "|" + space.territory + "|" +
           wire::to_json(space.opening).dump();
}

}  // namespace

Index::Index(const base::Clock& business_clock) : clock_(business_clock), horizon_(horizon_now()) {}

Horizon Index::horizon_now() const {
    // Whole UTC days: a local day never lies more than 14 hours off.
    const std::int64_t today = clock_.now().seconds / 86'400;
    constexpr std::int64_t kCellsPerDay = 96;
    return {{(today - days_behind) * kCellsPerDay}, (days_behind + days_ahead) * kCellsPerDay};
}

void Index::apply(Facts facts) {
    const std::unique_lock lock(mutex_);
    forget(facts);
    std::set<std::string> touched;
    const bool calendars_changed = !facts.schools.empty() || !facts.holidays.empty();
    for (auto& school : facts.schools)
        calendars_.put(std::move(school));
    for (auto& holidays : facts.holidays)
        calendars_.put(std::move(holidays));
    const bool spaces_changed = facts.replaces_inventory || !facts.spaces.empty();
    for (auto& space : facts.spaces)
        put(std::move(space), touched);
    for (auto& occupancy : facts.occupancies)
        put(std::move(occupancy), touched);
    if (calendars_changed) {
        open_planes_.clear();
        for (auto& [id, space] : spaces_)
            rebuild_open(*space);
    }
    for (const auto& part : touched)
        rebuild_part(part);
    if (spaces_changed) reorder();
}

void Index::forget(const Facts& facts) {
    if (facts.replaces_inventory) {
        spaces_.clear();
        ordered_.clear();
        space_of_part_.clear();
        open_planes_.clear();
        calendars_ = {};
    }
    if (facts.replaces_booking) {
        occupancies_.clear();
        for (auto& [id, part] : parts_) {
            part.bookings.clear();
            part.closures.clear();
            rebuild_part(id);
        }
    }
}

void Index::put(wire::Space space, std::set<std::string>& touched) {
    auto& slot = spaces_[space.id.str()];
    if (slot && slot->facts.version >= space.version) return;
    auto entry = std::make_unique<SpaceEntry>();
    entry->facts = std::move(space);
    if (auto zone = time::Zone::find(entry->facts.zone)) entry->zone = *zone;
    rebuild_open(*entry);
    // Whether pending requests hold is the space's to say, and may just have changed.
    for (const auto& part : entry->facts.parts) {
        space_of_part_[part.id.str()] = entry->facts.id.str();
        touched.insert(part.id.str());
    }
    slot = std::move(entry);
}

void Index::put(Occupancy occupancy, std::set<std::string>& touched) {
    Known& known = occupancies_[occupancy.id];
    if (known.version >= occupancy.version) return;
    const auto own = [&](const rules::Occupation& o) { return o.booking.str() == occupancy.id; };
    for (const auto& part : known.parts) {
        std::erase_if(parts_[part].bookings, own);
        std::erase_if(parts_[part].closures, own);
        touched.insert(part);
    }
    std::set<std::string> now;
    for (auto& occupation : occupancy.occupations) {
        now.insert(occupation.part.str());
        // A closure carries its own id here, so that it can be found and taken back.
        occupation.booking = base::BookingId::trusted(occupancy.id);
        Part& part = parts_[occupation.part.str()];
        auto& list =
            occupation.kind == rules::OccupationKind::closure ? part.closures : part.bookings;
        list.insert(std::upper_bound(list.begin(), list.end(), occupation, starts_before),
                    std::move(occupation));
    }
    touched.insert(now.begin(), now.end());
    known = {occupancy.version, {now.begin(), now.end()}};
}

void Index::roll() {
    const Horizon wanted = horizon_now();
    {
        const std::shared_lock lock(mutex_);
        if (wanted == horizon_) return;
    }
    const std::unique_lock lock(mutex_);
    horizon_ = wanted;
    rebuild_all();
}

void Index::rebuild_all() {
    open_planes_.clear();
    for (auto& [id, space] : spaces_)
        rebuild_open(*space);
    for (auto& [id, part] : parts_)
        rebuild_part(id);
}

void Index::rebuild_open(SpaceEntry& space) {
    space.calendar = calendars_.of(space.facts.school_zone, space.facts.territory);
    auto& shared = open_planes_[opening_key(space.facts)];
    if (!shared) {
        Bitmap open(horizon_);
        const auto first_day = static_cast<std::int32_t>(horizon_.first.number / 96);
        const auto days = static_cast<std::int32_t>(horizon_.count / 96);
        for (std::int32_t day = first_day - 2; day <= first_day + days; ++day) {
            const auto hours =
                rules::open_intervals(space.facts.opening, space.calendar, space.zone, {day});
            if (!hours) continue;
            for (const auto& interval : *hours)
                open.set_inside(interval);
        }
        shared = std::make_shared<const Bitmap>(std::move(open));
    }
    space.open = shared;
}

bool Index::pending_holds(const std::string& part_id) const {
    const auto owner = space_of_part_.find(part_id);
    if (owner == space_of_part_.end()) return true;
    const auto space = spaces_.find(owner->second);
    return space == spaces_.end() || space->second->facts.pending_holds;
}

void Index::rebuild_part(const std::string& part_id) {
    Part& part = parts_[part_id];
    part.events = Bitmap(horizon_);
    part.blocked = Bitmap(horizon_);
    const bool holds = pending_holds(part_id);
    for (const auto& closure : part.closures)
        part.blocked.set(closure.interval);
    for (const auto& booking : part.bookings) {
        if (booking.kind == rules::OccupationKind::pending && !holds) continue;
        part.events.set(booking.interval);
        part.blocked.set(booking.interval.grown(booking.buffer_before_s, booking.buffer_after_s));
    }
}

void Index::reorder() {
    ordered_.clear();
    for (const auto& [id, space] : spaces_)
        ordered_.push_back(space.get());
    const auto square = [](const SpaceEntry* s) {
        return std::tuple(std::floor(s->facts.lat / kGridDegrees),
                          std::floor(s->facts.lon / kGridDegrees), s->facts.id);
    };
    std::ranges::sort(ordered_, {}, square);
}

Index::View::View(const Index& index)
    : lock_(index.mutex_), index_(index), now_(index.clock_.now()) {}

const SpaceEntry* Index::View::space(const std::string& id) const {
    const auto found = index_.spaces_.find(id);
    return found == index_.spaces_.end() ? nullptr : found->second.get();
}

bool Index::View::is_free(const SpaceEntry& space, const rules::Offer& offer,
                          const rules::BookableWindow& window, const rules::Slot& slot) const {
    if (window.state_of(slot) != rules::SlotState::free || !space.open->all(slot.interval)) {
        return false;
    }
    const time::Interval with_buffers = slot.interval.grown(
        offer.buffer_before_min * kSecondsPerMinute, offer.buffer_after_min * kSecondsPerMinute);
    return std::ranges::all_of(offer.parts, [&](const base::PartId& id) {
        const auto part = index_.parts_.find(id.str());
        return part == index_.parts_.end() ||
               (part->second.blocked.none(slot.interval) && part->second.events.none(with_buffers));
    });
}

std::vector<rules::Occupation> Index::View::occupations(const rules::Offer& offer,
                                                        const time::Interval& around) const {
    std::vector<rules::Occupation> out;
    for (const auto& id : offer.parts) {
        const auto part = index_.parts_.find(id.str());
        if (part == index_.parts_.end()) continue;
        const auto& closures = part->second.closures;
        out.insert(out.end(), closures.begin(), closures.end());
        const auto& list = part->second.bookings;
        const auto first =
            std::ranges::lower_bound(list, base::Instant{around.start.seconds - kReachSeconds}, {},
                                     [](const rules::Occupation& o) { return o.interval.start; });
        for (auto o = first; o != list.end() && o->interval.start < around.end + kReachSeconds;
             ++o) {
            out.push_back(*o);
        }
    }
    return out;
}

rules::Verdict Index::View::judge(const SpaceEntry& space, const rules::Offer& offer,
                                  const rules::Slot& slot,
                                  std::span<const rules::Occupation> occupations) const {
    return rules::judge(slot, offer, space.rule_facts(), {}, occupations, now_);
}

}  // namespace preau::search
