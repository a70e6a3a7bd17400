// Statements as they come in: whose account, what they follow on, what is known already.

#include "tests/unit/services/payment/desk.hpp"

namespace preau::payment::test {
namespace {

using bank_simulator::Format;
using bank_simulator::render;
using testing::ElementsAre;

class Import : public Bank {
protected:
    static time::Date day(const std::string& iso) { return *time::Date::parse(iso); }
    /// October up to the 15th.
    static bank_simulator::Statement october() {
        bank_simulator::Statement out;
        out.from = day("2026-10-01");
        out.until = day("2026-10-15");
        out.opening = 100'000;
        out.lines = {{day("2026-10-02"), "REMISE CB", "", 1'000, 1},
                     {day("2026-10-02"), "REMISE CB", "", 1'000, 2},
                     {day("2026-10-15"), "PRELEVEMENT EDF", "", -5'000, 3}};
        return out;
    }
    /// The second half, from the last day of the first on.
    static bank_simulator::Statement rest_of_october() {
        bank_simulator::Statement out;
        out.from = day("2026-10-15");
        out.until = day("2026-10-31");
        out.opening = 102'000;
        out.lines = {{day("2026-10-15"), "PRELEVEMENT EDF", "", -5'000, 3},
                     {day("2026-10-15"), "REMISE CB", "", 1'000, 4},
                     {day("2026-10-30"), "FRAIS", "", -250, 5}};
        return out;
    }
    Json bring(const bank_simulator::Statement& statement, Format format = Format::camt053,
               const std::string& establishment = "vercors") {
        const auto who = staff(security::StaffRole::finance, establishment);
        const auto answer = call(net::Method::post, at("/v1/bank-statements", establishment),
                                 render(statement, format), who,
                                 "import-" + std::to_string(++imports_), "text/plain");
        auto out = Json::parse(answer.body);
        out["http"] = answer.status;
        return out;
    }
    static std::string fault(const Json& problem) {
        return problem["errors"][0]["pointer"].get<std::string>() + " " +
               problem["errors"][0]["code"].get<std::string>();
    }
    int imports_ = 0;
};

TEST_F(Import, same_file_and_overlapping_file__in_every_format__add_nothing_twice) {  // S118, F-39
    int number = 0;
    for (const auto format : bank_simulator::all_formats) {
        SCOPED_TRACE(bank_simulator::to_string(format));
        const std::string name(bank_simulator::to_string(format));
        add_establishment(name, "03800" + name.substr(0, 3));
        auto first = october();
        auto second = rest_of_october();
        // Each has an account of its own.
        first.account = second.account = "0000123456" + std::to_string(number++);
        first.iban = second.iban = "FR76" + first.bank + first.branch + first.account + "41";
        const auto once = bring(first, format, name);
        ASSERT_EQ(once["http"], 201) << once;
        EXPECT_EQ(once["lines_new"], 3);
        const auto again = bring(first, format, name);
        EXPECT_EQ(again["http"], 200);
        EXPECT_EQ(again["already_imported"], true);
        EXPECT_EQ(again["lines_new"], 0);
        EXPECT_EQ(again["lines_known"], 3);
        const auto next = bring(second, format, name);
        ASSERT_EQ(next["http"], 201) << next;
        EXPECT_EQ(next["lines_new"], 2);
        EXPECT_EQ(next["lines_known"], 1);
    }
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 25);
}

TEST_F(Import, same_days_in_another_format__add_nothing_twice) {  // F-39
    EXPECT_EQ(bring(october(), Format::cfonb120)["lines_new"], 3);
    const auto other = bring(october(), Format::camt053);
    EXPECT_EQ(other["http"], 201) << other;
    EXPECT_EQ(other["lines_new"], 0);
    EXPECT_EQ(other["lines_known"], 3);
    const auto rest = bring(rest_of_october(), Format::csv);
    EXPECT_EQ(rest["lines_new"], 2);
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 5);
}

TEST_F(Import, statement_that_does_not_follow_on_the_last__is_refused) {  // F-40
    EXPECT_EQ(bring(october())["http"], 201);
    auto gap = rest_of_october();
    gap.from = day("2026-11-01");
    gap.until = day("2026-11-30");
    for (auto& line : gap.lines)
        line.day = day("2026-11-10");
    const auto refused = bring(gap);
    EXPECT_EQ(refused["http"], 422);
    EXPECT_EQ(fault(refused), "/lines/5 previous_closing");
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 3);
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_statement"), 1);
    // The missing one, then the same.
    EXPECT_EQ(bring(rest_of_october())["http"], 201);
    gap.opening = rest_of_october().closing();
    EXPECT_EQ(bring(gap)["http"], 201);
    // And one from before that ends elsewhere than October began.
    auto september = october();
    september.from = day("2026-09-01");
    september.until = day("2026-09-30");
    for (auto& line : september.lines)
        line.day = day("2026-09-10");
    EXPECT_EQ(fault(bring(september)), "/lines/6 next_opening");
    september.opening = 103'000;
    EXPECT_EQ(bring(september)["http"], 201);
}

TEST_F(Import, ofx_without_an_opening_balance__must_end_where_its_lines_lead) {  // F-40
    EXPECT_EQ(bring(october(), Format::ofx1)["http"], 201);
    auto wrong = rest_of_october();
    wrong.opening += 1;
    EXPECT_EQ(bring(wrong, Format::ofx2)["code"], "invalid_statement");
    EXPECT_EQ(bring(rest_of_october(), Format::ofx2)["http"], 201);
}

TEST_F(Import, account_that_is_not_the_establishments__is_refused) {  // F-40, F-47
    const auto first = bring(october());
    EXPECT_EQ(first["account_registered"], true);
    EXPECT_EQ(get("/v1/bank-account")["account"], "…4567");
    auto other = rest_of_october();
    other.iban = "FR7630003035400005000000041";
    const auto refused = bring(other);
    EXPECT_EQ(refused["http"], 422);
    EXPECT_EQ(refused["code"], "unknown_account");
    // The neighbour's officer brings this college's file to the neighbour.
    EXPECT_EQ(bring(rest_of_october(), Format::cfonb120, "garenne")["code"], "unknown_account");
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 3);
    // A new account is told by the officer, and only by the officer.
    const auto save = [&](const std::string& account, const security::Identity& who) {
        return call(net::Method::put, at("/v1/bank-account"),
                    Json{{"account", account}, {"dedicated", true}}.dump(), who,
                    "account-" + std::to_string(++imports_));
    };
    EXPECT_EQ(save(other.iban, staff(security::StaffRole::manager)).status, 403);
    EXPECT_EQ(save("12", staff()).status, 422);
    const auto saved = save("FR76 3000 3035 4000 0500 0000 041", staff());
    EXPECT_EQ(saved.status, 200);
    EXPECT_EQ(Json::parse(saved.body)["dedicated"], true);
    EXPECT_EQ(saved.body.find("5000000041"), std::string::npos) << "shown in full";
}

TEST_F(Import, columns_that_the_officer_named__are_used) {
    const std::string file = "Jour;Motif;Montant\n03/10/2026;VIR;12,00\n";
    EXPECT_EQ(import(file).status, 422);
    const auto saved =
        call(net::Method::put, at("/v1/bank-account"),
             R"({"csv_columns":{"day":"Jour","label":"Motif"}})", staff(), "columns-1");
    ASSERT_EQ(saved.status, 200) << saved.body;
    EXPECT_EQ(Json::parse(saved.body)["csv_columns"]["day"], "Jour");
    EXPECT_EQ(import(file, "import-2b").status, 201);
}

TEST_F(Import, amounts_that_do_not_read__are_refused_and_nobody_is_paid) {  // S119
    const auto payment = accept("b1");
    const auto done = import(std::string(kHead) + line("03/10/2026", payment.public_ref, "") +
                             line("03/10/2026", payment.public_ref, "45,O0"));
    EXPECT_EQ(done.status, 422);
    EXPECT_EQ(Json::parse(done.body)["errors"].size(), 2U);
    EXPECT_EQ(this->payment("b1").status, Status::created);
    EXPECT_TRUE(facts_of("b1").empty());
    EXPECT_EQ(count("SELECT COUNT(*) FROM bank_line"), 0);
}

}  // namespace
}  // namespace preau::payment::test
