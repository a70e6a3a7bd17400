#include "shared/host/host.hpp"

#include <stdexcept>

#include "shared/host/host_state.hpp"

namespace preau::host {
namespace {

constexpr std::string_view kBearer = "Bearer ";

}  // namespace

Host::Host() : state_(std::make_unique<State>()) {}
Host::~Host() = default;

const Config& Host::config() const {
    return state_->config;
}

const base::Clock& Host::clock() const {
    return *state_->business_clock;
}

const base::Clock& Host::machine_clock() const {
    return state_->machine_clock;
}

db::Database& Host::database() {
    if (!state_->database) throw std::logic_error(state_->service + " has no database");
    return *state_->database;
}

events::Outbox& Host::outbox() {
    if (!state_->outbox) throw std::logic_error(state_->service + " has no database");
    return *state_->outbox;
}

net::Router& Host::router() {
    return state_->router;
}

void Host::add_own_answer_header(std::string name, std::string value) {
    state_->own_answer_headers.emplace_back(std::move(name), std::move(value));
}

observe::Registry& Host::metrics() {
    return state_->metrics;
}

Peers& Host::peers() {
    return *state_->peers;
}

const security::Signer& Host::signer() const {
    if (!state_->signer) throw std::logic_error(state_->service + " has no key: run keygen first");
    return *state_->signer;
}

const std::string& Host::data_dir() const {
    return state_->data_dir;
}

base::Result<security::Identity> Host::identify(const net::Request& request) const {
    const std::string_view header = request.headers.get("authorization");
    if (header.empty()) return security::Identity{};
    if (!header.starts_with(kBearer)) {
        return base::fail("unauthenticated", "Authorization must be a bearer token");
    }
    return state_->verifier->verify(header.substr(kBearer.size()), state_->machine_clock.now());
}

base::Result<security::Identity> Host::require(const net::Request& request) const {
    auto identity = identify(request);
    if (identity && identity->kind == security::ActorKind::anonymous) {
        return base::fail("unauthenticated");
    }
    return identity;
}

base::Result<void> Host::require_service(const net::Request& request) const {
    const auto identity = require(request);
    if (!identity) return std::unexpected(identity.error());
    if (!identity->is_service()) return base::fail("forbidden", "for services only");
    return {};
}

events::Reader& Host::follow(const std::string& feed, std::unique_ptr<events::Sink> sink) {
    events::ReaderOptions options;
    options.feed = feed;
    options.base_url = state_->peers->url(feed);
    options.bearer = [peers = state_->peers.get(), feed] { return peers->bearer_for(feed); };
    options.wait_ms =
        static_cast<std::uint32_t>(state_->config.integer("events.wait_ms", options.wait_ms));
    options.batch_max =
        static_cast<std::uint32_t>(state_->config.integer("events.batch_max", options.batch_max));
    auto reader =
        std::make_unique<events::Reader>(std::move(options), std::move(sink), state_->metrics);
    events::Reader& followed = *reader;
    state_->readers.emplace_back(feed, std::move(reader));
    if (state_->serving.load()) followed.start();
    return followed;
}

void Host::repeat(std::string name, std::function<std::chrono::milliseconds()> step) {
    state_->jobs.push_back({std::move(name), std::move(step)});
}

void Host::ready_when(std::string name, std::function<bool()> condition) {
    state_->conditions.push_back({std::move(name), std::move(condition)});
}

}  // namespace preau::host
