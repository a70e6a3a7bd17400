#pragma once
// What stands behind Host, shared by the files of this folder only.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/host/data_dir.hpp"
#include "shared/host/host.hpp"
#include "shared/net/server.hpp"

namespace preau::host {

struct Job {
    std::string name;
    std::function<std::chrono::milliseconds()> step;
};

struct Condition {
    std::string name;
    std::function<bool()> holds;
};

// Members end in the reverse order: what is used outlives its users.
struct Host::State {
    Config config;
    std::string service;
    std::string data_dir;
    base::MachineClock machine_clock;
    std::unique_ptr<base::Clock> business_clock;
    observe::Registry metrics;
    std::optional<security::Signer> signer;
    std::unique_ptr<security::Verifier> verifier;
    std::unique_ptr<Peers> peers;
    std::unique_ptr<db::Database> database;
    std::unique_ptr<events::Outbox> outbox;
    net::Router router;
    std::vector<std::pair<std::string, std::string>> own_answer_headers;
    std::vector<std::pair<std::string, std::unique_ptr<events::Reader>>> readers;
    std::vector<Job> jobs;
    std::vector<Condition> conditions;
    std::vector<std::unique_ptr<exec::Ticker>> tickers;
    std::atomic<bool> draining{false};
    std::atomic<bool> serving{
        false};  // the server runs: what is followed from now on starts at once
};

/// Opens what a command or the server needs: keys, peers, clocks, database and its schema.
OrComplaint<void> prepare(Host::State& state, const Service& service);
OrComplaint<void> open_database(Host::State& state, const Service& service);

/// /healthz, /readyz, /metrics, and the metrics of the process.
void add_health_routes(Host::State& state);

/// Serves until a signal; the process's exit code.
int serve(Host& host, Host::State& state, const Service& service);

}  // namespace preau::host
