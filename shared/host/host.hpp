#pragma once
// The frame of every service: command line, configuration, log, data-directory lock, database and
// migrations, health and metrics routes, server, and the order of an orderly end. A service's
// main.cpp names its parts and wires its routes; everything else is here.
//
//     int main(int argc, char** argv) {
//         preau::host::Service service{.name = "inventory", .migrations = {…}, .wire = wire};
//         return preau::host::run(argc, argv, service);
//     }

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/outbox.hpp"
#include "shared/events/reader.hpp"
#include "shared/exec/ticker.hpp"
#include "shared/host/config.hpp"
#include "shared/host/peers.hpp"
#include "shared/net/router.hpp"
#include "shared/observe/metrics.hpp"
#include "shared/security/identity.hpp"

namespace preau::host {

class Host;

struct Command {
    std::string name;  // "import-open-data"
    std::string help;
    /// Arguments after the name; the process's exit code.
    std::function<int(Host&, const std::vector<std::string>& arguments)> run;
};

struct Service {
    std::string name;                                        // "inventory": binary preau-inventory
    std::vector<std::span<const db::Migration>> migrations;  // empty: no database
    bool durable = false;                                    // SQLite synchronous=FULL
    std::size_t worker_threads = 4;                          // default of [server] worker_threads
    std::function<void(Host&)> wire;                         // adds routes, readers, jobs
    std::vector<Command> commands;
};

class Host {
public:
    struct State;  // known inside shared/host only

    Host();
    ~Host();

    const Config& config() const;
    const base::Clock& clock() const;  // business time
    const base::Clock& machine_clock() const;
    db::Database& database();
    events::Outbox& outbox();  // present when there is a database
    net::Router& router();
    /// A header of the answers that no handler makes (refusals of the server, overload).
    void add_own_answer_header(std::string name, std::string value);
    observe::Registry& metrics();
    Peers& peers();  // calls to other services, signed as this one
    const std::string& data_dir() const;
    /// This service's own key; only accounts needs it, to speak for people.
    const security::Signer& signer() const;

    /// The caller of a request: anonymous without a token, `unauthenticated` with a bad one.
    base::Result<security::Identity> identify(const net::Request& request) const;
    /// As identify, but an anonymous caller is `unauthenticated` too.
    base::Result<security::Identity> require(const net::Request& request) const;
    /// For feeds and commands between services.
    base::Result<void> require_service(const net::Request& request) const;

    /// Starts following a peer's feed once the service runs; /readyz waits for its first snapshot.
    events::Reader& follow(const std::string& feed, std::unique_ptr<events::Sink> sink);
    /// Calls `step` on a thread of its own, again after the pause that it gives.
    void repeat(std::string name, std::function<std::chrono::milliseconds()> step);
    /// One more condition of /readyz.
    void ready_when(std::string name, std::function<bool()> condition);

private:
    friend int run(int, char**, const Service&);
    std::unique_ptr<State> state_;
};

/// Runs a command of the service, or serves until SIGTERM or SIGINT: readiness answers 503, the
/// port is closed, requests under way end (at most 10 s), jobs stop, the database is checkpointed,
/// exit 0. A second signal, or the budget overrun, exits 1.
///   preau-<name> [serve]        --config, PREAU_CONFIG, PREAU_DATA_DIR, PREAU_DATABASE, …
///   preau-<name> keygen         makes keys/<name>.key and prints the public key
///   preau-<name> migrate        brings the schema up to date and ends
///   preau-<name> <command> …
int run(int argc, char** argv, const Service& service);

}  // namespace preau::host
