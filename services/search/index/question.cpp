#include "services/search/index/question.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "services/search/index/dates.hpp"

namespace preau::search {
namespace {

constexpr unsigned bit(Filter filter) {
    return 1U << static_cast<unsigned>(filter);
}

/// The same question on the other days of the week: a room counts for a day when one of its
/// offers is free on all dates.
class OtherWeekdays {
public:
    explicit OtherWeekdays(const Question& question) {
        const rules::Recurrence& when = question.when;
        if (when.kind != rules::RecurrenceKind::weekly || when.weekdays.size() != 1) return;
        if (question.length_min != 0 || !question.other_weekdays) return;
        for (std::size_t day = 0; day < counts_.size(); ++day) {
            const auto weekday = static_cast<time::Weekday>(day);
            if (weekday == when.weekdays.front()) continue;
            rules::Recurrence other = when;
            other.weekdays = {weekday};
            days_.push_back({day, DatesByCalendar(other), nullptr});
        }
    }

    void begin_room(const RoomEntry& room, const Horizon& horizon) {
        for (Day& day : days_)
            day.of_room = day.dates.of(room, horizon);
    }
    void look_at(const FreeTime& time) {
        for (Day& day : days_) {
            if (day.of_room == nullptr || !time.on_all(*day.of_room)) continue;
            ++counts_[day.number];
            day.of_room = nullptr;  // one offer is enough
        }
    }

    bool asked() const { return !days_.empty(); }
    const std::array<std::size_t, 7>& counts() const { return counts_; }

private:
    struct Day {
        std::size_t number;
        DatesByCalendar dates;
        const AskedDates* of_room = nullptr;
    };
    std::array<std::size_t, 7> counts_{};
    std::vector<Day> days_;
};

/// Looks at room after room, the cheap refusals first.
class Search {
public:
    Search(const Index::View& view, const Question& question)
        : view_(view), question_(question), others_(question), pricer_(view, question.category) {
        for (auto& rule : ways_of(question.when, question.length_min, question.any_weekday))
            out_.ways.push_back(std::make_unique<Way>(std::move(rule)));
        kind_ = rules::word_number(rules::kind_words(), question.kind);
        for (const auto& word : question.equipment) {
            const auto number = rules::word_number(rules::equipment_words(), word);
            equipment_ |= number ? std::uint64_t{1} << *number : 0;
        }
        const auto purpose = rules::word_number(rules::purpose_words(), question.purpose);
        purpose_ = purpose ? std::uint32_t{1} << *purpose : 0;
        radius_max_ = question.facets ? std::min(2 * question.radius_km, radius_km_widest)
                                      : question.radius_km;
        if (question.facets) begin_facets();
    }

    void look_at_all() {
        const auto visit = [this](const RoomEntry& room) { look_at(room); };
        if (question_.near) {
            view_.rooms().around(question_.near->lat, question_.near->lon, radius_max_, visit);
        } else {
            std::ranges::for_each(view_.rooms().all(), visit);
        }
    }

    base::Result<Answer> finish(const Page& page) {
        if (out_.found.empty()) {
            if (auto why = first_error()) return std::unexpected(*std::move(why));
        }
        if (question_.sort == Sort::price) {
            for (Found& found : out_.found)
                found.price = pricer_.of(found);
        }
        put_in_order(out_, question_.sort, page);
        if (others_.asked()) {
            out_.full_by_weekday = others_.counts();
            (*out_.full_by_weekday)[static_cast<std::size_t>(question_.when.weekdays.front())] =
                out_.full_count;
        }
        for (auto& count : out_.facets ? out_.facets->without : no_counts_) {
            // Those that fit all filters fit fewer as well.
            if (count)
                count = Count{count->rooms + out_.found.size(), count->full + out_.full_count};
        }
        return std::move(out_);
    }

private:
    void begin_facets() {
        out_.facets.emplace();
        const std::array<std::pair<Filter, bool>, filters_count> in_force{{
            {Filter::kind, kind_.has_value()},
            {Filter::capacity, question_.capacity > 1},
            {Filter::step_free, question_.step_free},
            {Filter::equipment, equipment_ != 0},
            {Filter::purpose, purpose_ != 0},
            {Filter::instant, question_.instant.has_value()},
            {Filter::price, question_.price_max.has_value()},
            {Filter::radius, question_.near && radius_max_ > question_.radius_km},
        }};
        for (const auto& [filter, is] : in_force) {
            if (is) out_.facets->without[static_cast<std::size_t>(filter)] = Count{};
        }
    }

