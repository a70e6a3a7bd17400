// Money that the payer's bank takes back, and accounts that may not be paid.

#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;
using testing::ElementsAre;

class Disputed : public Till {
protected:
    std::string open_dispute(const std::string& booking, std::int64_t cents) {
        const auto made = world_->dispute(account("vercors"), intent_of(booking), cents);
        return std::get<Json>(made)["id"].get<std::string>();
    }
    net::Response ask(std::int64_t cents) {
        return call(
            net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/refunds",
            Json{{"amount", {{"amount", cents}, {"currency", "EUR"}}}, {"reason", "mistake"}}
                .dump(),
            staff(), "ask-refund-" + std::to_string(++asked_));
    }
    int asked_ = 0;
};

TEST_F(Disputed, opened__holds_the_money_and_refuses_refunds) {  // F-34
    pay_and_confirm("b1");
    open_dispute("b1", 4'500);
    deliver();
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::open);
    EXPECT_EQ(balance(dispute_hold), 4'500);
    EXPECT_EQ(balance(psp_clearing), 0);
    EXPECT_THAT(findings(), ElementsAre("dispute_open"));
    const auto refused = ask(1'000);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(Json::parse(refused.body)["code"], "dispute_open");
    expect_sound();
}

TEST_F(Disputed, won__gives_the_money_back) {  // F-34
    pay_and_confirm("b1");
    const auto id = open_dispute("b1", 4'500);
    deliver();
    world_->decide_dispute(account("vercors"), id, true);
    deliver();
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::won);
    EXPECT_EQ(balance(dispute_hold), 0);
    EXPECT_EQ(balance(psp_clearing), 4'500);
    EXPECT_THAT(findings(), ElementsAre());
    EXPECT_EQ(ask(4'500).status, 201);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 4'500);
    expect_sound();
}

TEST_F(Disputed, lost__is_a_loss_and_cannot_be_refunded_again) {  // F-34
    pay_and_confirm("b1");
    const auto id = open_dispute("b1", 3'000);
    deliver();
    world_->decide_dispute(account("vercors"), id, false);
    deliver_shuffled(3);
    deliver();
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::lost);
    EXPECT_EQ(balance(dispute_hold), 0);
    EXPECT_EQ(balance(loss), 3'000);
    EXPECT_EQ(balance(psp_clearing), 1'500);
    EXPECT_THAT(findings(), ElementsAre("dispute_lost"));
    EXPECT_EQ(ask(1'501).status, 422);
    expect_sound();
}

TEST_F(Disputed,
       told_by_no_webhook__is_found_in_the_movements_and_read_until_it_ends) {  // F-34, F-51
    pay_and_confirm("b1");
    const auto id = open_dispute("b1", 4'500);
    run_jobs();
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::open);
    world_->decide_dispute(account("vercors"), id, false);
    told_.clear();
    run_jobs();
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::lost);
    EXPECT_EQ(balance(loss), 4'500);
    expect_sound();
}

TEST_F(Disputed, refund_ordered_before__waits_for_the_decision) {  // F-34
    pay_and_confirm("b1");
    ASSERT_EQ(ask(4'500).status, 201);
    const auto id = open_dispute("b1", 4'500);
    deliver();
    run_jobs();
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::approved);
    world_->decide_dispute(account("vercors"), id, true);
    deliver();
    run_jobs();
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::succeeded);
    EXPECT_EQ(payment("b1").refunded, 4'500);
    expect_sound();
}

TEST_F(Disputed, refund_sent_before_it_was_heard_of__waits_too) {  // F-34
    pay_and_confirm("b1");
    ASSERT_EQ(ask(1'000).status, 201);
    const auto id = open_dispute("b1", 4'500);
    told_.clear();
    run_jobs();  // the provider refuses, and the movements tell why
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::approved);
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::open);
    EXPECT_EQ(count("SELECT COUNT(*) FROM provider_call WHERE kind = 'refund'"), 1);
    world_->decide_dispute(account("vercors"), id, true);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 1'000);
    expect_sound();
}

TEST_F(Disputed, told_before_the_payment__is_the_same) {  // F-10
    accept("b1");
    pay("b1");
    const auto intent =
        world_->list(account("vercors"), "payment_intent", [](const Json&) { return true; })
            .front()["id"]
            .get<std::string>();
    told_.clear();
    world_->dispute(account("vercors"), intent, 500);
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(payment("b1").dispute_state(), DisputeState::open);
    EXPECT_EQ(balance(dispute_hold), 500);
    expect_sound();
}

TEST_F(Disputed, decisions_in_any_order__give_the_same_books) {  // F-10
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto booking = "b" + std::to_string(seed);
        pay_and_confirm(booking);
        const auto id = open_dispute(booking, 4'500);
        world_->decide_dispute(account("vercors"), id, seed % 2 == 0);
        deliver_shuffled(seed);
        EXPECT_EQ(payment(booking).dispute_state(),
                  seed % 2 == 0 ? DisputeState::won : DisputeState::lost);
        EXPECT_EQ(balance(dispute_hold), 0);
    }
    expect_sound();
}

class Restricted : public Till {};

TEST_F(Restricted, account_may_not_be_paid__is_refused_with_the_reason) {  // F-45
    accept("b1");
    world_->restrict(account("vercors"), "requirements.past_due");
    deliver();
    EXPECT_THAT(findings(), ElementsAre("account_restricted"));
    const auto path = "/v1/payments/" + payment("b1").id.str() + "/checkout";
    const auto refused = call(net::Method::post, path, "{}", member(), "click-0001");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(Json::parse(refused.body)["code"], "establishment_not_payable");
    EXPECT_EQ(Json::parse(refused.body)["detail"], "requirements.past_due");
    EXPECT_EQ(sessions(), 0);
    // Paid at the counter all the same.
    EXPECT_EQ(call(net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/offline-receipt",
                   R"({"method":"cheque","received_on":"2026-10-01"})", staff(), "cheque-1")
                  .status,
              200);
    accept("b2");
    world_->restrict(account("vercors"), "");
    told_.clear();
    run_jobs();  // heard without a webhook
    EXPECT_THAT(findings(), ElementsAre());
    EXPECT_TRUE(open_page("b2").starts_with("http")) << open_page("b2");
}

TEST_F(Restricted, restricted_unheard_of__opens_no_page) {  // F-45
    accept("b1");
    world_->restrict(account("vercors"), "rejected.other");
    told_.clear();
    EXPECT_FALSE(open_page("b1").starts_with("http"));
    EXPECT_EQ(sessions(), 0);
}

TEST_F(Restricted, account_without_its_mandate__is_payable_only_in_a_demonstration) {
    accept("b1");
    demonstration_ = false;
    restart();
    EXPECT_EQ(cashier_->checkout(payment("b1").id).error().detail, "mandate_missing");
    const auto kept = store_->transact([&](Tx& tx) -> base::Result<bool> {
        tx.set_mandate(id<base::EstablishmentId>("vercors"), "Convention 2026-14",
                       time::Date::parse("2026-09-01").value());
        return true;
    });
    ASSERT_TRUE(kept);
    EXPECT_TRUE(open_page("b1").starts_with("http"));
}

}  // namespace
}  // namespace preau::payment::test
