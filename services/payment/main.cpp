// preau-payment: money owed, paid, refunded, paid out and matched. Wires its parts together.

#include <cstdio>
#include <memory>
#include <sstream>

#include "preau_migrations_payment.hpp"
#include "services/payment/http/api.hpp"
#include "services/payment/jobs/demo.hpp"
#include "services/payment/jobs/followers.hpp"
#include "services/payment/jobs/timers.hpp"
#include "services/payment/provider/stripe/provider.hpp"
#include "services/payment/store/rows.hpp"
#include "services/payment/store/sql_store.hpp"
#include "shared/host/host.hpp"
#include "shared/words/format.hpp"

namespace {

using namespace preau;
using namespace preau::payment;

[[noreturn]] void refuse_to_start(const char* why) {
    std::fprintf(stderr, "preau-payment: %s\n", why);
    std::exit(2);
}

bool on_loopback(std::string_view url) {
    return url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
}

/// A key that moves real money never meets invented rooms, a simulator or a clock that is not the
/// world's.
stripe::Options stripe_options(const host::Host& host) {
    stripe::Options out;
    out.secret_key = host::Config::environment("STRIPE_SECRET_KEY");
    out.api_base = host::Config::environment("STRIPE_API_BASE", stripe::default_base);
    out.api_version = host::Config::environment("STRIPE_API_VERSION", stripe::default_version);
    out.public_url = host::Config::environment("PREAU_PUBLIC_URL", "http://127.0.0.1:8080");
    out.simulated = on_loopback(out.api_base);
    const bool live =
        out.secret_key.starts_with("sk_live") || out.secret_key.starts_with("rk_live");
    if (live && host.config().demonstration()) {
        refuse_to_start("a live Stripe key is refused in a demonstration");
    }
    if (live && out.simulated) refuse_to_start("a live Stripe key is refused with a simulator");
    if (!out.simulated && !out.api_base.starts_with("https://")) {
        refuse_to_start("STRIPE_API_BASE must be https or on loopback");
    }
    if (!out.simulated && !out.secret_key.empty() &&
        !host::Config::environment("PREAU_CLOCK_FILE").empty()) {
        refuse_to_start("time cannot be moved with a real Stripe key");
    }
    return out;
}

std::vector<std::string> webhook_secrets() {
    std::vector<std::string> out;
    std::istringstream list(host::Config::environment("STRIPE_WEBHOOK_SECRETS"));
    for (std::string one; std::getline(list, one, ',');) {
        if (!one.empty()) out.push_back(one);
    }
    return out;
}

http::AccountNumbers account_numbers(const host::Host& host) {
    http::AccountNumbers out;
    for (int i = 0; i < ledger::account_count; ++i) {
        const auto account = static_cast<ledger::Account>(i);
        const std::string key = "payment.accounts." + std::string(ledger::to_string(account));
        out[account] = host.config().text(key, ledger::default_number(account));
    }
    return out;
}

/// Asks booking for more time to pay.
class BookingOverHttp final : public BookingPeer {
public:
    explicit BookingOverHttp(host::Host& host) : host_(host) {}

    base::Result<base::Instant> extend_pay_by(const base::BookingId& booking) override {
        const nlohmann::json nothing = nlohmann::json::object();
        const auto answer = host_.peers().call("booking", net::Method::post,
                                               "/v1/bookings/" + booking.str() + "/extend-pay-by",
                                               &nothing, nullptr, {}, "extend-" + booking.str());
        if (!answer) return std::unexpected(answer.error());
        const auto body = answer->json();
        if (!body || !body->is_object()) return base::fail("upstream_unavailable", "booking");
        if (!answer->ok()) return base::fail("pay_by_too_close", body->value("code", ""));
        const auto at = words::parse_moment(body->value("pay_by", ""));
        if (!at) return base::fail("upstream_unavailable", "booking gave no moment");
        return *at;
    }

private:
    host::Host& host_;
};

struct Parts {
    explicit Parts(host::Host& host)
        : store(host.database(), host.machine_clock(), [&host] { host.outbox().notify(); }),
          provider(stripe_options(host), host.metrics()),
          booking(host),
          cashier(settings(host), store, provider, booking, host.clock(), host.machine_clock()) {}

    static CashierSettings settings(const host::Host& host) {
        CashierSettings out;
        out.online = !host::Config::environment("STRIPE_SECRET_KEY").empty();
        out.sync_account_s = host.config().integer("payment.sync_account_s", out.sync_account_s);
        out.look_again_s = host.config().integer("payment.look_again_s", out.look_again_s);
        return out;
    }

    SqlStore store;
    stripe::StripeProvider provider;
    BookingOverHttp booking;
    Cashier cashier;
};

void wire_up(host::Host& host) {
    auto parts = std::make_shared<Parts>(host);
    http::add_routes(host.router(),
                     {parts->store, parts->cashier, host.metrics(), host.machine_clock(),
                      webhook_secrets(), account_numbers(host),
                      [&host](const net::Request& request) { return host.require(request); }});
    host.outbox().add_routes(
        host.router(),
        [&host](db::Session& session, const std::function<void(events::Event)>& emit) {
            emit_snapshot(session, host.clock().now(), emit);
        },
        [&host](const net::Request& request) { return host.require_service(request); });
    host.follow("inventory", inventory_sink(host.database()));
    host.follow("booking", booking_sink(host.database(), host.clock(), host.machine_clock()));
    host.repeat("sweep", [parts] { return sweep_payments(parts->cashier); });
    host.repeat("webhooks", [parts] { return handle_webhooks(parts->cashier); });
    host.repeat("calls", [parts] { return resume_provider_calls(parts->cashier); });
    host.repeat("accounts", [parts] { return sync_provider_accounts(parts->cashier); });
}

int run_demo(host::Host& host, const std::vector<std::string>& arguments) {
    const bool fine = arguments.empty() || (arguments.size() == 2 && arguments[0] == "--seed");
    if (!fine || !host.config().demonstration()) {
        std::fprintf(
            stderr, "preau-payment: %s\n",
            fine ? "this configuration is not a demonstration" : "usage: demo [--seed 38]");
        return 2;
    }
    events::ReaderOptions options;
    options.feed = "inventory";
    options.base_url = host.peers().url("inventory");
    options.bearer = [&host] { return host.peers().bearer_for("inventory"); };
    const auto caught =
        events::Reader(std::move(options), inventory_sink(host.database()), host.metrics())
            .catch_up();
    SqlStore store(host.database(), host.machine_clock(), [] {});
    const auto loaded =
        caught ? demo::load(store) : base::Result<demo::Loaded>(std::unexpected(caught.error()));
    if (!loaded) {
        std::fprintf(stderr, "preau-payment: %s %s\n", loaded.error().code.c_str(),
                     loaded.error().detail.c_str());
        return 1;
    }
    std::printf("%d accounts registered, %d known\n", loaded->registered, loaded->known);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "payment";
    service.migrations = {events::migrations(), migrations_payment};
    service.durable = true;
    service.worker_threads = 8;
    service.wire = wire_up;
    service.commands = {{"demo", "registers demonstration accounts: [--seed 38]", run_demo}};
    return host::run(argc, argv, service);
}
