// Refunds that officers ask for, and what the provider's account does with them.

#include "services/payment/domain/settle.hpp"
#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;
using testing::ElementsAre;

class OfficerRefund : public Till {
protected:
    void SetUp() override {
        Till::SetUp();
        four_eyes_cents_ = 50'000;
        restart();
    }
    net::Response ask(const std::string& booking, std::int64_t cents,
                      const security::Identity& who = staff()) {
        return call(
            net::Method::post, "/v1/payments/" + payment(booking).id.str() + "/refunds",
            Json{{"amount", {{"amount", cents}, {"currency", "EUR"}}}, {"reason", "partly_used"}}
                .dump(),
            who, "ask-refund-" + std::to_string(++asked_));
    }
    net::Response on_refund(const std::string& booking, const std::string& what,
                            const security::Identity& who, std::size_t n = 0) {
        return call(net::Method::post,
                    "/v1/refunds/" + payment(booking).refunds.at(n).id.str() + "/" + what, "{}",
                    who, what + "-" + std::to_string(++asked_));
    }
    static security::Identity other_officer() {
        auto out = staff();
        out.actor = id<base::PersonId>("another").str();
        return out;
    }
    std::string code_of(const net::Response& answer) { return Json::parse(answer.body)["code"]; }
    int asked_ = 0;
};

