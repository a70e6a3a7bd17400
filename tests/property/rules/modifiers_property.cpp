// With what a vote adds on certain dates the price is still the cheapest: against every legal
// combination, tried one by one, with the calendar read by other means.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "shared/rules/pricing.hpp"
#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

constexpr int kRounds = 400;

/// One grid of one vote in plain numbers: cents of each unit, multiples of 400 so that quarters and
/// percents need no rounding.
struct Grid {
    std::map<Unit, std::int64_t> prices;
    std::vector<Modifier> modifiers;
    std::set<std::int32_t> holidays;              // days since 1970
    std::vector<std::set<std::int32_t>> touched;  // days of each modifier
};

bool adds(const Grid& grid, const Modifier& modifier, time::Date date) {
    if (modifier.kind == ModifierKind::weekend) {
        return (date.days + 3) % 7 >= 5 || grid.holidays.contains(date.days);
    }
    const auto number = [](unsigned month, unsigned day) { return 100 * month + day; };
    const auto from = number(modifier.from.month, modifier.from.day);
    const auto until = number(modifier.until.month, modifier.until.day);
    auto on = number(date.month(), date.day());
    // Walks day by day from the first to the last day of the season, as a caretaker would.
    bool lit = false;
    for (unsigned month = 1, day = 1, steps = 0; steps < 2 * 12 * 31; ++steps) {
        const auto here = number(month, day);
        if (here == from) lit = true;
        if (lit && here == on) return true;
        if (lit && here == until) return false;
        if (++day > 31) {
            day = 1;
            month = month % 12 + 1;
        }
    }
    return false;
}

std::int64_t half_up(std::int64_t numerator, std::int64_t denominator) {
    return (2 * numerator + denominator) / (2 * denominator);
}

/// One bought unit with its additions. `first`: it is what pays for its dates.
std::int64_t cost_of(const Grid& grid, Unit unit, std::int64_t quarters,
                     const std::vector<time::Date>& dates, bool first) {
    const std::int64_t base = grid.prices.at(unit) * quarters / 4;
    std::int64_t sum = base;
    for (std::size_t i = 0; i < grid.modifiers.size(); ++i) {
        const auto& modifier = grid.modifiers[i];
        if (unit == Unit::weekend && modifier.kind == ModifierKind::weekend) continue;
        const auto touched = std::ranges::count_if(
            dates, [&](time::Date date) { return grid.touched[i].contains(date.days); });
        if (modifier.percent == 0) {
            if (first) sum += touched * modifier.per_date.value;
        } else if (unit == Unit::weekend || unit == Unit::season) {
            sum += half_up(base * modifier.percent * touched, 100 * std::ssize(dates));
        } else if (touched > 0) {
            sum += base * modifier.percent / 100;
        }
    }
    return sum;
}

std::int64_t quarters_of(const Slot& slot) {
    return slot.interval.seconds() / 900;
}

/// The cheapest way to pay for one date by itself.
std::optional<std::int64_t> alone(const Grid& grid, const Slot& slot) {
    std::optional<std::int64_t> best;
    const auto offer = [&](std::int64_t sum) { best = std::min(best.value_or(sum), sum); };
    const std::vector dates{slot.local_date};
    if (grid.prices.contains(Unit::day)) offer(cost_of(grid, Unit::day, 4, dates, true));
    for (std::int64_t halves = 0; halves <= 5; ++halves) {
        if (halves > 0 && !grid.prices.contains(Unit::half_day)) break;
        const auto left = quarters_of(slot) - 20 * halves;
        if (left > 0 && !grid.prices.contains(Unit::hour)) continue;
        std::int64_t sum = halves > 0 ? cost_of(grid, Unit::half_day, 4 * halves, dates, true) : 0;
        if (left > 0) sum += cost_of(grid, Unit::hour, left, dates, halves == 0);
        offer(sum);
    }
    return best;
}

using Key = std::tuple<int, int, int, int>;

Key weekly_of(const Slot& slot) {
    return {slot.local_date.days % 7, slot.start_minute, slot.end_minute,
            slot.local_date.year() - (slot.local_date.month() < 9 ? 1 : 0)};
}

std::optional<std::int32_t> friday_of(const Slot& slot) {
    std::int32_t friday = slot.local_date.days;
    while ((friday + 3) % 7 != 4)
        --friday;
    const std::int64_t from = naive::reached(friday, 18 * 60) * 60;
    const std::int64_t until = naive::reached(friday + 2, 22 * 60) * 60;
    if (slot.interval.start.seconds < from || slot.interval.end.seconds > until) return {};
    return friday;
}

