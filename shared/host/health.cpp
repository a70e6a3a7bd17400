// What operators and their tools ask a service: does it live, may it get requests, how does it
// fare.

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "shared/host/host_state.hpp"

namespace preau::host {
namespace {

constexpr net::RunOn kInPlace = net::RunOn::io_thread;

net::RouteOptions quick() {
    net::RouteOptions options;
    options.run_on = kInPlace;
    options.never_shed = true;
    return options;
}

net::RouteOptions urgent() {
    net::RouteOptions options;
    options.never_shed = true;
    return options;
}

bool holds(const std::function<bool()>& condition) {
    try {
        return condition();
    } catch (const std::exception&) {
        return false;
    }
}

// {"ready":…, "conditions":{"database":true, "feed:inventory":true, …}}
net::Response readiness(Host::State& state) {
    nlohmann::json conditions = nlohmann::json::object();
    conditions["serving"] = !state.draining.load();
    if (state.database) conditions["database"] = holds([&] { return state.database->ping(); });
    for (const auto& [feed, reader] : state.readers)
        conditions["feed:" + feed] = reader->ready();
    for (const auto& [name, condition] : state.conditions)
        conditions[name] = holds(condition);
    bool ready = true;
    for (const auto& condition : conditions)
        ready = ready && condition.get<bool>();
    return net::Response::json({{"ready", ready}, {"conditions", conditions}}, ready ? 200 : 503);
}

// Figures are for the operator's own machine. A request that a proxy forwarded comes from a
// loopback address too, but says so.
bool is_local(const net::Request& request) {
    const bool forwarded =
        request.headers.find("x-forwarded-for") || request.headers.find("forwarded");
    return !forwarded && (request.peer.starts_with("127.") || request.peer == "::1" ||
                          request.peer.starts_with("::ffff:127."));
}

double resident_bytes() {
    std::ifstream in("/proc/self/statm");
    double pages_total = 0;
    double pages_resident = 0;
    in >> pages_total >> pages_resident;
    return pages_resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_files() {
    std::error_code error;
    double count = 0;
    for (auto at = std::filesystem::directory_iterator("/proc/self/fd", error);
         !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
        ++count;
    }
    return count;
}

double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void add_process_metrics(observe::Registry& metrics) {
    const auto started = static_cast<double>(std::time(nullptr));
    metrics.gauge("process_start_time_seconds", "Start of the process, Unix time",
                  [started] { return started; });
    metrics.gauge("process_resident_memory_bytes", "Resident memory", resident_bytes);
    metrics.gauge("process_open_fds", "Open file descriptors", open_files);
    metrics.gauge("process_cpu_seconds", "Processor time used", cpu_seconds);
}

}  // namespace

void add_health_routes(Host::State& state) {
    const auto live = [](const net::Request&) { return net::Response::json({{"alive", true}}); };
    const auto ready = [&state](const net::Request&) { return readiness(state); };
    const auto metrics = [&state](const net::Request& request) {
        if (!is_local(request)) return net::Response::problem({"not_found", "", {}});
        net::Response response;
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = state.metrics.expose();
        return response;
    };
    add_process_metrics(state.metrics);
    state.router.add(net::Method::get, "/healthz", "healthz", live, quick());
    state.router.add(net::Method::get, "/readyz", "readyz", ready, urgent());
    state.router.add(net::Method::get, "/metrics", "metrics", metrics, urgent());
}

}  // namespace preau::host
