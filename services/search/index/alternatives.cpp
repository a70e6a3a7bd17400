#include "services/search/index/alternatives.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "services/search/index/dates.hpp"

namespace preau::search {
namespace {

constexpr std::size_t kKinds = 3;
constexpr double kSiteKm = 1;

/// The dates that cannot be had, as a rule of their own.
rules::Recurrence only(const rules::Recurrence& when, const std::vector<rules::Slot>& slots) {
    rules::Recurrence out;
    out.kind = rules::RecurrenceKind::dates;
    for (const auto& slot : slots)
        out.dates.push_back(slot.local_date);
    out.start_minute = when.start_minute;
    out.end_minute = when.end_minute;
    return out;
}

/// Shifts within the same day, nearest first, later before earlier.
std::vector<time::Minute> shifts(const rules::Recurrence& when, const rules::Offer& offer) {
    std::vector<time::Minute> out;
    for (time::Minute by = offer.grid_min; by <= shift_min_max; by += offer.grid_min) {
        if (when.end_minute + by <= time::minutes_per_day) out.push_back(by);
        if (when.start_minute >= by) out.push_back(-by);
    }
    return out;
}

/// Collects by date and kind; a date takes no more of a kind than it may show at all.
class Collection {
public:
    Collection(const Index::View& view, char category, std::size_t dates, std::size_t per_date)
        : pricer_(view, category), by_date_(dates), per_date_(per_date) {}

    bool wants(Instead kind) const {
        return std::ranges::any_of(by_date_, [&](const auto& of_date) {
            return of_date[static_cast<std::size_t>(kind)].size() < per_date_;
        });
    }

    /// Adds the offer for each of the dates that it has free. `asked` has the missing dates in the
    /// same order, perhaps at other hours.
    void add(Instead kind, const SpaceEntry& space, const rules::Offer& offer,
             const AskedDates& asked, const FreeDates& free, double distance_km) {
        for (std::size_t n = 0; n < asked.size(); ++n) {
            auto& list = by_date_[n][static_cast<std::size_t>(kind)];
            if (!free[n] || list.size() >= per_date_) continue;
            Found found;
            found.space = &space;
            found.offer = &offer;
            found.dates = &asked;
            found.free_count = 1;
            found.free.set(n);
            list.push_back(
                {kind, &space, &offer, asked.slots()[n], distance_km, pricer_.of(found)});
        }
    }