/// A season for these dates: 2 h of each, the rest by the hour; nothing where no hour is sold.
std::optional<std::int64_t> season(const Grid& grid, const std::vector<const Slot*>& slots) {
    std::vector<time::Date> dates;
    std::int64_t sum = 0;
    for (const Slot* slot : slots) {
        dates.push_back(slot->local_date);
        const auto left = quarters_of(*slot) - 8;
        if (slot->end_minute - slot->start_minute <= 120 || left <= 0) continue;
        if (!grid.prices.contains(Unit::hour)) return std::nullopt;
        sum += cost_of(grid, Unit::hour, left, {slot->local_date}, false);
    }
    return sum + cost_of(grid, Unit::season, 4, dates, true);
}

/// Each choice of seasons and of weekends, the dates that are left by themselves.
std::optional<std::int64_t> cheapest(const Grid& grid, const std::vector<Slot>& slots) {
    std::vector<Key> seasons;
    std::vector<std::int32_t> weekends;
    for (const Slot& slot : slots) {
        if (grid.prices.contains(Unit::season) &&
            std::ranges::find(seasons, weekly_of(slot)) == seasons.end()) {
            seasons.push_back(weekly_of(slot));
        }
        const auto friday = friday_of(slot);
        if (friday && grid.prices.contains(Unit::weekend) &&
            std::ranges::find(weekends, *friday) == weekends.end()) {
            weekends.push_back(*friday);
        }
    }
    std::optional<std::int64_t> best;
    for (std::size_t choice = 0; choice < 1U << (seasons.size() + weekends.size()); ++choice) {
        const auto bought = [&](std::size_t bit) { return (choice >> bit & 1U) != 0; };
        std::int64_t sum = 0;
        bool legal = true;
        std::vector<const Slot*> left;
        for (const Slot& slot : slots)
            left.push_back(&slot);
        const auto pay = [&](const auto& takes, const auto& price) {
            std::vector<const Slot*> covered;
            std::erase_if(left, [&](const Slot* slot) {
                if (takes(*slot)) covered.push_back(slot);
                return takes(*slot);
            });
            if (covered.empty()) return;
            const std::optional<std::int64_t> paid = price(covered);
            legal = legal && paid.has_value();
            sum += paid.value_or(0);
        };
        for (std::size_t i = 0; i < seasons.size(); ++i) {
            if (!bought(i)) continue;
            pay([&](const Slot& slot) { return weekly_of(slot) == seasons[i]; },
                [&](const auto& covered) { return season(grid, covered); });
        }
        for (std::size_t i = 0; i < weekends.size(); ++i) {
            if (!bought(seasons.size() + i)) continue;
            pay([&](const Slot& slot) { return friday_of(slot) == weekends[i]; },
                [&](const auto& covered) -> std::optional<std::int64_t> {
                    std::vector<time::Date> dates;
                    for (const Slot* slot : covered)
                        dates.push_back(slot->local_date);
                    return cost_of(grid, Unit::weekend, 4, dates, true);
                });
        }
        for (const Slot* slot : left) {
            const auto paid = alone(grid, *slot);
            legal = legal && paid.has_value();
            sum += paid.value_or(0);
        }
        if (legal) best = std::min(best.value_or(sum), sum);
    }
    return best;
}

/// One to six dates around New Year, Friday to Sunday and weekly slots among them.
std::vector<Slot> random_slots(naive::Random& random) {
    std::vector<Slot> out;
    const auto start = static_cast<time::Minute>(15 * random.below(80));
    const auto length = static_cast<time::Minute>(15 * (1 + random.below(30)));
    auto day = testing::day("2026-12-10") + static_cast<std::int32_t>(random.below(20));
    for (std::int64_t n = 1 + random.below(6); n > 0; --n) {
        Recurrence rule;
        rule.from = rule.until = day;
        rule.start_minute = start;
        rule.end_minute = start + length;
        out.push_back(expand(rule, time::Zone::paris(), {}).value().slots.front());
        day = day + static_cast<std::int32_t>(random.chance(60) ? 1 + random.below(2) : 7);
    }
    return out;
}

MonthDay random_month_day(naive::Random& random) {
    const auto date = testing::day("2026-12-08") + static_cast<std::int32_t>(random.below(60));
    return {date.month(), date.day()};
}

