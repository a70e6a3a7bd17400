// What a finance officer may give back, and decide, on the page of a payment.
#include "services/gateway/pages/refund_forms.hpp"

#include "services/gateway/pages/typed_money.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

json euros(std::int64_t cents) {
    return {{"amount", cents}, {"currency", "EUR"}};
}

json paid(std::int64_t left, const char* dispute = "none") {
    return {{"id", "01PAY"},
            {"status", "paid"},
            {"amount", euros(2'740)},
            {"refundable", euros(left)},
            {"dispute_state", dispute}};
}

json officer() {
    return {{"person", {{"id", "01F"}, {"name", "Marc Teyssier"}}},
            {"memberships", json::array()},
            {"posts", {{{"role", "finance"}, {"establishment_ids", json::array()}}}}};
}

TEST(RefundForm, giving_back__is_for_finance_officers_while_something_is_left_and_undisputed) {
    const auto request = test::request_of("/paiements/01PAY");
    const auto visit = test::signed_in(request, officer());
    const auto form = refund_form(visit, paid(2'740), true);
    EXPECT_EQ(form["action"], "/finance/paiements/01PAY/rembourser");
    EXPECT_NE(form["left_text"].get<std::string>().find("27,40"), std::string::npos);
    EXPECT_EQ(form["options"].size(), 4U);
    EXPECT_EQ(refund_form(visit, paid(2'740), false), false);
    EXPECT_EQ(refund_form(visit, paid(2'740, "open"), true), false);
    EXPECT_EQ(refund_form(visit, paid(0), true), false);
}

TEST(RefundForm, refund_that_waits_for_a_second_officer__offers_the_decision_to_officers) {
    json refund{{"id", "01R"}, {"amount", euros(60'000)}, {"status", "requested"}};
    const auto decision = refund_decision(paid(2'740), refund, true);
    EXPECT_EQ(decision["approve"], "/finance/remboursements/01R/approuver");
    EXPECT_EQ(decision["reject"], "/finance/remboursements/01R/refuser");
    EXPECT_EQ(decision["payment_id"], "01PAY");
    EXPECT_EQ(refund_decision(paid(2'740), refund, false), false);
    refund["status"] = "approved";
    EXPECT_EQ(refund_decision(paid(2'740), refund, true), false);
}

TEST(TypedMoney, sums__are_read_as_people_write_them_and_nothing_else_is) {
    EXPECT_EQ(cents_typed("40"), 4'000);
    EXPECT_EQ(cents_typed("40,5"), 4'050);
    EXPECT_EQ(cents_typed("40.50 €"), 4'050);
    for (const auto* text : {"", "-4", "4,505", "4,5,0", "12 francs", "9999999"})
        EXPECT_FALSE(cents_typed(text)) << text;
}

}  // namespace
}  // namespace preau::gateway
