// What needs no database: states, entries, forms.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/payment/domain/states.hpp"
#include "services/payment/ledger/entry.hpp"
#include "services/payment/provider/stripe/form.hpp"

namespace preau::payment {
namespace {

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

TEST(Form, names_and_values__are_encoded) {
    stripe::Form form;
    form.add("a[b]", "é & {X}").add("n", 5);
    EXPECT_EQ(form.text(), "a[b]=%C3%A9%20%26%20%7BX%7D&n=5");
}

}  // namespace
}  // namespace preau::payment
