#pragma once
// A number that only grows, raised from any thread; long polls wait until it passes a value.

#include <atomic>
#include <cstdint>

namespace preau::net {

class Signal {
public:
    std::uint64_t value() const { return value_.load(std::memory_order_acquire); }
    /// Sets the value if it is larger than the present one, and wakes the waiting polls.
    void raise(std::uint64_t value);

private:
    std::atomic<std::uint64_t> value_{0};
};

}  // namespace preau::net
