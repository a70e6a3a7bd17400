#include "tests/unit/services/payment/till.hpp"

#include <algorithm>
#include <random>

#include "preau_migrations_payment.hpp"
#include "preau_migrations_payment_bank.hpp"
#include "services/payment/jobs/followers.hpp"
#include "services/payment/store/projections.hpp"
#include "services/payment/store/sql.hpp"
#include "services/payment/store/sql_tx.hpp"
#include "shared/events/outbox.hpp"
#include "shared/security/digest.hpp"
#include "shared/time/zone.hpp"
#include "tests/simulators/stripe/form.hpp"
#include "tests/unit/services/payment/stripe_schema.hpp"

namespace preau::payment::test {

namespace {

constexpr const char* kKey = "sk_test_till";
constexpr const char* kProvider = "http://provider.test";

thread_local const security::Identity* t_caller = nullptr;

events::Event event(const std::string& type, const std::string& aggregate, std::int64_t version,
                    nlohmann::json data) {
    events::Event out;
    out.type = type;
    out.aggregate_id = aggregate;
    out.version = version;
    out.data = std::move(data);
    return out;
}

/// What stands after the host, percent-decoded and split, as the server would.
net::Request request_of(net::Method method, const std::string& target) {
    net::Request out;
    out.method = method;
    out.target = target;
    out.path = target.substr(0, target.find('?'));
    const auto decoded = [](std::string_view text) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '%' && i + 2 < text.size()) {
                plain +=
                    static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
                i += 2;
            } else {
                plain += text[i];
            }
        }
        return plain;
    };
    const auto mark = target.find('?');
    std::string_view rest =
        mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        out.query.add(decoded(pair.substr(0, equals)),
                      equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1)));
    }
    return out;
}

const StripeSchema& schema() {
    static const StripeSchema kSchema;
    return kSchema;
}

/// Of the query and of the form together.
nlohmann::json parameters_of(const net::ClientRequest& asked) {
    const auto mark = asked.url.find('?');
    std::string all = mark == std::string::npos ? std::string() : asked.url.substr(mark + 1);
    // expand[] is the query's way of writing a list.
    for (std::size_t n = 0, at = 0; (at = all.find("%5B%5D", at)) != std::string::npos; ++n)
        all.replace(at, 6, "[" + std::to_string(n) + "]");
    if (!all.empty() && !asked.body.empty()) all += '&';
    return stripe_simulator::parse_form(all + asked.body).value();
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

net::Response run(const net::Router& router, net::Request request) {
    const auto match = router.find(request.method, request.path);
    if (match.route == nullptr) return net::Response::problem({"not_found", request.path, {}});
    request.params = match.params;
    return match.route->handler(request);
}

}  // namespace

base::Instant instant(const std::string& text) {
    return time::Zone::paris()
        .instant(time::Date::parse(text.substr(0, 10)).value(),
                 time::parse_minute(text.substr(11)).value())
        .value();
}

base::Result<base::Instant> FakeBooking::extend_pay_by(const base::BookingId&) {
    ++asked;
    return answer;
}

void Till::SetUp() {
    std::vector<db::Migration> steps;
    for (const auto& step : events::migrations())
        steps.push_back(step);
    for (const auto& step : migrations_payment)
        steps.push_back(step);
    for (const auto& step : migrations_payment_bank)
        steps.push_back(step);
    database_ = open();
    const auto done = database_->migrate(steps);
    ASSERT_TRUE(done) << done.error().detail;
    world_ = std::make_unique<stripe_simulator::World>("", 38, business_, kProvider);
    world_->on_event([this](const Json& one) { told_.push_back(one); });
    api_ = std::make_unique<Api>(*world_, kKey);
    api_->add_routes(provider_router_);
    store_ = make_store();
    stripe::Options options;
    options.api_base = kProvider;
    options.secret_key = kKey;
    options.public_url = "https://preau.test";
    options.simulated = true;
    options.limits.requests_per_s_max = 1e9;
    options.limits.burst_max = 1e9;
    options.limits.in_flight_max = options.limits.in_flight_of_account_max = 8;
    options.now_s = [this] { return static_cast<double>(machine_.now().seconds); };
    options.machine_now_s = [this] { return machine_.now().seconds; };
    options.send = [this](const net::ClientRequest& asked) { return ask_provider(asked); };
    provider_ = std::make_unique<stripe::StripeProvider>(options, metrics_);
    restart();
    add_establishment("vercors", "0382042N");
    add_establishment("garenne", "0380041P");
}

