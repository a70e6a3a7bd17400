// What arrives at the door: signatures, poison, strangers.

#include "services/payment/provider/stripe/signature.hpp"
#include "shared/security/digest.hpp"
#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

class Webhook : public Till {
protected:
    Json event() const {
        return {{"id", "evt_1"},
                {"type", "unheard.of"},
                {"account", "acct_vercors"},
                {"data", {{"object", {{"object", "thing"}, {"id", "th_1"}}}}}};
    }
};

TEST_F(Webhook, forged__is_refused_and_leaves_no_row) {  // F-06, S97
    EXPECT_EQ(post_webhook(event(), "whsec_other").status, 400);
    net::Request bare;
    bare.method = net::Method::post;
    bare.path = "/webhooks/stripe/connect";
    bare.body = event().dump();
    const auto* route = router_.find(net::Method::post, bare.path).route;
    EXPECT_EQ(route->handler(bare).status, 400);
    const auto t = std::to_string(machine_.now().seconds);
    bare.headers.add(
        "stripe-signature",
        "t=" + t + ",v0=" + security::hmac_sha256_hex("whsec_now", t + "." + bare.body));
    EXPECT_EQ(route->handler(bare).status, 400);
    EXPECT_EQ(count("SELECT COUNT(*) FROM webhook_inbox"), 0);
    EXPECT_EQ(counted("preau_payment_webhooks_total", {{"outcome", "wrong"}}), 1U);
    EXPECT_EQ(counted("preau_payment_webhooks_total", {{"outcome", "malformed"}}), 2U);
}

TEST_F(Webhook, of_another_time__is_refused) {  // F-07, S97
    EXPECT_EQ(post_webhook(event(), "whsec_now", 301).status, 400);
    EXPECT_EQ(post_webhook(event(), "whsec_now", -600).status, 400);
    EXPECT_EQ(count("SELECT COUNT(*) FROM webhook_inbox"), 0);
    EXPECT_EQ(post_webhook(event(), "whsec_now", 299).status, 200);
}

TEST_F(Webhook, signed_with_the_old_secret_during_rotation__is_taken) {  // F-09
    EXPECT_EQ(post_webhook(event(), "whsec_old").status, 200);
}

TEST_F(Webhook, several_signatures__one_good_one_is_enough) {
    const std::string body = "{}";
    const auto good = security::hmac_sha256_hex("secret", "100." + body);
    using stripe::Verdict;
    using stripe::verify;
    EXPECT_EQ(verify("t=100,v1=dead,v1=" + good, body, {"secret"}, 100), Verdict::good);
    EXPECT_EQ(verify("t=100,v1=dead", body, {"secret"}, 100), Verdict::wrong);
    EXPECT_EQ(verify("t=100,v1=" + good, body + " ", {"secret"}, 100), Verdict::wrong);
    EXPECT_EQ(verify("t=abc,v1=" + good, body, {"secret"}, 100), Verdict::malformed);
    EXPECT_EQ(verify("t=100,v1=" + good, body, {}, 100), Verdict::wrong);
}

TEST_F(Webhook, unknown_or_strange__is_taken_and_the_worker_goes_on) {  // F-50, S97
    EXPECT_EQ(post_webhook(event()).status, 200);
    auto stranger = event();
    stranger["id"] = "evt_2";
    stranger["account"] = "acct_nobody";
    EXPECT_EQ(post_webhook(stranger).status, 200);
    EXPECT_EQ(post_webhook(Json::array()).status, 400);
    auto missing = event();
    missing["id"] = "evt_3";
    missing["data"]["object"] = {{"object", "checkout.session"}, {"id", "cs_none"}};
    EXPECT_EQ(post_webhook(missing).status, 200);
    accept("b1");
    pay("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_THAT(findings(), testing::ElementsAre("unknown_object"));
}

TEST_F(Webhook, of_another_establishments_account__moves_nothing) {
    accept("b1");
    pay("b1");
    for (auto& one : told_)
        one["account"] = "acct_garenne";
    deliver();
    EXPECT_EQ(payment("b1").status, Status::awaiting_payer);
    EXPECT_EQ(balance(ledger::Account::psp_clearing, "garenne"), 0);
}

TEST_F(Webhook, taken_before_a_crash__is_handled_after_it) {  // F-27
    accept("b1");
    pay("b1");
    while (!told_.empty()) {
        post_webhook(told_.front());
        told_.pop_front();
    }
    restart();
    cashier_->read_inbox(10);
    EXPECT_EQ(payment("b1").status, Status::paid);
}

TEST_F(Webhook, while_the_provider_cannot_be_read__is_tried_again) {
    accept("b1");
    pay("b1");
    unplugged_ = true;
    deliver();
    EXPECT_EQ(payment("b1").status, Status::awaiting_payer);
    unplugged_ = false;
    machine_.set(machine_.now() + 10);
    cashier_->read_inbox(10);
    EXPECT_EQ(payment("b1").status, Status::paid);
}

}  // namespace
}  // namespace preau::payment::test
