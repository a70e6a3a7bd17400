#include "shared/exec/ticker.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace preau::exec {
namespace {

using namespace std::chrono_literals;

void wait_for(const std::atomic<int>& count, int at_least) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (count < at_least && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
}

TEST(Ticker, step__is_called_again_after_its_pause) {
    std::atomic<int> steps = 0;
    Ticker ticker("test", [&] {
        ++steps;
        return 1ms;
    });
    wait_for(steps, 3);
    EXPECT_GE(steps, 3);
}

TEST(Ticker, wake__cuts_a_long_pause_short) {
    std::atomic<int> steps = 0;
    Ticker ticker("test", [&] {
        ++steps;
        return 1h;
    });
    wait_for(steps, 1);
    ticker.wake();
    wait_for(steps, 2);
    EXPECT_EQ(steps, 2);
}

TEST(Ticker, wake__during_a_step_is_not_lost) {
    std::atomic<int> steps = 0;
    std::atomic<bool> inside = false;
    std::atomic<bool> go_on = false;
    Ticker ticker("test", [&]() -> std::chrono::milliseconds {
        if (++steps == 1) {
            inside = true;
            while (!go_on)
                std::this_thread::sleep_for(1ms);
        }
        return 1h;
    });
    while (!inside)
        std::this_thread::sleep_for(1ms);
    ticker.wake();
    go_on = true;
    wait_for(steps, 2);
    EXPECT_EQ(steps, 2);
}

TEST(Ticker, step__that_throws_does_not_end_the_ticker) {
    std::atomic<int> steps = 0;
    Ticker ticker("test", [&]() -> std::chrono::milliseconds {
        ++steps;
        throw std::runtime_error("no");
    });
    wait_for(steps, 1);
    ticker.wake();
    wait_for(steps, 2);
    EXPECT_GE(steps, 2);
}

TEST(Ticker, stop__waits_for_the_step_under_way_and_may_be_repeated) {
    std::atomic<bool> inside = false;
    std::atomic<bool> ended = false;
    Ticker ticker("test", [&] {
        inside = true;
        std::this_thread::sleep_for(20ms);
        ended = true;
        return 1h;
    });
    while (!inside)
        std::this_thread::sleep_for(1ms);
    ticker.stop();
    EXPECT_TRUE(ended);
    ticker.stop();
}

}  // namespace
}  // namespace preau::exec
