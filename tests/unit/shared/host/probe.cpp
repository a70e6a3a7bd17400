// preau-probe: the frame with the least of a service in it.

#include <chrono>
#include <cstdio>
#include <thread>

#include "shared/host/host.hpp"

namespace {

using namespace preau;

constexpr db::Migration kSchema[] = {
    {"probe", 1, "things", "CREATE TABLE thing (id BIGINT NOT NULL, PRIMARY KEY (id)) {table};\n"}};

net::Response sleep_for_ms(const net::Request& request) {
    const std::string text(request.query.get("ms", "0"));
    std::this_thread::sleep_for(std::chrono::milliseconds{std::stoi(text)});
    return net::Response::json({{"slept", text}});
}

void wire(host::Host& host) {
    host.router().add(net::Method::get, "/sleep", "sleep", sleep_for_ms);
    host.router().add(net::Method::get, "/now", "now", [&host](const net::Request&) {
        return net::Response::json({{"business", host.clock().now().seconds},
                                    {"machine", host.machine_clock().now().seconds}});
    });
    host.router().add(net::Method::get, "/who", "who", [&host](const net::Request& request) {
        const auto identity = host.require(request);
        if (!identity) return net::Response::problem(identity.error());
        return net::Response::json({{"actor", identity->actor}});
    });
    host.router().add(
        net::Method::get, "/services", "services", [&host](const net::Request& request) {
            const auto allowed = host.require_service(request);
            return allowed ? net::Response::empty() : net::Response::problem(allowed.error());
        });
    host.router().add(net::Method::get, "/self", "self", [&host](const net::Request& request) {
        const auto answer = host.peers().call("probe", net::Method::get, "/who", nullptr, &request);
        if (!answer) return net::Response::problem(answer.error());
        return net::Response::json(answer->json().value(), answer->status);
    });
    if (host.config().boolean("probe.never_ready", false)) {
        host.ready_when("never", [] { return false; });
    }
    host.repeat("idle", [] { return std::chrono::milliseconds{3'600'000}; });
}

int say(host::Host& host, const std::vector<std::string>& arguments) {
    for (const auto& argument : arguments)
        std::printf("%s\n", argument.c_str());
    return host.database().ping() ? 7 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const host::Service service{.name = "probe",
                                .migrations = {kSchema},
                                .durable = false,
                                .worker_threads = 2,
                                .wire = wire,
                                .commands = {{"say", "prints its arguments", say}}};
    return host::run(argc, argv, service);
}