TEST_F(OfficerRefund, one_date_of_three__stays_confirmed_and_is_partly_refunded) {  // S104
    pay_and_confirm("b1", {.amount = 12'000});
    const auto answer = ask("b1", 4'000);
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(Json::parse(answer.body)["refundable"]["amount"], 8'000);
    run_jobs();
    const auto found = payment("b1");
    EXPECT_EQ(found.booking_state, BookingState::confirmed);
    EXPECT_EQ(found.refund_state(), RefundState::partial);
    EXPECT_EQ(found.amount - found.refunded, 8'000);
    EXPECT_EQ(found.refunds.at(0).asked_by, staff().actor);
    expect_sound();
}

TEST_F(OfficerRefund, more_than_is_left__is_refused_for_ever_or_for_now) {  // F-29, S105
    pay_and_confirm("b1", {.amount = 12'000});
    EXPECT_EQ(code_of(ask("b1", 12'001)), "refund_exceeds_paid");
    ASSERT_EQ(ask("b1", 10'000).status, 201);
    run_jobs();
    EXPECT_EQ(ask("b1", 2'000).status, 201);
    const auto second = ask("b1", 2'000);
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(code_of(second), "refund_under_way");
    run_jobs();
    const auto cent = ask("b1", 1);
    EXPECT_EQ(cent.status, 422);
    EXPECT_EQ(code_of(cent), "refund_exceeds_paid");
    EXPECT_EQ(payment("b1").refunded, 12'000);
    expect_sound();
}

TEST_F(OfficerRefund, two_at_one_moment__never_exceed_what_was_paid) {  // F-29, S105
    pay_and_confirm("b1", {.amount = 10'000});
    const auto key = payment("b1").id;
    std::atomic<int> granted = 0;
    {
        db::test::Crew crew;
        for (int i = 0; i < 4; ++i) {
            crew.add([&, i] {
                for (int tries = 0; tries < 10; ++tries) {
                    const auto done = store_->transact([&](Tx& tx) -> base::Result<bool> {
                        auto mine = tx.find(key).value();
                        Effects effects;
                        const RefundOrder order{RefundId::make(), 6'000, "mistake",
                                                "officer-" + std::to_string(i), false};
                        const auto asked = ask_refund(mine, order, business_.now(), effects);
                        if (!asked) return std::unexpected(asked.error());
                        if (auto saved = tx.save(mine, effects, business_.now()); !saved) {
                            return std::unexpected(saved.error());
                        }
                        return true;
                    });
                    if (done) ++granted;
                    if (done || done.error().code != "stale_version") return;
                }
            });
        }
    }
    EXPECT_EQ(granted, 1);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 6'000);
    expect_sound();
}

TEST_F(OfficerRefund, large_sum__waits_for_another_officer) {
    pay_and_confirm("b1", {.amount = 80'000});
    ASSERT_EQ(ask("b1", 50'000).status, 201);
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::requested);
    EXPECT_EQ(balance(refund_due), 0) << "nothing is promised yet";
    EXPECT_THAT(findings(), ElementsAre("refund_to_approve"));
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 0);
    // What waits is reserved.
    EXPECT_EQ(code_of(ask("b1", 40'000)), "refund_under_way");

    EXPECT_EQ(on_refund("b1", "approve", member()).status, 403);
    const auto own = on_refund("b1", "approve", staff());
    EXPECT_EQ(own.status, 403);
    EXPECT_EQ(code_of(own), "second_officer_required");
    ASSERT_EQ(on_refund("b1", "approve", other_officer()).status, 200);
    EXPECT_EQ(code_of(on_refund("b1", "reject", other_officer())), "already_decided");
    EXPECT_THAT(findings(), ElementsAre());
    EXPECT_EQ(balance(refund_due), -50'000);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 50'000);
    EXPECT_EQ(payment("b1").refunds.at(0).decided_by, other_officer().actor);
    expect_sound();
}

TEST_F(OfficerRefund, large_sum_rejected__leaves_no_trace_in_the_ledger) {
    pay_and_confirm("b1", {.amount = 80'000});
    ask("b1", 60'000);
    ASSERT_EQ(on_refund("b1", "reject", other_officer()).status, 200);
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::rejected);
    EXPECT_EQ(payment("b1").refundable(), 80'000);
    EXPECT_EQ(count("SELECT COUNT(*) FROM journal WHERE event_key LIKE 'refund%'"), 0);
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 0);
    expect_sound();
}

TEST_F(OfficerRefund, by_others_or_with_nonsense__is_refused) {  // F-43, F-47
    pay_and_confirm("b1");
    EXPECT_EQ(ask("b1", 100, member()).status, 403);
    EXPECT_EQ(ask("b1", 100, staff(security::StaffRole::manager)).status, 403);
    EXPECT_EQ(ask("b1", 100, staff(security::StaffRole::finance, "garenne")).status, 404);
    EXPECT_EQ(ask("b1", 0).status, 422);
    const auto dollars =
        call(net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/refunds",
             R"({"amount":{"amount":100,"currency":"USD"},"reason":"mistake"})", staff(),
             "usd-refund-1");
    EXPECT_EQ(dollars.status, 422);
    EXPECT_TRUE(payment("b1").refunds.empty());
}

TEST_F(OfficerRefund, account_without_money__is_visible_and_not_counted) {  // F-31
    world_->lend_nothing(account("vercors"));
    pay_and_confirm("b1");
    ASSERT_TRUE(world_->make_payout(account("vercors")));
    ASSERT_EQ(ask("b1", 4'500).status, 201);
    run_jobs();
    auto found = payment("b1");
    EXPECT_EQ(found.refunds.at(0).status, RefundStatus::pending);
    EXPECT_EQ(found.refunds.at(0).pending_reason, "insufficient_funds");
    EXPECT_EQ(found.refunded, 0);
    EXPECT_EQ(found.refund_state(), RefundState::none);
    EXPECT_THAT(findings(), ElementsAre("refund_insufficient_funds"));
    expect_sound();
    business_.set(business_.now() + 6 * 86'400);
    run_jobs();
    EXPECT_THAT(findings(), testing::UnorderedElementsAre("refund_insufficient_funds",
                                                          "refund_late"));  // the alarm
    // Money comes in: the provider pays by itself.
    pay_and_confirm("b2");
    run_jobs();
    EXPECT_EQ(payment("b1").refunded, 4'500);
    EXPECT_THAT(findings(), ElementsAre());
    expect_sound();
}

TEST_F(OfficerRefund, account_without_money__may_go_by_transfer_and_never_twice_unseen) {  // F-31
    world_->lend_nothing(account("vercors"));
    pay_and_confirm("b1");
    world_->make_payout(account("vercors"));
    ask("b1", 4'500);
    EXPECT_EQ(on_refund("b1", "mark-transferred", staff()).status, 409) << "it is not sent yet";
    run_jobs();
    ASSERT_EQ(on_refund("b1", "mark-transferred", staff()).status, 200);
    EXPECT_EQ(payment("b1").refunds.at(0).route, Route::bank_transfer);
    EXPECT_EQ(payment("b1").refunded, 4'500);
    EXPECT_THAT(findings(), ElementsAre());
    // The provider pays after all.
    pay_and_confirm("b2");
    run_jobs();
    deliver();
    EXPECT_EQ(payment("b1").refunded, 4'500);
    EXPECT_THAT(findings(), ElementsAre("refunded_twice"));
    EXPECT_EQ(balance(suspense_out), 4'500);
    expect_sound();
}

TEST_F(OfficerRefund, the_provider_says_no__is_failed_and_can_be_transferred) {  // S106
    pay_and_confirm("b1");
    ask("b1", 4'500);
    world_->refund_outside(account("vercors"), intent_of("b1"), 4'500);  // before ours was sent
    run_jobs();
    const auto found = payment("b1");
    EXPECT_EQ(found.refunds.at(0).status, RefundStatus::failed);
    EXPECT_THAT(findings(), testing::UnorderedElementsAre("refund_failed", "outside_refund"));
    EXPECT_EQ(found.booking_state, BookingState::confirmed) << "S107: the booking stays";
    expect_sound();
}

TEST_F(OfficerRefund, the_provider_does_not_answer__is_unknown_until_it_does) {  // S106, F-22
    pay_and_confirm("b1");
    ask("b1", 1'000);
    cut_answers_ = 1;
    cashier_->sweep(10);
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::unknown);
    run_jobs();
    EXPECT_EQ(payment("b1").refunds.at(0).status, RefundStatus::succeeded);
    EXPECT_EQ(world_->list(account("vercors"), "refund", [](const Json&) { return true; }).size(),
              1U);
}

}  // namespace
}  // namespace preau::payment::test
