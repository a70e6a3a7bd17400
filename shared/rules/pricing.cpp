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
constexpr std::int64_t kPercent = 100;
/// Costs are compared in 1/400 of a cent: quarters of an hour and percents without rounding.
constexpr std::int64_t kFine = kQuartersPerHour * kPercent;

/// The amounts of one version for the tariff kind and category of the request.
struct Rates {
    const TariffVersion* version = nullptr;
    const Calendar* calendar = nullptr;
    std::array<const TariffLine*, units_count> lines{};
    std::vector<const Modifier*> modifiers;

    bool has(Unit unit) const { return line(unit) != nullptr; }
    const TariffLine* line(Unit unit) const { return lines[static_cast<std::size_t>(unit)]; }
};

/// What a modifier adds to a purchase, in 1/400 of a cent.
struct Addition {
    const Modifier* modifier = nullptr;
    std::int64_t fine = 0;
    std::vector<Date> dates;
};

/// Something bought: `quarters` of an hour, or 4 × the number of another unit.
struct Purchase {
    Unit unit = Unit::hour;
    std::int64_t quarters = 0;
    const Rates* rates = nullptr;
    std::vector<Date> dates;
    bool first = true;  // that pays for its dates: additions by date are paid once
    std::vector<Addition> additions = {};

    Cents unit_price() const { return rates->line(unit)->amount; }
    std::int64_t cost() const {
        std::int64_t sum = unit_price().value * quarters * kPercent;
        for (const Addition& addition : additions)
            sum += addition.fine;
        return sum;
    }
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

Rates rates_of(const TariffVersion& version, const std::string& tariff_kind, char category,
               const Calendar& calendar) {
    Rates out{&version, &calendar, {}, {}};
    for (const TariffLine& line : version.lines) {
        if (line.tariff_kind == tariff_kind && line.category == category) {
            out.lines[static_cast<std::size_t>(line.unit)] = &line;
        }
    }
    for (const Modifier& modifier : version.modifiers) {
        if (modifier.tariff_kind == tariff_kind) out.modifiers.push_back(&modifier);
    }
    return out;
}

bool covers_several(Unit unit) {
    return unit == Unit::weekend || unit == Unit::season;
}

/// In percent of the purchase, for `touched` of its dates.
std::int64_t part_of(const Purchase& purchase, int percent, std::int64_t touched) {
    const std::int64_t whole = purchase.unit_price().value * purchase.quarters;
    if (!covers_several(purchase.unit)) return touched > 0 ? whole * percent : 0;
    const auto dates = static_cast<std::int64_t>(purchase.dates.size());
    const Cents rounded = base::scaled(purchase.unit_price() * percent, touched, kPercent * dates);
    return rounded.value * kFine;
}

/// Adds what the vote of the purchase adds on its dates. The dates were checked to be known.
void add_modifiers(Purchase& purchase) {
    for (const Modifier* modifier : purchase.rates->modifiers) {
        if (modifier->kind == ModifierKind::weekend && purchase.unit == Unit::weekend) continue;
        if (modifier->percent == 0 && !purchase.first) continue;
        Addition addition{modifier, 0, {}};
        for (const Date date : purchase.dates) {
            if (touches(*modifier, date, *purchase.rates->calendar).value_or(false)) {
                addition.dates.push_back(date);
            }
        }
        const auto touched = static_cast<std::int64_t>(addition.dates.size());
        addition.fine = modifier->percent == 0 ? modifier->per_date.value * touched * kFine
                                               : part_of(purchase, modifier->percent, touched);
        if (addition.fine != 0) purchase.additions.push_back(std::move(addition));
    }
}

Purchase bought(Unit unit, std::int64_t quarters, const Rates& rates, std::vector<Date> dates,
                bool first = true) {
    Purchase out{unit, quarters, &rates, std::move(dates), first};
    add_modifiers(out);
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
    if (rates.has(Unit::hour)) offer({bought(Unit::hour, item.quarters, rates, dates)});
    if (rates.has(Unit::half_day)) {
        const std::int64_t enough = (item.quarters + kHalfDayQuarters - 1) / kHalfDayQuarters;
        offer({bought(Unit::half_day, 4 * enough, rates, dates)});
        for (std::int64_t halves = 1; halves < enough && rates.has(Unit::hour); ++halves) {
            const std::int64_t rest = item.quarters - halves * kHalfDayQuarters;
            offer({bought(Unit::half_day, 4 * halves, rates, dates),
                   bought(Unit::hour, rest, rates, dates, false)});
        }
    }
    if (rates.has(Unit::day)) offer({bought(Unit::day, 4, rates, dates)});
    return best;
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
    return {slot.local_date.weekday(), slot.start_minute, slot.end_minute,
            school_year_of(slot.local_date)};
}

using Items = std::vector<const Item*>;

/// All dates of one weekly slot by a season: 2 h of each date, hours beyond by the hour. The season
/// is that of the version that pays for its first date.
std::optional<Basket> season_of(const Items& items) {
    const Rates& first = *items.front()->rates;
    if (!first.has(Unit::season)) return std::nullopt;
    std::vector<Date> dates;
    Basket beyond;
    for (const Item* item : items) {
        const Slot& slot = *item->slot;
        dates.push_back(slot.local_date);
        const std::int64_t quarters = item->quarters - kSeasonQuarters;
        if (slot.end_minute - slot.start_minute <= kSeasonMinutes || quarters <= 0) continue;
        if (!item->rates->has(Unit::hour)) return std::nullopt;
        beyond.push_back(bought(Unit::hour, quarters, *item->rates, {slot.local_date}, false));
    }
    Basket out{bought(Unit::season, 4, first, std::move(dates))};
    out.insert(out.end(), beyond.begin(), beyond.end());
    return out;
}

/// The dates of one weekend: by the unit, or each by itself.
std::optional<Basket> weekend_or_singly(const Items& items) {
    std::vector<Date> dates;
    std::optional<Basket> singly = Basket{};
    for (const Item* item : items) {
        dates.push_back(item->slot->local_date);
        if (!item->alone) singly.reset();
        if (singly) singly->insert(singly->end(), item->alone->begin(), item->alone->end());
    }
    Basket together{bought(Unit::weekend, 4, *items.front()->rates, std::move(dates))};
    return singly && cost(*singly) <= cost(together) ? *singly : together;
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
        if (friday && item->rates->has(Unit::weekend)) {
            weekends[*friday].push_back(item);
        } else if (item->alone) {
            take(*item->alone);
        } else {
            return std::nullopt;
        }
    }
    for (const auto& [friday, of_weekend] : weekends)
        take(*weekend_or_singly(of_weekend));
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
    return item->rates->has(Unit::weekend) && weekend_of(*item->slot).has_value();
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

/// Supplements before rounding, by line and modifier.
using Fine = std::map<const Modifier*, std::int64_t>;

void add_to(PriceLine& line, Fine& fine, const Purchase& purchase,
            std::vector<const Modifier*>& of_line) {
    line.quantity_quarters += purchase.quarters;
    line.dates.insert(line.dates.end(), purchase.dates.begin(), purchase.dates.end());
    for (const Addition& addition : purchase.additions) {
        const Modifier* modifier = addition.modifier;
        auto at = std::ranges::find(of_line, modifier);
        if (at == of_line.end()) {
            at = of_line.insert(at, modifier);
            line.supplements.push_back(
                {modifier->kind, modifier->percent, modifier->per_date, {}, {}});
        }
        auto& dates = line.supplements[static_cast<std::size_t>(at - of_line.begin())].dates;
        dates.insert(dates.end(), addition.dates.begin(), addition.dates.end());
        fine[modifier] += addition.fine;
    }
}

/// Lines of the same unit, price and tax become one; each is rounded once, and so is each
/// supplement.
std::vector<PriceLine> lines_of(const Basket& basket) {
    std::vector<PriceLine> out;
    std::vector<Fine> fine;
    std::vector<std::vector<const Modifier*>> modifiers;
    for (const Purchase& purchase : basket) {
        const TariffLine& rate = *purchase.rates->line(purchase.unit);
        const TariffVersion& version = *purchase.rates->version;
        const Vat vat{rate.vat.basis_points,
                      rate.vat.note.empty() ? version.vat_note : rate.vat.note};
        const auto line = std::ranges::find_if(out, [&](const PriceLine& l) {
            return l.unit == purchase.unit && l.tariff_id == version.id &&
                   l.unit_price == rate.amount && l.vat == vat;
        });
        const auto at = static_cast<std::size_t>(line - out.begin());
        if (line == out.end()) {
            PriceLine fresh;
            fresh.unit = purchase.unit;
            fresh.unit_price = rate.amount;
            fresh.tariff_id = version.id;
            fresh.vat = vat;
            out.push_back(std::move(fresh));
            fine.emplace_back();
            modifiers.emplace_back();
        }
        add_to(out[at], fine[at], purchase, modifiers[at]);
    }
    for (std::size_t at = 0; at < out.size(); ++at) {
        PriceLine& line = out[at];
        line.amount = base::scaled(line.unit_price, line.quantity_quarters, kQuartersPerHour);
        std::ranges::sort(line.dates);
        for (std::size_t i = 0; i < line.supplements.size(); ++i) {
            Supplement& supplement = line.supplements[i];
            supplement.amount = base::scaled({fine[at][modifiers[at][i]]}, 1, kFine);
            std::ranges::sort(supplement.dates);
            line.amount += supplement.amount;
        }
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
        if (!item->rates->has(Unit::hour)) return std::nullopt;
        out.push_back(bought(Unit::hour, item->quarters, *item->rates, {item->slot->local_date}));
    }
    return out;
}

/// `calendar_unknown` where a modifier of the vote cannot be decided for the date.
base::Result<bool> known_to(const Rates& rates, Date date) {
    for (const Modifier* modifier : rates.modifiers) {
        if (auto touched = touches(*modifier, date, *rates.calendar); !touched) return touched;
    }
    return true;
}

}  // namespace

