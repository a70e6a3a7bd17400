#include "shared/net/signal.hpp"

#include <vector>

namespace preau::net {

void Signal::raise(std::uint64_t value) {
    std::vector<std::function<void()>> due;
    {
        // Under the lock, so that a watch either sees the new value or is seen here.
        const std::lock_guard lock(mutex_);
        if (value <= value_.load(std::memory_order_relaxed)) return;
        value_.store(value, std::memory_order_release);
        for (auto at = watches_.begin(); at != watches_.end();) {
            if (at->second.after < value) {
                due.push_back(std::move(at->second.wake));
                at = watches_.erase(at);
            } else {
                ++at;
            }
        }
    }
    for (const auto& wake : due)
        wake();
}

std::uint64_t Signal::watch(std::uint64_t after, std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    if (value_.load(std::memory_order_relaxed) > after) return 0;
    watches_.emplace(++last_ticket_, Watch{after, std::move(wake)});
    return last_ticket_;
}

void Signal::unwatch(std::uint64_t ticket) {
    const std::lock_guard lock(mutex_);
    watches_.erase(ticket);
}

}  // namespace preau::net
