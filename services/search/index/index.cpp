#include "services/search/index/index.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace preau::search {
namespace {

/// No booked slot with its buffers is longer: what starts earlier cannot reach an interval.
constexpr std::int64_t kReachSeconds = 3 * 86'400;

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
        put(std::move(space));
    for (const auto& occupancy : facts.occupancies)
        put(occupancy);
    rebuild_stale_parts();
    if (spaces_changed || calendars_changed) {
        std::erase_if(hours_, [](const auto& one) { return one.second.use_count() == 1; });
        rebuild_rooms();
    }
}

void Index::forget(const Facts& facts) {
    if (facts.replaces_inventory) {
        rooms_ = {};
        spaces_.clear();
        for (Part& part : parts_)
            part.space.clear();
        hours_.clear();
        calendars_ = {};
        tariffs_.clear();
        votes_.clear();
    }
    if (facts.replaces_booking) {
        occupancies_.clear();
        sets_.clear();
        set_numbers_.clear();
        for (Part& part : parts_)
            part.time = {};
    }
}

void Index::put(wire::Space space) {
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
        const std::uint32_t number = part_number(part.id.str());
        parts_[number].space = entry->facts.id.str();
        make_stale(number);
    }
    slot = std::move(entry);
}

void Index::put(const Occupancy& occupancy) {
    Known& known = occupancies_[key_of(occupancy.id)];
    if (known.version >= occupancy.version) return;
    if (known.number == 0) {
        known.number = ++last_number_;
    } else {
        for (const std::uint32_t part : *sets_[known.parts]) {
            parts_[part].time.remove(known.number);
            make_stale(part);
        }
    }
    PartSet now;
    for (const auto& one : occupancy.occupations) {
        const std::uint32_t number = part_number(one.part.str());
        Part& part = parts_[number];
        const PartTime::Held held{one.interval,
                                  static_cast<std::int32_t>(one.buffer_before_s),
                                  static_cast<std::int32_t>(one.buffer_after_s),
                                  known.number,
                                  one.kind,
                                  one.closure};
        part.time.add(held);
        if (!part.time.stale && !part.time.add_to_planes(held, horizon_, pending_holds(part))) {
            make_stale(number);
        }
        if (now.empty() || now.back() != number) now.push_back(number);
    }
    std::ranges::sort(now);
    now.erase(std::ranges::unique(now).begin(), now.end());
    known.version = occupancy.version;
    known.parts = set_number(std::move(now));
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
    rebuild_rooms();
    for (Part& part : parts_)
        part.time.rebuild(horizon_, pending_holds(part));
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

bool Index::pending_holds(const Part& part) const {
    const auto space = spaces_.find(part.space);
    return space == spaces_.end() || space->second->facts.pending_holds;
}

/// Owners name bookings and closures by ULIDs, which are 128 bits; any other text by a hash.
Index::Key Index::key_of(std::string_view id) {
    constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    if (!base::is_ulid(id)) {
        return {{std::hash<std::string_view>{}(id),
                 std::hash<std::string>{}(std::string(id) + "\n" + std::string(id))}};
    }
    Key out;
    for (const char letter : id) {
        out.bits[0] = (out.bits[0] << 5U) | (out.bits[1] >> 59U);
        out.bits[1] = (out.bits[1] << 5U) | kLetters.find(letter);
    }
    return out;
}

std::uint32_t Index::part_number(const std::string& id) {
    const auto [at, fresh] =
        part_numbers_.try_emplace(id, static_cast<std::uint32_t>(parts_.size()));
    if (fresh) parts_.emplace_back();
    return at->second;
}

const PartTime* Index::part(const base::PartId& id) const {
    const auto at = part_numbers_.find(id.str());
    return at == part_numbers_.end() ? nullptr : &parts_[at->second].time;
}

void Index::make_stale(std::uint32_t part) {
    if (parts_[part].time.stale) return;
    parts_[part].time.stale = true;
    stale_parts_.push_back(part);
}

std::uint32_t Index::set_number(PartSet parts) {
    const auto [at, fresh] =
        set_numbers_.try_emplace(std::move(parts), static_cast<std::uint32_t>(sets_.size()));
    if (fresh) sets_.push_back(&at->first);
    return at->second;
}

void Index::rebuild_stale_parts() {
    for (const std::uint32_t number : stale_parts_)
        parts_[number].time.rebuild(horizon_, pending_holds(parts_[number]));
    stale_parts_.clear();
}

void Index::rebuild_rooms() {
    std::vector<SpaceEntry*> spaces;
    spaces.reserve(spaces_.size());
    for (const auto& [id, space] : spaces_)
        spaces.push_back(space.get());
    rooms_ = RoomTable(std::move(spaces), [this](const std::string& id) -> const PartTime* {
        return &parts_[part_number(id)].time;
    });
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
    const auto offers = room(space).offers;
    const auto known = std::ranges::find_if(
        offers, [&](const OfferEntry& entry) { return entry.offer->id == offer.id; });
    if (known == offers.end()) throw std::logic_error("an offer of another space");
    return {space.hours->open, window(space.zone, offer), offer, known->parts};
}

std::vector<rules::Occupation> Index::View::occupations(const rules::Offer& offer,
                                                        const time::Interval& around) const {
    std::vector<rules::Occupation> out;
    for (const auto& id : offer.parts) {
        const PartTime* part = index_.part(id);
        if (part == nullptr) continue;
        const auto tell = [&](const PartTime::Held& held) {
            rules::Occupation& one = out.emplace_back();
            one.part = id;
            one.interval = held.interval;
            one.kind = held.kind;
            one.buffer_before_s = held.buffer_before_s;
            one.buffer_after_s = held.buffer_after_s;
            one.closure = held.closure;
        };
        for (const PartTime::Held& closure : part->closures)
            tell(closure);
        const auto& list = part->bookings;
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
