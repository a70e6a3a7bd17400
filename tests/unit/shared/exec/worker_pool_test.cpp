#include "shared/exec/worker_pool.hpp"

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace preau::exec {
namespace {

using namespace std::chrono_literals;

const auto kNothing = [] {};

// One thread, kept busy until release().
class HeldPool {
public:
    explicit HeldPool(WorkerPoolOptions options) : pool(std::move(options)) {
        std::promise<void> begun;
        pool.submit(
            [this, &begun] {
                begun.set_value();
                gate_.get_future().wait();
            },
            kNothing);
        begun.get_future().wait();
    }
    void release() { gate_.set_value(); }

private:
    std::promise<void> gate_;

public:
    WorkerPool pool;
};

TEST(WorkerPool, submit__beyond_the_bound_is_refused) {
    HeldPool held({.threads = 1, .queue_length_max = 2});
    EXPECT_TRUE(held.pool.submit(kNothing, kNothing));
    EXPECT_TRUE(held.pool.submit(kNothing, kNothing));
    EXPECT_FALSE(held.pool.submit(kNothing, kNothing));
    EXPECT_EQ(held.pool.queued(), 2U);
    held.release();
}

TEST(WorkerPool, submit__with_jump_goes_before_the_others_even_beyond_the_bound) {
    HeldPool held({.threads = 1, .queue_length_max = 1});
    std::vector<std::string> order;
    const auto note = [&order](std::string name) {
        return [&order, name] { order.push_back(name); };
    };
    EXPECT_TRUE(held.pool.submit(note("plain"), kNothing));
    EXPECT_TRUE(held.pool.submit(note("first"), kNothing, true));
    EXPECT_TRUE(held.pool.submit(note("second"), kNothing, true));
    held.release();
    held.pool.drain();
    EXPECT_THAT(order, testing::ElementsAre("first", "second", "plain"));
}

TEST(WorkerPool, work__that_waited_too_long_expires_unrun) {
    HeldPool held({.threads = 1, .queue_length_max = 4, .queue_wait_max = 10ms});
    std::atomic<int> ran = 0;
    std::atomic<int> expired = 0;
    const auto run = [&] { ++ran; };
    const auto expire = [&] { ++expired; };
    held.pool.submit(run, expire);
    held.pool.submit(run, expire, true);  // never expires
    std::this_thread::sleep_for(30ms);
    held.release();
    held.pool.drain();
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(expired, 1);
}

TEST(WorkerPool, drain__runs_what_is_queued_and_refuses_the_rest) {
    HeldPool held({.threads = 1, .queue_length_max = 8});
    std::atomic<int> ran = 0;
    for (int i = 0; i < 5; ++i)
        held.pool.submit([&] { ++ran; }, kNothing);
    held.release();
    held.pool.drain();
    EXPECT_EQ(ran, 5);
    EXPECT_FALSE(held.pool.submit(kNothing, kNothing));
    EXPECT_FALSE(held.pool.submit(kNothing, kNothing, true));
}

TEST(WorkerPool, work__that_throws_does_not_end_the_thread) {
    WorkerPool pool({.threads = 1, .queue_length_max = 8});
    std::atomic<int> ran = 0;
    pool.submit([] { throw std::runtime_error("no"); }, kNothing);
    pool.submit([] { throw 1; }, kNothing);
    pool.submit([&] { ++ran; }, kNothing);
    pool.drain();
    EXPECT_EQ(ran, 1);
}

TEST(WorkerPool, closures__are_destroyed_once_run_and_before_the_next_wait) {
    auto token = std::make_shared<int>(1);
    WorkerPool pool({.threads = 1});
    pool.submit([token] {}, [token] {});
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (token.use_count() > 1 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace preau::exec
