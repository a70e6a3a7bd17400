#include "shared/rules/pricing.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace preau::rules {
namespace {

using base::Cents;
using time::Date;

constexpr std::int64_t kQuarter_s = 900;
constexpr std::int64_t kQuartersPerHour = 4;
constexpr std::int64_t kHalfDayQuarters = 5 * kQuartersPerHour;
constexpr std::int64_t kSeasonQuarters = 2 * kQuartersPerHour;
constexpr time::Minute kSeasonMinutes = 120;
constexpr time::Minute kWeekendFrom = 18 * 60;   // Friday
constexpr time::Minute kWeekendUntil = 22 * 60;  // Sunday
constexpr unsigned kSchoolYearMonth = 9;
constexpr std::array<std::string_view, 5> kUnits{"hour", "half_day", "day", "weekend", "season"};

/// The amounts of one version for the tariff kind and category of the request.
struct Rates {
    const TariffVersion* version = nullptr;
    std::array<std::optional<Cents>, kUnits.size()> amounts;

    const std::optional<Cents>& of(Unit unit) const {
        return amounts[static_cast<std::size_t>(unit)];
    }
};

/// Something bought: `quarters` of an hour, or 4 × the number of another unit.
struct Purchase {
    Unit unit = Unit::hour;
    std::int64_t quarters = 0;
    const Rates* rates = nullptr;
    std::vector<Date> dates;

