#pragma once
// What stands behind Database. Internal to shared/db.

#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

#include "shared/db/connections.hpp"
#include "shared/db/database.hpp"
#include "shared/db/link.hpp"
#include "shared/db/ticket_lock.hpp"
#include "shared/db/url.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::db {

/// What the database counts of itself; nothing without a registry.
struct Instruments {
    observe::Registry* registry = nullptr;

    void finished(bool write, std::string_view result, double seconds) const;
    void retried(ErrorKind kind) const;
};

struct Database::State {
    DatabaseOptions options;
    Instruments instruments;
    std::function<void(std::uint64_t)> listener;
    TicketLock writer;  // SQLite's one place
    Connections connections;

    State(DatabaseOptions options_of, Address address, observe::Registry* metrics)
        : options(std::move(options_of)),
          instruments{metrics},
          connections(std::move(address), options.durable) {}

    bool sqlite() const { return connections.address.engine == Engine::sqlite; }
    void log_slow(bool write, const Link& link, std::chrono::steady_clock::time_point start) const;
};

}  // namespace preau::db
