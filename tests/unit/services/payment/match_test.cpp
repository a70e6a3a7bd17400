// What becomes of bank lines: direct transfers, several payouts in one line, suspense, decisions by
// a person and their undoing.

#include "tests/unit/services/payment/desk.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class Desk : public Bank {
protected:
    Json bring(const std::string& lines) {
        const auto answer = import(kHead + lines, "import-" + std::to_string(++acts_) + "x");
        EXPECT_EQ(answer.status, 201) << answer.body;
        return Json::parse(answer.body);
    }
    std::string reference(const std::string& booking) { return payment(booking).public_ref; }
    Json lines() { return get("/v1/bank-lines")["items"]; }
    net::Response act(net::Method method, const std::string& path,
                      const Json& body = Json::object(), const security::Identity& who = staff()) {
        return call(method, path, body.dump(), who, "act-" + std::to_string(++acts_) + "-key");
    }
    net::Response match(const Json& line, Json body, const security::Identity& who = staff()) {
        body["line_id"] = line["id"];
        return act(net::Method::post, "/v1/matches", body, who);
    }
    net::Response undo(const Json& line) {
        for (const auto& one : line["matches"]) {
            if (one["state"] == "made")
                return act(net::Method::del, "/v1/matches/" + one["id"].get<std::string>());
        }
        ADD_FAILURE() << "no match to undo";
        return {};
    }
    Json run() {
        const auto answer = act(net::Method::post, at("/v1/reconciliation/runs"));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return Json::parse(answer.body);
    }
    int acts_ = 0;
};

