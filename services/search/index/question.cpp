#include "services/search/index/question.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace preau::search {
namespace {

/// Expands the question once for each zone and calendar; sites of a département share theirs.
class Expansions {
public:
    Expansions(const rules::Recurrence& when, std::vector<rules::Expansion>& out)
        : when_(when), out_(out) {}

    /// The index of the expansion, or nothing where the rule cannot be expanded there.
    std::optional<std::size_t> of(const SpaceEntry& space) {
        const auto key =
            std::tuple(space.facts.zone, space.calendar.school, space.calendar.holidays);
        const auto known = known_.find(key);
        if (known != known_.end()) return known->second;
        auto expansion = rules::expand(when_, space.zone, space.calendar);
        std::optional<std::size_t> at;
        if (expansion) {
            at = out_.size();
            out_.push_back(std::move(*expansion));
        } else if (!error) {
            error = expansion.error();
        }
        known_.emplace(key, at);
        return at;
    }

    std::optional<base::Error> error;  // the first

private:
    using Key = std::tuple<std::string, const rules::SchoolCalendar*, const rules::PublicHolidays*>;
    const rules::Recurrence& when_;
    std::vector<rules::Expansion>& out_;
    std::map<Key, std::optional<std::size_t>> known_;
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

std::size_t count_free(const Index::View& view, const SpaceEntry& space, const rules::Offer& offer,
                       const std::vector<rules::Slot>& slots) {
    const FreeTime time = view.free_time(space, offer);
    return static_cast<std::size_t>(
        std::ranges::count_if(slots, [&](const auto& slot) { return time.is_free(slot); }));
}

void price_all(const Index::View& view, char category, Answer& answer) {
    Pricer pricer(view, category);
    for (Found& found : answer.found) {
        const auto& slots = answer.expansions[found.dates].slots;
        const FreeTime time = view.free_time(*found.space, *found.offer);
        std::vector<bool> free;
        for (const auto& slot : slots)
            free.push_back(time.is_free(slot));
        found.price = pricer.of(*found.space, *found.offer, slots, free);
    }
}

void order(std::vector<Found>& found, Sort sort, int capacity) {
    const auto spare = [&](const Found& f) { return f.offer->capacity - capacity; };
    const auto name = [](const Found& f) {
        return std::tie(f.space->facts.establishment_name, f.space->facts.name, f.space->facts.id);
    };
    const auto missing = [](const Found& f) { return f.dates_total - f.free_dates; };
    std::ranges::sort(found, [&](const Found& a, const Found& b) {
        switch (sort) {
            case Sort::distance:
                return std::tuple(a.distance_km, missing(a), spare(a), name(a)) <
                       std::tuple(b.distance_km, missing(b), spare(b), name(b));
            case Sort::capacity:
                return std::tuple(a.offer->capacity, missing(a), a.distance_km, name(a)) <
                       std::tuple(b.offer->capacity, missing(b), b.distance_km, name(b));
            case Sort::price: {
                // A room that is free on fewer dates costs less and is no bargain.
                const auto rank = [&](const Found& f) {
                    return std::tuple(!f.price, missing(f) > 0, f.price.value_or(base::Cents{}),
                                      missing(f), f.distance_km, spare(f));
                };
                return std::tuple(rank(a), name(a)) < std::tuple(rank(b), name(b));
            }
            case Sort::fit:
            case Sort::free_dates:
                break;
        }
        return std::tuple(missing(a), a.distance_km, spare(a), name(a)) <
               std::tuple(missing(b), b.distance_km, spare(b), name(b));
    });
}

}  // namespace

base::Result<Answer> answer(const Index::View& view, const Question& question) {
    Answer out;
    Expansions expansions(question.when, out.expansions);
    std::optional<base::Error> shape_error;
    for (const SpaceEntry* space : view.spaces()) {
        Found found;
        found.space = space;
        if (!passes(question, space->facts, found.distance_km)) continue;
        const auto dates = expansions.of(*space);
        if (!dates) continue;
        const auto& slots = out.expansions[*dates].slots;
        for (const auto& offer : space->facts.offers) {
            if (!offer.active || offer.capacity < question.capacity) continue;
            if (const auto fits = rules::check_shape(question.when, offer, question.capacity);
                !fits) {
                if (!shape_error) shape_error = fits.error();
                continue;
            }
            const std::size_t free = count_free(view, *space, offer, slots);
            const bool better =
                found.offer == nullptr || free > found.free_dates ||
                (free == found.free_dates && offer.capacity < found.offer->capacity);
            if (!better) continue;
            found.offer = &offer;
            found.free_dates = free;
        }
        if (found.offer == nullptr) continue;
        found.dates = *dates;
        found.dates_total = slots.size();
        out.full_count += found.free_dates == found.dates_total ? 1 : 0;
        out.partial_count += found.free_dates > 0 && found.free_dates < found.dates_total ? 1 : 0;
        out.found.push_back(found);
    }
    if (out.found.empty() && expansions.error) return std::unexpected(*expansions.error);
    if (out.found.empty() && shape_error) return std::unexpected(*shape_error);
    if (question.sort == Sort::price) price_all(view, question.category, out);
    order(out.found, question.sort, question.capacity);
    return out;
}

std::optional<base::Cents> Pricer::of(const SpaceEntry& space, const rules::Offer& offer,
                                      const std::vector<rules::Slot>& slots,
                                      const std::vector<bool>& free) {
    if (!space.tariffs || std::ranges::find(free, true) == free.end()) return std::nullopt;
    const auto today = space.zone.local(view_.now()).date;
    const auto [known, fresh] =
        known_.try_emplace({space.tariffs.get(), offer.tariff_kind, space.calendar.holidays,
                            slots.data(), today.days, free},
                           std::nullopt);
    if (!fresh) return known->second;
    std::vector<rules::Slot> priced;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (free[i]) priced.push_back(slots[i]);
    }
    const auto price = rules::asked_price(priced, offer.tariff_kind, category_, *space.tariffs,
                                          today, space.calendar);
    if (price) known->second = price->total;
    return known->second;
}

std::size_t full_on(const Index::View& view, const Question& question, time::Weekday weekday) {
    Question other = question;
    other.when.weekdays = {weekday};
    std::vector<rules::Expansion> expanded;
    Expansions expansions(other.when, expanded);
    const auto all_free = [&](const SpaceEntry& space) {
        double distance = 0;
        if (!passes(other, space.facts, distance)) return false;
        const auto dates = expansions.of(space);
        if (!dates) return false;
        const auto& slots = expanded[*dates].slots;
        return std::ranges::any_of(space.facts.offers, [&](const rules::Offer& offer) {
            if (!offer.active || offer.capacity < other.capacity ||
                !rules::check_shape(other.when, offer, other.capacity)) {
                return false;
            }
            const FreeTime time = view.free_time(space, offer);
            return std::ranges::all_of(slots, [&](const auto& slot) { return time.is_free(slot); });
        });
    };
    return static_cast<std::size_t>(
        std::ranges::count_if(view.spaces(), [&](const auto* space) { return all_free(*space); }));
}

}  // namespace preau::search