    /// One of each kind before a second of any, told in the order of the kinds.
    std::vector<Alternative> of_date(std::size_t n) const {
        std::array<std::size_t, kKinds> shown{};
        std::size_t total = 0;
        for (std::size_t round = 0; round < per_date_; ++round) {
            for (std::size_t kind = 0; kind < kKinds; ++kind) {
                if (total == per_date_ || by_date_[n][kind].size() <= round) continue;
                ++shown[kind];
                ++total;
            }
        }
        std::vector<Alternative> out;
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
            const auto& list = by_date_[n][kind];
            out.insert(out.end(), list.begin(),
                       list.begin() + static_cast<std::ptrdiff_t>(shown[kind]));
        }
        return out;
    }

private:
    Pricer pricer_;
    std::vector<std::array<std::vector<Alternative>, kKinds>> by_date_;
    std::size_t per_date_;
};

/// An offer that could take the dates, with how near it is to what was wished for.
struct Candidate {
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
    double distance_km = 0;
};

bool serves(const Wish& wish, const rules::Recurrence& rule, const rules::Offer& offer) {
    return offer.active && offer.capacity >= wish.capacity &&
           rules::check_shape(rule, offer, wish.capacity).has_value();
}

/// Whether what is done in one room can be done in the other: of its kind, or with a purpose in
/// common (nobody plays badminton in a classroom).
bool suits(const wire::Space& wished, const wire::Space& other) {
    return other.kind == wished.kind ||
           std::ranges::any_of(other.purposes, [&](const std::string& purpose) {
               return std::ranges::find(wished.purposes, purpose) != wished.purposes.end();
           });
}

std::vector<Candidate> candidates(const Index::View& view, const Wish& wish,
                                  const rules::Recurrence& rule, bool same_site) {
    std::vector<Candidate> out;
    const wire::Space& own = wish.space->facts;
    const auto look_at = [&](const RoomEntry& room) {
        const SpaceEntry* space = room.space;
        const wire::Space& facts = space->facts;
        if (!facts.published || (facts.site == own.site) != same_site) return;
        double distance = 0;
        if (same_site && !suits(own, facts)) return;
        if (!same_site) {
            if (facts.kind != own.kind) return;
            distance = distance_km(own.lat, own.lon, facts.lat, facts.lon);
            if (distance > wish.radius_km) return;
        }
        for (const auto& offer : facts.offers) {
            if (&offer != wish.offer && serves(wish, rule, offer)) {
                out.push_back({space, &offer, distance});
            }
        }
    };
    // Rooms of one site lie at one place.
    view.rooms().around(own.lat, own.lon, same_site ? kSiteKm : wish.radius_km, look_at);
    std::ranges::sort(out, {}, [&](const Candidate& c) {
        return std::tuple(c.distance_km, c.space->facts.kind != own.kind, c.offer->capacity,
                          c.space->facts.name, c.offer->name, c.offer->id);
    });
    return out;
}

void collect(const Index::View& view, Instead kind, const std::vector<Candidate>& from,
             DatesByCalendar& dates, Collection& into) {
    std::map<const SpaceEntry*, FreeDates> had;  // for these a smaller offer of the room serves
    for (const Candidate& one : from) {
        if (!into.wants(kind)) return;
        const AskedDates* asked = dates.of(view.room(*one.space), view.horizon());
        if (asked == nullptr) continue;
        FreeDates& served = had[one.space];
        const FreeDates free = view.free_time(*one.space, *one.offer).among(*asked) & ~served;
        into.add(kind, *one.space, *one.offer, *asked, free, one.distance_km);
        served |= free;
    }
}

std::vector<MissingDate> by_date(const Index::View& view, const Wish& wish,
                                 const std::vector<rules::Slot>& missing, std::size_t per_date) {
    std::vector<MissingDate> out;
    if (missing.empty()) return out;
    const rules::Recurrence rule = only(wish.when, missing);
    Collection collection(view, wish.category, missing.size(), per_date);

    std::vector<std::unique_ptr<AskedDates>> shifted;  // alternatives point to their slots' dates
    for (const time::Minute by : shifts(wish.when, *wish.offer)) {
        rules::Recurrence other = rule;
        other.start_minute += by;
        other.end_minute += by;
        auto expansion = rules::expand(other, wish.space->zone, wish.space->calendar);
        if (!expansion || !serves(wish, other, *wish.offer)) continue;
        shifted.push_back(std::make_unique<AskedDates>(std::move(*expansion), view.horizon()));
        const FreeDates free = view.free_time(*wish.space, *wish.offer).among(*shifted.back());
        collection.add(Instead::other_hours, *wish.space, *wish.offer, *shifted.back(), free, 0);
    }
    DatesByCalendar dates(rule);
    collect(view, Instead::same_site, candidates(view, wish, rule, true), dates, collection);
    collect(view, Instead::nearby, candidates(view, wish, rule, false), dates, collection);

    for (std::size_t n = 0; n < missing.size(); ++n)
        out.push_back({missing[n], collection.of_date(n)});
    return out;
}

std::vector<OtherSeries> other_weekdays(const Index::View& view, const Wish& wish,
                                        std::size_t missing, std::size_t series_max) {
    std::vector<OtherSeries> out;
    if (wish.when.kind != rules::RecurrenceKind::weekly || wish.when.weekdays.size() != 1)
        return out;
    Pricer pricer(view, wish.category);
    std::vector<std::unique_ptr<DatesByCalendar>> kept;
    for (int n = 0; n < 7; ++n) {
        const auto day = static_cast<time::Weekday>(n);
        if (day == wish.when.weekdays.front()) continue;
        rules::Recurrence other = wish.when;
        other.weekdays = {day};
        kept.push_back(std::make_unique<DatesByCalendar>(other));
        const AskedDates* asked = kept.back()->of(view.room(*wish.space), view.horizon());
        if (asked == nullptr) continue;
        Found found;
        found.space = wish.space;
        found.offer = wish.offer;
        found.dates = asked;
        found.free = view.free_time(*wish.space, *wish.offer).among(*asked);
        found.free_count = found.free.count();
        if (found.missing() >= missing) continue;
        out.push_back(
            {day, wish.space, wish.offer, found.free_count, asked->size(), 0, pricer.of(found)});
    }
    std::ranges::sort(out, {}, [](const OtherSeries& one) {
        return std::pair(one.total_count - one.free_count, *one.weekday);
    });
    if (out.size() > series_max) out.resize(series_max);
    return out;
}

std::vector<OtherSeries> other_rooms(const Index::View& view, const Wish& wish, std::size_t missing,
                                     std::size_t series_max) {
    const wire::Space& own = wish.space->facts;
    Question question;
    question.when = wish.when;
    question.kind = own.kind;
    question.capacity = wish.capacity;
    question.near = Place{};
    question.near->lat = own.lat;
    question.near->lon = own.lon;
    question.radius_km = wish.radius_km;
    question.category = wish.category;
    Page page;
    page.count = series_max + 1;
    const auto answered = answer(view, question, page);
    std::vector<OtherSeries> out;
    if (!answered) return out;
    Pricer pricer(view, wish.category);
    for (const Found& found : answered->found) {
        if (out.size() == series_max || found.missing() >= missing) break;
        if (found.space == wish.space) continue;
        out.push_back({std::nullopt, found.space, found.offer, found.free_count,
                       found.dates->size(), found.distance_km, pricer.of(found)});
    }
    return out;
}

}  // namespace

std::string_view to_string(Instead kind) {
    switch (kind) {
        case Instead::other_hours:
            return "other_hours";
        case Instead::same_site:
            return "same_site";
        case Instead::nearby:
            return "nearby";
    }
    return "nearby";
}

base::Result<Alternatives> alternatives(const Index::View& view, const Wish& wish,
                                        std::size_t per_date, std::size_t series_max) {
    auto expansion = rules::expand(wish.when, wish.space->zone, wish.space->calendar);
    if (!expansion) return std::unexpected(expansion.error());
    const AskedDates asked(std::move(*expansion), view.horizon());
    const FreeDates free = view.free_time(*wish.space, *wish.offer).among(asked);
    std::vector<rules::Slot> missing;
    for (std::size_t n = 0; n < asked.size(); ++n) {
        if (!free[n]) missing.push_back(asked.slots()[n]);
    }
    Alternatives out;
    out.dates = by_date(view, wish, missing, per_date);
    if (missing.empty()) return out;
    out.weekdays = other_weekdays(view, wish, missing.size(), series_max);
    out.rooms = other_rooms(view, wish, missing.size(), series_max);
    return out;
}

}  // namespace preau::search
