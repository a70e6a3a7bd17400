// What needs no database: states, entries, statements, matches.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/payment/domain/states.hpp"
#include "services/payment/ledger/entry.hpp"
#include "services/payment/provider/stripe/form.hpp"
#include "services/payment/reconciliation/match.hpp"
#include "services/payment/reconciliation/statement.hpp"

namespace preau::payment {
namespace {

using reconciliation::parse_amount;
using reconciliation::parse_statement;
using testing::ElementsAre;

TEST(States, every_move__is_in_the_table_or_refused) {
    using enum Status;
    EXPECT_TRUE(may_move(awaiting_payer, paid));
    EXPECT_TRUE(may_move(expired, paid_late));
    EXPECT_TRUE(may_move(paid_late, paid));
    for (int i = 0; i < status_count; ++i) {
        EXPECT_FALSE(may_move(paid, static_cast<Status>(i))) << "paid is final";
        EXPECT_EQ(from_text<Status>(to_string(static_cast<Status>(i))), static_cast<Status>(i));
    }
    EXPECT_FALSE(may_move(canceled, paid));
    EXPECT_FALSE(may_move(expired, awaiting_payer));
}

ledger::Written written(ledger::Entry entry, std::int64_t number, const std::string& previous) {
    ledger::Written out;
    out.establishment_id = "E";
    out.number = number;
    out.entry = std::move(entry);
    out.previous_hash = previous;
    out.hash = ledger::hash_of(out);
    return out;
}

TEST(Ledger, entry__must_balance_on_two_sides_with_a_key) {
    using enum ledger::Account;
    auto entry = ledger::transfer("due:1", "due", receivable, revenue, 100);
    EXPECT_FALSE(ledger::fault_of(entry));
    entry.postings[1].credit = 99;
    EXPECT_TRUE(ledger::fault_of(entry));
    entry.postings[1] = {revenue, 50, 50};
    EXPECT_TRUE(ledger::fault_of(entry));
    entry = ledger::transfer("", "due", receivable, revenue, 100);
    EXPECT_TRUE(ledger::fault_of(entry));
    entry.event_key = "x";
    entry.postings.pop_back();
    EXPECT_TRUE(ledger::fault_of(entry));
}

TEST(Ledger, verifier__finds_gap_forgery_and_money_nobody_owes) {
    using enum ledger::Account;
    const auto first = written(ledger::transfer("a", "a", receivable, revenue, 100), 1, "");
    const auto second =
        written(ledger::transfer("b", "b", psp_clearing, receivable, 100), 2, first.hash);
    ledger::Verifier good;
    good.next(first);
    good.next(second);
    EXPECT_TRUE(good.finish().empty());

    ledger::Verifier gap;
    gap.next(first);
    gap.next(written(second.entry, 3, first.hash));
    EXPECT_THAT(gap.finish(), ElementsAre(ledger::Fault{3, "gap"}));

    auto forged = second;
    forged.entry.postings[0].debit = forged.entry.postings[1].credit = 101;
    ledger::Verifier broken;
    broken.next(first);
    broken.next(forged);
    EXPECT_THAT(broken.finish(), ElementsAre(ledger::Fault{2, "broken_chain"}));

    ledger::Verifier owed;
    owed.next(written(ledger::transfer("c", "c", refund_due, psp_clearing, 100), 1, ""));
    EXPECT_THAT(owed.finish(), ElementsAre(ledger::Fault{1, "negative_refund_due"}));
}

TEST(Amount, as_banks_write_it__is_read_to_the_cent) {
    EXPECT_EQ(parse_amount("1 234,56"), 123'456);
    EXPECT_EQ(parse_amount("1\u00A0234,5"), 123'450);
    EXPECT_EQ(parse_amount("-12"), -1'200);
    EXPECT_EQ(parse_amount("+0.07"), 7);
    for (const auto* bad : {"", "1,234.56", "1,2,3", "12,345", "1e3", "--1", ",50", "1,", "€5"}) {
        EXPECT_FALSE(parse_amount(bad)) << bad;
    }
}

TEST(Statement, in_the_encodings_and_columns_of_banks__gives_the_same_lines) {
    const auto plain = parse_statement(
        "date;libelle;montant;reference\n03/10/2026;Virement re\xC3\xA7u;1 045,00;X1\n");
    ASSERT_TRUE(plain) << plain.error().fields.at(0).detail;
    EXPECT_EQ(plain->at(0).amount, 104'500);
    EXPECT_EQ(plain->at(0).day.iso(), "2026-10-03");
    const auto marked = parse_statement(
        "\xEF\xBB\xBF"
        "Date;Libell\xC3\xA9;Montant;R\xC3\xA9"
        "f\xC3\xA9rence\r\n2026-10-03;Virement re\xC3\xA7u;1045,00;X1\r\n");
    ASSERT_TRUE(marked);
    EXPECT_EQ(*marked, *plain);
    const auto latin = parse_statement(
        "Date;Libell\xE9;D\xE9"
        "bit;Cr\xE9"
        "dit;R\xE9"
        "f\xE9rence\n03/10/2026;Virement re\xE7u;;1045,00;X1\n");
    ASSERT_TRUE(latin);
    EXPECT_EQ(*latin, *plain);
    const auto commas = parse_statement(
        "date,libelle,montant,reference\n03/10/2026,\"Virement re\xC3\xA7u\",\"1 045,00\",X1\n");
    ASSERT_TRUE(commas);
    EXPECT_EQ(*commas, *plain);
}

TEST(Statement, without_its_columns_or_lines__is_refused) {  // F-40
    EXPECT_EQ(parse_statement("").error().fields.at(0).pointer, "/lines/1");
    EXPECT_EQ(parse_statement("a;b\n1;2\n").error().code, "invalid_statement");
    EXPECT_FALSE(parse_statement("date;libelle;montant\n"));
    EXPECT_FALSE(parse_statement("date;libelle;montant\n03/10/2026;VIR\n"));
    EXPECT_FALSE(parse_statement("date;libelle;debit;credit\n03/10/2026;VIR;1,00;1,00\n"));
}

TEST(Form, names_and_values__are_encoded) {
    stripe::Form form;
    form.add("a[b]", "é & {X}").add("n", 5);
    EXPECT_EQ(form.text(), "a[b]=%C3%A9%20%26%20%7BX%7D&n=5");
}

}  // namespace
}  // namespace preau::payment
