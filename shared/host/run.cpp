// The command line, and what every command stands on: configuration, log, keys, peers, clocks,
// database.

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <malloc.h>
#include <sys/resource.h>

#include "shared/host/host_state.hpp"
#include "shared/json/parse.hpp"
#include "shared/observe/log.hpp"

namespace preau::host {
namespace {

constexpr int kUsageError = 2;

struct CommandLine {
    std::string config_file;
    std::string command = "serve";
    std::vector<std::string> arguments;
    bool help = false;
};

OrComplaint<CommandLine> read_command_line(int argc, char** argv) {
    CommandLine line;
    line.config_file = Config::environment("PREAU_CONFIG");
    int at = 1;
    for (; at < argc; ++at) {
        const std::string_view argument = argv[at];
        if (argument == "--help" || argument == "-h") {
            line.help = true;
        } else if (argument == "--config") {
            if (++at == argc) return std::unexpected("--config needs a file");
            line.config_file = argv[at];
        } else if (argument.starts_with("--config=")) {
            line.config_file = argument.substr(9);
        } else if (argument.starts_with("-")) {
            return std::unexpected("unknown option " + std::string(argument));
        } else {
            line.command = argument;
            ++at;
            break;
        }
    }
    for (; at < argc; ++at)
        line.arguments.emplace_back(argv[at]);
    return line;
}

void print_help(const Service& service) {
    std::printf("Usage: preau-%s [--config FILE] [command]\n\n", service.name.c_str());
    std::puts("  serve      serves until SIGTERM (default)");
    std::puts("  keygen     makes the signing key when there is none, prints the public key");
    if (!service.migrations.empty()) {
        std::puts("  migrate    brings the schema up to date");
        std::puts("  renew-feed after a backup was restored: readers take everything in anew");
    }
    for (const Command& command : service.commands) {
        std::printf("  %-10s %s\n", command.name.c_str(), command.help.c_str());
    }
    std::puts(
        "\nEnvironment: PREAU_CONFIG, PREAU_DATA_DIR, PREAU_DATABASE, PREAU_LISTEN,\n"
        "PREAU_PUBLIC_URL, PREAU_RUN_FILE, PREAU_CLOCK_FILE, PREAU_LOG_LEVEL");
}

observe::Level level_named(std::string_view name) {
    if (name == "debug") return observe::Level::debug;
    if (name == "warn") return observe::Level::warn;
    if (name == "error") return observe::Level::error;
    return observe::Level::info;
}

// Many small services share one machine: two malloc arenas instead of eight a core, and as many
// open files as the system grants.
void tune_process() {
    mallopt(M_ARENA_MAX, 2);
    std::signal(SIGPIPE, SIG_IGN);
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

OrComplaint<std::map<std::string, Peer>> read_peers(const Config& config) {
    std::map<std::string, Peer> peers;
    for (const std::string& name : config.tables("peers")) {
        const std::string path = "peers." + name;
        peers[name] = {config.text(path + ".url"), config.text(path + ".public_key")};
    }
    const std::string file = Config::environment("PREAU_RUN_FILE");
    if (file.empty()) return peers;
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto run = json::parse(text);
    if (!in || !run || !run->is_object() || !run->contains("services") ||
        !(*run)["services"].is_object()) {
        return std::unexpected("PREAU_RUN_FILE " + file + " is not a run file");
    }
    for (const auto& [name, entry] : (*run)["services"].items()) {
        if (!entry.is_object()) return std::unexpected(file + ": bad entry of " + name);
        peers[name] = {entry.value("url", ""), entry.value("public_key", "")};
    }
    return peers;
}

OrComplaint<void> choose_clock(Host::State& state) {
    const std::string file = Config::environment("PREAU_CLOCK_FILE");
    if (file.empty()) {
        state.business_clock = std::make_unique<base::MachineClock>();
        return {};
    }
    if (state.config.production()) {
        return std::unexpected("PREAU_CLOCK_FILE is refused in production: time cannot be moved");
    }
    if (Config::environment("STRIPE_SECRET_KEY").starts_with("sk_live_")) {
        return std::unexpected("PREAU_CLOCK_FILE is refused with a real Stripe key");
    }
    state.business_clock = std::make_unique<base::FileClock>(file);
    return {};
}

}  // namespace

OrComplaint<void> prepare(Host::State& state, const Service& service) {
    auto key = load_key(state.data_dir, service.name);
    if (!key) return std::unexpected(key.error());
    if (*key) state.signer.emplace(service.name, (*key)->secret_key);
    auto peers = read_peers(state.config);
    if (!peers) return std::unexpected(peers.error());
    std::map<std::string, std::string> issuers;
    for (const auto& [name, peer] : *peers) {
        if (!peer.public_key.empty()) issuers[name] = peer.public_key;
    }
    if (*key) {
        const auto known = issuers.find(service.name);
        if (known != issuers.end() && known->second != (*key)->public_key) {
            return std::unexpected("the key of " + service.name +
                                   " is not the one that the others know: run keygen again and "
                                   "renew the run file");
        }
        issuers[service.name] = (*key)->public_key;
    }
    state.verifier = std::make_unique<security::Verifier>(service.name, std::move(issuers));
    state.peers = std::make_unique<Peers>(
        std::move(*peers), state.signer ? &*state.signer : nullptr, &state.machine_clock);
    return choose_clock(state);
}

OrComplaint<void> open_database(Host::State& state, const Service& service) {
    if (service.migrations.empty()) return {};
    db::DatabaseOptions options;
    options.url = Config::environment("PREAU_DATABASE", "sqlite");
    if (options.url == "sqlite")
        options.url = "sqlite:" + state.data_dir + "/" + service.name + ".db";
    options.durable = service.durable;
    options.slow_query = std::chrono::milliseconds{
        state.config.integer("database.slow_query_ms", options.slow_query.count())};
    auto database = db::Database::open(std::move(options), &state.metrics);
    if (!database)
        return std::unexpected("the database cannot be opened: " + database.error().detail);
    state.database = std::move(*database);
    std::vector<std::span<const db::Migration>> steps{events::migrations()};
    steps.insert(steps.end(), service.migrations.begin(), service.migrations.end());
    for (const auto& step : steps) {
        if (auto migrated = state.database->migrate(step); !migrated) {
            return std::unexpected("the schema cannot be used: " + migrated.error().detail);
        }
    }
    state.outbox = std::make_unique<events::Outbox>(*state.database, state.metrics);
    return {};
}

namespace {

int complain(const Service& service, const std::string& what) {
    std::fprintf(stderr, "preau-%s: %s\n", service.name.c_str(), what.c_str());
    return 1;
}

int print_public_key(const Host::State& state, const Service& service) {
    const auto key = make_key(state.data_dir, service.name);
    if (!key) return complain(service, key.error());
    std::puts(key->public_key.c_str());
    return 0;
}

int run_command(Host& host, Host::State& state, const Service& service, const CommandLine& line) {
    if (line.command == "serve") {
        if (!state.signer) return complain(service, "no signing key: run keygen first");
        return serve(host, state, service);
    }
    if (auto opened = open_database(state, service); !opened) {
        return complain(service, opened.error());
    }
    if (line.command == "migrate") return 0;
    if (line.command == "renew-feed") {
        if (!state.database) return complain(service, "has no database and so no feed");
        const auto renewed = events::renew_feed_id(*state.database);
        if (!renewed) return complain(service, renewed.error().detail);
        std::printf("%s\n", renewed->c_str());
        return 0;
    }
    for (const Command& command : service.commands) {
        if (command.name == line.command) return command.run(host, line.arguments);
    }
    complain(service, "unknown command " + line.command + " (see --help)");
    return kUsageError;
}

}  // namespace

int run(int argc, char** argv, const Service& service) {
    tune_process();
    const auto line = read_command_line(argc, argv);
    if (!line) {
        complain(service, line.error());
        return kUsageError;
    }
    if (line->help) {
        print_help(service);
        return 0;
    }
    try {
        Host host;
        Host::State& state = *host.state_;
        state.service = service.name;
        if (!line->config_file.empty()) {
            auto config = Config::load(line->config_file);
            if (!config) return complain(service, config.error().detail);
            state.config = std::move(*config);
        }
        state.config.prefer(service.name);
        observe::configure_log(
            service.name, level_named(Config::environment("PREAU_LOG_LEVEL",
                                                          state.config.text("log.level", "info"))));
        state.data_dir = Config::environment("PREAU_DATA_DIR",
                                             state.config.text("instance.data_dir", "var/data"));
        if (auto made = make_private_directory(state.data_dir); !made) {
            return complain(service, made.error());
        }
        if (line->command == "keygen") return print_public_key(state, service);
        if (auto prepared = prepare(state, service); !prepared) {
            return complain(service, prepared.error());
        }
        return run_command(host, state, service, *line);
    } catch (const std::exception& thrown) {
        return complain(service, thrown.what());
    }
}

}  // namespace preau::host