TEST_F(Desk, transfer_with_the_printed_reference__pays) {  // S114, F-41
    accept("b1", {.amount = 2'300});
    auto typed = reference("b1");
    std::ranges::replace(typed, '0', 'O');
    std::ranges::replace(typed, '1', 'l');
    std::ranges::replace(typed, '-', ' ');
    const auto report = bring(line("02/10/2026", "VIR JUDO CLUB " + typed, "23,00"));
    EXPECT_EQ(report["matched"], 1);
    const auto paid = payment("b1");
    EXPECT_EQ(paid.status, Status::paid);
    EXPECT_EQ(paid.method, "transfer");
    EXPECT_EQ(paid.settlement, Settlement::bank_confirmed);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid.v1"));
    EXPECT_EQ(balance(bank), 2'300);
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(lines()[0]["rule"], "R5");
    EXPECT_EQ(lines()[0]["matches"][0]["items"][0]["reference"], reference("b1"));
    expect_sound();
    // The line again in the next run changes nothing.
    run();
    EXPECT_EQ(balance(bank), 2'300);
}

TEST_F(Desk, too_little__stays_open_by_what_is_missing) {  // S116, F-41
    accept("b1", {.amount = 2'300});
    bring(line("02/10/2026", "VIR " + reference("b1"), "22,50"));
    EXPECT_EQ(payment("b1").status, Status::created);
    EXPECT_EQ(balance(receivable), 50);
    EXPECT_TRUE(facts_of("b1").empty());
    EXPECT_THAT(lines()[0]["reasons"], Contains("amount_less"));
    bring(line("05/10/2026", "VIR " + reference("b1"), "0,50"));
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(balance(receivable), 0);
    expect_sound();
}

TEST_F(Desk, too_much__is_paid_and_the_rest_owed_back) {  // S116, F-41
    accept("b1", {.amount = 2'300});
    bring(line("02/10/2026", "VIR " + reference("b1"), "23,50"));
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(balance(refund_due), -50);
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_THAT(findings(), ElementsAre("refund_by_transfer"));
    const auto refund = payment("b1").refunds.at(0);
    EXPECT_EQ(refund.amount, 50);
    EXPECT_EQ(payment("b1").refunds_granted(), 0) << "the price is not given back";
    const auto sent =
        act(net::Method::post, "/v1/refunds/" + refund.id.str() + "/mark-transferred");
    EXPECT_EQ(sent.status, 200) << sent.body;
    EXPECT_EQ(balance(refund_due), 0);
    EXPECT_EQ(balance(bank), 2'300);
    expect_sound();
}

TEST_F(Desk, in_two_parts__is_paid_once) {  // S116
    accept("b1", {.amount = 2'300});
    bring(line("02/10/2026", "VIR " + reference("b1"), "10,00") +
          line("02/10/2026", "VIR " + reference("b1"), "13,00"));
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_THAT(facts_of("b1"), ElementsAre("payment_paid.v1"));
    EXPECT_EQ(balance(bank), 2'300);
    expect_sound();
}

TEST_F(Desk, two_payments_in_one_transfer__are_both_paid) {
    accept("b1", {.amount = 2'300});
    accept("b2", {.amount = 4'500});
    bring(line("02/10/2026", "VIR " + reference("b1") + " " + reference("b2"), "68,00"));
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(payment("b2").status, Status::paid);
    expect_sound();
}

TEST_F(Desk, one_letter_wrong__is_suggested_and_accepted_by_a_person) {  // F-41
    accept("b1", {.amount = 2'300});
    auto typed = reference("b1");
    typed[4] = typed[4] == 'X' ? 'Y' : 'X';
    const auto report = bring(line("02/10/2026", "VIR " + typed, "23,00"));
    EXPECT_EQ(report["suggested"], 1);
    EXPECT_EQ(payment("b1").status, Status::created) << "nothing closes by itself";
    EXPECT_EQ(balance(bank), 0);
    const auto found = lines()[0];
    EXPECT_EQ(found["state"], "suggested");
    ASSERT_EQ(found["matches"].size(), 1U);
    EXPECT_THAT(found["matches"][0]["reasons"], ElementsAre("reference_near", "amount_equal"));
    const Json accepted{{"match_id", found["matches"][0]["id"]}};
    EXPECT_EQ(match(found, accepted, staff(security::StaffRole::manager)).status, 404);
    EXPECT_EQ(match(found, accepted, staff(security::StaffRole::finance, "garenne")).status, 404);
    const auto done = match(found, accepted);
    EXPECT_EQ(done.status, 201) << done.body;
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(match(found, accepted).status, 404) << "the suggestion is gone with the decision";
    expect_sound();
}

TEST_F(Desk, transfer_that_an_officer_had_recorded__is_found_again) {
    accept("b1", {.amount = 2'300});
    const auto recorded =
        act(net::Method::post, "/v1/payments/" + payment("b1").id.str() + "/offline-receipt",
            {{"method", "transfer"}, {"received_on", "2026-10-01"}});
    ASSERT_EQ(recorded.status, 200) << recorded.body;
    EXPECT_EQ(balance(offline_clearing), 2'300);
    bring(line("02/10/2026", "VIR " + reference("b1"), "23,00"));
    EXPECT_EQ(balance(offline_clearing), 0);
    EXPECT_EQ(balance(bank), 2'300);
    expect_sound();
}

TEST_F(Desk, part_by_transfer_then_all_by_card__gives_the_part_back) {
    accept("b1", {.amount = 2'300});
    bring(line("02/10/2026", "VIR " + reference("b1"), "10,00"));
    pay("b1");
    deliver();
    EXPECT_EQ(payment("b1").status, Status::paid);
    run();
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(balance(refund_due), -1'000);
    EXPECT_THAT(findings(), Contains("refund_by_transfer"));
    run();
    EXPECT_EQ(balance(refund_due), -1'000) << "once";
    expect_sound();
}

TEST_F(Desk, transfer_after_the_end__is_late_money) {
    accept("b1", {.amount = 2'300});
    tell("booking_cancelled.v1", "b1");
    bring(line("02/10/2026", "VIR " + reference("b1"), "23,00"));
    EXPECT_EQ(payment("b1").status, Status::paid_late);
    EXPECT_EQ(balance(refund_due), -2'300);
    EXPECT_THAT(findings(), Contains("refund_by_transfer"));
    expect_sound();
}

TEST_F(Desk, several_payouts_in_one_line__are_found_when_there_is_one_way_only) {  // F-38
    const auto first = paid_out({"b1"}, 4'500);
    const auto second = paid_out({"b2"}, 2'310);
    paid_out({"b3"}, 9'900);
    const auto report = bring(line("02/10/2026", "VIR SEPA STRIPE", "68,10"));
    EXPECT_EQ(report["matched"], 1);
    EXPECT_EQ(lines()[0]["rule"], "R3");
    EXPECT_EQ(get("/v1/payouts/" + first)["status"], "bank_confirmed");
    EXPECT_EQ(get("/v1/payouts/" + second)["status"], "bank_confirmed");
    EXPECT_EQ(get("/v1/payouts/" + first)["bank_lines"].size(), 1U);
    EXPECT_EQ(balance(payout_transit), 9'900);
    EXPECT_EQ(balance(bank), 6'810);
    expect_sound();
    const auto undone = undo(lines()[0]);
    EXPECT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(balance(bank), 0);
    EXPECT_EQ(balance(payout_transit), 16'710);
    EXPECT_EQ(get("/v1/payouts/" + second)["status"], "itemised");
    EXPECT_EQ(payment("b2").settlement, Settlement::in_payout);
    EXPECT_EQ(run()["matched"], 1) << "and found again";
    EXPECT_EQ(balance(bank), 6'810);
    expect_sound();
}

TEST_F(Desk, unknown_money__waits_three_working_days_then_stands_in_suspense_until_named) {
    accept("b1", {.amount = 2'300});
    auto wrong = reference("b1");
    std::swap(wrong[3], wrong[4]);
    bring(line("02/10/2026", "VIR STRIPE INCONNU", "99,00"));  // a Friday
    EXPECT_EQ(lines()[0]["state"], "unmatched");
    business_.set(instant("2026-10-07 09:00"));
    EXPECT_EQ(run()["suspense"], 0);
    EXPECT_EQ(balance(suspense_in), 0);
    business_.set(instant("2026-10-08 09:00"));
    EXPECT_EQ(run()["suspense"], 1);
    EXPECT_EQ(balance(suspense_in), -9'900);
    EXPECT_EQ(balance(bank), 9'900);
    const auto todo = get("/v1/reconciliation/summary")["to_look_at"];
    ASSERT_EQ(todo.size(), 1U);
    EXPECT_EQ(todo[0]["reason_code"], "bank_line_unmatched");
    EXPECT_EQ(todo[0]["age_days"], 7);
    EXPECT_EQ(run()["suspense"], 1) << "once";
    EXPECT_EQ(balance(suspense_in), -9'900);
    // Somebody finds out what it was.
    const auto named = match(lines()[0], {{"references", {reference("b1")}}});
    EXPECT_EQ(named.status, 201) << named.body;
    EXPECT_EQ(balance(suspense_in), 0);
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(balance(refund_due), -7'600);
    EXPECT_EQ(undo(lines()[0]).status, 409) << "a part of it is owed back";
    expect_sound();
}

TEST_F(Desk, match_undone__posts_the_reverse_and_waits_where_it_had_waited) {
    accept("b1", {.amount = 2'300});
    bring(line("02/10/2026", "VIR STRIPE INCONNU", "23,00"));
    business_.set(instant("2026-10-12 09:00"));
    run();
    EXPECT_EQ(match(lines()[0], {{"references", {reference("b1")}}}).status, 201);
    EXPECT_EQ(balance(receivable), 0);
    EXPECT_EQ(undo(lines()[0]).status, 200);
    EXPECT_EQ(lines()[0]["state"], "suspense");
    EXPECT_EQ(balance(receivable), 2'300);
    EXPECT_EQ(balance(suspense_in), -2'300);
    EXPECT_EQ(payment("b1").status, Status::paid) << "booking was told";
    EXPECT_THAT(findings(), Contains("transfer_undone"));
    EXPECT_EQ(match(lines()[0], {{"references", {reference("b1")}}}).status, 201);
    EXPECT_THAT(findings(), Not(Contains("transfer_undone")));
    EXPECT_EQ(balance(receivable), 0);
    expect_sound();
}

TEST_F(Desk, other_amount__is_accepted_with_a_reason_only) {  // F-38
    const auto payout = paid_out({"b1"});
    bring(line("03/10/2026", "VIR STRIPE " + payout, "44,99"));
    const auto found = lines()[0];
    ASSERT_EQ(found["matches"].size(), 1U);
    Json decision{{"match_id", found["matches"][0]["id"]}};
    EXPECT_EQ(Json::parse(match(found, decision).body)["code"], "reason_required");
    EXPECT_EQ(balance(bank), 0);
    decision["note"] = "Frais de la banque";
    EXPECT_EQ(match(found, decision).status, 201);
    EXPECT_EQ(balance(bank), 4'499);
    EXPECT_EQ(balance(suspense_out), 1);
    EXPECT_EQ(balance(payout_transit), 0);
    EXPECT_TRUE(findings().empty());
    expect_sound();
}

TEST_F(Desk, line_that_is_none_of_ours__is_set_aside_and_taken_up_again) {
    bring(line("02/10/2026", "VIR STRIPE INCONNU", "23,00"));
    business_.set(instant("2026-10-12 09:00"));
    run();
    const auto path = "/v1/bank-lines/" + lines()[0]["id"].get<std::string>();
    EXPECT_EQ(Json::parse(act(net::Method::post, path + "/set-aside").body)["code"],
              "reason_required");
    EXPECT_EQ(act(net::Method::post, path + "/set-aside", {{"note", "Subvention"}}).status, 200);
    EXPECT_EQ(balance(suspense_in), 0);
    EXPECT_EQ(balance(bank), 0);
    EXPECT_TRUE(findings().empty());
    EXPECT_EQ(run()["suspense"], 0);
    EXPECT_EQ(act(net::Method::post, path + "/take-up").status, 200);
    EXPECT_EQ(balance(suspense_in), -2'300);
    EXPECT_EQ(run()["suspense"], 1);
    expect_sound();
}

TEST_F(Desk,
       ledger_provider_and_bank__agree_stage_by_stage_and_every_difference_is_listed) {  // S121
    paid_out({"b1", "b2"});
    import(simulated_statement());
    accept("b3", {.amount = 700});
    pay("b3");
    deliver();
    const auto stages = get("/v1/reconciliation/summary")["agreement"];
    ASSERT_EQ(stages.size(), 3U);
    EXPECT_EQ(stages[0]["ledger"]["amount"], 700);
    EXPECT_EQ(stages[2]["bank"]["amount"], 9'000);
    for (const auto& one : stages)
        EXPECT_EQ(one["difference"]["amount"], 0) << one;
    auto listed = get("/v1/reconciliation/differences");
    EXPECT_EQ(listed["difference"]["amount"], 0);
    EXPECT_TRUE(listed["items"].empty());
    EXPECT_EQ(listed["ledger"], listed["provider"]);
    // Negative control: a movement that the ledger never heard of.
    execute(
        *database_,
        "INSERT INTO provider_txn (txn_id, account, establishment_id, type, gross, fee, source, "
        "payment_id, created_at) VALUES ('txn_lost', 'acct_vercors', '" +
            id<base::EstablishmentId>("vercors").str() + "', 'adjustment', -123, 0, '', '', " +
            std::to_string(business_.now().seconds) + ")");
    listed = get("/v1/reconciliation/differences?month=2026-10");
    ASSERT_EQ(listed["items"].size(), 1U);
    EXPECT_EQ(listed["items"][0]["id"], "txn_lost");
    EXPECT_EQ(listed["difference"]["amount"], 123);
    EXPECT_EQ(get("/v1/reconciliation/summary")["agreement"][0]["difference"]["amount"], 123);
}

TEST_F(Desk,
       payout_that_fails_after_the_bank_was_told__does_not_match_and_the_next_one_does) {  // F-37
    const auto failed = paid_out({"b1"});
    execute(*database_, "UPDATE payout SET status = 'failed' WHERE payout_id = '" + failed + "'");
    bring(line("03/10/2026", "VIR STRIPE " + failed, "45,00"));
    EXPECT_EQ(balance(bank), 0);
    const auto next = paid_out({"b2"});
    bring(line("06/10/2026", "VIR STRIPE " + next, "45,00"));
    EXPECT_EQ(get("/v1/payouts/" + next)["status"], "bank_confirmed");
    EXPECT_EQ(balance(bank), 4'500);
}

}  // namespace
}  // namespace preau::payment::test
