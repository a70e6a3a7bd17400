// Money that comes after a booking expired: its time is taken again through the guard, or all of it
// goes back. Answered once for each payment.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class LatePayment : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
    }
    void TearDown() override { expect_sound(); }

    Booking expired(const rules::Recurrence& when) {
        const auto one = booked("chorale", whole("R"), when);
        business_.set(business_.now() + 7 * 86'400);
        run_timers();
        EXPECT_EQ(stored(one.id)->state, State::expired);
        return stored(one.id).value();
    }

    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
    const rules::Recurrence tuesdays = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
};

TEST_F(LatePayment, time_still_free__is_taken_again) {
    const auto one = expired(tuesdays);
    payment_tells(one, "paid_late", 0, "payment_paid_late.v1");
    EXPECT_EQ(stored(one.id)->state, State::confirmed);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 24);
    ASSERT_THAT(all_told("retaken.v1"), SizeIs(1));
    EXPECT_EQ(all_told("retaken.v1")[0]["booking_id"], one.id.str());
    EXPECT_EQ(all_told("retaken.v1")[0]["payment_id"], stored(one.id)->payment_facts->id.str());
    // The same told again, and what payment tells next.
    payment_tells(one, "paid_late");
    payment_tells(one, "paid");
    EXPECT_THAT(all_told("retaken.v1"), SizeIs(1));
    EXPECT_THAT(all_told("booking_confirmed.v1"), SizeIs(1));
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "overlap");
}

// Golden case 12
TEST_F(LatePayment, time_let_to_another__is_not_taken_and_all_goes_back) {
    const auto one = expired(tuesdays);
    const auto other = booked("volley", whole("R"), single("2026-12-08", "19:00", "21:00"));
    payment_tells(one, "paid_late");
    EXPECT_EQ(stored(one.id)->state, State::expired);
    EXPECT_THAT(all_told("not_retaken.v1"), SizeIs(1));
    EXPECT_THAT(all_told("retaken.v1"), IsEmpty());
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 8) << "only the other's";
    // The answer stands even when the time gets free again.
    ASSERT_TRUE(cancel(other, president("volley")));
    payment_tells(one, "paid_late");
    EXPECT_EQ(stored(one.id)->state, State::expired);
    EXPECT_THAT(all_told("not_retaken.v1"), SizeIs(1));
}

TEST_F(LatePayment, date_that_is_past__is_not_taken) {
    const auto one = expired(tuesdays);
    business_.set(instant("2026-12-02 09:00"));
    payment_tells(one, "paid_late");
    EXPECT_EQ(stored(one.id)->state, State::expired);
    EXPECT_THAT(all_told("not_retaken.v1"), SizeIs(1));
}

// The key speaks where the check is blind: what was written on the way is undone, the answer stays.
TEST_F(LatePayment, refusal_by_the_key__leaves_no_trace_but_the_answer) {
    const auto one = expired(evening);
    booked("volley", whole("R"), evening);
    settings_.unsafe.no_check = true;
    configure(settings_);
    payment_tells(one, "paid_late");
    const auto now = stored(one.id);
    EXPECT_EQ(now->state, State::expired);
    EXPECT_EQ(now->version, one.version);
    EXPECT_FALSE(now->paid);
    EXPECT_THAT(all_told("not_retaken.v1"), SizeIs(1));
    EXPECT_THAT(all_told("booking_confirmed.v1"), SizeIs(1)) << "the other's";
}

TEST_F(LatePayment, plain_paid_for_an_expired_booking__is_answered_as_late) {
    const auto one = expired(evening);
    payment_tells(one, "paid");
    EXPECT_EQ(stored(one.id)->state, State::confirmed);
    EXPECT_THAT(all_told("retaken.v1"), SizeIs(1));
}

TEST_F(LatePayment, cancelled_booking__is_never_taken_again) {
    const auto one = booked("chorale", whole("R"), evening);
    ASSERT_TRUE(cancel(one, president("chorale")));
    payment_tells(one, "paid_late");
    EXPECT_EQ(stored(one.id)->state, State::cancelled_by_hirer);
    EXPECT_THAT(all_told("retaken.v1"), IsEmpty());
    EXPECT_THAT(all_told("not_retaken.v1"), IsEmpty());
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
}

TEST_F(LatePayment, booking_that_still_waits__is_confirmed) {
    const auto one = booked("chorale", whole("R"), evening);
    payment_tells(one, "paid_late");
    EXPECT_EQ(stored(one.id)->state, State::confirmed);
    EXPECT_THAT(all_told("retaken.v1"), SizeIs(1));
}

}  // namespace
}  // namespace preau::booking::test
