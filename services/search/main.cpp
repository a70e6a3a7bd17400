// preau-search: which room is free? An index in memory that follows inventory and booking. Wires
// its parts together.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "services/search/http/handlers.hpp"
#include "services/search/jobs/sinks.hpp"
#include "shared/host/host.hpp"
#include "shared/observe/log.hpp"

namespace {

using namespace preau;

struct Parts {
    Parts(const base::Clock& clock, search::Places loaded)
        : index(clock), places(std::move(loaded)) {}
    search::Index index;
    search::Places places;
};

std::string communes_file(const host::Config& config) {
    const std::string home = host::Config::environment("PREAU_HOME", ".");
    return home + "/" + config.text("search.communes_file", "data/communes_france.csv");
}

void assemble(host::Host& host) {
    auto places = search::Places::load(communes_file(host.config()));
    if (!places) {
        std::fprintf(stderr, "preau-search: %s\n", places.error().detail.c_str());
        std::exit(1);
    }
    const auto parts = std::make_shared<Parts>(host.clock(), std::move(*places));
    auto& inventory = host.follow("inventory", search::inventory_sink(parts->index));
    auto& booking = host.follow("booking", search::booking_sink(parts->index));
    // The routes keep `parts` alive through the function below.
    const auto as_of = [parts, &inventory, &booking] {
        return search::AsOf{inventory.position().seq, booking.position().seq,
                            std::max(inventory.lag_s(), booking.lag_s())};
    };
    search::add_routes(host.router(),
                       {.index = parts->index,
                        .places = parts->places,
                        .as_of = as_of,
                        .departement = host.config().text("instance.departement", "")});
    host.repeat("roll", [parts] {
        parts->index.roll();
        return std::chrono::milliseconds(1'000);
    });
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "search";
    service.wire = assemble;
    return host::run(argc, argv, service);
}