Cents PriceLine::tax() const {
    constexpr std::int64_t kWhole = 10'000;
    return amount - base::scaled(amount, kWhole, kWhole + vat.basis_points);
}

Cents PriceLine::base_amount() const {
    Cents out = amount;
    for (const Supplement& supplement : supplements)
        out = out - supplement.amount;
    return out;
}

int school_year_of(Date date) {
    return date.month() >= kSchoolYearMonth ? date.year() : date.year() - 1;
}

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

base::Result<Price> price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                          char category, const std::vector<TariffVersion>& versions,
                          Date requested_on, const Calendar& calendar) {
    std::map<const TariffVersion*, Rates> rates;  // nodes stay where they are
    std::vector<Item> items;
    items.reserve(slots.size());
    Price out;
    for (const Slot& slot : slots) {
        const TariffVersion* version = version_in_force(slot.local_date, versions, requested_on);
        if (version == nullptr) return base::fail("not_bookable", "no tariff in force");
        auto known = rates.find(version);
        if (known == rates.end()) {
            known =
                rates.emplace(version, rates_of(*version, tariff_kind, category, calendar)).first;
        }
        if (auto sure = known_to(known->second, slot.local_date); !sure) {
            return std::unexpected(sure.error());
        }
        Item item{&slot, &known->second, (slot.interval.seconds() + kQuarter_s - 1) / kQuarter_s,
                  std::nullopt};
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
    out.reference = out.total;
    return out;
}

base::Result<Price> asked_price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                                char category, const std::vector<TariffVersion>& versions,
                                Date requested_on, const Calendar& calendar) {
    auto computed = price(slots, tariff_kind, category, versions, requested_on, calendar);
    if (category != free_category) return computed;
    if (computed && computed->total == Cents{}) return computed;
    Price nothing;
    if (computed) nothing.vat_note = computed->vat_note;
    return nothing;
}

}  // namespace preau::rules
