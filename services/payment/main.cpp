// preau-payment: money owed, paid, refunded, paid out and matched. Wires its parts together.

#include <memory>

#include "preau_migrations_payment.hpp"
#include "preau_migrations_payment_bank.hpp"
#include "services/payment/commands.hpp"
#include "services/payment/http/api.hpp"
#include "services/payment/jobs/followers.hpp"
#include "services/payment/jobs/timers.hpp"
#include "services/payment/settings.hpp"
#include "services/payment/store/rows.hpp"
#include "services/payment/store/sql_store.hpp"
#include "shared/host/host.hpp"
#include "shared/words/format.hpp"

namespace {

using namespace preau;
using namespace preau::payment;

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
          provider(make_provider(host)),
          booking(host),
          cashier(cashier_settings(host), store, *provider, booking, host.clock(),
                  host.machine_clock()) {}

    SqlStore store;
    std::unique_ptr<Provider> provider;
    BookingOverHttp booking;
    Cashier cashier;
};

void wire_up(host::Host& host) {
    auto parts = std::make_shared<Parts>(host);
    http::add_routes(
        host.router(),
        {parts->store, parts->cashier, host.metrics(), host.machine_clock(), webhook_secrets(),
         account_numbers(host), host.config().integer("payment.refund_four_eyes_cents", 50'000),
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

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "payment";
    service.migrations = {events::migrations(), migrations_payment, migrations_payment_bank};
    service.durable = true;
    service.worker_threads = 8;
    service.wire = wire_up;
    service.commands = {
        {"demo", "registers demonstration accounts: [--seed 38]", run_demo},
        {"account", "registers an establishment's account at the provider, with its mandate",
         run_account}};
    return host::run(argc, argv, service);
}
