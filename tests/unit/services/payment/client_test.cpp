// How the service talks to a provider that is slow, busy or wrong about the time, and what it does
// when its own database is.

#include <thread>

#include "services/payment/provider/offline/provider.hpp"
#include "services/payment/provider/stripe/throttle.hpp"
#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;

class Client : public Till {};

TEST_F(Client, too_many_requests__waits_as_told_and_leaves_other_colleges_alone) {  // F-24
    accept("b1");
    accept("b2", {.establishment = "garenne"});
    api_->plant(Api::Fault::too_many, 1);  // Retry-After: 1
    EXPECT_EQ(open_page("b1"), "upstream_unavailable");
    const auto before = requests_;
    EXPECT_EQ(open_page("b1"), "upstream_unavailable");
    EXPECT_EQ(requests_, before) << "asked again before the time";
    EXPECT_TRUE(open_page("b2").starts_with("http"));
    machine_.set(machine_.now() + 2);
    cashier_->resume_calls(10);
    EXPECT_TRUE(open_page("b1").starts_with("http"));
    EXPECT_EQ(sessions(), 2);
}

TEST_F(Client, storm_of_429__loses_nothing) {  // F-24
    for (int i = 0; i < 5; ++i)
        accept("b" + std::to_string(i));
    api_->plant(Api::Fault::too_many, 12);
    for (int i = 0; i < 5; ++i)
        open_page("b" + std::to_string(i));
    for (int round = 0; round < 60; ++round) {
        machine_.set(machine_.now() + 60);
        cashier_->resume_calls(10);
    }
    EXPECT_EQ(sessions(), 5);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(payment("b" + std::to_string(i)).attempts.at(0).status, AttemptStatus::open);
}

