#include "shared/time/interval.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace preau::time {
namespace {

Interval at(std::int64_t start, std::int64_t end) {
    return {{start}, {end}};
}

// S01
TEST(Interval, half_open__adjacent_ones_do_not_overlap) {
    EXPECT_FALSE(at(0, 10).overlaps(at(10, 20)));
    EXPECT_FALSE(at(10, 20).overlaps(at(0, 10)));
    EXPECT_TRUE(at(0, 11).overlaps(at(10, 20)));
    EXPECT_TRUE(at(0, 30).contains(at(10, 30)));
    EXPECT_FALSE(at(0, 29).contains(at(10, 30)));
}

TEST(Cell, quarter_hours_also_before_1970) {
    EXPECT_EQ(cell_at({899}).number, 0);
    EXPECT_EQ(cell_at({900}).number, 1);
    EXPECT_EQ(cell_at({-1}).number, -1);
    EXPECT_EQ(cell_at({-900}).number, -1);
    EXPECT_EQ(first_cell(at(900, 1800)).number, 1);
    EXPECT_EQ(end_cell(at(900, 1800)).number, 2);
    EXPECT_EQ(end_cell(at(900, 1801)).number, 3);
}

TEST(Intervals, merged__joins_what_touches) {
    EXPECT_EQ(merged({at(5, 9), at(0, 5), at(20, 30), at(25, 26), at(40, 40)}),
              (std::vector<Interval>{at(0, 9), at(20, 30)}));
}

TEST(Intervals, without__cuts_holes) {
    EXPECT_EQ(without({at(0, 100)}, {at(10, 20), at(90, 200), at(15, 30)}),
              (std::vector<Interval>{at(0, 10), at(30, 90)}));
    EXPECT_TRUE(without({at(10, 20)}, {at(0, 100)}).empty());
    EXPECT_EQ(without({at(10, 20)}, {at(20, 30), at(0, 10)}), (std::vector<Interval>{at(10, 20)}));
}

TEST(Intervals, merged_and_without__agree_with_counting_every_second) {
    std::mt19937_64 random(7);
    const auto any = [&](std::int64_t max) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(max));
    };
    const auto some = [&] {
        std::vector<Interval> out;
        for (std::int64_t i = any(6); i > 0; --i) {
            const std::int64_t start = any(60);
            out.push_back(at(start, start + any(15)));
        }
        return out;
    };
    const auto holds = [](const std::vector<Interval>& list, std::int64_t second) {
        return std::ranges::any_of(list, [&](const Interval& i) {
            return i.start.seconds <= second && second < i.end.seconds;
        });
    };
    for (int round = 0; round < 2'000; ++round) {
        const auto from = some();
        const auto holes = some();
        const auto union_of = merged(from);
        const auto rest = without(from, holes);
        for (std::int64_t second = 0; second < 80; ++second) {
            ASSERT_EQ(holds(union_of, second), holds(from, second));
            ASSERT_EQ(holds(rest, second), holds(from, second) && !holds(holes, second));
        }
        for (std::size_t i = 1; i < union_of.size(); ++i) {
            ASSERT_LT(union_of[i - 1].end, union_of[i].start);
        }
    }
}

}  // namespace
}  // namespace preau::time
