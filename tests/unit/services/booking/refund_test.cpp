// What the terms give back, as pure functions; against a naive reading of R-16 on random prices.

#include "services/booking/domain/refund.hpp"

#include <random>

#include <gmock/gmock.h>

namespace preau::booking {
namespace {

time::Date day(int n) {
    return time::Date::of(2026, 12, 1) + n;
}

rules::PriceLine line(std::int64_t cents, std::vector<time::Date> dates) {
    rules::PriceLine out;
    out.unit = rules::Unit::season;
    out.amount = {cents};
    out.dates = std::move(dates);
    return out;
}

rules::Price price(std::vector<rules::PriceLine> lines) {
    rules::Price out;
    for (const auto& one : lines)
        out.total += one.amount;
    out.lines = std::move(lines);
    return out;
}

//
TEST(Refund, give_back__is_credited_from_three_days_on) {
    EXPECT_TRUE(give_back_is_credited(365));
    EXPECT_TRUE(give_back_is_credited(3));
    EXPECT_FALSE(give_back_is_credited(2));
    EXPECT_FALSE(give_back_is_credited(0));
    EXPECT_FALSE(give_back_is_credited(-1));
}

TEST(Refund, percent__turns_at_fifteen_and_seven_days) {
    EXPECT_EQ(refund_percent(200), 100);
    EXPECT_EQ(refund_percent(15), 100);
    EXPECT_EQ(refund_percent(14), 50);
    EXPECT_EQ(refund_percent(7), 50);
    EXPECT_EQ(refund_percent(6), 0);
    EXPECT_EQ(refund_percent(0), 0);
    EXPECT_EQ(refund_percent(-3), 0);
}

TEST(Refund, shares__differ_by_a_cent_and_add_up) {
    const auto season = price({line(80'000, {day(0), day(7), day(14)})});
    EXPECT_EQ(share_of(season, day(0)).value, 26'666);
    EXPECT_EQ(share_of(season, day(7)).value, 26'667);
    EXPECT_EQ(share_of(season, day(14)).value, 26'667);
    EXPECT_EQ(share_of(season, day(1)).value, 0);
    EXPECT_EQ(refund_in_full(season, {day(0), day(7), day(14)}), season.total);
}

TEST(Refund, date_of_several_lines__has_its_share_of_each) {
    const auto mixed = price({line(1'000, {day(0), day(1)}), line(300, {day(1)})});
    EXPECT_EQ(share_of(mixed, day(1)).value, 800);
}

TEST(Refund, half_of_an_odd_amount__is_rounded_up_once) {
    const auto odd = price({line(999, {day(0)}), line(999, {day(1)})});
    EXPECT_EQ(refund_to_hirer(odd, {day(0)}, day(-10)).value, 500);
    EXPECT_EQ(refund_to_hirer(odd, {day(0), day(1)}, day(-10)).value, 999);
}

TEST(Refund, free_booking__gives_nothing_back) {
    EXPECT_EQ(refund_to_hirer({}, {day(0)}, day(-30)).value, 0);
}

/// Cent by cent: each cent of a line belongs to the date whose turn it is.
std::int64_t naive_doubled(const rules::Price& of, const std::vector<time::Date>& dates,
                           time::Date on) {
    std::int64_t doubled = 0;
    for (const auto& one : of.lines) {
        const auto n = static_cast<std::int64_t>(one.dates.size());
        for (std::int64_t cent = 0; cent < one.amount.value; ++cent) {
            // The owner of the cent: the first date whose running total reaches beyond it.
            std::int64_t owner = 0;
            while (one.amount.value * (owner + 1) / n <= cent)
                ++owner;
            const auto date = one.dates[static_cast<std::size_t>(owner)];
            if (std::ranges::find(dates, date) == dates.end()) continue;
            const int ahead = date - on;
            if (ahead > 14) {
                doubled += 2;
            } else if (ahead > 6) {
                doubled += 1;
            }
        }
    }
    return doubled;
}

TEST(Refund, random_prices__agree_with_the_naive_reading) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
    for (int round = 0; round < 2'000; ++round) {
        std::vector<rules::PriceLine> lines;
        std::vector<time::Date> dates;
        for (int i = 0, n = 1 + below(8); i < n; ++i)
            dates.push_back(day(3 * i + below(3)));
        for (int i = 0, n = 1 + below(3); i < n; ++i) {
            std::vector<time::Date> some;
            for (const auto date : dates) {
                if (below(2) == 0) some.push_back(date);
            }
            if (!some.empty()) lines.push_back(line(below(900), some));
        }
        const auto of = price(std::move(lines));
        const auto on = day(below(40) - 30);
        const auto refund = refund_to_hirer(of, dates, on);
        EXPECT_EQ(refund.value, (naive_doubled(of, dates, on) + 1) / 2);
        EXPECT_LE(refund, of.total);
        EXPECT_EQ(refund_in_full(of, dates), of.total);
    }
}

}  // namespace
}  // namespace preau::booking
