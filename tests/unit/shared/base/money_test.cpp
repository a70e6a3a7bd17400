#include "shared/base/money.hpp"

#include <gtest/gtest.h>

namespace preau::base {
namespace {

// S93
TEST(Money, scaled__rounds_half_up) {
    EXPECT_EQ(scaled({1250}, 7, 4), (Cents{2188}));  // 12.50 € for 1 h 45: 21.875 €
    EXPECT_EQ(scaled({1370}, 8, 4), (Cents{2740}));
    EXPECT_EQ(scaled({1}, 1, 4), (Cents{0}));
    EXPECT_EQ(scaled({1}, 2, 4), (Cents{1}));
    EXPECT_EQ(scaled({1}, 3, 4), (Cents{1}));
}

TEST(Money, scaled__negative__is_the_mirror) {
    for (std::int64_t amount = 0; amount < 50; ++amount) {
        for (std::int64_t n = 0; n < 9; ++n) {
            EXPECT_EQ(scaled({-amount}, n, 4).value, -scaled({amount}, n, 4).value);
        }
    }
}

TEST(Money, scaled__largest_amounts__do_not_overflow) {
    EXPECT_EQ(scaled(cents_max, 1'000'000'000'000, 1'000'000'000'000), cents_max);
}

TEST(Money, sums_and_multiples) {
    Cents sum{100};
    sum += Cents{50};
    EXPECT_EQ(sum, (Cents{150}));
    EXPECT_EQ(sum - (Cents{200}), (Cents{-50}));
    EXPECT_EQ((Cents{1370}) * 2, (Cents{2740}));
    EXPECT_LT((Cents{1}), (Cents{2}));
}

}  // namespace
}  // namespace preau::base
