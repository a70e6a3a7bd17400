#pragma once
// A collège that is paid, for tests: a scratch database of the engine that the program is linked
// for, the simulated provider in the same process without sockets, and booking's facts as they come
// through the feed. Business time stands at Thursday 1 October 2026, 9:00 in Paris, until a test
// moves it.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/payment/domain/cashier.hpp"
#include "services/payment/http/api.hpp"
#include "services/payment/provider/stripe/provider.hpp"
#include "services/payment/store/sql_store.hpp"
#include "shared/net/router.hpp"
#include "tests/simulators/stripe/api.hpp"
#include "tests/simulators/stripe/world.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::payment::test {

template <class IdType>
IdType id(const std::string& seed) {
    return IdType::seeded(1'700'000'000'000ULL, seed);
}

/// "2026-12-01 18:00" in Paris.
base::Instant instant(const std::string& date_and_time);

/// The process dies here; restart() is what follows.
struct Death {};

/// What may befall a request to the provider.
enum class Mishap {
    none,
    not_sent,
    death_before,  // of this process, before the request is on its way
    error_before,
    error_after,
    too_many,
    garbage,
    cut,  // the work is done and the answer lost
    death_after,
};

/// Booking, as far as payment asks it.
class FakeBooking final : public BookingPeer {
public:
    base::Result<base::Instant> extend_pay_by(const base::BookingId& booking) override;
    base::Result<base::Instant> answer = base::fail("pay_by_too_close");
    int asked = 0;
};

struct Due {
    std::int64_t amount = 4'500;
    std::string requirement = "before";
    std::string establishment = "vercors";
    std::string organisation = "judo";
    std::int64_t pay_by_in_s = 7 * 86'400;
    std::string currency = "EUR";
};

class Till : public db::test::Scratch {
protected:
    using Json = nlohmann::json;
    using Api = stripe_simulator::Api;
    using Act = stripe_simulator::World::PayerAct;

    void SetUp() override;
    void TearDown() override { EXPECT_THAT(schema_faults_, testing::ElementsAre()); }
    /// The store of this test; SetUp calls it once.
    virtual std::unique_ptr<SqlStore> make_store();

    void add_establishment(const std::string& name, const std::string& uai, bool account = true);
    /// A fact of booking, through the projector; the same seq never comes twice.
    void tell(const std::string& type, const std::string& booking, Json data = Json::object());
    /// booking_accepted.v1; the payment that it makes.
    Payment accept(const std::string& booking, const Due& due = {});
    std::optional<Payment> find(const std::string& booking);
    Payment payment(const std::string& booking) { return find(booking).value(); }

    /// The provider's page of a payment, or the code of the refusal.
    std::string open_page(const std::string& booking);
    std::string session_of(const std::string& booking);
    void payer(const std::string& booking, Act act = Act::pay);
    /// Opened and paid; nothing is told yet.
    void pay(const std::string& booking);
    /// Paid, told, and confirmed by booking.
    void pay_and_confirm(const std::string& booking, const Due& due = {});
    std::string intent_of(const std::string& booking);
    /// Delivers what waits, in order, and handles it.
    void deliver();
    void deliver_shuffled(std::uint64_t seed);
    /// One event into the inbox by a signed webhook over HTTP.
    net::Response post_webhook(const Json& event, const std::string& secret = "whsec_now",
                               std::int64_t age_s = 0);
    /// All jobs until nothing is left to do; five minutes go by first.
    void run_jobs();

    static security::Identity member(const std::string& organisation = "judo",
                                     security::MemberRole role = security::MemberRole::president);
    static security::Identity staff(security::StaffRole role = security::StaffRole::finance,
                                    const std::string& establishment = "vercors");
    static security::Identity service(const std::string& name);

    net::Response call(net::Method method, const std::string& target, const std::string& body = {},
                       const security::Identity& who = member(), const std::string& key = {},
                       const std::string& content_type = "application/json");
    std::int64_t balance(ledger::Account account, const std::string& establishment = "vercors");
    /// Debits are credits, the chain holds, and the ledger knows what the provider has.
    void expect_sound(const std::string& establishment = "vercors");
    std::vector<std::string> facts_of(const std::string& booking);
    std::vector<std::string> findings(const std::string& establishment = "vercors");
    std::int64_t count(const std::string& sql) { return number(*database_, sql).value(); }
    std::int64_t sessions();
    static std::string account(const std::string& establishment) { return "acct_" + establishment; }
    /// A new cashier and new routes over the same database, as after a restart.
    void restart();

    std::unique_ptr<db::Database> database_;
    base::FixedClock business_{instant("2026-10-01 09:00")};
    base::FixedClock machine_{base::Instant{1'790'000'000}};
    std::unique_ptr<stripe_simulator::World> world_;
    std::unique_ptr<Api> api_;
    net::Router provider_router_;
    std::deque<Json> told_;  // events that wait for delivery
    int requests_ = 0;       // that reached the provider
    int cut_answers_ = 0;    // the next answers are lost on their way back
    bool unplugged_ = false;
    bool demonstration_ = true;         // takes effect at restart()
    std::int64_t four_eyes_cents_ = 0;  // likewise
    std::function<Mishap()> mishap_;    // asked before each request
    FakeBooking booking_;
    std::unique_ptr<SqlStore> store_;
    std::unique_ptr<stripe::StripeProvider> provider_;
    std::unique_ptr<Cashier> cashier_;
    net::Router router_;
    std::int64_t booking_version_ = 1;
    /// As the provider's client does; request and answer are held to Stripe's declarations.
    std::expected<net::ClientResponse, net::ClientError> ask_provider(
        const net::ClientRequest& asked);
    std::vector<std::string> schema_faults_;
    std::string date_header_;  // of the provider's answers; empty: none
};

}  // namespace preau::payment::test