    /// In quarters of a cent, so that hours compare without rounding.
    std::int64_t cost() const { return rates->of(unit)->value * quarters; }
};
using Basket = std::vector<Purchase>;

std::int64_t cost(const Basket& basket) {
    std::int64_t sum = 0;
    for (const Purchase& purchase : basket)
        sum += purchase.cost();
    return sum;
}

struct Item {
    const Slot* slot = nullptr;
    const Rates* rates = nullptr;
    std::int64_t quarters = 0;    // of elapsed time: a clock change counts (golden case 4)
    std::optional<Basket> alone;  // the cheapest way to pay for this date by itself
};

Rates rates_of(const TariffVersion& version, const std::string& tariff_kind, char category) {
    Rates out{&version, {}};
    for (const TariffLine& line : version.lines) {
        if (line.tariff_kind == tariff_kind && line.category == category) {
            out.amounts[static_cast<std::size_t>(line.unit)] = line.amount;
        }
    }
    return out;
}

/// One date by itself: some half-days of up to 5 h and the rest by the hour, or the day.
std::optional<Basket> date_alone(const Item& item) {
    const Rates& rates = *item.rates;
    const std::vector<Date> dates{item.slot->local_date};
    std::optional<Basket> best;
    const auto offer = [&best](Basket basket) {
        if (!best || cost(basket) < cost(*best)) best = std::move(basket);
    };
    if (rates.of(Unit::hour)) offer({{Unit::hour, item.quarters, &rates, dates}});
    if (rates.of(Unit::half_day)) {
        const std::int64_t enough = (item.quarters + kHalfDayQuarters - 1) / kHalfDayQuarters;
        offer({{Unit::half_day, 4 * enough, &rates, dates}});
        for (std::int64_t halves = 1; halves < enough && rates.of(Unit::hour); ++halves) {
            offer({{Unit::half_day, 4 * halves, &rates, dates},
                   {Unit::hour, item.quarters - halves * kHalfDayQuarters, &rates, dates}});
        }
    }
    if (rates.of(Unit::day)) offer({{Unit::day, 4, &rates, dates}});
    return best;
}

/// The Friday of the weekend (Friday 18 h to Sunday 22 h) that holds the slot.
std::optional<Date> weekend_of(const Slot& slot) {
    const auto day = static_cast<std::int32_t>(slot.local_date.weekday());
    const Date friday = slot.local_date.monday() + static_cast<std::int32_t>(time::Weekday::fri);
    if (day < static_cast<std::int32_t>(time::Weekday::fri)) return std::nullopt;
    if (slot.local_date == friday && slot.start_minute < kWeekendFrom) return std::nullopt;
    const std::int32_t days_to_sunday = friday + 2 - slot.local_date;
    const bool ends_in_time =
        slot.end_minute <= days_to_sunday * time::minutes_per_day + kWeekendUntil;
    return ends_in_time ? std::optional(friday) : std::nullopt;
}

/// One weekly slot of one school year (September to August).
struct WeeklySlot {
    time::Weekday weekday = time::Weekday::mon;
    time::Minute start = 0;
    time::Minute end = 0;
    int school_year = 0;
    auto operator<=>(const WeeklySlot&) const = default;
};

WeeklySlot weekly_slot_of(const Slot& slot) {
    const Date d = slot.local_date;
    const int year = d.month() >= kSchoolYearMonth ? d.year() : d.year() - 1;
    return {d.weekday(), slot.start_minute, slot.end_minute, year};
}

using Items = std::vector<const Item*>;

/// All dates of one weekly slot by a season: 2 h of each date, hours beyond by the hour. The season
/// is that of the version that pays for its first date.
std::optional<Basket> season_of(const Items& items) {
    const Rates& first = *items.front()->rates;
    if (!first.of(Unit::season)) return std::nullopt;
    Basket out{{Unit::season, 4, &first, {}}};
    for (const Item* item : items) {
        const Slot& slot = *item->slot;
        out.front().dates.push_back(slot.local_date);
        const std::int64_t beyond = item->quarters - kSeasonQuarters;
        if (slot.end_minute - slot.start_minute <= kSeasonMinutes || beyond <= 0) continue;
        if (!item->rates->of(Unit::hour)) return std::nullopt;
        out.push_back({Unit::hour, beyond, item->rates, {slot.local_date}});
    }
    return out;
}

/// These dates without any season: each by itself, or together with others of its weekend.
std::optional<Basket> without_season(const Items& items) {
    std::map<Date, Items> weekends;
    Basket out;
    const auto take = [&out](const Basket& basket) {
        out.insert(out.end(), basket.begin(), basket.end());
    };
    for (const Item* item : items) {
        const auto friday = weekend_of(*item->slot);
        if (friday && item->rates->of(Unit::weekend)) {
            weekends[*friday].push_back(item);
        } else if (item->alone) {
            take(*item->alone);
        } else {
            return std::nullopt;
        }
    }
    for (const auto& [friday, of_weekend] : weekends) {
        Basket together{{Unit::weekend, 4, of_weekend.front()->rates, {}}};
        std::optional<Basket> singly = Basket{};
        for (const Item* item : of_weekend) {
            together.front().dates.push_back(item->slot->local_date);
            if (!item->alone) singly.reset();
            if (singly) singly->insert(singly->end(), item->alone->begin(), item->alone->end());
        }
        take(singly && cost(*singly) <= cost(together) ? *singly : together);
    }
    return out;
}

struct Season {
    Items items;
    Basket basket;
};

void remove_from(Items& items, const Items& these) {
    std::erase_if(items,
                  [&](const Item* item) { return std::ranges::find(these, item) != these.end(); });
}

/// The cheapest basket where weekends may claim the same dates as these seasons: each choice of
/// seasons is tried with the best weekends that it leaves. One request has at most nine such
/// seasons (three weekdays, three school years in 18 months).
constexpr std::size_t kTriedTogether = 10;

std::optional<Basket> cheapest_of_both(const Items& items, const std::vector<Season>& seasons) {
    std::optional<Basket> best;
    const std::size_t choices = std::size_t{1} << std::min(seasons.size(), kTriedTogether);
    for (std::size_t choice = 0; choice < choices; ++choice) {
        Basket basket;
        Items rest = items;
        for (std::size_t i = 0; i < seasons.size(); ++i) {
            if ((choice >> i & 1U) == 0) continue;
            basket.insert(basket.end(), seasons[i].basket.begin(), seasons[i].basket.end());
            remove_from(rest, seasons[i].items);
        }
        const auto others = without_season(rest);
        if (!others) continue;
        basket.insert(basket.end(), others->begin(), others->end());
        if (!best || cost(basket) < cost(*best)) best = std::move(basket);
    }
    return best;
}

bool may_be_weekend(const Item* item) {
    return item->rates->of(Unit::weekend).has_value() && weekend_of(*item->slot).has_value();
}

/// The cheapest legal basket. A season that shares no date with a weekend is decided by itself.
std::optional<Basket> cheapest(const Items& items) {
    std::map<WeeklySlot, Items> weekly;
    for (const Item* item : items)
        weekly[weekly_slot_of(*item->slot)].push_back(item);
    Items rest = items;
    Basket decided;
    std::vector<Season> contested;
    for (const auto& [slot, of_slot] : weekly) {
        auto season = season_of(of_slot);
        if (!season) continue;
        if (std::ranges::any_of(of_slot, may_be_weekend)) {
            contested.push_back({of_slot, std::move(*season)});
            continue;
        }
        const auto others = without_season(of_slot);
        if (others && cost(*others) <= cost(*season)) continue;
        decided.insert(decided.end(), season->begin(), season->end());
        remove_from(rest, of_slot);
    }
    auto others = cheapest_of_both(rest, contested);
    if (!others) return std::nullopt;
    decided.insert(decided.end(), others->begin(), others->end());
    return decided;
}

/// Lines of the same unit and price become one; each line is rounded once.
std::vector<PriceLine> lines_of(const Basket& basket) {
    std::vector<PriceLine> out;
    for (const Purchase& purchase : basket) {
        const Cents unit_price = *purchase.rates->of(purchase.unit);
        const std::string& tariff = purchase.rates->version->id;
        auto line = std::ranges::find_if(out, [&](const PriceLine& l) {
            return l.unit == purchase.unit && l.tariff_id == tariff && l.unit_price == unit_price;
        });
        if (line == out.end()) {
            line = out.insert(out.end(), {purchase.unit, 0, unit_price, {}, tariff, {}});
        }
        line->quantity_quarters += purchase.quarters;
        line->dates.insert(line->dates.end(), purchase.dates.begin(), purchase.dates.end());
    }
    for (PriceLine& line : out) {
        line.amount = base::scaled(line.unit_price, line.quantity_quarters, kQuartersPerHour);
        std::ranges::sort(line.dates);
    }
    return out;
}

Cents total_of(const std::vector<PriceLine>& lines) {
    Cents sum;
    for (const PriceLine& line : lines)
        sum += line.amount;
    return sum;
}

std::optional<Basket> by_the_hour(const Items& items) {
    Basket out;
    for (const Item* item : items) {
        if (!item->rates->of(Unit::hour)) return std::nullopt;
        out.push_back({Unit::hour, item->quarters, item->rates, {item->slot->local_date}});
    }
    return out;
}

}  // namespace

