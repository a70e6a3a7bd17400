#include "services/search/index/bitmap.hpp"

#include <random>

#include <gtest/gtest.h>

namespace preau::search {
namespace {

constexpr Horizon kHorizon{{1'000}, 300};

time::Interval cells(std::int64_t begin, std::int64_t end) {
    return {{begin * 900}, {end * 900}};
}

TEST(Bitmap, set__touches_every_cell_of_the_interval) {
    Bitmap plane(kHorizon);
    plane.set({{1'010 * 900 + 1}, {1'011 * 900 + 1}});
    EXPECT_FALSE(plane.none(cells(1'010, 1'011)));
    EXPECT_FALSE(plane.none(cells(1'011, 1'012)));
    EXPECT_TRUE(plane.none(cells(1'012, 1'013)));
    EXPECT_TRUE(plane.none(cells(1'009, 1'010)));
}

TEST(Bitmap, set_inside__leaves_cells_that_are_only_touched) {
    Bitmap plane(kHorizon);
    plane.set_inside({{1'010 * 900 + 1}, {1'013 * 900 - 1}});
    EXPECT_TRUE(plane.all(cells(1'011, 1'012)));
    EXPECT_FALSE(plane.all(cells(1'010, 1'011)));
    EXPECT_FALSE(plane.all(cells(1'012, 1'013)));
    Bitmap empty(kHorizon);
    empty.set_inside({{1'010 * 900 + 60}, {1'010 * 900 + 120}});
    EXPECT_TRUE(empty.none(cells(1'009, 1'013)));
}

TEST(Bitmap, outside_the_horizon__nothing_is_free) {
    Bitmap plane(kHorizon);
    plane.set(cells(0, 5'000));
    EXPECT_TRUE(plane.all(cells(1'000, 1'300)));
    EXPECT_FALSE(plane.all(cells(999, 1'001)));
    EXPECT_FALSE(plane.all(cells(1'299, 1'301)));
    const Bitmap clear(kHorizon);
    EXPECT_TRUE(clear.none(cells(1'000, 1'300)));
    EXPECT_FALSE(clear.none(cells(999, 1'001)));
    EXPECT_FALSE(clear.none(cells(1'300, 1'301)));
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
            bool all = true;
            bool none = true;
            for (auto i = begin; i < end; ++i) {
                all = all && list[static_cast<std::size_t>(i)];
                none = none && !list[static_cast<std::size_t>(i)];
            }
            ASSERT_EQ(plane.all(cells(1'000 + begin, 1'000 + end)), all);
            ASSERT_EQ(plane.none(cells(1'000 + begin, 1'000 + end)), none);
        }
    }
}

}  // namespace
}  // namespace preau::search
