#include "shared/net/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <sys/resource.h>
#include <sys/socket.h>

#include "shared/exec/thread.hpp"
#include "shared/net/connection.hpp"
#include "shared/observe/log.hpp"

namespace preau::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSweepPauseMax{250};
constexpr milliseconds kSweepPauseMin{5};
constexpr milliseconds kPauseWithoutFiles{50};  // accept failed: no file descriptor is free

milliseconds sweep_pause(const ServerOptions& options) {
    const milliseconds shortest =
        std::min({options.head_time_max, options.body_time_max, options.idle_time_max,
                  options.write_time_max, options.linger_time_max, options.drain_idle_time});
    return std::clamp(shortest / 4, kSweepPauseMin, kSweepPauseMax);
}

Awaitable<void> accept_all(IoLoop& loop) {
    while (loop.acceptor.is_open()) {
        auto [error, socket] = co_await loop.acceptor.async_accept(as_values);
        if (!error) {
            loop.adopt(std::move(socket));
        } else if (error != asio::error::operation_aborted &&
                   error != asio::error::connection_aborted) {
            observe::log(observe::Level::warn, "http.accept_failed", {{"what", error.message()}});
            loop.pause.expires_after(kPauseWithoutFiles);
            co_await loop.pause.async_wait(as_values);
        }
    }
}

std::size_t files_max() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return std::size_t{1} << 20;
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t allowed_connections(const ServerOptions& options) {
    const std::size_t reserved = options.files_reserved + options.connections_reserved;
    const std::size_t files = files_max();
    const std::size_t room = files > reserved + 1 ? files - reserved : 1;
    return std::min(options.connections_max, room);
}

}  // namespace

void Shared::lower(std::atomic<std::size_t>& counter) {
    // Under the lock: whoever waits for zero may destroy us the moment it sees it.
    const std::lock_guard lock(mutex);
    counter.fetch_sub(1, std::memory_order_acq_rel);
    if (draining.load(std::memory_order_relaxed)) changed.notify_all();  // else nobody waits
}

void Shared::raise(std::atomic<std::size_t>& counter) {
    const std::lock_guard lock(mutex);
    counter.fetch_add(1, std::memory_order_acq_rel);
    changed.notify_all();
}

const Meter& Shared::meter_of(const Route* route) const {
    if (route == nullptr) return meters.back();
    return meters[static_cast<std::size_t>(route - router.routes().data())];
}

void IoLoop::adopt(Socket socket) {
    const std::size_t count = shared.connections.fetch_add(1, std::memory_order_acq_rel) + 1;
    if (count > shared.connections_max + shared.options.connections_reserved) {
        shared.lower(shared.connections);
        return;  // the socket closes itself
    }
    auto connection =
        std::make_shared<Connection>(*this, std::move(socket), count > shared.connections_max);
    asio::co_spawn(context.get_executor(), Connection::run(std::move(connection)), asio::detached);
    arm_sweep();
}

// One timer for all deadlines of the thread; it rests while there is no connection.
void IoLoop::arm_sweep() {
    if (sweeping) return;
    sweeping = true;
    sweep.expires_after(sweep_pause(shared.options));
    sweep.async_wait([this](const boost::system::error_code& error) {
        sweeping = false;
        if (error) return;
        const Moment now = steady_clock::now();
        for (Connection* connection : connections)
            connection->check_deadline(now);
        if (!connections.empty()) arm_sweep();
    });
}

// Connections that the kernel has accepted already are ours to answer, so they are taken in before
// the door closes.
void IoLoop::begin_drain() {
    boost::system::error_code error;
    acceptor.non_blocking(true, error);
    while (!error) {
        Socket socket = acceptor.accept(error);
        if (!error) adopt(std::move(socket));
    }
    acceptor.close(error);
    const Moment now = steady_clock::now();
    for (Connection* connection : connections)
        connection->begin_drain(now);
    shared.raise(shared.loops_closed);
}

void IoLoop::abort_all() {
    for (Connection* connection : connections)
        connection->abort();
}

struct Server::State {
    observe::Registry& metrics;
    Shared shared;
    std::vector<std::unique_ptr<IoLoop>> loops;
    std::vector<asio::executor_work_guard<Executor>> guards;
    std::vector<exec::Thread> threads;
    std::uint16_t port = 0;

    State(ServerOptions options, const Router& router, exec::WorkerPool& pool,
          observe::Registry& registry)
        : metrics(registry), shared(std::move(options), router, pool) {}

    void measure();
    void set_gauges(std::function<double()> in_flight, std::function<double()> connections,
                    std::function<double()> queued);
    std::expected<void, std::string> listen(const asio::ip::tcp::endpoint& wanted);
    bool wait_until_empty(milliseconds budget);
    void stop();
};

void Server::State::set_gauges(std::function<double()> in_flight,
                               std::function<double()> connections,
                               std::function<double()> queued) {
    metrics.gauge("preau_http_requests_in_flight", "Requests being handled", std::move(in_flight));
    metrics.gauge("preau_http_connections", "Open connections", std::move(connections));
    metrics.gauge("preau_worker_queue_length", "Requests that wait for a worker",
                  std::move(queued));
}

