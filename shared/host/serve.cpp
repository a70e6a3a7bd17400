// The life of a serving process: start, wait for a signal, and the order of an orderly end.

#include <csignal>
#include <ctime>

#include <pthread.h>
#include <unistd.h>

#include "shared/db/idempotency.hpp"
#include "shared/exec/thread.hpp"
#include "shared/exec/worker_pool.hpp"
#include "shared/host/host_state.hpp"
#include "shared/host/idle_memory.hpp"
#include "shared/host/traffic_recorder.hpp"
#include "shared/observe/log.hpp"

namespace preau::host {
namespace {

using observe::Level;
using std::chrono::milliseconds;

// What the end may take besides the requests under way: jobs, readers (they look up once a second),
// queued work, the database's checkpoint.
constexpr milliseconds kStopMarginMax{5'000};

milliseconds ms(const Config& config, std::string_view path, milliseconds otherwise) {
    return milliseconds{config.integer(path, otherwise.count())};
}

std::size_t size(const Config& config, std::string_view path, std::size_t otherwise) {
    return static_cast<std::size_t>(config.integer(path, static_cast<std::int64_t>(otherwise)));
}

// "http://host:port/…" -> "host:port"
std::string authority_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    return std::string(url.substr(0, url.find('/')));
}

std::vector<std::string> hosts_allowed(const Host::State& state) {
    std::vector<std::string> hosts = state.config.list("server.hosts_allowed");
    for (const auto& host : hosts) {
        if (host == "*") return {};
    }
    for (const char* own : {"localhost", "127.0.0.1", "[::1]"})
        hosts.emplace_back(own);
    for (const std::string& url :
         {Config::environment("PREAU_PUBLIC_URL"), state.config.text("instance.public_url"),
          state.peers->url(state.service)}) {
        if (!url.empty()) hosts.push_back(authority_of(url));
    }
    return hosts;
}

OrComplaint<net::ServerOptions> server_options(const Host::State& state) {
    const Config& config = state.config;
    net::ServerOptions o;
    const std::string listen =
        Config::environment("PREAU_LISTEN", config.text("server.listen", "127.0.0.1:8080"));
    const auto colon = listen.rfind(':');
    const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || std::stoi(port) > 65'535) {
        return std::unexpected("PREAU_LISTEN must be host:port, not \"" + listen + "\"");
    }
    o.address = listen.substr(0, colon);
    if (o.address.starts_with('[') && o.address.ends_with(']')) {
        o.address = o.address.substr(1, o.address.size() - 2);
    }
    o.port = static_cast<std::uint16_t>(std::stoi(port));
    o.hosts_allowed = hosts_allowed(state);
    o.own_answer_headers = state.own_answer_headers;
    o.io_threads = size(config, "server.io_threads", o.io_threads);
    o.head_bytes_max = size(config, "server.head_bytes_max", o.head_bytes_max);
    o.target_bytes_max = size(config, "server.target_bytes_max", o.target_bytes_max);
    o.fields_max = size(config, "server.fields_max", o.fields_max);
    o.chunk_extension_bytes_max =
        size(config, "server.chunk_extension_bytes_max", o.chunk_extension_bytes_max);
    o.head_time_max = ms(config, "server.head_ms_max", o.head_time_max);
    o.body_time_max = ms(config, "server.body_ms_max", o.body_time_max);
    o.body_bytes_per_second_min =
        size(config, "server.body_bytes_per_second_min", o.body_bytes_per_second_min);
    o.body_grace_time = ms(config, "server.body_grace_ms", o.body_grace_time);
    o.idle_time_max = ms(config, "server.idle_ms_max", o.idle_time_max);
    o.write_time_max = ms(config, "server.write_ms_max", o.write_time_max);
    o.linger_time_max = ms(config, "server.linger_ms_max", o.linger_time_max);
    o.long_poll_time_max = ms(config, "server.long_poll_ms_max", o.long_poll_time_max);
    o.deadline_default = ms(config, "server.deadline_ms_default", o.deadline_default);
    o.deadline_max = ms(config, "server.deadline_ms_max", o.deadline_max);
    o.drain_idle_time = ms(config, "server.drain_idle_ms", o.drain_idle_time);
    o.connections_max = size(config, "server.connections_max", o.connections_max);
    o.connections_reserved = size(config, "server.connections_reserved", o.connections_reserved);
    o.files_reserved = size(config, "server.files_reserved", o.files_reserved);
    o.requests_per_connection_max =
        size(config, "server.requests_per_connection_max", o.requests_per_connection_max);
    o.access_log = config.boolean("server.access_log", o.access_log);
    return o;
}

exec::WorkerPoolOptions pool_options(const Config& config, const Service& service) {
    exec::WorkerPoolOptions o;
    o.threads = size(config, "server.worker_threads", service.worker_threads);
    o.queue_length_max = o.threads * size(config, "server.queue_length_max_per_worker", 4);
    o.queue_wait_max = ms(config, "server.queue_wait_ms_max", o.queue_wait_max);
    return o;
}

void start_jobs(Host::State& state) {
    if (state.outbox) state.outbox->start();
    state.serving.store(true);
    for (auto& [feed, reader] : state.readers)
        reader->start();
    for (const Job& job : state.jobs) {
        state.tickers.push_back(std::make_unique<exec::Ticker>(job.name, job.step));
    }
}

// Requests first, then what feeds them, then the work that both queued, then the database.
bool stop_in_order(Host::State& state, net::Server& server, exec::WorkerPool& pool) {
    state.draining.store(true);
    const milliseconds notice = ms(state.config, "server.drain_notice_ms", milliseconds{0});
    if (notice > milliseconds{0}) usleep(static_cast<useconds_t>(notice.count() * 1'000));
    const bool answered =
        server.drain(ms(state.config, "server.drain_ms_max", milliseconds{10'000}));
    // All at once: each may have to wait for its poll to end.
    for (auto& [feed, reader] : state.readers)
        reader->begin_stop();
    for (auto& [feed, reader] : state.readers)
        reader->stop();
    for (auto& ticker : state.tickers)
        ticker->stop();
    if (state.outbox) state.outbox->stop();
    if (answered) pool.drain();
    return answered;
}

// Waits for the end of the orderly stop in `finished_by` (SIGUSR1 from the stopping thread); a
// second SIGTERM or SIGINT, or the time being over, ends the process at once.
void guard_the_stop(const sigset_t& signals, milliseconds budget) {
    timespec left{static_cast<time_t>(budget.count() / 1'000),
                  static_cast<long>(budget.count() % 1'000) * 1'000'000};
    const int caught = sigtimedwait(&signals, nullptr, &left);
    if (caught == SIGUSR1) return;
    observe::log(Level::error, caught > 0 ? "service.stop_forced" : "service.stop_overran");
    _exit(1);
}

void prune_idempotency_keys(Host& host) {
    const auto step = [&host] {
        constexpr int kBatch = 1'000;
        const auto pruned = host.database().transact([&](db::Session& session) {
            return base::Result<int>(db::prune_keys(session, host.machine_clock().now()));
        });
        const bool more = pruned && *pruned >= kBatch;
        return more ? milliseconds{100} : milliseconds{3'600'000};
    };
    host.repeat("prune-keys", step);
}

}  // namespace

int serve(Host& host, Host::State& state, const Service& service) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGUSR1})
        sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const auto complain = [](const std::string& what) {
        observe::log(Level::error, "service.cannot_start", {{"why", std::string_view(what)}});
        return 1;
    };
    auto lock = DataDirLock::take(state.data_dir, service.name);
    if (!lock) return complain(lock.error());
    if (auto opened = open_database(state, service); !opened) return complain(opened.error());
    add_health_routes(state);
    if (service.wire) service.wire(host);
    if (state.database) prune_idempotency_keys(host);
    host.repeat("idle-memory", [memory = IdleMemory{}]() mutable { return memory.step(); });
    const std::string traffic = Config::environment("PREAU_RECORD_TRAFFIC");
    if (!traffic.empty() && state.config.production()) {
        return complain("PREAU_RECORD_TRAFFIC is for tests only");
    }
    if (!traffic.empty()) record_traffic(state.router, traffic, service.name);

    auto options = server_options(state);
    if (!options) return complain(options.error());
    exec::WorkerPool pool(pool_options(state.config, service));
    net::Server server(*options, state.router, pool, state.metrics);
    if (auto started = server.start(); !started) return complain(started.error());
    start_jobs(state);
    observe::log(Level::info, "service.started",
                 {{"address", std::string_view(options->address)}, {"port", server.port()}});

    int caught = 0;
    do {
        sigwait(&signals, &caught);
    } while (caught == SIGUSR1);
    observe::log(Level::info, "service.stopping", {{"signal", caught}});
    bool answered = false;
    const pthread_t main_thread = pthread_self();
    exec::Thread stopper("stop", [&] {
        answered = stop_in_order(state, server, pool);
        pthread_kill(main_thread, SIGUSR1);
    });
    const milliseconds budget = ms(state.config, "server.drain_notice_ms", milliseconds{0}) +
                                ms(state.config, "server.drain_ms_max", milliseconds{10'000}) +
                                kStopMarginMax;
    guard_the_stop(signals, budget);
    stopper.join();
    observe::log(Level::info, "service.stopped", {{"all_answered", answered}});
    if (!answered) _exit(1);  // a handler hangs: waiting for it again would be in vain
    return 0;
}

}  // namespace preau::host