std::string_view to_string(Unit unit) {
    return kUnits[static_cast<std::size_t>(unit)];
}

std::optional<Unit> unit_from(std::string_view text) {
    const auto at = std::ranges::find(kUnits, text);
    if (at == kUnits.end()) return std::nullopt;
    return static_cast<Unit>(at - kUnits.begin());
}

const TariffVersion* version_in_force(Date slot, const std::vector<TariffVersion>& versions,
                                      Date requested_on) {
    const auto rank = [](const TariffVersion& version) {
        return std::tuple(version.own, version.executory_from, version.number);
    };
    const auto in_force = [&](Date on) {
        const TariffVersion* best = nullptr;
        for (const TariffVersion& version : versions) {
            if (requested_on < version.voted_on || on < version.executory_from) continue;
            if (best == nullptr || rank(*best) < rank(version)) best = &version;
        }
        return best;
    };
    const TariffVersion* voted = in_force(slot);
    return voted != nullptr ? voted : in_force(requested_on);
}

base::Result<Price> price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                          char category, const std::vector<TariffVersion>& versions,
                          Date requested_on) {
    std::map<const TariffVersion*, Rates> rates;  // nodes stay where they are
    std::vector<Item> items;
    items.reserve(slots.size());
    Price out;
    for (const Slot& slot : slots) {
        const TariffVersion* version = version_in_force(slot.local_date, versions, requested_on);
        if (version == nullptr) return base::fail("not_bookable", "no tariff in force");
        const auto known = rates.try_emplace(version, rates_of(*version, tariff_kind, category));
        Item item{&slot, &known.first->second,
                  (slot.interval.seconds() + kQuarter_s - 1) / kQuarter_s, std::nullopt};
        item.alone = date_alone(item);
        if (items.empty()) out.vat_note = version->vat_note;
        items.push_back(std::move(item));
    }
    Items all;
    for (const Item& item : items)
        all.push_back(&item);
    const auto best = cheapest(all);
    if (!best) return base::fail("not_bookable", "no line for this kind and category");
    out.lines = lines_of(*best);
    out.total = total_of(out.lines);
    out.by_the_hour = out.total;
    if (const auto hours = by_the_hour(all)) {
        auto lines = lines_of(*hours);
        out.by_the_hour = total_of(lines);
        // Where nothing is won, the plain hours are told.
        if (out.by_the_hour <= out.total) {
            out.lines = std::move(lines);
            out.total = out.by_the_hour;
        }
    }
    return out;
}

base::Result<Price> asked_price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                                char category, const std::vector<TariffVersion>& versions,
                                Date requested_on) {
    auto computed = price(slots, tariff_kind, category, versions, requested_on);
    if (category != free_category) return computed;
    if (computed && computed->total == Cents{}) return computed;
    Price nothing;
    if (computed) nothing.vat_note = computed->vat_note;
    return nothing;
}

}  // namespace preau::rules
