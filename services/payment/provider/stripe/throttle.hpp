#pragma once
// How much is asked of Stripe at one time: a bucket of requests per second, places for
// conversations under way, and pauses of one account after a 429. A request that finds no place is
// not sent and told so at once, so that a slow provider holds no worker that other pages need
// (payments.md §1.4).

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace preau::payment::stripe {

struct ThrottleLimits {
    double requests_per_s_max = 20;  // Stripe takes 25/s of a test key and of one end point
    double burst_max = 40;
    int in_flight_max = 4;             // of the 8 workers of this service
    int in_flight_of_account_max = 2;  // one collège never holds all places
};

class Throttle {
public:
    /// `now_s`: seconds of a clock that only goes forward.
    Throttle(ThrottleLimits limits, std::function<double()> now_s);

    /// One conversation; gives its place back at its end.
    class Place {
    public:
        Place(Throttle& owner, std::string account)
            : owner_(&owner), account_(std::move(account)) {}
        Place(Place&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), account_(std::move(other.account_)) {}
        Place& operator=(Place&&) = delete;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            if (owner_ != nullptr) owner_->leave(account_);
        }

    private:
        Throttle* owner_;
        std::string account_;
    };
    /// A place, or the seconds after which to ask again.
    std::expected<Place, double> enter(const std::string& account);
    /// Nothing more for this account for so long; a shorter pause does not shorten a longer one.
    void pause(const std::string& account, double seconds);

private:
    void leave(const std::string& account);

    const ThrottleLimits limits_;
    const std::function<double()> now_s_;
    std::mutex mutex_;
    double tokens_;
    double filled_at_s_;
    int in_flight_ = 0;
    std::map<std::string, int> of_account_;
    std::map<std::string, double> paused_until_s_;
};

}  // namespace preau::payment::stripe
