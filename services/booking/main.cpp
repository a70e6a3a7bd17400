// preau-booking: everything that occupies time. Wires its parts together.

#include <cstdio>
#include <iostream>
#include <memory>

#include "preau_migrations_booking.hpp"
#include "services/booking/http/desk_api.hpp"
#include "services/booking/jobs/demo.hpp"
#include "services/booking/jobs/followers.hpp"
#include "services/booking/jobs/import_bookings.hpp"
#include "services/booking/jobs/payment_peer.hpp"
#include "services/booking/jobs/settings.hpp"
#include "services/booking/jobs/timers.hpp"
#include "services/booking/jobs/zone_watch.hpp"
#include "services/booking/store/events.hpp"
#include "services/booking/store/sql_store.hpp"
#include "services/booking/terms/current.hpp"
#include "shared/host/host.hpp"
#include "shared/observe/log.hpp"
#include "shared/words/home.hpp"

namespace {

using namespace preau;
using namespace preau::booking;

constexpr std::int64_t kSnapshotBack_s = 7 * 86'400;

struct Parts {
    explicit Parts(host::Host& host)
        : store(host.database(), host.machine_clock(), [&host] { host.outbox().notify(); }),
          desk(settings_of(host.config(), current_terms()), host.clock(), host.machine_clock()) {}
    SqlStore store;
    Desk desk;
};

void wire_up(host::Host& host) {
    auto parts = std::make_shared<Parts>(host);
    http::add_routes(host.router(),
                     {parts->store, parts->desk,
                      [&host](const net::Request& request) { return host.require(request); }});
    host.outbox().add_routes(
        host.router(),
        [&host](db::Session& session, const std::function<void(events::Event)>& emit) {
            emit_snapshot(session, host.clock().now() + -kSnapshotBack_s, emit);
        },
        [&host](const net::Request& request) { return host.require_service(request); });
    host.follow("inventory", inventory_sink(host.database(), parts->store.facts()));
    host.follow("accounts", accounts_sink(host.database(), parts->store.facts(), parts->desk,
                                          host.machine_clock()));
    if (host.peers().url("payment").empty()) {
        // An installation without payment: what is to be paid before keeps its time and waits.
        observe::log(observe::Level::warn, "payment.absent", {});
    } else {
        host.follow("payment", payment_sink(host.database(), parts->store.facts(), parts->desk,
                                            host.machine_clock()));
    }
    host.repeat("unpaid", [parts, cancel = cancel_through(host.peers())] {
        return release_unpaid(parts->store, parts->desk, cancel);
    });
    host.repeat("zones", [parts, &host] {
        return follow_zones(host.database(), parts->store, host.clock());
    });
    host.repeat("quotes", [parts] { return prune_quotes(parts->store, parts->desk); });
    host.repeat("settle", [parts] { return settle_decisions(parts->store, parts->desk); });
    host.repeat("closures", [parts] { return finish_bulk_closures(parts->store, parts->desk); });
    host.repeat("overdue", [parts] { return tell_overdue(parts->store, parts->desk); });
    host.repeat("ends", [parts] { return end_what_is_past(parts->store, parts->desk); });
}

int complain(const base::Error& error) {
    std::fprintf(stderr, "preau-booking: %s %s\n", error.code.c_str(), error.detail.c_str());
    return error.code == "invalid" ? 2 : 1;
}

base::Result<void> catch_up(host::Host& host, const std::string& feed,
                            std::unique_ptr<events::Sink> sink) {
    events::ReaderOptions options;
    options.feed = feed;
    options.base_url = host.peers().url(feed);
    options.bearer = [&host, feed] { return host.peers().bearer_for(feed); };
    return events::Reader(std::move(options), std::move(sink), host.metrics()).catch_up();
}

/// Rooms and hirers as their owners tell them now.
base::Result<void> know_others(host::Host& host, Parts& parts) {
    auto done = catch_up(host, "inventory", inventory_sink(host.database(), parts.store.facts()));
    if (!done) return done;
    return catch_up(
        host, "accounts",
        accounts_sink(host.database(), parts.store.facts(), parts.desk, host.machine_clock()));
}

int run_import(host::Host& host, const std::vector<std::string>& arguments) {
    const auto options = import_options(arguments);
    if (!options) return complain(options.error());
    const auto words = words::Catalogue::load(words::Language::fr,
                                              words::find_home() / "frontend/messages/fr.json");
    if (!words) return complain(words.error());
    Parts parts(host);
    if (const auto known = know_others(host, parts); !known) return complain(known.error());
    return import_bookings(parts.store, parts.desk, find_through(host.peers()), *options, *words,
                           std::cout);
}

int run_demo(host::Host& host, const std::vector<std::string>& arguments) {
    const auto seed = demo::seed_of(arguments);
    if (!seed) return complain(seed.error());
    if (!host.config().demonstration()) {
        return complain({"invalid", "this configuration is not a demonstration", {}});
    }
    Parts parts(host);
    if (const auto known = know_others(host, parts); !known) return complain(known.error());
    const auto loaded = demo::load(host.database(), parts.store, parts.desk, *seed);
    if (!loaded) return complain(loaded.error());
    std::printf(
        "%d bookings made (%d dates), %d known, %d left out, %d closures, %d planted clashes\n",
        loaded->created, loaded->occurrences, loaded->known, loaded->left_out, loaded->closures,
        loaded->clashes);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "booking";
    service.migrations = {events::migrations(), migrations_booking};
    service.durable = true;
    service.worker_threads = 8;
    service.wire = wire_up;
    service.commands = {
        {"import", "a body's existing bookings: --from <folder> [--dry-run]", run_import},
        {"demo", "loads demonstration bookings: [--seed 38]", run_demo}};
    return host::run(argc, argv, service);
}