TEST_F(Client, clock_that_is_off__is_told_and_signatures_are_refused) {  // F-49
    date_header_ = "Thu, 01 Jan 1970 00:10:00 GMT";
    machine_.set(base::Instant{600});
    accept("b1");
    open_page("b1");
    EXPECT_EQ(provider_->clock_skew_s(), 0);
    machine_.set(base::Instant{1'200});
    EXPECT_TRUE(cashier_->sync(payment("b1").id));
    EXPECT_EQ(provider_->clock_skew_s(), -600);
    EXPECT_NE(metrics_.expose().find("preau_payment_clock_skew_seconds -600"), std::string::npos);
    EXPECT_EQ(post_webhook({{"id", "evt_1"}, {"type", "x"}}, "whsec_now", 600).status, 400);
    EXPECT_EQ(counted("preau_payment_webhooks_total", {{"outcome", "too_old"}}), 1U);
}

TEST_F(Client, two_instances_at_once__call_and_post_once) {  // F-52, S95
    accept("b1");
    const auto key = payment("b1").id;
    const auto as_instance = [&](const std::function<void(Cashier&)>& work) {
        CashierSettings settings;
        settings.demonstration = true;
        settings.pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
        Cashier other(settings, *store_, *provider_, booking_, business_, machine_);
        work(other);
    };
    const auto both = [&](const std::function<void(Cashier&)>& work) {
        db::test::Crew crew;
        for (int i = 0; i < 3; ++i)
            crew.add([&] { as_instance(work); });
    };
    both([&](Cashier& cashier) { (void)cashier.checkout(key); });
    EXPECT_EQ(sessions(), 1);
    payer("b1");
    const auto events = told_;
    for (const auto& one : events)
        post_webhook(one);
    both([&](Cashier& cashier) { cashier.read_inbox(100); });
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(facts_of("b1").size(), 1U);
    tell("booking_confirmed.v1", "b1");
    tell("refund_ordered.v1", "b1", {{"refund_id", id<RefundId>("r1").str()}, {"amount", 4'500}});
    both([&](Cashier& cashier) {
        cashier.sweep(10);
        cashier.resume_calls(10);
    });
    EXPECT_EQ(world_->list(account("vercors"), "refund", [](const Json&) { return true; }).size(),
              1U);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 4'500);
    EXPECT_EQ(balance(psp_clearing), 0);
    expect_sound();
}

TEST_F(Client,
       database_busy_for_three_seconds__is_503_and_the_next_delivery_is_taken) {  // F-28, S98
    PREAU_ONLY_ON(sqlite);
    accept("b1");
    pay("b1");
    const auto event = told_.back();
    std::atomic<bool> held = false;
    std::thread holder([&] {
        (void)database_->transact([&](db::Session&) -> base::Result<bool> {
            held = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(3'000));
            return true;
        });
    });
    while (!held)
        std::this_thread::yield();
    const auto refused = post_webhook(event);
    EXPECT_EQ(refused.status, 503) << "not acknowledged: it comes again";
    holder.join();
    EXPECT_EQ(count("SELECT COUNT(*) FROM webhook_inbox"), 0);
    EXPECT_EQ(post_webhook(event).status, 200);
    cashier_->read_inbox(10);
    EXPECT_EQ(payment("b1").status, Status::paid);
}

TEST_F(Client, poison__is_refused_and_the_worker_goes_on) {  // F-50
    Json deep = "x";
    for (int i = 0; i < 200; ++i)
        deep = Json::array({deep});
    EXPECT_EQ(post_webhook({{"id", "evt_1"}, {"type", "x"}, {"data", deep}}).status, 400);
    EXPECT_EQ(post_webhook({{"id", 5}, {"type", Json::array()}}).status, 400);
    EXPECT_EQ(post_webhook({{"id", "evt_2"}, {"type", "charge.succeeded"}, {"data", 7}}).status,
              200);
    accept("b1");
    pay("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
}

TEST_F(Client, price_changed_afterwards__amount_stays) {  // F-53
    accept("b1", {.amount = 4'500});
    accept("b1", {.amount = 9'900});
    EXPECT_EQ(payment("b1").amount, 4'500);
    EXPECT_EQ(balance(receivable), 4'500);
}

TEST_F(Client, days_without_any_webhook__are_made_up_for) {  // F-51
    accept("b1");
    accept("b2");
    pay("b1");
    pay("b2");
    told_.clear();
    business_.set(business_.now() + 3 * 86'400);
    world_->make_payout(account("vercors"));
    told_.clear();
    run_jobs();
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(payment("b2").settlement, Settlement::in_payout);
    expect_sound();
}

TEST_F(Client, public_body_pays_on_invoice__has_a_due_date_and_settles_by_mandat) {  // S110
    accept("b1", {.requirement = "later", .pay_by_in_s = 0});
    const auto due = payment("b1").pay_by;
    ASSERT_TRUE(due);
    EXPECT_EQ(*due - business_.now(), 30 * 86'400);
    EXPECT_EQ(open_page("b1"), "invalid_transition");
    tell("booking_confirmed.v1", "b1");
    business_.set(business_.now() + 20 * 86'400);
    const auto done =
        call(net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/offline-receipt",
             R"({"method":"mandat","reference":"BORD 41","received_on":"2026-10-20"})", staff(),
             "mandat-1");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(payment("b1").method, "mandat");
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(balance(offline_clearing), 4'500);
    expect_sound();
}

TEST_F(Client, installation_without_a_provider__is_paid_by_hand_only) {
    offline::OfflineProvider offline;
    EXPECT_FALSE(offline.capabilities().hosted_page);
    Cashier cashier({}, *store_, offline, booking_, business_, machine_);
    accept("b1");
    const auto refused = cashier.checkout(payment("b1").id);
    EXPECT_EQ(refused.error().code, "establishment_not_payable");
    EXPECT_EQ(refused.error().detail, "no_key");
    EXPECT_EQ(cashier.sweep(10) + cashier.read_inbox(10) + cashier.sync_accounts(10) +
                  cashier.resume_calls(10),
              0);
    EXPECT_EQ(cashier.cancel(id<base::BookingId>("b1")).value(), CancelOutcome::cancelled);
}

TEST(ThrottleTest, one_account__never_holds_all_places) {  // F-24
    double now = 0;
    stripe::Throttle throttle({.requests_per_s_max = 10,
                               .burst_max = 100,
                               .in_flight_max = 3,
                               .in_flight_of_account_max = 2},
                              [&] { return now; });
    auto one = throttle.enter("slow");
    auto two = throttle.enter("slow");
    EXPECT_TRUE(one && two);
    EXPECT_FALSE(throttle.enter("slow"));
    {
        const auto other = throttle.enter("quick");
        EXPECT_TRUE(other);
        EXPECT_FALSE(throttle.enter("third")) << "all places are taken";
    }
    EXPECT_TRUE(throttle.enter("third"));
}

TEST(ThrottleTest, bucket__empties_and_fills_with_time) {
    double now = 0;
    stripe::Throttle throttle({.requests_per_s_max = 2,
                               .burst_max = 3,
                               .in_flight_max = 9,
                               .in_flight_of_account_max = 9},
                              [&] { return now; });
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(throttle.enter("a"));
    const auto refused = throttle.enter("a");
    ASSERT_FALSE(refused);
    EXPECT_DOUBLE_EQ(refused.error(), 0.5);
    now = 0.5;
    EXPECT_TRUE(throttle.enter("a"));
    EXPECT_FALSE(throttle.enter("a"));
    throttle.pause("a", 10);
    throttle.pause("a", 1);
    now = 9;
    EXPECT_FALSE(throttle.enter("a")) << "a shorter pause shortened the longer one";
    EXPECT_TRUE(throttle.enter("b"));
    now = 11;
    EXPECT_TRUE(throttle.enter("a"));
}

}  // namespace
}  // namespace preau::payment::test
