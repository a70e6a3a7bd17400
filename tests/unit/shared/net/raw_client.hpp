#pragma once
// A socket that says exactly what it is told, and a server with the routes that the tests need.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/net/server.hpp"
#include "shared/net/signal.hpp"

namespace preau::net {

struct Answer {
    int status = 0;                             // 0: the connection ended first
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;

    std::string code() const;  // of the problem
    bool closes() const;
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient& operator=(RawClient&&) = delete;

    /// False when the server's end is closed.
    bool send(std::string_view bytes);
    /// The next answer; `to_head`: it has no body whatever its Content-Length says.
    Answer answer(bool to_head = false);
    /// Whether the server closes within `patience` without another byte.
    bool ended(std::chrono::milliseconds patience = std::chrono::milliseconds{5'000});
    void end_writing();
    /// Closes with a reset instead of an orderly end.
    void reset();

private:
    bool fill(std::chrono::milliseconds patience);

    int socket_ = -1;
    std::string buffer_;
};

/// "GET <target>" with a Host and `fields` (each with its line end).
std::string get(std::string_view target, std::string_view fields = {});
std::string post(std::string_view target, std::string_view body, std::string_view fields = {});

/// Handlers that wait at the gate stay in their worker until it opens.
class Gate {
public:
    void open() { promise_.set_value(); }
    void wait() { future_.wait(); }

private:
    std::promise<void> promise_;
    std::shared_future<void> future_{promise_.get_future()};
};

struct TestServerOptions {
    ServerOptions server;
    std::size_t threads = 2;
    std::size_t queue_length_max = 8;
    std::function<void(Router&)> routes;
};

/// Routes: GET /quick (io thread), GET /slow/{word} (worker), POST /echo (answers the body), POST
/// /small (at most 10 bytes), GET /throws, GET /throws-odd, GET /gate (waits), GET /urgent (worker,
/// never shed), GET /poll?after=&wait_ms= (long poll, answers the signal's value).
class TestServer {
public:
    explicit TestServer(TestServerOptions options = {});
    ~TestServer();

    RawClient connect() const { return RawClient(server->port()); }
    Answer once(std::string_view bytes) const;
    /// Waits until `count` handlers are at the gate.
    void wait_for_gate(int count) const;

    Gate gate;
    std::atomic<int> at_gate{0};
    std::atomic<int> handled{0};
    std::shared_ptr<Signal> signal = std::make_shared<Signal>();
    std::shared_ptr<int> closure_token = std::make_shared<int>(0);  // held by handlers' closures
    observe::Registry metrics;
    std::unique_ptr<Router> router = std::make_unique<Router>();
    std::unique_ptr<exec::WorkerPool> pool;
    std::unique_ptr<Server> server;

private:
    void add_routes();
};

}  // namespace preau::net
