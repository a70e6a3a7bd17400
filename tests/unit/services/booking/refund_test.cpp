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

const auto kParis = time::Zone::paris();

/// 18–20 h on a date, by the clock of a zone.
rules::Slot evening(time::Date date, const time::Zone& zone = kParis) {
    return {date,
            18 * 60,
            20 * 60,
            {zone.instant(date, 18 * 60).value(), zone.instant(date, 20 * 60).value()}};
}

std::vector<rules::Slot> evenings(const std::vector<time::Date>& dates) {
    std::vector<rules::Slot> out;
    for (const auto date : dates)
        out.push_back(evening(date));
    return out;
}

base::Instant noon(time::Date date) {
    return kParis.instant(date, 12 * 60).value();
}

/// By the default terms, cancelled at noon.
HirerRefund given(const rules::Price& of, const std::vector<time::Date>& dates, time::Date on) {
    return refund_to_hirer(of, {}, evenings(dates), noon(on), kParis);
}

// what is credited is the date's whole share.
TEST(Refund, give_back__is_credited_from_three_days_on) {
    const CancellationTerms terms;
    EXPECT_TRUE(give_back_is_credited(terms, 365));
    EXPECT_TRUE(give_back_is_credited(terms, 3));
    EXPECT_FALSE(give_back_is_credited(terms, 2));
    EXPECT_FALSE(give_back_is_credited(terms, 0));
    EXPECT_FALSE(give_back_is_credited(terms, -1));
    EXPECT_TRUE(give_back_is_credited({{}, 2}, 2));
    for (const auto date : {time::Date::of(2026, 10, 27), time::Date::of(2027, 3, 30), day(0)}) {
        const auto season = price({line(80'000, {date + -7, date, date + 7})});
        EXPECT_EQ(refund_in_full(season, {date}).value, 26'667);
        EXPECT_EQ(refund_in_full(season, {date + 1}).value, 0) << "no such date";
    }
}

TEST(Refund, percent__turns_at_fifteen_and_seven_days) {
    const auto percent = [](int ahead) {
        return refund_percent({}, evening(day(0)), noon(day(-ahead)), kParis);
    };
    EXPECT_EQ(percent(200), 100);
    EXPECT_EQ(percent(15), 100);
    EXPECT_EQ(percent(14), 50);
    EXPECT_EQ(percent(7), 50);
    EXPECT_EQ(percent(6), 0);
    EXPECT_EQ(percent(0), 0);
    EXPECT_EQ(percent(-3), 0);
}

// Golden case 13
TEST(Refund, boundary_in_days__is_midnight_of_the_sites_own_zone) {
    for (const auto* name : {"Europe/Paris", "Indian/Reunion", "America/Cayenne"}) {
        const auto zone = time::Zone::find(name).value();
        // 15 November is 15 days before 30 November; between them no clock changes. 15 days before
        // 8 November and 7 April a clock has changed in Paris.
        for (const auto date : {time::Date::of(2026, 11, 30), time::Date::of(2026, 11, 8),
                                time::Date::of(2027, 4, 7)}) {
            const auto midnight = zone.instant(date + -14, 0).value();  // the 15th day is over
            const auto slot = evening(date, zone);
            EXPECT_EQ(refund_percent({}, slot, midnight + -1, zone), 100) << name << date.iso();
            EXPECT_EQ(refund_percent({}, slot, midnight, zone), 50) << name << date.iso();
            const auto week = zone.instant(date + -6, 0).value();
            EXPECT_EQ(refund_percent({}, slot, week + -1, zone), 50) << name << date.iso();
            EXPECT_EQ(refund_percent({}, slot, week, zone), 0) << name << date.iso();
        }
    }
    // The same instant is another day on the island.
    const auto reunion = time::Zone::find("Indian/Reunion").value();
    const auto late = kParis.instant(time::Date::of(2026, 11, 15), 23 * 60).value();
    EXPECT_EQ(refund_percent({}, evening(time::Date::of(2026, 11, 30)), late, kParis), 100);
    EXPECT_EQ(refund_percent({}, evening(time::Date::of(2026, 11, 30), reunion), late, reunion),
              50);
}

// S108
TEST(Refund, boundary_in_hours__is_counted_on_instants_across_a_clock_change) {
    const CancellationTerms terms{{{48, true, 100}, {0, true, 50}}, 3};
    // 24 October 18 h to 26 October 18 h are 49 hours; 27 to 29 March 18 h are 47.
    for (const auto date :
         {time::Date::of(2026, 12, 1), time::Date::of(2026, 10, 26), time::Date::of(2027, 3, 29)}) {
        const auto slot = evening(date);
        const auto limit = slot.interval.start + -48 * 3'600;
        EXPECT_EQ(refund_percent(terms, slot, limit + -1, kParis), 100) << date.iso();
        EXPECT_EQ(refund_percent(terms, slot, limit, kParis), 100) << date.iso();
        EXPECT_EQ(refund_percent(terms, slot, limit + 1, kParis), 50) << date.iso();
        EXPECT_EQ(refund_percent(terms, slot, slot.interval.start + 1, kParis), 0);
    }
    const auto same_wall_time = kParis.instant(time::Date::of(2027, 3, 27), 18 * 60).value();
    EXPECT_EQ(refund_percent(terms, evening(time::Date::of(2027, 3, 29)), same_wall_time, kParis),
              50)
        << "only 47 hours lie between";
}

TEST(Refund, what_was_added_to_some_dates__is_theirs_alone) {
    auto heated = line(2'760, {day(0), day(7)});
    heated.supplements = {{rules::ModifierKind::heating, 15, {}, {360}, {day(7)}}};
    const auto of = price({heated});
    EXPECT_EQ(share_of(of, day(0)).value, 1'200);
    EXPECT_EQ(share_of(of, day(7)).value, 1'560);
    EXPECT_EQ(refund_in_full(of, {day(0), day(7)}), of.total);
}

TEST(Refund, what_is_kept__and_what_is_given_back__are_the_price) {
    const auto odd = price({line(999, {day(0)}), line(999, {day(1)}), line(500, {day(20)})});
    const auto refund = given(odd, {day(0), day(1), day(20)}, day(-10));
    EXPECT_EQ(refund.amount.value, 500 + 499 + 500);
    ASSERT_EQ(refund.kept.size(), 2U);
    EXPECT_EQ(refund.kept[0].amount.value, 499);
    EXPECT_EQ(refund.kept[1].amount.value, 500);
    EXPECT_EQ(refund.kept[0].interval.start, evening(day(0)).interval.start);
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
    EXPECT_EQ(given(odd, {day(0)}, day(-10)).amount.value, 500);
    EXPECT_EQ(given(odd, {day(0), day(1)}, day(-10)).amount.value, 999);
}

TEST(Refund, free_booking__gives_nothing_back) {
    EXPECT_EQ(given({}, {day(0)}, day(-30)).amount.value, 0);
    EXPECT_TRUE(given({}, {day(0)}, day(-1)).kept.empty());
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
        const auto refund = given(of, dates, on);
        EXPECT_EQ(refund.amount.value, (naive_doubled(of, dates, on) + 1) / 2);
        auto both = refund.amount;
        for (const auto& kept : refund.kept) {
            EXPECT_GT(kept.amount.value, 0);
            both += kept.amount;
        }
        EXPECT_EQ(both, of.total);
        EXPECT_EQ(refund_in_full(of, dates), of.total);
    }
}

}  // namespace
}  // namespace preau::booking
