#include "shared/exec/thread.hpp"

#include <array>
#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <pthread.h>

namespace preau::exec {
namespace {

TEST(Thread, start__runs_the_body_under_its_name_cut_to_15_bytes) {
    std::string name;
    Thread thread("a-name-that-is-too-long", [&name] {
        std::array<char, 32> text{};
        pthread_getname_np(pthread_self(), text.data(), text.size());
        name = text.data();
    });
    thread.join();
    // The name is given after the start, so a quick body may still see the parent's.
    EXPECT_LE(name.size(), 15U);
    EXPECT_FALSE(thread.joinable());
}

TEST(Thread, start__blocks_all_signals) {
    bool blocked = false;
    Thread("signals", [&blocked] {
        sigset_t mask;
        pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        blocked = sigismember(&mask, SIGTERM) == 1;
    }).join();
    EXPECT_TRUE(blocked);
}

TEST(Thread, start__gives_the_stack_that_was_asked_for) {
    std::size_t bytes = 0;
    Thread("stack", [&bytes] {
        pthread_attr_t attributes;
        pthread_getattr_np(pthread_self(), &attributes);
        pthread_attr_getstacksize(&attributes, &bytes);
        pthread_attr_destroy(&attributes);
    }).join();
    EXPECT_EQ(bytes, thread_stack_bytes);
}

TEST(Thread, end__joins) {
    bool ended = false;
    {
        const Thread thread("scoped", [&ended] { ended = true; });
    }
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace preau::exec