Grid random_grid(naive::Random& random, const PublicHolidays& holidays) {
    Grid out;
    const std::pair<Unit, std::int64_t> usual[] = {{Unit::hour, 1'200},
                                                   {Unit::half_day, 3'000},
                                                   {Unit::day, 5'000},
                                                   {Unit::weekend, 8'000},
                                                   {Unit::season, 6'000}};
    for (const auto& [unit, amount] : usual) {
        if (random.chance(65)) out.prices[unit] = 400 * (amount / 800 + random.below(amount / 400));
    }
    for (std::int64_t n = random.below(4); n > 0; --n) {
        Modifier modifier;
        modifier.kind = random.chance(60) ? ModifierKind::heating : ModifierKind::weekend;
        modifier.tariff_kind = "hall";
        modifier.from = random_month_day(random);
        modifier.until = random_month_day(random);
        if (random.chance(60)) {
            modifier.percent = static_cast<int>(1 + random.below(120));
        } else {
            modifier.per_date = {1 + random.below(2'500)};
        }
        out.modifiers.push_back(modifier);
    }
    for (const auto& one : holidays.days)
        out.holidays.insert(one.date.days);
    for (const auto& modifier : out.modifiers) {
        auto& days = out.touched.emplace_back();
        for (auto on = testing::day("2026-12-01"); on < testing::day("2027-03-01"); on = on + 1) {
            if (adds(out, modifier, on)) days.insert(on.days);
        }
    }
    return out;
}

TariffVersion vote_of(const Grid& grid) {
    TariffVersion out;
    out.id = "v";
    out.voted_on = out.executory_from = testing::day("2026-01-01");
    for (const auto& [unit, amount] : grid.prices)
        out.lines.push_back({"hall", 'C', unit, {amount}});
    out.modifiers = grid.modifiers;
    return out;
}

TEST(ModifiersProperty, price__is_the_cheapest_legal_combination_with_all_that_is_added) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    const auto calendar = testing::isere();
    std::map<Unit, int> seen;
    std::map<ModifierKind, int> added;
    int otherwise = 0;  // rounds in which the additions change what is cheapest
    for (int round = 0; round < kRounds; ++round) {
        const auto grid = random_grid(random, *calendar.holidays);
        const auto slots = random_slots(random);
        const auto expected = cheapest(grid, slots);
        const auto asked = testing::day("2026-06-01");
        auto vote = vote_of(grid);
        const auto found = price(slots, "hall", 'C', {vote}, asked, calendar);
        ASSERT_EQ(found.has_value(), expected.has_value()) << "round " << round;
        if (!expected) continue;
        ASSERT_EQ(found->total.value, *expected) << "round " << round;
        ASSERT_LE(found->total, found->by_the_hour);
        std::int64_t sum = 0;
        for (const auto& line : found->lines) {
            ++seen[line.unit];
            sum += line.amount.value;
            ASSERT_GE(line.base_amount().value, 0);
            for (const auto& supplement : line.supplements) {
                ++added[supplement.kind];
                ASSERT_GT(supplement.amount.value, 0);
                for (const auto date : supplement.dates) {
                    ASSERT_NE(std::ranges::find(line.dates, date), line.dates.end());
                }
            }
        }
        ASSERT_EQ(sum, found->total.value);
        // Without modifiers the same grid prices as it did before there were any.
        vote.modifiers.clear();
        const auto plain = price(slots, "hall", 'C', {vote}, asked).value();
        ASSERT_LE(plain.total, found->total);
        for (const auto& line : plain.lines)
            ASSERT_TRUE(line.supplements.empty());
        std::vector<Unit> with;
        std::vector<Unit> without;
        for (const auto& line : found->lines)
            with.push_back(line.unit);
        for (const auto& line : plain.lines)
            without.push_back(line.unit);
        otherwise += with == without ? 0 : 1;
    }
    EXPECT_GT(otherwise, 3) << "the additions must matter";
    for (const auto unit : {Unit::hour, Unit::half_day, Unit::day, Unit::weekend, Unit::season}) {
        EXPECT_GT(seen[unit], 5) << to_string(unit);
    }
    EXPECT_GT(added[ModifierKind::heating], 20);
    EXPECT_GT(added[ModifierKind::weekend], 20);
}

}  // namespace
}  // namespace preau::rules