std::unique_ptr<SqlStore> Till::make_store() {
    return std::make_unique<SqlStore>(*database_, machine_, nullptr);
}

std::expected<net::ClientResponse, net::ClientError> Till::ask_provider(
    const net::ClientRequest& asked) {
    const auto mishap = mishap_ ? mishap_() : Mishap::none;
    if (mishap == Mishap::death_before) throw Death{};
    if (unplugged_ || mishap == Mishap::not_sent) {
        return std::unexpected(net::ClientError{net::Delivery::not_sent, true, ""});
    }
    ++requests_;
    if (mishap == Mishap::error_before) api_->plant(Api::Fault::error_before, 1);
    if (mishap == Mishap::error_after) api_->plant(Api::Fault::error_after, 1);
    if (mishap == Mishap::too_many) api_->plant(Api::Fault::too_many, 1);
    if (mishap == Mishap::garbage) api_->plant(Api::Fault::garbage, 1);
    auto request = request_of(asked.method, asked.url.substr(std::string_view(kProvider).size()));
    for (const auto& [name, value] : asked.headers)
        request.headers.add(lower(name), value);
    request.body = asked.body;
    const auto query_and_form = parameters_of(asked);
    const std::string method(net::to_string(request.method));
    const std::string path = request.path;
    if (auto bad = schema().fault_of_request(method, path, query_and_form)) {
        schema_faults_.push_back(*bad);
    }
    const auto answer = run(provider_router_, std::move(request));
    if (answer.status == 200 && mishap != Mishap::garbage) {
        if (auto bad = schema().fault_of_answer(method, path, Json::parse(answer.body))) {
            schema_faults_.push_back(*bad);
        }
    }
    if (mishap == Mishap::death_after) throw Death{};
    if (cut_answers_ > 0 || mishap == Mishap::cut) {
        if (cut_answers_ > 0) --cut_answers_;
        return std::unexpected(net::ClientError{net::Delivery::unknown, true, "cut"});
    }
    net::ClientResponse out;
    out.status = answer.status;
    out.body = answer.body;
    for (const auto& [name, value] : answer.headers)
        out.headers.add(lower(name), value);
    if (!date_header_.empty()) out.headers.add("date", date_header_);
    return out;
}

void Till::restart() {
    CashierSettings settings;
    settings.demonstration = demonstration_;
    settings.pause = [this] { machine_.set(machine_.now() + 1); };
    cashier_ =
        std::make_unique<Cashier>(settings, *store_, *provider_, booking_, business_, machine_);
    http::AccountNumbers numbers;
    for (int i = 0; i < ledger::account_count; ++i) {
        const auto account = static_cast<ledger::Account>(i);
        numbers[account] = std::string(ledger::default_number(account));
    }
    router_ = net::Router();
    http::add_routes(router_, {*store_,
                               *cashier_,
                               metrics_,
                               machine_,
                               {"whsec_old", "whsec_now"},
                               numbers,
                               four_eyes_cents_,
                               [](const net::Request&) -> base::Result<security::Identity> {
                                   if (t_caller == nullptr) return base::fail("unauthenticated");
                                   return *t_caller;
                               }});
}

void Till::add_establishment(const std::string& name, const std::string& uai, bool with_account) {
    const auto establishment = id<base::EstablishmentId>(name);
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        apply_inventory(session, event("establishment_changed.v1", establishment.str(), 1,
                                       {{"establishment_id", establishment.str()},
                                        {"body_id", id<base::BodyId>("isere").str()},
                                        {"uai", uai},
                                        {"name", "Collège " + name},
                                        {"zone", "Europe/Paris"},
                                        {"demonstration", true}}));
        if (with_account) SqlTx(session, machine_).set_account(establishment, account(name));
        return true;
    });
    ASSERT_TRUE(done);
}

