#include "services/payment/provider/stripe/throttle.hpp"

#include <algorithm>

namespace preau::payment::stripe {

namespace {
constexpr double kAgain_s = 1;
}

Throttle::Throttle(ThrottleLimits limits, std::function<double()> now_s)
    : limits_(limits),
      now_s_(std::move(now_s)),
      tokens_(limits.burst_max),
      filled_at_s_(now_s_()) {}

std::expected<Throttle::Place, double> Throttle::enter(const std::string& account) {
    const std::lock_guard lock(mutex_);
    const double now = now_s_();
    tokens_ = std::min(limits_.burst_max,
                       tokens_ + std::max(0.0, now - filled_at_s_) * limits_.requests_per_s_max);
    filled_at_s_ = std::max(now, filled_at_s_);
    if (const auto paused = paused_until_s_.find(account); paused != paused_until_s_.end()) {
        if (paused->second > now) return std::unexpected(paused->second - now);
        paused_until_s_.erase(paused);
    }
    const auto mine = of_account_.find(account);
    if (in_flight_ >= limits_.in_flight_max ||
        (mine != of_account_.end() && mine->second >= limits_.in_flight_of_account_max)) {
        return std::unexpected(kAgain_s);
    }
    if (tokens_ < 1) return std::unexpected((1 - tokens_) / limits_.requests_per_s_max);
    tokens_ -= 1;
    ++in_flight_;
    ++of_account_[account];
    return std::expected<Place, double>(std::in_place, *this, account);
}

void Throttle::pause(const std::string& account, double seconds) {
    const std::lock_guard lock(mutex_);
    auto& until = paused_until_s_[account];
    until = std::max(until, now_s_() + seconds);
}

void Throttle::leave(const std::string& account) {
    const std::lock_guard lock(mutex_);
    --in_flight_;
    if (--of_account_[account] == 0) of_account_.erase(account);
}

}  // namespace preau::payment::stripe
