#pragma once
// Blocking HTTP client for worker threads: service to service over own sockets, the payment
// provider through libcurl. Each thread keeps its own connections alive. No redirect is followed;
// every call has a deadline and a bound on the size of the answer.

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/net/message.hpp"
#include "shared/observe/trace.hpp"

namespace preau::net {

/// Which code carries the calls. HTTPS always goes through libcurl.
enum class Carrier {
    by_scheme,  // plain HTTP over own sockets
    libcurl,    // plain HTTP too: what ships for HTTPS is then also what a simulator on loopback
                // tests
};

struct ClientOptions {
    Carrier carrier = Carrier::by_scheme;
    std::chrono::milliseconds connect_timeout{2'000};
    /// Of the whole call; of a long poll it must be longer than the wait asked for.
    std::chrono::milliseconds total_timeout{10'000};
    std::size_t response_bytes_max = 16 * 1024 * 1024;
};

struct ClientRequest {
    Method method = Method::get;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string content_type = "application/json";
    observe::Trace trace;              // sent as traceparent when set
    std::string request_id;            // sent as X-Request-Id when set
    std::optional<Deadline> deadline;  // shortens total_timeout; sent as X-Deadline-Ms
    /// Looked at about once a second: true ends the call. For long polls of a program that stops.
    const std::atomic<bool>* cancelled = nullptr;
};

struct ClientResponse {
    int status = 0;
    std::string content_type;
    Pairs headers;  // names in lower case
    std::string body;

    bool ok() const { return status >= 200 && status < 300; }
    base::Result<nlohmann::json> json() const;
};

/// How far a failed call got: only `not_sent` is safe to repeat without an idempotency key.
enum class Delivery { not_sent, unknown };

struct ClientError {
    Delivery delivery = Delivery::unknown;
    bool timed_out = false;
    std::string detail;
};

class Client {
public:
    explicit Client(ClientOptions options = {});
    std::expected<ClientResponse, ClientError> send(const ClientRequest& request) const;

private:
    ClientOptions options_;
};

}  // namespace preau::net