void Till::tell(const std::string& type, const std::string& booking, Json data) {
    data["booking_id"] = id<base::BookingId>(booking).str();
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        apply_booking(session, event(type, booking, ++booking_version_, data), business_.now(),
                      machine_);
        return true;
    });
    ASSERT_TRUE(done);
}

Payment Till::accept(const std::string& booking, const Due& due) {
    tell(
        "booking_accepted.v1", booking,
        {{"reference", "PR-7F3K-2"},
         {"body_id", id<base::BodyId>("isere").str()},
         {"establishment_id", id<base::EstablishmentId>(due.establishment).str()},
         {"organisation_id", id<base::OrganisationId>(due.organisation).str()},
         {"space_name", "Gymnase du Vercors"},
         {"price",
          {{"total_amount", due.amount},
           {"currency", due.currency},
           {"lines",
            {{{"unit", "hour"},
              {"quantity_quarters", 8},
              {"unit_price", {{"amount", due.amount / 2}, {"currency", "EUR"}}},
              {"amount", {{"amount", due.amount}, {"currency", "EUR"}}},
              {"dates", {"2026-12-01"}}}}}}},
         {"requirement",
          {{"payment", due.requirement},
           {"pay_by", due.pay_by_in_s == 0 ? Json(nullptr)
                                           : Json((business_.now() + due.pay_by_in_s).seconds)}}}});
    return find(booking).value_or(Payment{});
}

std::optional<Payment> Till::find(const std::string& booking) {
    const auto found = store_->read([&](Tx& tx) -> base::Result<std::optional<Payment>> {
        return tx.find_by_booking(id<base::BookingId>(booking));
    });
    return found ? *found : std::nullopt;
}

std::string Till::open_page(const std::string& booking) {
    const auto opened = cashier_->checkout(payment(booking).id);
    return opened ? opened->url : opened.error().code;
}

std::string Till::session_of(const std::string& booking) {
    const auto found = payment(booking);
    return found.attempts.empty() ? std::string() : found.attempts.back().session_id;
}

void Till::payer(const std::string& booking, Act act) {
    ASSERT_TRUE(world_->payer_acts(session_of(booking), act));
}

void Till::pay(const std::string& booking) {
    ASSERT_TRUE(open_page(booking).starts_with("http://provider.test/pay/")) << open_page(booking);
    payer(booking);
}

void Till::pay_and_confirm(const std::string& booking, const Due& due) {
    accept(booking, due);
    pay(booking);
    deliver();
    tell("booking_confirmed.v1", booking);
}

std::string Till::intent_of(const std::string& booking) {
    return payment(booking).attempts.at(0).intent_id;
}

net::Response Till::post_webhook(const Json& told, const std::string& secret, std::int64_t age_s) {
    const std::string body = told.dump();
    const auto t = std::to_string(machine_.now().seconds - age_s);
    auto request = request_of(net::Method::post, "/webhooks/stripe/connect");
    request.headers.add("stripe-signature",
                        "t=" + t + ",v1=" + security::hmac_sha256_hex(secret, t + "." + body));
    request.body = body;
    return run(router_, std::move(request));
}

