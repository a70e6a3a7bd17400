// A person grants less than the vote: what is ordered, what stays on record.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

class LowerPrice : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
    }
    void TearDown() override { expect_sound(); }
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
};

// S94
TEST_F(LowerPrice, lower_price__granted_by_a_person__is_ordered_audited_and_can_be_taken_back) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = asked("chorale", whole("R"), evening);  // 10 EUR
    const auto lower = [&](std::int64_t cents, const std::string& ground,
                           const Actor& actor = manager()) {
        const auto now = stored(made.id).value();
        return store_->transact([&](Tx& tx) {
            return desk_->accept(tx, actor, made.id, now.version, ground, base::Cents{cents});
        });
    };
    EXPECT_EQ(code_of(lower(700, "")), "ground_required");
    EXPECT_EQ(code_of(lower(1'000, "Pareil")), "invalid");
    EXPECT_EQ(code_of(lower(2'000, "Plus")), "invalid");  // never more
    EXPECT_EQ(code_of(lower(-1, "Moins")), "invalid");
    EXPECT_EQ(code_of(lower(49, "Presque rien")), "amount_out_of_range");
    EXPECT_EQ(code_of(lower(700, "Un ami", president("chorale"))), "forbidden");
    EXPECT_EQ(stored(made.id)->price->total.value, 1'000);

    const auto granted = lower(700, "Concert caritatif");
    ASSERT_TRUE(granted) << code_of(granted);
    const auto line = history(made.id).back();
    ASSERT_EQ(line.fields.size(), 1U);
    EXPECT_EQ(line.fields[0].name, "price");
    EXPECT_EQ(line.fields[0].before, "1000");
    EXPECT_EQ(line.fields[0].after, "700");
    EXPECT_EQ(line.reason_text, "Concert caritatif");
    EXPECT_EQ(line.by, manager().id);
    const auto undone = undo(*granted);
    ASSERT_TRUE(undone);
    EXPECT_EQ(stored(made.id)->price, made.price);

    ASSERT_TRUE(lower(700, "Concert caritatif"));
    machine_.set(machine_.now() + 10);
    run_timers();
    const auto order = told(made.id.str(), "booking_accepted.v1");
    EXPECT_EQ(order["price"]["total_amount"], 700);
    EXPECT_EQ(order["requirement"]["payment"], "before");
    EXPECT_EQ(order["price"]["lowered"]["before"]["amount"], 1'000);
    std::int64_t sum = 0;
    for (const auto& one : order["price"]["lines"])
        sum += one["amount"]["amount"].get<std::int64_t>();
    EXPECT_EQ(sum, 700);
}

// S94
TEST_F(LowerPrice, price_lowered_to_zero__orders_no_payment) {
    const auto made = asked("chorale", whole("R"), evening);
    const auto granted = store_->transact([&](Tx& tx) {
        return desk_->accept(tx, manager(), made.id, made.version, "Fête du collège",
                             base::Cents{});
    });
    ASSERT_TRUE(granted) << code_of(granted);
    EXPECT_EQ(stored(made.id)->state, State::confirmed);
    EXPECT_EQ(stored(made.id)->free_ground, "Fête du collège");
    EXPECT_EQ(told(made.id.str(), "booking_accepted.v1")["requirement"]["payment"], "none");
}

}  // namespace
}  // namespace preau::booking::test
