#pragma once
// The simulated REST operations under /v1, with idempotency keys, API version and account checks.

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "shared/net/router.hpp"
#include "tests/simulators/stripe/world.hpp"

namespace preau::stripe_simulator {

class Api {
public:
    Api(World& world, std::string secret_key) : world_(world), secret_key_(std::move(secret_key)) {}
    void add_routes(net::Router& router);

    /// Faults to plant, for tests: the next `count` calls fail in this way.
    enum class Fault { none, error_before, error_after, too_many, slow, garbage };
    void plant(Fault fault, int count);
    /// As a provider that knows nothing of idempotency keys: what a test of ours must notice.
    void forget_keys(bool forgetful) { forgetful_ = forgetful; }

private:
    using Work = std::function<ApiResult<Json>(const std::string& account, const Json& parameters)>;
    /// Checks key, version and account; replays idempotency keys of POSTs; plants faults.
    net::Response answer(const net::Request& request, const Work& work);
    net::Response list(const net::Request& request, const std::string& object);
    Fault take_fault();

    struct Remembered {
        std::string body;
        std::optional<net::Response> response;  // none while it is being worked on
    };
    World& world_;
    std::string secret_key_;
    std::mutex mutex_;
    std::map<std::string, Remembered> remembered_;  // by account and idempotency key
    Fault fault_ = Fault::none;
    int fault_count_ = 0;
    bool forgetful_ = false;
};

}  // namespace preau::stripe_simulator
