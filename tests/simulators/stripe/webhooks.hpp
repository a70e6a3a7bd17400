#pragma once
// Delivers events as signed webhooks: at least once, in order unless told otherwise, again after a
// failure. The signature is Stripe's v1: HMAC-SHA256 of "<t>.<body>" with machine time.

#include <cstdint>
#include <deque>
#include <mutex>
#include <random>
#include <string>

#include <nlohmann/json.hpp>

#include "shared/exec/ticker.hpp"
#include "shared/net/client.hpp"

namespace preau::stripe_simulator {

enum class Delivery { deliver, hold, duplicate, shuffle, drop };

class Webhooks {
public:
    Webhooks(std::string url, std::string secret, std::uint64_t seed);

    void enqueue(const nlohmann::json& event);
    void set_delivery(Delivery delivery);
    std::size_t waiting();

    /// The Stripe-Signature header for a body.
    static std::string signature(const std::string& body, const std::string& secret,
                                 std::int64_t machine_s);

private:
    struct Message {
        std::string body;
        int tries = 0;
        std::int64_t not_before_s = 0;
    };
    std::chrono::milliseconds step();
    bool send(const Message& message);

    std::string url_;
    std::string secret_;
    std::mutex mutex_;
    std::deque<Message> queue_;
    Delivery delivery_ = Delivery::deliver;
    std::mt19937_64 random_;
    net::Client client_;
    exec::Ticker ticker_;  // last: it runs as soon as it is made
};

}  // namespace preau::stripe_simulator
