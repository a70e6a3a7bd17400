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

}  // namespace
}  // namespace preau::payment::test
