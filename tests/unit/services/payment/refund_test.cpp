// Money that goes back: ordered by booking, by transfer, in the provider's own pages.

#include "services/payment/domain/settle.hpp"
#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;
using testing::ElementsAre;

class Refunding : public Till {
protected:
    void order(const std::string& booking, const std::string& refund, std::int64_t amount) {
        tell("refund_ordered.v1", booking,
             {{"refund_id", id<RefundId>(refund).str()},
              {"amount", amount},
              {"reason", "cancelled_by_hirer"}});
    }
};

TEST_F(Refunding, ordered_half__is_sent_once_and_posted) {
    pay_and_confirm("b1");
    tell("booking_cancelled.v1", "b1");
    order("b1", "r1", 2'250);
    order("b1", "r1", 2'250);
    EXPECT_EQ(balance(refund_due), -2'250);
    run_jobs();
    deliver();
    EXPECT_EQ(payment("b1").refund_state(), RefundState::partial);
    EXPECT_EQ(payment("b1").refunded, 2'250);
    EXPECT_EQ(balance(refund_due), 0);
    EXPECT_EQ(balance(revenue), -2'250);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid.v1", "refund_executed.v1"));
    expect_sound();
}

TEST_F(Refunding, more_than_was_paid__is_refused_and_found) {  // F-29
    pay_and_confirm("b1");
    order("b1", "r1", 2'700);
    order("b1", "r2", 2'700);
    order("b1", "r3", 9'000);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 2'700);
    EXPECT_EQ(payment("b1").refunds.size(), 1U);
    EXPECT_THAT(findings(), ElementsAre("refund_refused", "refund_refused"));
    expect_sound();
}

TEST_F(Refunding, grants_beyond_what_was_paid__answer_refund_exceeds_paid) {  // F-29
    pay_and_confirm("b1");
    auto mine = payment("b1");
    Effects effects;
    const auto now = business_.now();
    const auto too_much =
        grant_refund(mine, RefundId::make(), "ordered:a", 4'501, "x", now, effects);
    EXPECT_EQ(too_much.error().code, "refund_exceeds_paid");
    EXPECT_TRUE(grant_refund(mine, RefundId::make(), "ordered:b", 2'700, "x", now, effects));
    const auto second = grant_refund(mine, RefundId::make(), "ordered:c", 2'700, "x", now, effects);
    EXPECT_EQ(second.error().code, "refund_under_way");
    EXPECT_TRUE(grant_refund(mine, RefundId::make(), "ordered:d", 1'800, "x", now, effects));
    EXPECT_FALSE(grant_refund(mine, RefundId::make(), "ordered:e", 1, "x", now, effects));
}

TEST_F(Refunding, in_parts_to_the_last_cent__is_full) {  // F-30
    pay_and_confirm("b1", {.amount = 10'000});
    for (const auto& [name, amount] :
         {std::pair{"r1", 3'333}, {"r2", 3'333}, {"r3", 3'333}, {"r4", 1}}) {
        order("b1", name, amount);
        run_jobs();
    }
    EXPECT_EQ(payment("b1").refund_state(), RefundState::full);
    EXPECT_EQ(balance(psp_clearing), 0);
    EXPECT_EQ(balance(revenue), 0);
    EXPECT_EQ(balance(refund_due), 0);
    expect_sound();
}

TEST_F(Refunding, provider_fails_after_the_work__refunds_once) {  // F-21
    pay_and_confirm("b1");
    order("b1", "r1", 4'500);
    api_->plant(Api::Fault::error_after, 1);
    cashier_->sweep(10);
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::unknown);
    run_jobs();
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::succeeded);
    EXPECT_EQ(world_->list(account("vercors"), "refund", [](const Json&) { return true; }).size(),
              1U);
    expect_sound();
}

TEST_F(Refunding, that_comes_back__is_owed_again_and_found) {  // F-32
    pay_and_confirm("b1");
    order("b1", "r1", 4'500);
    run_jobs();
    ASSERT_EQ(payment("b1").refunded, 4'500);
    world_->fail_refund(account("vercors"), payment("b1").refunds.at(0).external_id);
    deliver();
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::failed);
    EXPECT_EQ(payment("b1").refunded, 0);
    EXPECT_EQ(balance(refund_due), -4'500);
    EXPECT_THAT(findings(), ElementsAre("refund_failed"));
    expect_sound();
    const auto done =
        call(net::Method::post, "/v1/refunds/" + id<RefundId>("r1").str() + "/mark-transferred",
             "{}", staff(), "transfer-1");
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(balance(refund_due), 0);
    EXPECT_THAT(findings(), ElementsAre());
    // The provider says once more what it said before.
    const auto seen =
        provider_->refund(account("vercors"), payment("b1").refunds.at(0).external_id);
    auto mine = payment("b1");
    Effects effects;
    apply_refund(mine, *seen, effects);
    EXPECT_EQ(mine.refunds.at(0).status, RefundStatus::succeeded);
    EXPECT_EQ(mine.refunded, 4'500);
}

TEST_F(Refunding, made_in_the_providers_pages__is_posted_and_found) {  // F-33, S107
    pay_and_confirm("b1");
    world_->refund_outside(account("vercors"), intent_of("b1"), 1'000);
    deliver();
    EXPECT_EQ(payment("b1").refunded, 1'000);
    EXPECT_EQ(payment("b1").refunds.at(0).reason, "outside");
    EXPECT_THAT(findings(), ElementsAre("outside_refund"));
    EXPECT_EQ(balance(revenue), -3'500);
    expect_sound();
}

TEST_F(Refunding, made_outside_without_any_webhook__is_found_in_the_movements) {  // F-33, F-51
    pay_and_confirm("b1");
    world_->refund_outside(account("vercors"), intent_of("b1"), 1'000);
    told_.clear();
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 1'000);
    EXPECT_THAT(findings(), ElementsAre("outside_refund"));
    expect_sound();
}

TEST_F(Refunding, of_a_cheque__goes_by_transfer) {
    accept("b1", {.requirement = "later"});
    tell("booking_confirmed.v1", "b1");
    const auto path = "/v1/payments/" + payment("b1").id.str() + "/offline-receipt";
    const std::string body =
        R"({"method":"cheque","reference":"0001234","received_on":"2026-10-01"})";
    EXPECT_EQ(call(net::Method::post, path, body, member(), "receipt-1").status, 403);
    const auto manager = staff(security::StaffRole::manager);
    EXPECT_EQ(call(net::Method::post, path, body, manager, "receipt-2").status, 403);
    const auto done = call(net::Method::post, path, body, staff(), "receipt-3");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(Json::parse(done.body)["status"], "paid");
    EXPECT_EQ(call(net::Method::post, path, body, staff(), "receipt-3").body, done.body);  // replay
    EXPECT_EQ(call(net::Method::post, path, body, staff(), "receipt-4").status, 409);
    EXPECT_EQ(balance(offline_clearing), 4'500);
    EXPECT_EQ(balance(receivable), 0);
    order("b1", "r1", 4'500);
    run_jobs();
    EXPECT_EQ(payment("b1").refunds.at(0).route, Route::bank_transfer);
    EXPECT_THAT(findings(), ElementsAre("refund_by_transfer"));
    const auto transferred =
        call(net::Method::post, "/v1/refunds/" + id<RefundId>("r1").str() + "/mark-transferred",
             "{}", staff(), "transfer-1");
    EXPECT_EQ(transferred.status, 200);
    EXPECT_EQ(payment("b1").refund_state(), RefundState::full);
    EXPECT_THAT(findings(), ElementsAre());
}

/// A cheque in the letter box after the time to pay was over.
class LateCheque : public Refunding {
protected:
    void SetUp() override {
        Refunding::SetUp();
        accept("b1");
        tell("booking_expired.v1", "b1");
        const auto done =
            call(net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/offline-receipt",
                 R"({"method":"cheque","reference":"7","received_on":"2026-10-01"})", staff(),
                 "receipt-late");
        ASSERT_EQ(done.status, 200) << done.body;
        EXPECT_EQ(Json::parse(done.body)["status"], "paid_late");
        EXPECT_EQ(balance(offline_clearing), 4'500);
        EXPECT_EQ(balance(receivable), 0) << "nothing was due any more";
    }
};

TEST_F(LateCheque, booking_takes_the_time_again__is_kept) {  // F-04
    tell("retaken.v1", "b1");
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(balance(refund_due), 0);
    EXPECT_EQ(balance(receivable), 0);
    expect_sound();
}

TEST_F(LateCheque, time_is_taken__goes_back_in_full_by_transfer) {  // F-05
    tell("not_retaken.v1", "b1");
    run_jobs();
    ASSERT_EQ(payment("b1").refunds.size(), 1U);
    EXPECT_EQ(payment("b1").refunds.front().amount, 4'500);
    EXPECT_EQ(payment("b1").refunds.front().route, Route::bank_transfer);
    EXPECT_THAT(findings(), ElementsAre("refund_by_transfer"));
    expect_sound();
}

}  // namespace
}  // namespace preau::payment::test