    /// The filters that need neither offer nor date; sets the distance on the way.
    unsigned failing(const RoomEntry& room) {
        unsigned out = 0;
        if (kind_ && room.kind != *kind_) out |= bit(Filter::kind);
        if (question_.step_free && !room.step_free) out |= bit(Filter::step_free);
        if ((room.equipment & equipment_) != equipment_) out |= bit(Filter::equipment);
        if ((room.purposes & purpose_) != purpose_) out |= bit(Filter::purpose);
        if (!question_.near) return out;
        // Rooms of one site follow one another.
        if (room.lat != last_lat_ || room.lon != last_lon_) {
            last_lat_ = room.lat;
            last_lon_ = room.lon;
            distance_ = distance_km(question_.near->lat, question_.near->lon, room.lat, room.lon);
        }
        if (distance_ > question_.radius_km) out |= bit(Filter::radius);
        return out;
    }

    void look_at(const RoomEntry& room) {
        if (!room.published) return;
        unsigned failed = failing(room);
        if (failed != 0 && (!out_.facets || std::popcount(failed) > 1)) return;
        if (question_.near && distance_ > radius_max_) return;
        Found found = best(room, 0, failed == 0);
        if (found.offer == nullptr) {
            if (failed != 0 || !out_.facets) return;
            // No offer fits: would one, if only the people or only the waiting did not matter?
            for (const Filter filter : {Filter::capacity, Filter::instant}) {
                if (!out_.facets->without[static_cast<std::size_t>(filter)]) continue;
                const Found relaxed = best(room, bit(filter), false);
                if (relaxed.offer != nullptr && affordable(relaxed)) count(relaxed, filter, room);
            }
            return;
        }
        if (question_.price_max && !affordable(found)) failed |= bit(Filter::price);
        if (failed == 0) {
            take(found, room);
        } else if (out_.facets && std::popcount(failed) == 1) {
            count(found, static_cast<Filter>(std::countr_zero(failed)), room);
        }
    }

    bool affordable(const Found& found) {
        if (!question_.price_max) return true;
        const auto price = pricer_.of(found);
        return price &&
               *price <= *question_.price_max * static_cast<std::int64_t>(found.free_count);
    }

    void take(const Found& found, const RoomEntry& room) {
        const bool full = found.missing() == 0;
        out_.full_count += full ? 1 : 0;
        out_.partial_count += found.free_count > 0 && !full ? 1 : 0;
        out_.found.push_back(found);
        if (!out_.facets) return;
        Facets& facets = *out_.facets;
        const auto add = [full](Count& to) {
            ++to.rooms;
            to.full += full ? 1 : 0;
        };
        if (room.kind < facets.kinds.size()) add(facets.kinds[room.kind]);
        for (std::uint64_t rest = room.equipment; rest != 0; rest &= rest - 1)
            add(facets.equipment[static_cast<std::size_t>(std::countr_zero(rest))]);
        for (std::uint32_t rest = room.purposes; rest != 0; rest &= rest - 1)
            add(facets.purposes[static_cast<std::size_t>(std::countr_zero(rest))]);
        if (room.step_free) add(facets.step_free);
        if (found.offer->instant) add(facets.instant);
        // Another offer of the room may be free where these would not matter.
        for (const Filter filter : {Filter::capacity, Filter::instant}) {
            auto& without = facets.without[static_cast<std::size_t>(filter)];
            if (!without || full) continue;
            const Found relaxed = best(room, bit(filter), false);
            if (relaxed.missing() == 0 && affordable(relaxed)) ++without->full;
        }
    }

    /// A room that fails one filter only.
    void count(const Found& found, Filter filter, const RoomEntry& room) {
        const std::size_t full = found.missing() == 0 ? 1 : 0;
        auto& without = out_.facets->without[static_cast<std::size_t>(filter)];
        if (without) without = Count{without->rooms + 1, without->full + full};
        if (filter == Filter::kind && room.kind < out_.facets->kinds.size()) {
            Count& kind = out_.facets->kinds[room.kind];
            kind = {kind.rooms + 1, kind.full + full};
        }
    }

    bool large_enough(const OfferEntry& offer) const {
        switch (question_.posture) {
            case Posture::seated:
                return offer.seated >= question_.capacity;
            case Posture::standing:
                return offer.standing >= question_.capacity;
            case Posture::any:
                break;
        }
        return offer.capacity >= question_.capacity;
    }

