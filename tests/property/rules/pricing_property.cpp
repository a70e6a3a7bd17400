#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include <gtest/gtest.h>

#include "shared/rules/pricing.hpp"
#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

constexpr int kRounds = 500;
using Prices = std::map<Unit, std::int64_t>;  // cents, multiples of 4: quarters need no rounding

std::int64_t quarters(const Slot& slot) {
    return slot.interval.seconds() / 900;
}

/// What is left of a date after `covered` quarters, by the hour; nothing where no hour is sold.
std::optional<std::int64_t> hours(const Prices& prices, std::int64_t left) {
    if (left <= 0) return 0;
    if (!prices.contains(Unit::hour)) return std::nullopt;
    return prices.at(Unit::hour) * left / 4;
}

/// Tries every way of paying, date by date.
class EveryWay {
public:
    EveryWay(const std::vector<Slot>& slots, const Prices& prices)
        : slots_(slots), prices_(prices) {}

    std::optional<std::int64_t> cheapest() {
        pay(0, 0, {}, {});
        return best_;
    }

private:
    using Weekends = std::vector<std::int32_t>;
    using Seasons = std::vector<std::tuple<int, int, int, int>>;

    void pay(std::size_t at, std::int64_t spent, const Weekends& weekends, const Seasons& seasons) {
        if (at == slots_.size()) {
            if (!best_ || spent < *best_) best_ = spent;
            return;
        }
        const Slot& slot = slots_[at];
        for (std::int64_t halves = 0; halves <= (prices_.contains(Unit::half_day) ? 5 : 0);
             ++halves) {
            const std::int64_t paid = halves == 0 ? 0 : halves * prices_.at(Unit::half_day);
            if (const auto rest = hours(prices_, quarters(slot) - 20 * halves)) {
                pay(at + 1, spent + paid + *rest, weekends, seasons);
            }
        }
        if (prices_.contains(Unit::day)) {
            pay(at + 1, spent + prices_.at(Unit::day), weekends, seasons);
        }
        pay_weekend(at, spent, weekends, seasons);
        pay_season(at, spent, weekends, seasons);
    }

    void pay_weekend(std::size_t at, std::int64_t spent, Weekends weekends,
                     const Seasons& seasons) {
        const Slot& slot = slots_[at];
        if (!prices_.contains(Unit::weekend)) return;
        std::int32_t friday = slot.local_date.days;
        while ((friday + 3) % 7 != 4)
            --friday;
        const std::int64_t from = naive::reached(friday, 18 * 60) * 60;
        const std::int64_t until = naive::reached(friday + 2, 22 * 60) * 60;
        if (slot.interval.start.seconds < from || slot.interval.end.seconds > until) return;
        if (std::ranges::find(weekends, friday) == weekends.end()) {
            weekends.push_back(friday);
            spent += prices_.at(Unit::weekend);
        }
        pay(at + 1, spent, weekends, seasons);
    }

    void pay_season(std::size_t at, std::int64_t spent, const Weekends& weekends, Seasons seasons) {
        const Slot& slot = slots_[at];
        if (!prices_.contains(Unit::season)) return;
        const int school_year = slot.local_date.year() - (slot.local_date.month() < 9 ? 1 : 0);
        const std::tuple key{static_cast<int>(slot.local_date.weekday()), slot.start_minute,
                             slot.end_minute, school_year};
        if (std::ranges::find(seasons, key) == seasons.end()) {
            seasons.push_back(key);
            spent += prices_.at(Unit::season);
        }
        const bool short_slot = slot.end_minute - slot.start_minute <= 120;
        const auto rest = short_slot ? 0 : hours(prices_, quarters(slot) - 8);
        if (rest) pay(at + 1, spent + *rest, weekends, seasons);
    }

    const std::vector<Slot>& slots_;
    const Prices& prices_;
    std::optional<std::int64_t> best_;
};

std::vector<Slot> random_slots(naive::Random& random) {
    std::vector<Slot> out;
    const auto start = static_cast<time::Minute>(15 * random.below(80));
    const auto length = static_cast<time::Minute>(15 * (1 + random.below(30)));
    auto day = testing::day("2027-08-20") + static_cast<std::int32_t>(random.below(14));
    for (std::int64_t n = 1 + random.below(4); n > 0; --n) {
        Recurrence rule;
        rule.from = rule.until = day;
        rule.start_minute = start;
        rule.end_minute = start + length;
        out.push_back(expand(rule, time::Zone::paris(), {}).value().slots.front());
        day = day + static_cast<std::int32_t>(random.chance(60) ? 1 + random.below(2) : 7);
    }
    return out;
}

TEST(PricingProperty, price__is_the_cheapest_of_every_way_to_pay) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    std::map<Unit, int> seen;
    int refused = 0;
    for (int round = 0; round < kRounds; ++round) {
        Prices prices;
        const std::pair<Unit, std::int64_t> usual[] = {{Unit::hour, 1'200},
                                                       {Unit::half_day, 3'000},
                                                       {Unit::day, 5'000},
                                                       {Unit::weekend, 8'000},
                                                       {Unit::season, 6'000}};
        TariffVersion version;
        version.id = "v";
        version.voted_on = version.executory_from = testing::day("2026-01-01");
        for (const auto& [unit, amount] : usual) {
            if (!random.chance(65)) continue;
            prices[unit] = 4 * (amount / 8 + random.below(amount / 4));
            version.lines.push_back({"hall", 'C', unit, {prices[unit]}});
        }
        const auto slots = random_slots(random);
        const auto expected = EveryWay(slots, prices).cheapest();
        const auto found = price(slots, "hall", 'C', {version}, testing::day("2026-06-01"));
        ASSERT_EQ(found.has_value(), expected.has_value()) << "round " << round;
        if (!expected) {
            ++refused;
            continue;
        }
        ASSERT_EQ(found->total.value, *expected) << "round " << round;
        ASSERT_LE(found->total, found->by_the_hour);
        std::int64_t sum = 0;
        for (const auto& line : found->lines) {
            sum += line.amount.value;
            ++seen[line.unit];
            ASSERT_FALSE(line.dates.empty());
        }
        ASSERT_EQ(sum, found->total.value);
    }
    EXPECT_GT(refused, 5);
    for (const auto unit : {Unit::hour, Unit::half_day, Unit::day, Unit::weekend, Unit::season}) {
        EXPECT_GT(seen[unit], 5) << to_string(unit);
    }
}

}  // namespace
}  // namespace preau::rules
