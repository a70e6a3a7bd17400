// Payouts, bank statements, matches, exports, and who may see them.

#include "tests/unit/services/payment/desk.hpp"

namespace preau::payment::test {
namespace {

using enum ledger::Account;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(Bank, payout__is_itemised_to_the_cent) {
    const auto payout = paid_out({"b1", "b2"});
    const auto shown = get("/v1/payouts/" + payout);
    EXPECT_EQ(shown["status"], "itemised");
    EXPECT_EQ(shown["amount"]["amount"], 9'000);
    EXPECT_EQ(shown["itemised"]["amount"], 9'000);
    ASSERT_EQ(shown["lines"].size(), 2U);
    EXPECT_EQ(shown["lines"][0]["booking_reference"], "PR-7F3K-2");
    EXPECT_EQ(payment("b1").settlement, Settlement::in_payout);
    EXPECT_EQ(balance(payout_transit), 9'000);
    EXPECT_EQ(balance(psp_clearing), 0);
    expect_sound();
}

TEST_F(Bank, the_simulated_banks_statement__is_matched_as_it_is) {
    paid_out({"b1", "b2"});
    const auto done = import(simulated_statement());
    ASSERT_EQ(done.status, 201) << done.body;
    const auto report = Json::parse(done.body);
    EXPECT_EQ(report["matched"], 1);
    EXPECT_EQ(report["unmatched"], 0);
    EXPECT_EQ(payment("b1").settlement, Settlement::bank_confirmed);
    EXPECT_EQ(balance(payout_transit), 0);
    EXPECT_EQ(balance(bank), 9'000);
    const auto summary = get("/v1/reconciliation/summary");
    EXPECT_EQ(summary["at_provider"]["amount"], 0);
    EXPECT_EQ(summary["on_the_way"]["amount"], 0);
    EXPECT_EQ(summary["difference"]["amount"], 0);
    EXPECT_EQ(summary["expected"]["amount"], 9'000);
    EXPECT_EQ(summary["collected"]["amount"], 9'000);
    EXPECT_TRUE(summary["to_look_at"].empty());
    const auto lines = get("/v1/bank-lines");
    EXPECT_EQ(lines["items"][0]["rule"], "R1");
}

TEST_F(Bank, line_without_reference__matches_by_payer_amount_and_day) {  // F-38
    paid_out({"b1"});
    const auto done = import(std::string(kHead) + line("03/10/2026", "VIR SEPA STRIPE", "45,00"));
    EXPECT_EQ(Json::parse(done.body)["matched"], 1);
    EXPECT_EQ(get("/v1/bank-lines")["items"][0]["rule"], "R2");
}

TEST_F(Bank, two_payouts_of_one_amount__are_not_guessed) {  // F-38
    paid_out({"b1"});
    paid_out({"b2"});
    const auto done = import(std::string(kHead) + line("03/10/2026", "VIR SEPA STRIPE", "45,00"));
    EXPECT_EQ(Json::parse(done.body)["matched"], 0);
    EXPECT_EQ(balance(bank), 0);
    EXPECT_THAT(findings(), ElementsAre("bank_line_unmatched"));
}

TEST_F(Bank, line_short_by_a_cent__is_partly_matched_and_never_closed) {  // F-38
    const auto payout = paid_out({"b1"});
    const auto done =
        import(std::string(kHead) + line("03/10/2026", "VIR STRIPE " + payout, "44,99"));
    EXPECT_EQ(Json::parse(done.body)["partly_matched"], 1);
    const auto shown = get("/v1/bank-lines")["items"][0];
    EXPECT_EQ(shown["state"], "partly_matched");
    EXPECT_EQ(shown["gap"]["amount"], -1);
    EXPECT_EQ(get("/v1/payouts/" + payout)["status"], "itemised");
    EXPECT_EQ(balance(payout_transit), 4'500);
    EXPECT_THAT(findings(), ElementsAre("bank_line_differs"));
}

TEST_F(Bank, doubled_line__closes_the_payout_once) {  // F-38
    const auto payout = paid_out({"b1"});
    const auto twice = line("03/10/2026", "VIR STRIPE", "45,00", payout);
    const auto done = import(kHead + twice + twice);
    EXPECT_EQ(Json::parse(done.body)["lines_new"], 2);
    EXPECT_EQ(Json::parse(done.body)["matched"], 1);
    EXPECT_EQ(Json::parse(done.body)["unmatched"], 1);
    EXPECT_EQ(balance(bank), 4'500);
}

TEST_F(Bank, late_or_foreign_lines__stay_unmatched) {  // F-38
    paid_out({"b1"});
    import(std::string(kHead) + line("28/10/2026", "VIR STRIPE", "45,00") +
           line("03/10/2026", "CHEQUE 000123", "45,00"));
    EXPECT_EQ(balance(bank), 0);
    EXPECT_EQ(get("/v1/bank-lines?state=unmatched")["items"].size(), 2U);
    EXPECT_THAT(findings(),
                testing::UnorderedElementsAre("bank_line_unmatched", "payout_not_at_bank"));
}

TEST_F(Bank, same_file_and_overlapping_files__add_nothing_twice) {  // F-39
    const auto twin = line("03/10/2026", "REMISE CB", "10,00");
    const auto first = kHead + twin + twin;
    EXPECT_EQ(import(first, "import-01").status, 201);
    const auto again = import(first, "import-02");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(Json::parse(again.body)["already_imported"], true);
    const auto overlapping = import(first + line("04/10/2026", "REMISE CB", "10,00"), "import-03");
    EXPECT_EQ(Json::parse(overlapping.body)["lines_new"], 1);
    EXPECT_EQ(Json::parse(overlapping.body)["lines_known"], 2);
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 3);
}

TEST_F(Bank, broken_statement__names_the_lines_and_stores_nothing) {  // F-40
    const auto done = import(std::string(kHead) + line("03/10/2026", "VIR STRIPE", "45,00") +
                             line("32/10/2026", "VIR", "1,00") + line("03/10/2026", "VIR", "1,0x"));
    EXPECT_EQ(done.status, 422);
    const auto problem = Json::parse(done.body);
    EXPECT_EQ(problem["code"], "invalid_statement");
    ASSERT_EQ(problem["errors"].size(), 2U);
    EXPECT_EQ(problem["errors"][0]["pointer"], "/lines/3");
    EXPECT_EQ(problem["errors"][1]["pointer"], "/lines/4");
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 0);
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_statement"), 0);
    const auto wrong_sum =
        import(std::string(kHead) + line("01/10/2026", "SOLDE INITIAL", "100,00") +
               line("03/10/2026", "VIR", "1,00") + line("31/10/2026", "SOLDE FINAL", "102,00"));
    EXPECT_EQ(Json::parse(wrong_sum.body)["errors"][0]["pointer"], "/lines/4");
}

TEST_F(Bank, journal__balances_and_speaks_the_accounts_numbers) {
    paid_out({"b1"});
    const auto csv = call(net::Method::get, at("/v1/exports/journal.csv"), "", staff());
    EXPECT_EQ(csv.status, 200);
    EXPECT_TRUE(
        csv.body.starts_with("\xEF\xBB\xBF"
                             "date;piece;journal;compte;libelle;debit;credit;reference;"
                             "etablissement_uai\r\n"));
    EXPECT_THAT(csv.body, HasSubstr("2026-10-01;1;VT;4632;due PR-7F3K-2 "));
    EXPECT_THAT(csv.body, HasSubstr(";45,00;;"));
    EXPECT_THAT(csv.body, HasSubstr(";0382042N\r\n"));
    const auto other =
        call(net::Method::get, at("/v1/exports/journal.csv?month=2025-01"), "", staff());
    EXPECT_EQ(other.body.find("4632"), std::string::npos);
    const auto sums = get("/v1/ledger/trial-balance");
    EXPECT_EQ(sums["balanced"], true);
    EXPECT_EQ(sums["debit"], sums["credit"]);
    EXPECT_EQ(get("/v1/ledger/verify")["ok"], true);
    EXPECT_EQ(get("/v1/ledger/entries")["items"].size(), 3U);
}

TEST_F(Bank, ledger__refuses_change_and_notices_a_forged_row) {
    paid_out({"b1"});
    EXPECT_FALSE(number(*database_, "SELECT 1 FROM nowhere"));
    for (const auto* sql :
         {"UPDATE journal SET label = 'x'", "DELETE FROM journal",
          "UPDATE posting SET debit = debit + 1 WHERE debit > 0", "DELETE FROM posting",
          "UPDATE provider_txn SET gross = 1", "DELETE FROM provider_txn"}) {
        const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
            session.sql() << sql;
            return true;
        });
        EXPECT_FALSE(done) << sql;
    }
    EXPECT_EQ(get("/v1/ledger/verify")["ok"], true);
    // What the triggers cannot stop: an administrator with the database in his hands.
    drop_trigger("posting_keeps");
    execute(*database_, "UPDATE posting SET debit = debit + 1 WHERE debit > 0");
    const auto verdict = get("/v1/ledger/verify");
    EXPECT_EQ(verdict["ok"], false);
    EXPECT_FALSE(verdict["faults"].empty());
}

TEST_F(Bank, officer_of_another_college__sees_nothing) {  // F-47
    const auto payout = paid_out({"b1"});
    const auto stranger = staff(security::StaffRole::finance, "garenne");
    const auto key = payment("b1").id.str();
    for (const auto& path :
         {at("/v1/payments"), "/v1/payments/" + key, at("/v1/payouts"), "/v1/payouts/" + payout,
          at("/v1/exports/journal.csv"), at("/v1/ledger/trial-balance"), at("/v1/ledger/entries"),
          at("/v1/ledger/verify"), at("/v1/bank-lines"), at("/v1/bank-statements"),
          at("/v1/reconciliation/summary")}) {
        EXPECT_EQ(call(net::Method::get, path, "", stranger).status, 404) << path;
        EXPECT_EQ(call(net::Method::get, path, "", member("other")).status, 404) << path;
        EXPECT_EQ(call(net::Method::get, path, "", staff()).status, 200) << path;
    }
    EXPECT_EQ(import(kHead, "import-09", stranger).status, 404);
    const auto manager = staff(security::StaffRole::manager);
    EXPECT_EQ(call(net::Method::get, "/v1/payments/" + key, "", manager).status, 200);
    EXPECT_EQ(call(net::Method::get, at("/v1/ledger/verify"), "", manager).status, 403);
    EXPECT_EQ(call(net::Method::get, "/v1/payments/" + key, "", member()).status, 200);
    const auto by_booking = "/v1/payments?booking_id=" + id<base::BookingId>("b1").str();
    EXPECT_EQ(Json::parse(call(net::Method::get, by_booking, "", stranger).body)["items"].size(),
              0U);
    EXPECT_EQ(Json::parse(call(net::Method::get, by_booking, "", member()).body)["items"].size(),
              1U);
    accept("b2");
    const auto open = "/v1/payments/" + payment("b2").id.str() + "/checkout";
    EXPECT_EQ(call(net::Method::post, open, "{}", stranger, "click-0001").status, 404);
    EXPECT_EQ(call(net::Method::post, open, "{}", staff(), "click-0001").status, 403);
    EXPECT_EQ(call(net::Method::post, open, "{}", member("judo", security::MemberRole::member),
                   "click-0001")
                  .status,
              403);
    EXPECT_EQ(call(net::Method::post, open, "{}", member()).status, 400);  // no key
    EXPECT_EQ(call(net::Method::post, open, "{}", member(), "click-0001").status, 200);
}

}  // namespace
}  // namespace preau::payment::test