    /// The best way and offer of the room, without offer where none can be asked for. `others`:
    /// also tells the other days of the week.
    Found best(const RoomEntry& room, unsigned relaxed, bool others) {
        Found out;
        out.space = room.space;
        out.distance_km = distance_;
        if (others && others_.asked()) others_.begin_room(room, view_.horizon());
        for (const OfferEntry& offer : room.offers) {
            if (!offer.active) continue;
            if ((relaxed & bit(Filter::capacity)) == 0 && !large_enough(offer)) continue;
            if ((relaxed & bit(Filter::instant)) == 0 && question_.instant &&
                *question_.instant != offer.instant) {
                continue;
            }
            try_ways(room, offer, out, others);
        }
        return out;
    }

    void try_ways(const RoomEntry& room, const OfferEntry& offer, Found& best, bool others) {
        const rules::Offer& limits = *view_.rooms().limits()[offer.limits];
        std::optional<FreeTime> time;
        for (std::size_t n = 0; n < out_.ways.size(); ++n) {
            Way& way = *out_.ways[n];
            if (!way.fits(limits, offer.limits)) continue;
            if (!time) {
                time.emplace(room.hours->open, window(room, limits, offer.limits), limits,
                             offer.parts);
                if (others) others_.look_at(*time);
            }
            const AskedDates* dates = way.dates(room, view_.horizon());
            if (dates == nullptr) continue;
            const FreeDates free = time->among(*dates);
            const Candidate candidate{free.count(), dates->size(), n, offer.capacity};
            if (best.offer != nullptr && !candidate.beats(best_)) continue;
            best_ = candidate;
            best.offer = offer.offer;
            best.when = &way.rule();
            best.dates = dates;
            best.free = free;
            best.free_count = candidate.free;
            // No later way of this offer can be better.
            if (candidate.free == candidate.total && !question_.any_weekday) break;
        }
    }

    /// Worked out once for each calendar and each set of limits.
    const rules::BookableWindow& window(const RoomEntry& room, const rules::Offer& limits,
                                        std::uint32_t number) {
        const std::size_t at = number * view_.rooms().calendars_count() + room.calendar;
        if (windows_.size() <= at) windows_.resize(at + 1);
        if (!windows_[at]) windows_[at] = view_.window(room.space->zone, limits);
        return *windows_[at];
    }

    /// Of two ways that are free on as many dates, the one that misses fewer; then the earlier;
    /// then the smaller offer.
    struct Candidate {
        std::size_t free = 0;
        std::size_t total = 0;
        std::size_t way = 0;
        std::int32_t capacity = 0;

        bool beats(const Candidate& other) const {
            const auto key = [](const Candidate& one) {
                return std::tuple(one.free < one.total, -static_cast<std::int64_t>(one.free),
                                  one.total, one.way, one.capacity);
            };
            return key(*this) < key(other);
        }
    };

    /// Why nothing could be found at all, where the question itself is at fault.
    std::optional<base::Error> first_error() const {
        for (const auto& way : out_.ways) {
            if (way->known_dates().first() != nullptr) return std::nullopt;
        }
        for (const auto& way : out_.ways) {
            if (way->date_error()) return way->date_error();
        }
        for (const auto& way : out_.ways) {
            if (way->shape_error()) return way->shape_error();
        }
        // No room came so far as its calendar.
        rules::Recurrence rule = question_.when;
        rule.skip_school_holidays = rule.skip_public_holidays = false;
        const auto expansion = rules::expand(rule, time::Zone::paris(), {});
        if (!expansion) return expansion.error();
        return std::nullopt;
    }

    const Index::View& view_;
    const Question& question_;
    OtherWeekdays others_;
    Pricer pricer_;
    Answer out_;
    std::array<std::optional<Count>, filters_count> no_counts_;
    std::optional<std::size_t> kind_;
    std::uint64_t equipment_ = 0;
    std::uint32_t purpose_ = 0;
    double radius_max_ = 0;
    double last_lat_ = 1e9;
    double last_lon_ = 1e9;
    double distance_ = 0;
    Candidate best_;
    std::vector<std::optional<rules::BookableWindow>> windows_;
};

}  // namespace

std::string_view to_string(Filter filter) {
    constexpr std::array<std::string_view, filters_count> kNames{
        "kind",    "capacity", "step_free", "equipment",
        "purpose", "instant",  "price_max", "radius_km"};
    return kNames[static_cast<std::size_t>(filter)];
}

base::Result<Answer> answer(const Index::View& view, const Question& question, const Page& page) {
    Search search(view, question);
    search.look_at_all();
    return search.finish(page);
}

}  // namespace preau::search
