#include "tests/simulators/stripe/webhooks.hpp"

#include <algorithm>

#include "shared/base/clock.hpp"
#include "shared/observe/log.hpp"
#include "shared/security/digest.hpp"

namespace preau::stripe_simulator {
namespace {

constexpr int kTriesMax = 12;
constexpr std::chrono::milliseconds kIdlePause{200};

std::int64_t machine_s() {
    return base::MachineClock{}.now().seconds;
}

}  // namespace

Webhooks::Webhooks(std::string url, std::string secret, std::uint64_t seed)
    : url_(std::move(url)),
      secret_(std::move(secret)),
      random_(seed),
      client_(net::ClientOptions{}),
      ticker_("webhooks", [this] { return step(); }) {}

std::string Webhooks::signature(const std::string& body, const std::string& secret,
                                std::int64_t machine_seconds) {
    const std::string t = std::to_string(machine_seconds);
    return "t=" + t + ",v1=" + security::hmac_sha256_hex(secret, t + "." + body);
}

void Webhooks::enqueue(const nlohmann::json& event) {
    {
        const std::lock_guard lock(mutex_);
        if (delivery_ == Delivery::drop) return;
        queue_.push_back({event.dump(), 0, 0});
        if (delivery_ == Delivery::duplicate) queue_.push_back(queue_.back());
        if (delivery_ == Delivery::shuffle) std::shuffle(queue_.begin(), queue_.end(), random_);
    }
    ticker_.wake();
}

void Webhooks::set_delivery(Delivery delivery) {
    {
        const std::lock_guard lock(mutex_);
        delivery_ = delivery;
    }
    ticker_.wake();
}

std::size_t Webhooks::waiting() {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

std::chrono::milliseconds Webhooks::step() {
    Message next;
    {
        const std::lock_guard lock(mutex_);
        if (url_.empty() || delivery_ == Delivery::hold) return kIdlePause;
        const auto due =
            std::find_if(queue_.begin(), queue_.end(),
                         [now = machine_s()](const auto& m) { return m.not_before_s <= now; });
        if (due == queue_.end()) return kIdlePause;
        next = std::move(*due);
        queue_.erase(due);
    }
    if (send(next)) return std::chrono::milliseconds(0);
    if (++next.tries < kTriesMax) {
        next.not_before_s = machine_s() + std::min<std::int64_t>(1LL << next.tries, 60);
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(next));
    }
    return std::chrono::milliseconds(0);
}

bool Webhooks::send(const Message& message) {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.url = url_;
    request.body = message.body;
    request.headers.emplace_back("Stripe-Signature", signature(message.body, secret_, machine_s()));
    const auto answer = client_.send(request);
    const bool taken = answer && answer->ok();
    if (!taken) {
        observe::log(observe::Level::warn, "simulator.webhook_refused",
                     {{"status", answer ? answer->status : 0}});
    }
    return taken;
}

}  // namespace preau::stripe_simulator