void Server::State::measure() {
    static const std::vector<double> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                             0.1,    0.25,  0.5,    1,     2.5,  5,     10};
    std::vector<std::string> operations;
    for (const Route& route : shared.router.routes())
        operations.push_back(route.operation);
    operations.emplace_back("none");
    for (auto& operation : operations) {
        Meter meter;
        for (int status = 2; status <= 5; ++status) {
            meter.by_class[status] = &metrics.counter(
                "preau_http_requests_total", "Requests answered",
                {{"operation", operation}, {"status", std::to_string(status) + "xx"}});
        }
        meter.duration_s = &metrics.histogram("preau_http_request_duration_seconds",
                                              "From the complete head to the finished answer",
                                              kBounds, {{"operation", operation}});
        meter.operation = std::move(operation);
        shared.meters.push_back(std::move(meter));
    }
    const auto value_of = [](const std::atomic<std::size_t>& number) {
        return [&number] { return static_cast<double>(number.load(std::memory_order_relaxed)); };
    };
    set_gauges(value_of(shared.in_flight), value_of(shared.connections),
               [&pool = shared.pool] { return static_cast<double>(pool.queued()); });
}

// SO_REUSEPORT lets two servers share a port in silence; a bind without it finds the other one out.
std::expected<void, std::string> probe(const asio::ip::tcp::endpoint& endpoint) {
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor(context);
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) return {};
    const std::string where =
        endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
    if (error == asio::error::address_in_use) {
        return std::unexpected(where + " is in use by another program");
    }
    return std::unexpected("cannot listen on " + where + ": " + error.message());
}

std::expected<void, std::string> Server::State::listen(const asio::ip::tcp::endpoint& wanted) {
    if (auto free = probe(wanted); !free) return free;
    asio::ip::tcp::endpoint endpoint = wanted;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, shared.options.io_threads); ++i) {
        auto loop = std::make_unique<IoLoop>(shared);
        boost::system::error_code error;
        Acceptor& acceptor = loop->acceptor;
        acceptor.open(endpoint.protocol(), error);
        const int yes = 1;
        if (!error) {
            acceptor.set_option(asio::socket_base::reuse_address(true), error);
            setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
        }
        if (!error) acceptor.bind(endpoint, error);
        if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error) return std::unexpected("cannot listen: " + error.message());
        endpoint.port(acceptor.local_endpoint().port());  // the others join the first
        loops.push_back(std::move(loop));
    }
    port = endpoint.port();
    return {};
}

bool Server::State::wait_until_empty(milliseconds budget) {
    std::unique_lock lock(shared.mutex);
    return shared.changed.wait_for(lock, budget, [this] {
        return shared.loops_closed.load() == loops.size() && shared.connections.load() == 0 &&
               shared.jobs.load() == 0;
    });
}

void Server::State::stop() {
    {
        // A handler that a worker is running refers to its connection, and a connection to its
        // loop.
        std::unique_lock lock(shared.mutex);
        shared.changed.wait(
            lock, [this] { return shared.jobs.load() == 0 && shared.connections.load() == 0; });
    }
    for (auto& guard : guards)
        guard.reset();
    for (auto& loop : loops)
        loop->context.stop();
    for (auto& thread : threads)
        thread.join();
    threads.clear();
}

Server::Server(ServerOptions options, const Router& router, exec::WorkerPool& pool,
               observe::Registry& metrics)
    : state_(std::make_unique<State>(std::move(options), router, pool, metrics)) {
    Shared& shared = state_->shared;
    shared.limits = {.head_bytes_max = shared.options.head_bytes_max,
                     .target_bytes_max = shared.options.target_bytes_max,
                     .fields_max = shared.options.fields_max,
                     .hosts_allowed = shared.options.hosts_allowed};
    shared.connections_max = allowed_connections(shared.options);
    state_->measure();
}

Server::~Server() {
    // The registry lives on and must not ask what is gone.
    const auto nothing = [] { return 0.0; };
    state_->set_gauges(nothing, nothing, nothing);
    if (state_->threads.empty()) return;
    drain(milliseconds{0});
    state_->stop();
}

std::expected<void, std::string> Server::start() {
    const std::string& name = state_->shared.options.address;
    boost::system::error_code error;
    const auto address = asio::ip::make_address(name == "localhost" ? "127.0.0.1" : name, error);
    if (error) return std::unexpected("\"" + name + "\" is not an address to listen on");
    const asio::ip::tcp::endpoint endpoint(address, state_->shared.options.port);
    if (auto listening = state_->listen(endpoint); !listening) return listening;
    for (std::size_t i = 0; i < state_->loops.size(); ++i) {
        IoLoop& loop = *state_->loops[i];
        state_->guards.emplace_back(loop.context.get_executor());
        asio::co_spawn(loop.context.get_executor(), accept_all(loop), asio::detached);
        state_->threads.emplace_back("io-" + std::to_string(i), [&loop] { loop.context.run(); });
    }
    return {};
}

std::uint16_t Server::port() const {
    return state_->port;
}

std::size_t Server::connections() const {
    return state_->shared.connections.load();
}

bool Server::drain(milliseconds budget) {
    if (state_->threads.empty() || state_->shared.draining.load()) return true;
    state_->shared.draining.store(true);
    for (auto& loop : state_->loops) {
        auto begin = [target = loop.get()] { target->begin_drain(); };
        asio::post(loop->context, std::move(begin));
    }
    if (!state_->wait_until_empty(budget)) {
        for (auto& loop : state_->loops) {
            auto abort = [target = loop.get()] { target->abort_all(); };
            asio::post(loop->context, std::move(abort));
        }
        return false;  // a handler may hang, so the threads are left to the destructor
    }
    state_->stop();
    return true;
}

}  // namespace preau::net