void Till::deliver() {
    while (!told_.empty()) {
        const auto next = std::move(told_.front());
        told_.pop_front();
        EXPECT_EQ(post_webhook(next).status, 200);
    }
    cashier_->read_inbox(1'000);
}

void Till::deliver_shuffled(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::ranges::shuffle(told_, random);
    // One at a time: each is handled before the next comes.
    while (!told_.empty()) {
        const auto next = std::move(told_.front());
        told_.pop_front();
        EXPECT_EQ(post_webhook(next).status, 200);
        cashier_->read_inbox(10);
    }
}

void Till::run_jobs() {
    for (int round = 0; round < 4; ++round) {
        machine_.set(machine_.now() + 3'600);
        business_.set(business_.now() + 301);
        world_->tick();
        cashier_->read_inbox(1'000);
        cashier_->resume_calls(100);
        cashier_->sweep(100);
        cashier_->sync_accounts(100);
    }
}

net::Response Till::call(net::Method method, const std::string& target, const std::string& body,
                         const security::Identity& who, const std::string& key,
                         const std::string& content_type) {
    auto request = request_of(method, target);
    request.body = body;
    request.headers.add("content-type", content_type);
    if (!key.empty()) request.headers.add("idempotency-key", key);
    t_caller = &who;
    auto answer = run(router_, std::move(request));
    t_caller = nullptr;
    return answer;
}

security::Identity Till::member(const std::string& organisation, security::MemberRole role) {
    security::Identity out;
    out.kind = security::ActorKind::person;
    out.actor = id<base::PersonId>(organisation).str();
    out.memberships = {{id<base::OrganisationId>(organisation), role}};
    return out;
}

security::Identity Till::staff(security::StaffRole role, const std::string& establishment) {
    security::Identity out;
    out.kind = security::ActorKind::person;
    out.actor = id<base::PersonId>(establishment + "-staff").str();
    out.posts = {{id<base::BodyId>("isere"), role, {id<base::EstablishmentId>(establishment)}}};
    return out;
}

security::Identity Till::service(const std::string& name) {
    security::Identity out;
    out.kind = security::ActorKind::service;
    out.actor = "service:" + name;
    return out;
}

std::int64_t Till::balance(ledger::Account account, const std::string& establishment) {
    const auto all = store_->read([&](Tx& tx) -> base::Result<ledger::Balances> {
        return tx.balances(id<base::EstablishmentId>(establishment));
    });
    if (!all) return -1;
    const auto it = all->find(account);
    return it == all->end() ? 0 : it->second.balance();
}

void Till::expect_sound(const std::string& establishment) {
    const auto done = store_->read([&](Tx& tx) -> base::Result<bool> {
        const auto key = id<base::EstablishmentId>(establishment);
        const auto sum = ledger::total(tx.balances(key));
        EXPECT_EQ(sum.debit, sum.credit);
        ledger::Verifier verifier;
        EntryFilter filter;
        filter.establishment = key;
        filter.limit = 100'000;
        for (const auto& one : tx.entries(filter))
            verifier.next(one);
        EXPECT_EQ(verifier.finish(), std::vector<ledger::Fault>{});
        return true;
    });
    EXPECT_TRUE(done);
    const auto at_provider =
        world_->balance(account(establishment))["available"][0]["amount"].get<std::int64_t>();
    EXPECT_EQ(balance(ledger::Account::psp_clearing, establishment), at_provider);
}

std::vector<std::string> Till::facts_of(const std::string& booking) {
    std::vector<std::string> out;
    const auto key = payment(booking).id.str();
    const auto done = database_->read([&](db::Session& session) -> base::Result<bool> {
        Query(session.sql(), "SELECT type FROM outbox WHERE aggregate_id = ? ORDER BY id", {key})
            .each("t", [&](const Query& row) {
                if (row.text(0) != "payment_changed.v1") out.push_back(row.text(0));
            });
        return true;
    });
    EXPECT_TRUE(done);
    return out;
}

std::vector<std::string> Till::findings(const std::string& establishment) {
    std::vector<std::string> out;
    const auto done = store_->read([&](Tx& tx) -> base::Result<bool> {
        for (const auto& one : tx.findings(id<base::EstablishmentId>(establishment), 100))
            out.push_back(one.reason);
        return true;
    });
    EXPECT_TRUE(done);
    return out;
}

std::int64_t Till::sessions() {
    std::int64_t n = 0;
    for (const auto& name : world_->accounts()) {
        n += static_cast<std::int64_t>(
            world_->list(name, "checkout.session", [](const Json&) { return true; }).size());
    }
    return n;
}

}  // namespace preau::payment::test
