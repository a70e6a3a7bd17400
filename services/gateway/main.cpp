// preau-gateway: every page, the front of the JSON API, and nothing durable.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "services/gateway/edge/proxy.hpp"
#include "services/gateway/edge/sessions.hpp"
#include "services/gateway/pages/availability.hpp"
#include "services/gateway/pages/directory.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/site.hpp"
#include "services/gateway/pages/values.hpp"
#include "shared/host/host.hpp"
#include "shared/security/digest.hpp"
#include "shared/words/home.hpp"

namespace {

using namespace preau;
namespace fs = std::filesystem;

constexpr std::size_t kWorkerThreads = 16;  // each may wait for another service

std::string read_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

/// The secret of the forms' tokens: PREAU_FORM_KEY (the same for every replica), else a file of the
/// data directory, made at the first start.
std::string form_key(const std::string& data_dir) {
    constexpr std::size_t kBytesMin = 32;
    if (auto named = host::Config::environment("PREAU_FORM_KEY"); !named.empty()) {
        if (named.size() < kBytesMin) throw std::runtime_error("PREAU_FORM_KEY is too short");
        return named;
    }
    const fs::path file = fs::path(data_dir) / "keys" / "gateway-forms.key";
    fs::create_directories(file.parent_path());
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        const auto fresh = security::random_token() + "\n";
        const bool written =
            ::write(fd, fresh.data(), fresh.size()) == static_cast<ssize_t>(fresh.size());
        ::close(fd);
        if (!written) throw std::runtime_error("cannot write " + file.string());
    }
    auto key = read_line(file);
    if (key.size() < kBytesMin) throw std::runtime_error("no usable key in " + file.string());
    return key;
}

/// Where a payment leads: Stripe's own pages, and the simulator's where the run file names one.
std::vector<std::string> checkout_origins() {
    std::vector<std::string> origins{"https://checkout.stripe.com"};
    std::ifstream in(host::Config::environment("PREAU_RUN_FILE"), std::ios::binary);
    const auto run = nlohmann::json::parse(in, nullptr, false);
    if (!run.is_object()) return origins;
    const auto simulator = gateway::text_of(gateway::member_of(run, "simulator"), "url");
    if (const auto origin = gateway::origin_of(simulator); !origin.empty()) {
        origins.push_back(origin);
    }
    return origins;
}

/// What lives as long as the process; pages hold references to it.
struct Gateway {
    gateway::Sessions sessions;
    gateway::Proxy proxy;
    gateway::Directory directory;
    std::unique_ptr<gateway::Site> site;

    explicit Gateway(host::Host& host) : sessions(host.peers()), proxy(host.peers(), sessions) {
        auto loaded = gateway::Site::load(
            {.home = words::find_home(),
             .public_url = host::Config::environment("PREAU_PUBLIC_URL",
                                                     host.config().text("instance.public_url")),
             .form_key = form_key(host.data_dir()),
             .security_contact = host.config().text("instance.security_contact"),
             .demonstration = host.config().demonstration(),
             .checkout_origins = checkout_origins()},
            host.peers(), sessions, host.clock());
        if (!loaded) throw std::runtime_error(loaded.error().detail);
        site = std::move(*loaded);
    }
};

void wire(host::Host& host) {
    static std::unique_ptr<Gateway> gateway;
    gateway = std::make_unique<Gateway>(host);
    auto& router = host.router();
    auto& site = *gateway->site;
    for (const auto& [name, value] : site.security_headers())
        host.add_own_answer_header(name, value);
    gateway->proxy.add_routes(router);
    site.add_files(router);
    gateway::add_home_pages(site, router, gateway->directory);
    gateway::add_search_pages(site, router, gateway->directory);
    gateway::add_room_pages(site, router);
    const gateway::PageSettings settings{.demonstration = host.config().demonstration(),
                                         .data_dir = host.data_dir()};
    gateway::add_sign_in_pages(site, router, settings);
    gateway::add_request_pages(site, router);
    gateway::add_follow_up_pages(site, router);
    gateway::add_date_pages(site, router);
    gateway::add_document_pages(site, router);
    gateway::add_inbox_pages(site, router);
    gateway::add_availability_pages(site, router);
    gateway::add_planning_pages(site, router, gateway->directory);
    gateway::add_bulk_closure_pages(site, router, gateway->directory);
    gateway::add_counter_pages(site, router, gateway->directory);
    gateway::add_room_office_pages(site, router, gateway->directory);
    gateway::add_payment_pages(site, router);
    gateway::add_finance_pages(site, router, gateway->directory);
    gateway::add_mailbox_pages(site, router, settings);
    gateway::add_text_pages(site, router);
    site.close(router);
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "gateway";
    service.worker_threads = kWorkerThreads;
    service.wire = wire;
    return host::run(argc, argv, service);
}
