// preau-stripe-simulator: a payment provider that moves no money, for tests and the demonstration.
//
//   --listen 127.0.0.1:PORT  --secret-key sk_test_…  --webhook-url URL  --webhook-secret whsec_…
//   --state FILE  --seed N
//
// PREAU_CLOCK_FILE moves its business time together with that of the services. It refuses a live
// key.

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "shared/base/clock.hpp"
#include "shared/exec/ticker.hpp"
#include "shared/net/server.hpp"
#include "tests/simulators/stripe/api.hpp"
#include "tests/simulators/stripe/control.hpp"
#include "tests/simulators/stripe/hosted_page.hpp"
#include "tests/simulators/stripe/webhooks.hpp"
#include "tests/simulators/stripe/world.hpp"

namespace {

using namespace preau;

struct Options {
    std::string listen = "127.0.0.1:8090";
    std::string secret_key = "sk_test_simulator";
    std::string webhook_url;
    std::string webhook_secret = "whsec_simulator";
    std::string state = "stripe-simulator.json";
    std::uint64_t seed = 38;
};

std::unique_ptr<base::Clock> business_clock() {
    const char* file = std::getenv("PREAU_CLOCK_FILE");
    if (file != nullptr && *file != '\0') return std::make_unique<base::FileClock>(file);
    return std::make_unique<base::MachineClock>();
}

int serve(const Options& options) {
    using namespace preau::stripe_simulator;
    const auto colon = options.listen.rfind(':');
    net::ServerOptions server_options;
    server_options.address = options.listen.substr(0, colon);
    server_options.port = static_cast<std::uint16_t>(std::stoi(options.listen.substr(colon + 1)));
    server_options.access_log = false;

    const auto clock = business_clock();
    World world(options.state, options.seed, *clock, "http://" + options.listen);
    world.pay_out_daily(true);
    Webhooks webhooks(options.webhook_url, options.webhook_secret, options.seed);
    world.on_event([&](const Json& event) { webhooks.enqueue(event); });
    Api api(world, options.secret_key);

    net::Router router;
    api.add_routes(router);
    add_hosted_page(router, world);
    add_control(router, world, api, webhooks);
    router.add(net::Method::get, "/readyz", "ready",
               [](const net::Request&) { return net::Response::json({{"ready", true}}); });

    observe::Registry metrics;
    exec::WorkerPool pool({.name = "api", .threads = 4, .queue_length_max = 64});
    net::Server server(server_options, router, pool, metrics);
    if (const auto started = server.start(); !started) {
        std::fprintf(stderr, "preau-stripe-simulator: %s\n", started.error().c_str());
        return 1;
    }
    exec::Ticker ticker("expiry", [&world] {
        world.tick();
        return std::chrono::milliseconds(1'000);
    });
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    int received = 0;
    sigwait(&signals, &received);
    return server.drain(std::chrono::seconds(5)) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    // Blocked before any thread starts, so that only sigwait() sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    Options options;
    CLI::App app("A payment provider that moves no money");
    app.add_option("--listen", options.listen, "address:port");
    app.add_option("--secret-key", options.secret_key, "what Authorization must carry");
    app.add_option("--webhook-url", options.webhook_url, "where events are told");
    app.add_option("--webhook-secret", options.webhook_secret, "signs the webhooks");
    app.add_option("--state", options.state, "file that keeps the simulated world");
    app.add_option("--seed", options.seed, "makes the ids repeatable");
    CLI11_PARSE(app, argc, argv);
    if (options.secret_key.starts_with("sk_live") || options.secret_key.starts_with("rk_live")) {
        std::fprintf(stderr, "preau-stripe-simulator: refuses to run beside a live key\n");
        return 2;
    }
    if (!options.listen.starts_with("127.0.0.1:")) {
        std::fprintf(stderr, "preau-stripe-simulator: listens on 127.0.0.1 only\n");
        return 2;
    }
    return serve(options);
}
