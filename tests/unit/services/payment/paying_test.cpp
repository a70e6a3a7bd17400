// From the acceptance to the money: pages, payers, webhooks, the ledger.

#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;
using testing::ElementsAre;

class Paying : public Till {};

TEST_F(Paying, acceptance__makes_one_payment_and_the_rent_is_due) {
    const auto made = accept("b1");
    EXPECT_EQ(made.status, Status::created);
    EXPECT_EQ(made.amount, 4'500);
    EXPECT_TRUE(made.public_ref.starts_with("PA-"));
    EXPECT_EQ(accept("b1").id, made.id);  // told again
    EXPECT_EQ(balance(receivable), 4'500);
    EXPECT_EQ(balance(revenue), -4'500);
    expect_sound();
}

TEST_F(Paying, webhook_before_the_browser__is_paid_once_and_posted) {  // F-01
    accept("b1");
    pay("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(payment("b1").method, "card");
    EXPECT_TRUE(cashier_->sync(payment("b1").id));  // the browser comes back
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(balance(psp_clearing), 4'500);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid.v1"));
    expect_sound();
}

TEST_F(Paying, browser_returns_without_webhook__sync_settles) {  // F-02
    accept("b1");
    pay("b1");
    const auto answer = call(net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/sync");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(Json::parse(answer.body)["status"], "paid");
    expect_sound();
}

TEST_F(Paying, neither_webhook_nor_browser__the_sweeper_settles) {  // F-02
    accept("b1");
    pay("b1");
    told_.clear();
    run_jobs();
    EXPECT_EQ(payment("b1").status, Status::paid);
    expect_sound();
}

TEST_F(Paying, the_same_event_twenty_times__is_posted_once) {  // F-03, S95
    accept("b1");
    pay("b1");
    const auto events = told_;
    for (int i = 0; i < 20; ++i) {
        for (const auto& one : events)
            EXPECT_EQ(post_webhook(one).status, 200);
        cashier_->read_inbox(100);
    }
    EXPECT_EQ(count("SELECT COUNT(*) FROM journal"), 2);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid.v1"));
    EXPECT_EQ(count("SELECT COUNT(*) FROM webhook_inbox"),
              static_cast<std::int64_t>(events.size()));
}

TEST_F(Paying,
       money_after_the_booking_expired__waits_for_booking_and_is_kept_when_retaken) {  // F-04
    accept("b1");
    open_page("b1");
    EXPECT_EQ(cashier_->cancel(id<base::BookingId>("b1")).value(), CancelOutcome::cancelled);
    tell("booking_expired.v1", "b1");
    payer("b1", Act::pay_late);
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid_late);
    EXPECT_EQ(balance(refund_due), -4'500);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid_late.v1"));
    tell("retaken.v1", "b1");
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(balance(refund_due), 0);
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(balance(revenue), -4'500);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid_late.v1", "payment_paid.v1"));
    expect_sound();
}

TEST_F(Paying,
       money_after_the_booking_expired__goes_back_in_full_when_the_slot_is_gone) {  // F-05, S102
    accept("b1");
    open_page("b1");
    cashier_->cancel(id<base::BookingId>("b1"));
    tell("booking_expired.v1", "b1");
    payer("b1", Act::pay_late);
    deliver();
    tell("not_retaken.v1", "b1");
    tell("not_retaken.v1", "b1");
    run_jobs();
    deliver();
    const auto found = payment("b1");
    EXPECT_EQ(found.refund_state(), RefundState::full);
    ASSERT_EQ(found.refunds.size(), 1U);
    EXPECT_EQ(found.refunds[0].status, RefundStatus::succeeded);
    for (const auto account : {psp_clearing, receivable, revenue, refund_due})
        EXPECT_EQ(balance(account), 0) << ledger::to_string(account);
    expect_sound();
}

TEST_F(Paying, money_for_a_cancelled_booking__goes_back_unasked) {  // F-04
    accept("b1");
    open_page("b1");
    tell("booking_cancelled.v1", "b1");
    EXPECT_EQ(payment("b1").status, Status::awaiting_payer);  // the page is open
    payer("b1");
    run_jobs();
    const auto found = payment("b1");
    EXPECT_EQ(found.status, Status::paid_late);
    EXPECT_EQ(found.refund_state(), RefundState::full);
    EXPECT_EQ(open_page("b1"), "already_paid");
    EXPECT_EQ(balance(refund_due), 0);
    expect_sound();
}

TEST_F(Paying, a_cancelled_booking__has_its_page_closed) {
    accept("b1");
    open_page("b1");
    tell("booking_cancelled.v1", "b1");
    run_jobs();
    EXPECT_EQ(payment("b1").status, Status::canceled);
    EXPECT_EQ(world_->session_of_page(session_of("b1"))->at("status"), "expired");
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(open_page("b1"), "payment_expired");
}

TEST_F(Paying, notifications_in_any_order__give_the_same_state) {  // F-10, S96
    std::vector<std::string> digests;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto name = "b" + std::to_string(seed);
        accept(name);
        pay(name);
        tell("booking_confirmed.v1", name);
        deliver_shuffled(seed);
        tell("booking_cancelled.v1", name);
        tell("refund_ordered.v1", name,
             {{"refund_id", id<RefundId>(name).str()}, {"amount", 1'500}});
        cashier_->sweep(10);
        deliver_shuffled(seed);
        const auto found = payment(name);
        digests.push_back(std::string(to_string(found.status)) + std::to_string(found.refunded));
    }
    EXPECT_THAT(digests, testing::Each(digests.front()));
    EXPECT_EQ(digests.front(), "paid1500");
    expect_sound();
}

TEST_F(Paying, another_amount_than_asked__is_not_paid_and_stands_aside) {  // F-12, S99
    accept("b1");
    open_page("b1");
    world_->falsify(session_of("b1"), 4'400, "eur");
    payer("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::awaiting_payer);
    EXPECT_EQ(balance(suspense_in), -4'400);
    EXPECT_EQ(balance(receivable), 4'500);
    EXPECT_THAT(findings(), ElementsAre("amount_mismatch"));
    expect_sound();
}

TEST_F(Paying, another_currency_than_asked__is_not_paid) {  // F-12, F-43, S99
    accept("b1");
    open_page("b1");
    world_->falsify(session_of("b1"), 4'500, "usd");
    payer("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::awaiting_payer);
    EXPECT_THAT(findings(), ElementsAre("currency_mismatch"));
}

TEST_F(Paying, double_click__gives_one_page) {  // F-13
    accept("b1");
    const auto first = open_page("b1");
    EXPECT_EQ(open_page("b1"), first);
    EXPECT_EQ(sessions(), 1);
}

TEST_F(Paying, two_clicks_at_one_moment__give_one_page) {  // F-13
    accept("b1");
    const auto key = payment("b1").id;
    std::vector<std::string> urls(2);
    {
        db::test::Crew crew;
        for (auto& url : urls) {
            crew.add([&] {
                const auto opened = cashier_->checkout(key);
                url = opened ? opened->url : opened.error().code;
            });
        }
    }
    EXPECT_EQ(urls[0], urls[1]);
    EXPECT_TRUE(urls[0].starts_with("http"));
    EXPECT_EQ(sessions(), 1);
}

TEST_F(Paying, refused_by_the_bank_then_paid__is_one_payment_that_says_so) {  // F-15
    accept("b1");
    open_page("b1");
    payer("b1", Act::decline);
    EXPECT_TRUE(cashier_->sync(payment("b1").id));
    EXPECT_TRUE(payment("b1").attempts.at(0).declined);
    EXPECT_EQ(payment("b1").status, Status::awaiting_payer);
    payer("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_TRUE(payment("b1").attempts.at(0).declined);
    EXPECT_EQ(balance(psp_clearing), 4'500);
}

TEST_F(Paying, a_page_that_ran_out__can_be_opened_anew_while_the_booking_waits) {  // F-16, S103
    accept("b1");
    const auto first = open_page("b1");
    business_.set(business_.now() + 2 * 86'400);
    world_->tick();
    deliver();
    EXPECT_EQ(payment("b1").attempts.at(0).status, AttemptStatus::expired);
    const auto second = open_page("b1");
    EXPECT_TRUE(second.starts_with("http")) << second;
    EXPECT_NE(second, first);
    EXPECT_EQ(payment("b1").attempts.size(), 2U);
}

TEST_F(Paying, when_time_is_over__nothing_is_due_and_no_page_opens) {  // F-16, S100
    accept("b1");
    open_page("b1");
    business_.set(business_.now() + 8 * 86'400);
    world_->tick();
    EXPECT_EQ(cashier_->cancel(id<base::BookingId>("b1")).value(), CancelOutcome::expired);
    EXPECT_EQ(payment("b1").status, Status::expired);
    EXPECT_EQ(open_page("b1"), "payment_expired");
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(balance(revenue), 0);
}

TEST_F(Paying, cancel_while_the_payer_pays__closes_the_page_or_loses_to_the_payer) {  // F-17
    accept("b1");
    open_page("b1");
    const auto first = call(
        net::Method::post, "/v1/payments/by-booking/" + id<base::BookingId>("b1").str() + "/cancel",
        "{}", service("booking"));
    EXPECT_EQ(Json::parse(first.body)["outcome"], "cancelled");
    EXPECT_EQ(world_->session_of_page(session_of("b1"))->at("status"), "expired");

    accept("b2");
    pay("b2");  // complete at the provider, and we have not heard of it
    const auto second = call(
        net::Method::post, "/v1/payments/by-booking/" + id<base::BookingId>("b2").str() + "/cancel",
        "{}", service("booking"));
    EXPECT_EQ(Json::parse(second.body)["outcome"], "paid");
    EXPECT_EQ(payment("b2").status, Status::paid);

    const auto unknown = call(
        net::Method::post, "/v1/payments/by-booking/" + id<base::BookingId>("b9").str() + "/cancel",
        "{}", service("booking"));
    EXPECT_EQ(Json::parse(unknown.body)["outcome"], "none");
    const auto other = call(
        net::Method::post, "/v1/payments/by-booking/" + id<base::BookingId>("b2").str() + "/cancel",
        "{}", service("search"));
    EXPECT_EQ(other.status, 403);
}

TEST_F(Paying, slow_bank__is_processing_until_it_answers) {  // F-18, F-19
    accept("b1");
    open_page("b1");
    payer("b1", Act::pay_slowly);
    deliver();
    EXPECT_EQ(payment("b1").status, Status::processing);
    EXPECT_EQ(cashier_->cancel(id<base::BookingId>("b1")).value(), CancelOutcome::processing);
    payer("b1", Act::bank_says_yes);
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);

    accept("b2");
    open_page("b2");
    payer("b2", Act::pay_slowly);
    deliver();
    payer("b2", Act::bank_says_no);
    deliver();
    EXPECT_EQ(payment("b2").status, Status::payment_failed);
    EXPECT_TRUE(open_page("b2").starts_with("http"));
    EXPECT_EQ(payment("b2").status, Status::awaiting_payer);
}

TEST_F(Paying, provider_fails_before_the_work__is_tried_again_with_one_page) {  // F-20
    accept("b1");
    api_->plant(Api::Fault::error_before, 1);
    EXPECT_EQ(open_page("b1"), "upstream_unavailable");
    machine_.set(machine_.now() + 2);
    cashier_->resume_calls(10);
    EXPECT_TRUE(open_page("b1").starts_with("http"));
    EXPECT_EQ(sessions(), 1);
    EXPECT_EQ(payment("b1").attempts.size(), 1U);
}

TEST_F(Paying, provider_fails_after_the_work__is_resolved_by_reading) {  // F-21
    accept("b1");
    api_->plant(Api::Fault::error_after, 1);
    EXPECT_EQ(open_page("b1"), "upstream_unavailable");
    machine_.set(machine_.now() + 2);
    EXPECT_TRUE(open_page("b1").starts_with("http"));  // the key gives the 500 again: it reads
    EXPECT_EQ(sessions(), 1);
    pay("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
}

TEST_F(Paying, answer_lost_on_the_way__gives_one_page_and_one_refund) {  // F-22
    accept("b1");
    cut_answers_ = 1;
    EXPECT_EQ(open_page("b1"), "upstream_unavailable");
    machine_.set(machine_.now() + 2);
    pay("b1");
    EXPECT_EQ(sessions(), 1);
    deliver();
    tell("booking_confirmed.v1", "b1");
    tell("booking_cancelled.v1", "b1");
    tell("refund_ordered.v1", "b1", {{"refund_id", id<RefundId>("r1").str()}, {"amount", 4'500}});
    cut_answers_ = 1;
    cashier_->sweep(10);
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::unknown);
    run_jobs();
    EXPECT_EQ(payment("b1").refund_state(), RefundState::full);
    EXPECT_EQ(world_->list(account("vercors"), "refund", [](const Json&) { return true; }).size(),
              1U);
    expect_sound();
}

TEST_F(Paying, provider_does_not_answer__is_told_at_once_and_the_next_click_works) {  // F-23
    accept("b1");
    unplugged_ = true;
    const auto key = payment("b1").id.str();
    const auto answer =
        call(net::Method::post, "/v1/payments/" + key + "/checkout", "{}", member(), "click-0001");
    EXPECT_EQ(answer.status, 503);
    unplugged_ = false;
    const auto again =
        call(net::Method::post, "/v1/payments/" + key + "/checkout", "{}", member(), "click-0001");
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(sessions(), 1);
}

TEST_F(Paying, death_between_call_and_commit__is_healed_at_the_next_start) {  // F-26
    accept("b1");
    cut_answers_ = 1;  // the answer never reaches a process that died
    open_page("b1");
    machine_.set(machine_.now() + 60);
    restart();
    cashier_->resume_calls(10);
    EXPECT_EQ(payment("b1").attempts.at(0).status, AttemptStatus::open);
    EXPECT_EQ(sessions(), 1);
}

TEST_F(Paying, too_little_time_left__asks_booking_for_more_once) {
    accept("b1", {.pay_by_in_s = 1'200});
    booking_.answer = business_.now() + 35 * 60;
    EXPECT_TRUE(open_page("b1").starts_with("http"));
    EXPECT_EQ(booking_.asked, 1);
    EXPECT_EQ(payment("b1").pay_by, business_.now() + 35 * 60);
    accept("b2", {.pay_by_in_s = 1'200});
    booking_.answer = base::fail("pay_by_too_close");
    EXPECT_EQ(open_page("b2"), "pay_by_too_close");
    EXPECT_EQ(sessions(), 1);
}

TEST_F(Paying, nothing_to_pay_or_not_payable__reaches_no_provider) {  // F-43, F-44
    accept("free", {.amount = 0});
    EXPECT_FALSE(find("free"));
    accept("small", {.amount = 49});
    EXPECT_FALSE(find("small"));
    accept("huge", {.amount = 100'000'000});
    EXPECT_FALSE(find("huge"));
    accept("dollar", {.currency = "USD"});
    EXPECT_FALSE(find("dollar"));
    EXPECT_THAT(findings(), testing::SizeIs(3));
    accept("least", {.amount = 50});
    EXPECT_TRUE(open_page("least").starts_with("http")) << open_page("least");
    accept("most", {.amount = 99'999'999});
    EXPECT_TRUE(open_page("most").starts_with("http")) << open_page("most");
    add_establishment("voiron", "0380100D", false);
    accept("nowhere", {.establishment = "voiron"});
    EXPECT_EQ(open_page("nowhere"), "establishment_not_payable");
    accept("later", {.requirement = "later"});
    EXPECT_EQ(open_page("later"), "invalid_transition");
}

}  // namespace
}  // namespace preau::payment::test
