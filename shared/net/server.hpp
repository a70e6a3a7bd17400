#pragma once
// The HTTP/1.1 server: one thread, one io_context and one SO_REUSEPORT acceptor each, a coroutine
// for each connection, and a bounded worker pool for handlers that may block. Every wait and every
// size has a bound, named here.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shared/exec/worker_pool.hpp"
#include "shared/net/router.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::net {

struct ServerOptions {
    std::string address = "127.0.0.1";  // numeric, or "localhost"
    std::uint16_t port = 0;             // 0: the system chooses
    std::size_t io_threads = 2;
    /// What `Host` may name; empty: any well-formed host.
    std::vector<std::string> hosts_allowed;

    std::size_t head_bytes_max = 8 * 1024;
    std::size_t target_bytes_max = 2 * 1024;
    std::size_t fields_max = 64;
    std::size_t chunk_extension_bytes_max = 256;

    std::chrono::milliseconds head_time_max{5'000};   // from the first byte to the last
    std::chrono::milliseconds body_time_max{15'000};  // in total
    std::size_t body_bytes_per_second_min = 1'000;    // after body_grace_time
    std::chrono::milliseconds body_grace_time{2'000};
    std::chrono::milliseconds idle_time_max{30'000};  // between two requests
    std::chrono::milliseconds write_time_max{15'000};
    std::chrono::milliseconds linger_time_max{1'000};  // for the client to see our end
    std::chrono::milliseconds long_poll_time_max{25'000};
    std::chrono::milliseconds deadline_default{10'000};  // of a request without X-Deadline-Ms
    std::chrono::milliseconds deadline_max{30'000};
    std::chrono::milliseconds drain_idle_time{
        500};  // for requests on their way to a draining server

    /// Connections beyond this are served on never-shed routes only; lowered when the process may
    /// not open that many files.
    std::size_t connections_max = 10'000;
    std::size_t connections_reserved = 32;  // room for never-shed routes beyond connections_max
    std::size_t files_reserved = 128;       // for databases, logs, outgoing calls
    std::size_t requests_per_connection_max = 100'000;

    /// Added to the answers that no handler made: refusals of the server, and overload.
    std::vector<std::pair<std::string, std::string>> own_answer_headers;

    bool access_log = true;
};

class Server {
public:
    /// The router, the pool and the registry must outlive the server.
    Server(ServerOptions options, const Router& router, exec::WorkerPool& pool,
           observe::Registry& metrics);
    ~Server();  // drains without patience
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and serves. The error is a sentence for the operator ("port 8080 is in use").
    std::expected<void, std::string> start();
    std::uint16_t port() const;
    std::size_t connections() const;

    /// Stops accepting, answers what was accepted (each answer closes its connection), wakes long
    /// polls, and returns once all connections have ended: true; or when `budget` is over, having
    /// cut the rest off: false. Later calls return at once.
    bool drain(std::chrono::milliseconds budget);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::net
