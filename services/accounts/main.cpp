// preau-accounts: who people are, for whom they act, and who may do what. Wires its parts together.
#include <charconv>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "services/accounts/http/routes.hpp"
#include "services/accounts/jobs/arguments.hpp"
#include "services/accounts/jobs/bootstrap.hpp"
#include "services/accounts/jobs/demo.hpp"
#include "services/accounts/jobs/import_associations.hpp"
#include "services/accounts/store/facts.hpp"
#include "services/accounts/store/sql_store.hpp"
#include "shared/host/host.hpp"
#include "shared/observe/log.hpp"
#include "shared/security/token.hpp"
#include "shared/words/home.hpp"

namespace {

using namespace preau;
using namespace preau::accounts;

constexpr std::chrono::minutes kPrunePause{10};
constexpr int kPruneRows = 1'000;

struct Parts {
    explicit Parts(host::Host& host)
        : store(host.database(), [&host] { host.outbox().notify(); }) {}
    SqlStore store;
    PasswordGate gate;
};

void wire(host::Host& host) {
    auto parts = std::make_shared<Parts>(host);
    const Context context{
        .store = parts->store,
        .gate = parts->gate,
        .machine_clock = host.machine_clock(),
        .business_clock = host.clock(),
        .identify = [&host](const net::Request& request) { return host.identify(request); },
        .sign = [&host, parts](
                    const security::Identity& identity, const std::vector<std::string>& audience,
                    base::Instant now) { return host.signer().sign(identity, audience, now); }};
    add_routes(host.router(), context);
    host.outbox().add_routes(host.router(), emit_all_facts, [&host](const net::Request& request) {
        return host.require_service(request);
    });
    host.repeat("prune", [&host, parts]() -> std::chrono::milliseconds {
        const auto rows = parts->store.prune(host.machine_clock().now(), kPruneRows);
        if (!rows) observe::log(observe::Level::warn, "accounts.prune_failed");
        return kPrunePause;
    });
}

int complain(const base::Error& error) {
    std::fprintf(stderr, "preau-accounts: %s %s\n", error.code.c_str(), error.detail.c_str());
    for (const auto& field : error.fields) {
        std::fprintf(stderr, "  --%s: %s %s\n", field.pointer.substr(1).c_str(), field.code.c_str(),
                     field.detail.c_str());
    }
    return error.code == "bad_request" || error.code == "invalid" ? 2 : 1;
}

int run_bootstrap(host::Host& host, const std::vector<std::string>& arguments) {
    auto given = named_arguments(arguments, {"body", "body-name", "name", "email"});
    if (!given) return complain(given.error());
    SqlStore store(host.database(), [&host] { host.outbox().notify(); });
    const auto token = bootstrap(
        store, {(*given)["body"], (*given)["body-name"], (*given)["name"], (*given)["email"]},
        host.clock().now(), host.machine_clock().now());
    if (!token) return complain(token.error());
    const std::string url = host::Config::environment("PREAU_PUBLIC_URL", "http://127.0.0.1:8080");
    std::printf(
        "One use, 24 hours. POST %s/api/accounts/v1/password with\n"
        "{\"token\":\"%s\",\"password\":\"…\"}\n",
        url.c_str(), token->c_str());
    return 0;
}

int run_import(host::Host& host, std::vector<std::string> arguments) {
    const bool rehearsal = std::erase(arguments, "--dry-run") > 0;
    auto given = named_arguments(arguments, {"from", "body"});
    if (!given) return complain(given.error());
    const auto words = words::Catalogue::load(words::Language::fr,
                                              words::find_home() / "frontend/messages/fr.json");
    if (!words) return complain(words.error());
    SqlStore store(host.database(), [&host] { host.outbox().notify(); });
    return import_associations(store, {(*given)["from"], (*given)["body"], rehearsal}, *words,
                               host.clock().now(), std::cout);
}

int run_demo(host::Host& host, const std::vector<std::string>& arguments) {
    auto given = named_arguments(arguments, {"seed", "body"});
    if (!given) return complain(given.error());
    if (!host.config().demonstration()) {
        return complain({"bad_request", "this configuration is not a demonstration", {}});
    }
    if (given->contains("body") && (*given)["body"] != "isere") {
        return complain({"bad_request", "the demonstration knows only the body isere", {}});
    }
    const std::string seed_text = given->contains("seed") ? (*given)["seed"] : "38";
    std::uint32_t seed = 0;
    const char* const end = seed_text.data() + seed_text.size();
    if (std::from_chars(seed_text.data(), end, seed).ptr != end || seed_text.empty()) {
        return complain({"bad_request", "--seed needs a number", {}});
    }
    SqlStore store(host.database(), [&host] { host.outbox().notify(); });
    const auto loaded =
        load_demo(store, seed, host.data_dir(), host.clock().now(), host.machine_clock().now());
    if (!loaded) return complain(loaded.error());
    std::printf("%zu organisations, %zu people, %zu accounts: %s\n", loaded->organisations,
                loaded->people, loaded->accounts, loaded->accounts_file.c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service{
        .name = "accounts",
        .migrations = {accounts::migrations()},
        .worker_threads = 8,  // four may be busy with passwords (PasswordGate)
        .wire = wire,
        .commands = {
            {"bootstrap",
             "makes the first administrator: --body SLUG --body-name NAME --name NAME --email E",
             run_bootstrap},
            {"import", "the associations a body knows: --from <folder> --body <slug> [--dry-run]",
             run_import},
            {"demo", "loads the demonstration: [--seed 38] [--body isere]", run_demo}}};
    return host::run(argc, argv, service);
}
