#include "services/payment/commands.hpp"

#include <cstdio>

#include "services/payment/jobs/demo.hpp"
#include "services/payment/jobs/followers.hpp"
#include "services/payment/store/sql_store.hpp"

namespace preau::payment {

namespace {

/// The establishments as inventory tells them; exits the command when it does not answer.
base::Result<void> catch_up_inventory(host::Host& host) {
    events::ReaderOptions options;
    options.feed = "inventory";
    options.base_url = host.peers().url("inventory");
    options.bearer = [&host] { return host.peers().bearer_for("inventory"); };
    auto caught =
        events::Reader(std::move(options), inventory_sink(host.database()), host.metrics())
            .catch_up();
    if (!caught) return std::unexpected(caught.error());
    return {};
}

int failed(const base::Error& error) {
    std::fprintf(stderr, "preau-payment: %s %s\n", error.code.c_str(), error.detail.c_str());
    return 1;
}

}  // namespace

int run_demo(host::Host& host, const std::vector<std::string>& arguments) {
    const bool fine = arguments.empty() || (arguments.size() == 2 && arguments[0] == "--seed");
    if (!fine || !host.config().demonstration()) {
        std::fprintf(
            stderr, "preau-payment: %s\n",
            fine ? "this configuration is not a demonstration" : "usage: demo [--seed 38]");
        return 2;
    }
    if (const auto caught = catch_up_inventory(host); !caught) return failed(caught.error());
    SqlStore store(host.database(), host.machine_clock(), [] {});
    const auto loaded = demo::load(store);
    if (!loaded) return failed(loaded.error());
    std::printf("%d accounts registered, %d known\n", loaded->registered, loaded->known);
    return 0;
}

int run_account(host::Host& host, const std::vector<std::string>& arguments) {
    const auto signed_on =
        arguments.size() == 4 ? time::Date::parse(arguments[3]) : std::optional<time::Date>{};
    if (!signed_on || !arguments[1].starts_with("acct_") || arguments[2].empty()) {
        std::fprintf(stderr,
                     "usage: account <uai> <acct_…> <reference of the mandate> <signed on, "
                     "YYYY-MM-DD>\n");
        return 2;
    }
    if (const auto caught = catch_up_inventory(host); !caught) return failed(caught.error());
    SqlStore store(host.database(), host.machine_clock(), [] {});
    const auto kept = store.transact([&](Tx& tx) -> base::Result<std::string> {
        for (const auto& one : tx.establishments()) {
            if (one.uai != arguments[0]) continue;
            if (one.account != arguments[1]) tx.set_account(one.id, arguments[1]);
            tx.set_mandate(one.id, arguments[2], *signed_on);
            return one.name;
        }
        return base::fail("not_found", "no establishment has this UAI");
    });
    if (!kept) return failed(kept.error());
    std::printf("%s is paid at %s\n", kept->c_str(), arguments[1].c_str());
    return 0;
}

}  // namespace preau::payment
