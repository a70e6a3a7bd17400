#include "services/search/index/index.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <tuple>

namespace preau::search {
namespace {

/// No booked slot with its buffers is longer: what starts earlier cannot reach an interval.
constexpr std::int64_t kReachSeconds = 3 * 86'400;
constexpr double kGridDegrees = 0.05;

/// Spaces that share it are open at the same times.
std::string hours_key(const wire::Space& space) {
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
    const std::lock_guard gate(gate_);
    const std::unique_lock lock(mutex_);
    forget(facts);
    std::set<std::string> touched;
    const bool calendars_changed = !facts.schools.empty() || !facts.holidays.empty();
    for (auto& school : facts.schools)
        calendars_.put(std::move(school));
    for (auto& holidays : facts.holidays)
        calendars_.put(std::move(holidays));
    if (calendars_changed) rebuild_hours();
    for (auto& tariff : facts.tariffs)
        tariffs_.put(std::move(tariff));
    if (!facts.tariffs.empty()) {
        votes_.clear();
        for (auto& [id, space] : spaces_)
            space->tariffs = tariffs_of(space->facts);
    }
    const bool spaces_changed = facts.replaces_inventory || !facts.spaces.empty();
    for (auto& space : facts.spaces)
        put(std::move(space), touched);
    for (const auto& occupancy : facts.occupancies)
        put(occupancy, touched);
    for (const auto& part : touched)
        rebuild_part(parts_[part], pending_holds(part));
    if (spaces_changed) {
        std::erase_if(hours_, [](const auto& one) { return one.second.use_count() == 1; });
        reorder();
    }
}

void Index::forget(const Facts& facts) {
    if (facts.replaces_inventory) {
        spaces_.clear();
        ordered_.clear();
        space_of_part_.clear();
        hours_.clear();
        calendars_ = {};
        tariffs_.clear();
        votes_.clear();
    }
    if (facts.replaces_booking) {
        occupancies_.clear();
        parts_.clear();
    }
}

void Index::put(wire::Space space, std::set<std::string>& touched) {
    auto& slot = spaces_[space.id.str()];
    if (slot && slot->facts.version >= space.version) return;
    auto entry = std::make_unique<SpaceEntry>();
    if (auto zone = time::Zone::find(space.zone)) entry->zone = *zone;
    entry->calendar = calendars_.of(space.school_zone, space.territory);
    entry->hours = hours_of(hours_key(space), space.opening, *entry);
    entry->tariffs = tariffs_of(space);
    space.opening = {};
    entry->facts = std::move(space);
    // Whether pending requests hold is the space's to say, and may just have changed.
    for (const auto& part : entry->facts.parts) {
        space_of_part_[part.id.str()] = entry->facts.id.str();
        touched.insert(part.id.str());
    }
    slot = std::move(entry);
}

void Index::put(const Occupancy& occupancy, std::set<std::string>& touched) {
    Known& known = occupancies_[occupancy.id];
    if (known.version >= occupancy.version) return;
    if (known.number == 0) known.number = ++last_number_;
    const auto own = [&](const PartTime::Held& held) { return held.owner == known.number; };
    for (const auto& part : known.parts) {
        std::erase_if(parts_[part].bookings, own);
        std::erase_if(parts_[part].closures, own);
        touched.insert(part);
    }
    std::set<std::string> now;
    for (const auto& one : occupancy.occupations) {
        now.insert(one.part.str());
        PartTime& part = parts_[one.part.str()];
        auto& list = one.kind == rules::OccupationKind::closure ? part.closures : part.bookings;
        const auto at = std::ranges::upper_bound(list, one.interval, {}, &PartTime::Held::interval);
        list.insert(at, {one.interval, static_cast<std::int32_t>(one.buffer_before_s),
                         static_cast<std::int32_t>(one.buffer_after_s), known.number, one.kind,
                         one.closure});
    }
    touched.insert(now.begin(), now.end());
    known.version = occupancy.version;
    known.parts.assign(now.begin(), now.end());
}

void Index::roll() {
    const Horizon wanted = horizon_now();
    {
        const std::shared_lock lock(mutex_);
        if (wanted == horizon_) return;
    }
    const std::lock_guard gate(gate_);
    const std::unique_lock lock(mutex_);
    horizon_ = wanted;
    rebuild_hours();
    for (auto& [id, part] : parts_)
        rebuild_part(part, pending_holds(id));
}

void Index::rebuild_hours() {
    hours_.clear();
    for (auto& [id, space] : spaces_) {
        space->calendar = calendars_.of(space->facts.school_zone, space->facts.territory);
        const auto old = space->hours;
        space->hours = hours_of(old->key, old->opening, *space);
    }
}

std::shared_ptr<const Hours> Index::hours_of(std::string key, const rules::Opening& opening,
                                             const SpaceEntry& space) {
    auto& known = hours_[key];
    if (known) return known;
    auto made = std::make_shared<Hours>(Hours{std::move(key), opening, Bitmap(horizon_)});
    const auto first_day = static_cast<std::int32_t>(horizon_.first.number / 96);
    const auto days = static_cast<std::int32_t>(horizon_.count / 96);
    for (std::int32_t day = first_day - 2; day <= first_day + days; ++day) {
        const auto open = rules::open_intervals(opening, space.calendar, space.zone, {day});
        if (!open) continue;
        for (const auto& interval : *open)
            made->open.set_inside(interval);
    }
    made->open.shrink_to_fit();
    known = std::move(made);
    return known;
}

std::shared_ptr<const std::vector<rules::TariffVersion>> Index::tariffs_of(
    const wire::Space& space) {
    auto votes = tariffs_.at(space.body, space.establishment);
    std::string key;
    for (const auto& vote : votes)
        key += vote.id;
    auto& known = votes_[key];
    if (!known) {
        known = std::make_shared<const std::vector<rules::TariffVersion>>(std::move(votes));
    }
    return known;
}

bool Index::pending_holds(const std::string& part_id) const {
    const auto owner = space_of_part_.find(part_id);
    if (owner == space_of_part_.end()) return true;
    const auto space = spaces_.find(owner->second);
    return space == spaces_.end() || space->second->facts.pending_holds;
}

void Index::rebuild_part(PartTime& part, bool pending_holds) const {
    part.events.reset();
    part.buffered.reset();
    bool alike = true;
    for (const auto& booking : part.bookings) {
        if (booking.kind == rules::OccupationKind::pending && !pending_holds) continue;
        if (!part.events) {
            part.events = std::make_unique<Bitmap>(horizon_);
            part.buffer_before_s = booking.buffer_before_s;
            part.buffer_after_s = booking.buffer_after_s;
        }
        part.events->set(booking.interval);
        alike = alike && part.buffer_before_s == booking.buffer_before_s &&
                part.buffer_after_s == booking.buffer_after_s;
    }
    if (part.events) part.events->shrink_to_fit();
    part.bookings.shrink_to_fit();  // all parts together hold tens of thousands
    if (alike) return;
    part.buffered = std::make_unique<Bitmap>(horizon_);
    for (const auto& booking : part.bookings) {
        if (booking.kind == rules::OccupationKind::pending && !pending_holds) continue;
        part.buffered->set(booking.interval.grown(booking.buffer_before_s, booking.buffer_after_s));
    }
    part.buffered->shrink_to_fit();
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

std::shared_lock<std::shared_mutex> Index::View::enter(const Index& index) {
    const std::lock_guard gate(index.gate_);
    return std::shared_lock(index.mutex_);
}

Index::View::View(const Index& index)
    : lock_(enter(index)), index_(index), now_(index.clock_.now()) {}

const SpaceEntry* Index::View::space(const std::string& id) const {
    const auto found = index_.spaces_.find(id);
    return found == index_.spaces_.end() ? nullptr : found->second.get();
}

const rules::AskedAt& Index::View::asked_at(const time::Zone& zone) const {
    for (const auto& [known, asked] : asked_at_)
        if (known == zone) return asked;
    return asked_at_.emplace_back(zone, rules::asked_at(zone, {}, now_)).second;
}

FreeTime Index::View::free_time(const SpaceEntry& space, const rules::Offer& offer) const {
    FreeTime out(space.hours->open, rules::bookable_window(offer, asked_at(space.zone)), offer);
    for (const auto& id : offer.parts) {
        const auto part = index_.parts_.find(id.str());
        if (part != index_.parts_.end()) out.add(part->second);
    }
    return out;
}

std::vector<rules::Occupation> Index::View::occupations(const rules::Offer& offer,
                                                        const time::Interval& around) const {
    std::vector<rules::Occupation> out;
    for (const auto& id : offer.parts) {
        const auto part = index_.parts_.find(id.str());
        if (part == index_.parts_.end()) continue;
        const auto tell = [&](const PartTime::Held& held) {
            rules::Occupation& one = out.emplace_back();
            one.part = id;
            one.interval = held.interval;
            one.kind = held.kind;
            one.buffer_before_s = held.buffer_before_s;
            one.buffer_after_s = held.buffer_after_s;
            one.closure = held.closure;
        };
        for (const PartTime::Held& closure : part->second.closures)
            tell(closure);
        const auto& list = part->second.bookings;
        const auto first = std::ranges::lower_bound(
            list, base::Instant{around.start.seconds - kReachSeconds}, {},
            [](const PartTime::Held& held) { return held.interval.start; });
        for (auto held = first;
             held != list.end() && held->interval.start < around.end + kReachSeconds; ++held) {
            tell(*held);
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
