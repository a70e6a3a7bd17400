// preau-hello <port> [io threads]: one JSON route in place and one on a worker, until SIGTERM.

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "shared/net/server.hpp"

int main(int argc, char** argv) {
    using namespace preau;
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, nullptr);

    const auto hello = [](const net::Request& request) {
        return net::Response::json({{"hello", request.params.get("name", "world")}});
    };
    net::Router router;
    router.add(net::Method::get, "/v1/hello", "hello", hello,
               {.run_on = net::RunOn::io_thread, .signal = {}, .after = {}, .wait_ms = {}});
    router.add(net::Method::get, "/v1/workers/{name}", "hello_worker", hello);

    exec::WorkerPool pool({.threads = 2, .queue_length_max = 256});
    observe::Registry metrics;
    net::ServerOptions options;
    options.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
    options.io_threads = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 2);
    options.access_log = false;
    net::Server server(options, router, pool, metrics);
    if (const auto started = server.start(); !started) {
        std::fprintf(stderr, "preau-hello: %s\n", started.error().c_str());
        return 1;
    }
    std::printf("http://127.0.0.1:%d\n", server.port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ends, &signal);
    const bool drained = server.drain(std::chrono::seconds{10});
    pool.drain();
    return drained ? 0 : 1;
}
