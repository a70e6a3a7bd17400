// Our requests and the simulator's answers are held to Stripe's own declarations in every test of
// this folder (Till); here, that this would be noticed.

#include "tests/unit/services/payment/stripe_schema.hpp"

#include "services/payment/provider/stripe/provider.hpp"
#include "tests/simulators/stripe/form.hpp"
#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {
namespace {

using Json = nlohmann::json;

const StripeSchema& schema() {
    static const StripeSchema kSchema;
    return kSchema;
}

Json form(std::string_view text) {
    return stripe_simulator::parse_form(text).value();
}

TEST(StripeSchemaTest, pinned_version__is_the_one_of_the_declarations) {
    EXPECT_EQ(schema().api_version(), stripe::default_version);
    EXPECT_EQ(schema().api_version(), stripe_simulator::api_version);
}

TEST(StripeSchemaTest, what_this_version_does_not_take__is_a_fault) {
    const auto fault = [](std::string_view text) {
        return schema().fault_of_request("POST", "/v1/checkout/sessions", form(text)).value_or("");
    };
    EXPECT_EQ(fault("mode=payment&line_items[0][quantity]=1"), "");
    EXPECT_THAT(fault("mode=payment&payment_method_types[0]=card"),
                testing::HasSubstr("payment_method_types is not known"));
    EXPECT_THAT(fault("line_items[0][price_data][currency]=eur&"
                      "line_items[0][price_data][unit_amount]=45.5"),
                testing::HasSubstr("is no number"));
    EXPECT_THAT(fault("line_items[0][price_data][currenci]=eur"), testing::HasSubstr("lacks"));
    EXPECT_THAT(schema().fault_of_request("POST", "/v1/tokens", Json::object()).value_or(""),
                testing::HasSubstr("not known"));
    EXPECT_THAT(schema()
                    .fault_of_request("POST", "/v1/refunds", form("payment_intent=pi_1&amount=x"))
                    .value_or(""),
                testing::HasSubstr("amount"));
}

TEST(StripeSchemaTest, answer_without_a_member_that_stripe_gives__is_a_fault) {
    EXPECT_THAT(
        schema()
            .fault_of_answer("GET", "/v1/refunds/re_1", Json{{"id", "re_1"}, {"object", "refund"}})
            .value_or(""),
        testing::HasSubstr("lacks"));
}

class Operations : public Till {};

TEST_F(Operations, all_that_is_known__answer_in_stripes_shapes) {
    pay_and_confirm("b1");
    world_->refund_outside(account("vercors"), intent_of("b1"), 500);
    world_->dispute(account("vercors"), intent_of("b1"), 1'000);
    world_->make_payout(account("vercors"));
    world_->restrict(account("vercors"), "requirements.past_due");
    accept("b2", {.establishment = "garenne"});
    open_page("b2");
    EXPECT_EQ(cashier_->cancel(id<base::BookingId>("b2")).value(), CancelOutcome::cancelled);
    run_jobs();
    const auto owner = account("vercors");
    const auto get = [&](const std::string& path) {
        net::ClientRequest request;
        request.method = net::Method::get;
        request.url = "http://provider.test" + path;
        request.headers = {{"Authorization", "Bearer sk_test_till"},
                           {"Stripe-Version", std::string(stripe::default_version)},
                           {"Stripe-Account", owner}};
        const auto answer = ask_provider(request);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200) << path << answer->body;
    };
    for (const auto* one : {"event", "balance_transaction", "payout", "refund", "dispute", "charge",
                            "payment_intent", "checkout.session"}) {
        const auto found = world_->list(owner, one, [](const Json&) { return true; });
        ASSERT_FALSE(found.empty()) << one;
        std::string folder =
            one == std::string("checkout.session") ? "checkout/sessions" : std::string(one) + "s";
        for (const auto& object : found)
            get("/v1/" + folder + "/" + object["id"].get<std::string>());
    }
    get("/v1/events?limit=100");
    get("/v1/balance");
    get("/v1/accounts/" + owner);
}

}  // namespace
}  // namespace preau::payment::test
