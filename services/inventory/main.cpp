// preau-inventory: what can be lent, where, when and at which price.

#include <iostream>
#include <memory>

#include "services/inventory/http/routes.hpp"
#include "services/inventory/jobs/import_open_data.hpp"
#include "services/inventory/jobs/import_sheets.hpp"
#include "services/inventory/jobs/load_demo.hpp"
#include "services/inventory/store/sql_catalogue.hpp"
#include "shared/host/host.hpp"
#include "shared/time/zone.hpp"
#include "shared/words/home.hpp"

namespace {

using namespace preau;

inventory::SqlCatalogue catalogue_of(host::Host& host) {
    return {host.database(), host.clock(), host.machine_clock(),
            [&host] { host.outbox().notify(); }};
}

void wire(host::Host& host) {
    static std::unique_ptr<inventory::SqlCatalogue> catalogue;
    catalogue = std::make_unique<inventory::SqlCatalogue>(catalogue_of(host));
    inventory::add_routes(
        host.router(), {*catalogue, host.clock(),
                        [&host](const net::Request& request) { return host.identify(request); }});
    host.outbox().add_routes(
        host.router(),
        [&host](db::Session& session, const std::function<void(events::Event)>& emit) {
            inventory::emit_snapshot(session, host.clock().now(), emit);
        },
        [&host](const net::Request& request) { return host.require_service(request); });
}

int refuse(const base::Error& error) {
    std::cerr << error.detail << "\n";
    return 2;
}

base::Result<words::Catalogue> french() {
    return words::Catalogue::load(words::Language::fr,
                                  words::find_home() / "frontend/messages/fr.json");
}

int import_open_data(host::Host& host, const std::vector<std::string>& arguments) {
    const auto options = inventory::import_options(arguments);
    if (!options) return refuse(options.error());
    const auto words = french();
    if (!words) return refuse(words.error());
    inventory::SqlCatalogue catalogue = catalogue_of(host);
    return inventory::import_open_data(catalogue, *options, *words, std::cout);
}

int import_sheets(host::Host& host, const std::vector<std::string>& arguments) {
    const auto options = inventory::sheet_options(arguments);
    if (!options) return refuse(options.error());
    const auto words = french();
    if (!words) return refuse(words.error());
    inventory::SqlCatalogue catalogue = catalogue_of(host);
    const time::Date today = time::Zone::paris().local(host.clock().now()).date;
    return inventory::import_sheets(catalogue, *options, *words, today, std::cout);
}

int load_demo(host::Host& host, const std::vector<std::string>& arguments) {
    if (!host.config().demonstration()) {
        return refuse(
            {"forbidden", "demonstration rooms need [instance] demonstration = true", {}});
    }
    const auto options = inventory::demo_options(arguments);
    if (!options) return refuse(options.error());
    inventory::SqlCatalogue catalogue = catalogue_of(host);
    const time::Date today = time::Zone::paris().local(host.clock().now()).date;
    return inventory::load_demo(catalogue, *options, today, std::cout);
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "inventory";
    service.migrations = {inventory::migrations()};
    service.wire = wire;
    service.commands = {
        {"import-open-data", "loads colleges and calendars: --data <dir> --departement 38|all",
         import_open_data},
        {"import", "a body's own sheets: --from <folder> --body <id|slug> [--dry-run]",
         import_sheets},
        {"demo", "makes demonstration rooms: --seed 38", load_demo},
    };
    return host::run(argc, argv, service);
}
