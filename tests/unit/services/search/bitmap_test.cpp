#include "services/search/index/bitmap.hpp"

#include <array>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace preau::search {
namespace {

constexpr Horizon kHorizon{{1'000}, 300};

time::Interval cells(std::int64_t begin, std::int64_t end) {
    return {{begin * 900}, {end * 900}};
}

bool all(const Bitmap& plane, const time::Interval& interval) {
    bool whole = true;
    plane.each_not_whole(Cells(std::array{interval}, kHorizon), [&](auto) { whole = false; });
    return whole;
}

bool none(const Bitmap& plane, const time::Interval& interval) {
    bool clear = true;
    plane.each_touched(Cells(std::array{interval}, kHorizon), [&](auto) { clear = false; });
    return clear;
}

TEST(Bitmap, set__touches_every_cell_of_the_interval) {
    Bitmap plane(kHorizon);
    plane.set({{1'010 * 900 + 1}, {1'011 * 900 + 1}});
    EXPECT_FALSE(none(plane, cells(1'010, 1'011)));
    EXPECT_FALSE(none(plane, cells(1'011, 1'012)));
    EXPECT_TRUE(none(plane, cells(1'012, 1'013)));
    EXPECT_TRUE(none(plane, cells(1'009, 1'010)));
}

TEST(Bitmap, set_inside__leaves_cells_that_are_only_touched) {
    Bitmap plane(kHorizon);
    plane.set_inside({{1'010 * 900 + 1}, {1'013 * 900 - 1}});
    EXPECT_TRUE(all(plane, cells(1'011, 1'012)));
    EXPECT_FALSE(all(plane, cells(1'010, 1'011)));
    EXPECT_FALSE(all(plane, cells(1'012, 1'013)));
    Bitmap empty(kHorizon);
    empty.set_inside({{1'010 * 900 + 60}, {1'010 * 900 + 120}});
    EXPECT_TRUE(none(empty, cells(1'009, 1'013)));
}

TEST(Bitmap, outside_the_horizon__nothing_is_free) {
    Bitmap plane(kHorizon);
    plane.set(cells(0, 5'000));
    EXPECT_TRUE(all(plane, cells(1'000, 1'300)));
    EXPECT_FALSE(all(plane, cells(999, 1'001)));
    EXPECT_FALSE(all(plane, cells(1'299, 1'301)));
    const Bitmap clear(kHorizon);
    EXPECT_TRUE(none(clear, cells(1'000, 1'300)));
    EXPECT_FALSE(none(clear, cells(999, 1'001)));
    EXPECT_FALSE(none(clear, cells(1'300, 1'301)));
}

TEST(Bitmap, planes__agree_with_a_list_of_cells) {
    std::mt19937_64 random(11);
    for (int round = 0; round < 300; ++round) {
        Bitmap plane(kHorizon);
        std::vector<bool> list(300);
        for (int n = 0; n < 6; ++n) {
            const auto begin = static_cast<std::int64_t>(random() % 340) - 20;
            const auto end = begin + static_cast<std::int64_t>(random() % 90);
            plane.set(cells(1'000 + begin, 1'000 + end));
            for (auto i = std::max<std::int64_t>(begin, 0); i < std::min<std::int64_t>(end, 300);
                 ++i) {
                list[static_cast<std::size_t>(i)] = true;
            }
        }
        for (int n = 0; n < 40; ++n) {
            const auto begin = static_cast<std::int64_t>(random() % 300);
            const auto end =
                std::min<std::int64_t>(300, begin + 1 + static_cast<std::int64_t>(random() % 100));
            bool whole = true;
            bool clear = true;
            for (auto i = begin; i < end; ++i) {
                whole = whole && list[static_cast<std::size_t>(i)];
                clear = clear && !list[static_cast<std::size_t>(i)];
            }
            ASSERT_EQ(all(plane, cells(1'000 + begin, 1'000 + end)), whole);
            ASSERT_EQ(none(plane, cells(1'000 + begin, 1'000 + end)), clear);
        }
    }
}

TEST(Bitmap, many_intervals__are_told_by_number) {
    Bitmap plane(kHorizon);
    plane.set(cells(1'070, 1'072));
    const Cells asked(std::array{cells(1'060, 1'066), cells(1'066, 1'072), cells(1'290, 1'310),
                                 cells(1'060, 1'140)},
                      kHorizon);
    std::set<std::uint32_t> touched;
    plane.each_touched(asked, [&](std::uint32_t n) { touched.insert(n); });
    EXPECT_EQ(touched, (std::set<std::uint32_t>{1, 2, 3})) << "2 leaves the horizon";
    std::set<std::uint32_t> not_whole;
    plane.set(cells(1'066, 1'070));
    plane.each_not_whole(asked, [&](std::uint32_t n) { not_whole.insert(n); });
    EXPECT_EQ(not_whole, (std::set<std::uint32_t>{0, 2, 3}));
}

}  // namespace
}  // namespace preau::search
