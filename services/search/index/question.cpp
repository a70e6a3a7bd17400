#include "services/search/index/question.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

#include "services/search/index/dates.hpp"

namespace preau::search {
namespace {

/// The same question on the other days of the week: a room counts for a day when one of its
/// offers is free on all dates.
class OtherWeekdays {
public:
    explicit OtherWeekdays(const rules::Recurrence& when) {
        if (when.kind != rules::RecurrenceKind::weekly || when.weekdays.size() != 1) return;
        for (std::size_t day = 0; day < counts_.size(); ++day) {
            const auto weekday = static_cast<time::Weekday>(day);
            if (weekday == when.weekdays.front()) continue;
            rules::Recurrence other = when;
            other.weekdays = {weekday};
            days_.push_back({day, DatesByCalendar(other), nullptr});
        }
    }

    void begin_room(const SpaceEntry& space, const Horizon& horizon) {
        for (Day& day : days_)
            day.of_room = day.dates.of(space, horizon);
    }
    void look_at(const FreeTime& time) {
        for (Day& day : days_) {
            if (day.of_room == nullptr) continue;
            if (time.among(*day.of_room).count() != day.of_room->size()) continue;
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

bool has_all(const std::vector<std::string>& owned, const std::vector<std::string>& wanted) {
    return std::ranges::all_of(
        wanted, [&](const auto& item) { return std::ranges::find(owned, item) != owned.end(); });
}

/// Whether the room passes the filters that need no calendar; its distance is set on the way.
bool passes(const Question& question, const wire::Space& facts, double& distance) {
    if (!facts.published || (!question.kind.empty() && facts.kind != question.kind)) return false;
    if (question.step_free && !facts.step_free) return false;
    if (!has_all(facts.equipment, question.equipment)) return false;
    if (!question.near) return true;
    // Cheap before exact: a degree of latitude is 111 km everywhere.
    if (std::abs(facts.lat - question.near->lat) * 111 > question.radius_km + 1) return false;
    distance = distance_km(question.near->lat, question.near->lon, facts.lat, facts.lon);
    return distance <= question.radius_km;
}

using Less = bool (*)(const Found&, const Found&);

auto name(const Found& found) {
    const wire::Space& facts = found.space->facts;
    return std::tie(facts.establishment_name, facts.name, facts.id);
}

Less order_of(Sort sort) {
    switch (sort) {
        case Sort::distance:
            return [](const Found& a, const Found& b) {
                const auto rank = [](const Found& f) {
                    return std::tuple(f.distance_km, f.missing(), f.offer->capacity);
                };
                return std::tuple(rank(a), name(a)) < std::tuple(rank(b), name(b));
            };
        case Sort::capacity:
            return [](const Found& a, const Found& b) {
                const auto rank = [](const Found& f) {
                    return std::tuple(f.offer->capacity, f.missing(), f.distance_km);
                };
                return std::tuple(rank(a), name(a)) < std::tuple(rank(b), name(b));
            };
        case Sort::price:
            return [](const Found& a, const Found& b) {
                // A room that is free on fewer dates costs less and is no bargain.
                const auto rank = [](const Found& f) {
                    return std::tuple(!f.price, f.missing() > 0, f.price.value_or(base::Cents{}),
                                      f.missing(), f.distance_km, f.offer->capacity);
                };
                return std::tuple(rank(a), name(a)) < std::tuple(rank(b), name(b));
            };
        case Sort::fit:
        case Sort::free_dates:
            break;
    }
    return [](const Found& a, const Found& b) {
        const auto rank = [](const Found& f) {
            return std::tuple(f.missing(), f.distance_km, f.offer->capacity);
        };
        return std::tuple(rank(a), name(a)) < std::tuple(rank(b), name(b));
    };
}

/// Chooses the offer that serves best, and tells `others` of each that may be asked for.
void look_at_offers(const Index::View& view, const Question& question, Found& found,
                    OtherWeekdays& others, std::optional<base::Error>& shape_error) {
    others.begin_room(*found.space, view.horizon());
    const AskedDates* dates = found.dates;
    for (const auto& offer : found.space->facts.offers) {
        if (!offer.active || offer.capacity < question.capacity) continue;
        const auto fits = rules::check_shape(question.when, offer, question.capacity);
        if (!fits) {
            if (!shape_error && dates != nullptr) shape_error = fits.error();
            continue;
        }
        const FreeTime time = view.free_time(*found.space, offer);
        others.look_at(time);
        if (dates == nullptr) continue;
        const FreeDates free = time.among(*dates);
        const std::size_t count = free.count();
        const bool better = found.offer == nullptr || count > found.free_count ||
                            (count == found.free_count && offer.capacity < found.offer->capacity);
        if (!better) continue;
        found.offer = &offer;
        found.free = free;
        found.free_count = count;
    }
}

}  // namespace

base::Result<Answer> answer(const Index::View& view, const Question& question,
                            std::size_t shown_max) {
    Answer out;
    DatesByCalendar dates(question.when);
    OtherWeekdays others(question.when);
    std::optional<base::Error> shape_error;
    for (const SpaceEntry* space : view.spaces()) {
        Found found;
        found.space = space;
        if (!passes(question, space->facts, found.distance_km)) continue;
        found.dates = dates.of(*space, view.horizon());
        look_at_offers(view, question, found, others, shape_error);
        if (found.offer == nullptr) continue;
        out.full_count += found.missing() == 0 ? 1 : 0;
        out.partial_count += found.free_count > 0 && found.missing() > 0 ? 1 : 0;
        out.found.push_back(found);
    }
    if (out.found.empty() && dates.error()) return std::unexpected(*dates.error());
    if (out.found.empty() && shape_error) return std::unexpected(*shape_error);
    if (question.sort == Sort::price) {
        Pricer pricer(view, question.category);
        for (Found& found : out.found)
            found.price = pricer.of(found);
    }
    const auto shown = static_cast<std::ptrdiff_t>(std::min(shown_max, out.found.size()));
    std::ranges::partial_sort(out.found, out.found.begin() + shown, order_of(question.sort));
    out.dates = dates.take();
    if (others.asked()) {
        out.full_by_weekday = others.counts();
        (*out.full_by_weekday)[static_cast<std::size_t>(question.when.weekdays.front())] =
            out.full_count;
    }
    return out;
}

std::size_t Pricer::HashCase::operator()(const Case& one) const {
    std::size_t out = std::hash<FreeDates>{}(one.free);
    for (const std::size_t more :
         {std::hash<const void*>{}(one.tariffs), std::hash<std::string>{}(one.tariff_kind),
          std::hash<const void*>{}(one.dates), std::hash<std::int32_t>{}(one.today.days)}) {
        out = out * 31 + more;
    }
    return out;
}

std::optional<base::Cents> Pricer::of(const Found& found) {
    const auto& tariffs = found.space->tariffs;
    if (!tariffs || found.free_count == 0) return std::nullopt;
    const auto today = view_.today(found.space->zone);
    const std::string& kind = found.offer->tariff_kind;
    const auto [known, fresh] =
        known_.try_emplace({tariffs.get(), kind, found.dates, today, found.free}, std::nullopt);
    if (!fresh) return known->second;
    std::vector<rules::Slot> priced;
    priced.reserve(found.free_count);
    for (std::size_t n = 0; n < found.dates->size(); ++n) {
        if (found.free[n]) priced.push_back(found.dates->slots()[n]);
    }
    const auto price =
        rules::asked_price(priced, kind, category_, *tariffs, today, found.space->calendar);
    if (price) known->second = price->total;
    return known->second;
}

}  // namespace preau::search
