#pragma once
// A number that only grows, raised from any thread; long polls wait until it passes a value.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace preau::net {

class Signal {
public:
    std::uint64_t value() const { return value_.load(std::memory_order_acquire); }
    /// Sets the value if it is larger than the present one, and wakes the waiting polls.
    void raise(std::uint64_t value);

    /// Registers a wait for a value larger than `after`; 0 when it is larger already. Otherwise
    /// `wake` is called once, on the thread that raises, unless unwatch() came first (a call under
    /// way then may still end after it). `wake` must be quick and must not touch this signal.
    std::uint64_t watch(std::uint64_t after, std::function<void()> wake);
    void unwatch(std::uint64_t ticket);

private:
    struct Watch {
        std::uint64_t after;
        std::function<void()> wake;
    };

    std::atomic<std::uint64_t> value_{0};
    std::mutex mutex_;
    std::uint64_t last_ticket_ = 0;
    std::map<std::uint64_t, Watch> watches_;
};

}  // namespace preau::net
