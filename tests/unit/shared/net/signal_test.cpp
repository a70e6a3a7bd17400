#include "shared/net/signal.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace preau::net {
namespace {

TEST(Signal, raise__wakes_those_whose_value_is_passed_and_only_once) {
    Signal signal;
    int low = 0;
    int high = 0;
    EXPECT_NE(signal.watch(0, [&] { ++low; }), 0U);
    EXPECT_NE(signal.watch(5, [&] { ++high; }), 0U);
    signal.raise(5);
    EXPECT_EQ(low, 1);
    EXPECT_EQ(high, 0);
    signal.raise(6);
    EXPECT_EQ(low, 1);
    EXPECT_EQ(high, 1);
}

TEST(Signal, raise__never_goes_back) {
    Signal signal;
    signal.raise(7);
    signal.raise(3);
    EXPECT_EQ(signal.value(), 7U);
}

TEST(Signal, watch__of_a_value_already_passed_is_not_registered) {
    Signal signal;
    signal.raise(2);
    EXPECT_EQ(signal.watch(1, [] { FAIL(); }), 0U);
    EXPECT_NE(signal.watch(2, [] {}), 0U);
}

TEST(Signal, unwatch__keeps_the_call_away) {
    Signal signal;
    const auto ticket = signal.watch(0, [] { FAIL(); });
    signal.unwatch(ticket);
    signal.unwatch(ticket);
    signal.raise(1);
}

TEST(Signal, watch__racing_with_raise_is_never_lost) {
    for (int round = 0; round < 200; ++round) {
        Signal signal;
        std::atomic<int> woken = 0;
        std::thread raiser([&] { signal.raise(1); });
        const auto ticket = signal.watch(0, [&] { ++woken; });
        raiser.join();
        EXPECT_EQ(woken, ticket == 0 ? 0 : 1);
    }
}

}  // namespace
}  // namespace preau::net
