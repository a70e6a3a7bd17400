// Accepted bookings that wait for their payment: confirmed by it, freed only when payment promises
// that none will come, extended once, and refunded as the terms say.

#include "services/booking/store/events.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using net::Method;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Payment : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
    }
    void TearDown() override { expect_sound(); }

    /// Accepted, and waiting for its payment.
    Booking awaiting(const rules::Recurrence& when) { return booked("chorale", whole("R"), when); }
    Booking paid(const rules::Recurrence& when) {
        const auto booking = awaiting(when);
        payment_tells(booking, "paid");
        return stored(booking.id).value();
    }
    State state_of(const Booking& booking) { return stored(booking.id)->state; }
    std::vector<std::int64_t> refunds(const std::string& reason) {
        std::vector<std::int64_t> out;
        for (const auto& told : all_told("refund_ordered.v1")) {
            if (told["reason"] == reason) out.push_back(told["amount"].get<std::int64_t>());
        }
        return out;
    }
    net::Response extend(const Booking& booking, const std::string& actor = "service:payment") {
        security::Identity identity;
        identity.kind = security::ActorKind::service;
        identity.actor = actor;
        return call(Method::post, "/v1/bookings/" + booking.id.str() + "/extend-pay-by", "{}",
                    identity, "extend-" + std::to_string(10'000 + ++calls_));
    }
    void pass(std::int64_t seconds) { business_.set(business_.now() + seconds); }

    int calls_ = 0;
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
    const rules::Recurrence tuesdays = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
};

TEST_F(Payment, acceptance__waits_and_tells_price_and_deadline) {
    const auto one = awaiting(evening);
    EXPECT_EQ(one.state, State::accepted);
    EXPECT_EQ(one.pay_by, business_.now() + 7 * 86'400);
    const auto told_accepted = told(one.id.str(), "booking_accepted.v1");
    EXPECT_EQ(told_accepted["price"]["total_amount"], 1'000);
    EXPECT_EQ(told_accepted["requirement"]["payment"], "before");
    EXPECT_EQ(told_accepted["requirement"]["pay_by"], one.pay_by->seconds);
    EXPECT_EQ(told_accepted["version"], one.version);
    EXPECT_EQ(events_of(one.id.str()).back(), "booking_accepted.v1");
}

TEST_F(Payment, snapshot__has_the_acceptances_that_stand) {
    const auto waiting = awaiting(evening);
    settings_.undo_window_s = 10;
    configure(settings_);
    ASSERT_TRUE(accept(asked("chorale", whole("R"), single("2026-12-02", "18:00", "20:00"))));
    std::vector<std::string> accepted;
    ASSERT_TRUE(database_->read([&](db::Session& session) -> base::Result<int> {
        emit_snapshot(session, business_.now(), [&](const events::Event& event) {
            if (event.type == "booking_accepted.v1") accepted.push_back(event.aggregate_id);
        });
        return 0;
    }));
    EXPECT_THAT(accepted, ElementsAre(waiting.id.str())) << "the other can still be taken back";
}

TEST_F(Payment, deadline__starts_when_the_acceptance_stands) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto accepted = accept(asked("chorale", whole("R"), evening));
    ASSERT_TRUE(accepted);
    EXPECT_FALSE(stored(accepted->id)->pay_by);
    machine_.set(machine_.now() + 10);
    pass(10);
    run_timers();
    EXPECT_EQ(stored(accepted->id)->pay_by, business_.now() + 7 * 86'400);
    EXPECT_EQ(state_of(*accepted), State::accepted);
}

TEST_F(Payment, public_body__pays_later_and_is_confirmed) {
    const auto one = booked("tatamis", whole("R"), evening);
    EXPECT_EQ(one.state, State::confirmed);
    EXPECT_EQ(told(one.id.str(), "booking_accepted.v1")["requirement"]["payment"], "later");
    EXPECT_FALSE(one.pay_by);
}

TEST_F(Payment, instant_offer__gives_thirty_five_minutes) {
    add_room("now", {.instant = true});
    const auto one = asked("chorale", whole("now"), evening);
    EXPECT_EQ(one.state, State::accepted);
    EXPECT_EQ(one.pay_by, business_.now() + 35 * 60);
}

TEST_F(Payment, paid__confirms_once) {
    const auto one = awaiting(evening);
    payment_tells(one, "awaiting_payer");
    EXPECT_EQ(state_of(one), State::accepted);
    payment_tells(one, "paid");
    EXPECT_EQ(state_of(one), State::confirmed);
    const auto version = stored(one.id)->version;
    payment_tells(one, "paid");
    payment_tells(one, "paid", 0, "payment_paid.v1");
    EXPECT_EQ(stored(one.id)->version, version);
    EXPECT_EQ(all_told("booking_confirmed.v1").size(), 1U);
    const auto shown = stored(one.id)->payment_facts;
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->status, "paid");
    EXPECT_EQ(shown->public_ref, "PA-7F3K-2");
    pass(8 * 86'400);
    run_timers();
    EXPECT_EQ(state_of(one), State::confirmed);
    EXPECT_EQ(cancels_asked_, 0);
}

TEST_F(Payment, deadline_passed__frees_only_when_payment_promises_that_none_comes) {
    for (const auto* outcome : {"cancelled", "expired", "none"}) {
        const auto one = awaiting(evening);
        pass(7 * 86'400 - 1);
        run_timers();
        EXPECT_EQ(state_of(one), State::accepted) << "a second too early";
        pass(1);
        cancel_outcome_ = outcome;
        run_timers();
        EXPECT_EQ(state_of(one), State::expired) << outcome;
        EXPECT_EQ(told(one.id.str(), "booking_expired.v1")["reason_code"], "unpaid");
        EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
    }
    EXPECT_EQ(cancels_asked_, 3);
}

TEST_F(Payment, money_on_its_way__keeps_the_time_and_is_asked_again) {
    const auto one = awaiting(evening);
    pass(7 * 86'400);
    for (const auto* outcome : {"processing", "paid", "perhaps", ""}) {
        cancel_outcome_ = outcome;
        const int before = cancels_asked_;
        run_timers();
        run_timers();
        EXPECT_EQ(cancels_asked_, before + 1) << "not before a minute has passed";
        EXPECT_EQ(state_of(one), State::accepted) << outcome;
        EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 8);
        pass(60);
    }
    payment_tells(one, "paid");
    run_timers();
    EXPECT_EQ(state_of(one), State::confirmed);
    EXPECT_EQ(cancels_asked_, 4);
}

TEST_F(Payment, extension__once_to_thirty_five_minutes_when_less_than_thirty_one_remain) {
    const auto one = awaiting(evening);
    const auto early = extend(one);
    ASSERT_EQ(early.status, 200) << early.body;
    EXPECT_EQ(json::parse(early.body)["pay_by"], "2026-10-08T09:00:00+02:00");
    pass(7 * 86'400 - 31 * 60);
    EXPECT_EQ(json::parse(extend(one).body)["pay_by"], "2026-10-08T09:00:00+02:00");
    pass(1);
    const auto moved = json::parse(extend(one).body);
    EXPECT_EQ(moved["pay_by"], "2026-10-08T09:04:01+02:00");
    EXPECT_EQ(moved["version"], one.version + 1);
    pass(5 * 60);
    const auto again = extend(one);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(json::parse(again.body)["code"], "pay_by_too_close");
    // The clock goes by the new moment.
    pass(30 * 60 - 1);
    run_timers();
    EXPECT_EQ(state_of(one), State::accepted);
    pass(1);
    run_timers();
    EXPECT_EQ(state_of(one), State::expired);
}

TEST_F(Payment, extension_of_what_is_over__is_refused) {
    const auto one = awaiting(evening);
    for (const auto* stranger : {"service:search", "service:gateway"}) {
        EXPECT_EQ(extend(one, stranger).status, 403) << stranger;
    }
    const auto person = identity_of(president("chorale"));
    EXPECT_EQ(call(Method::post, "/v1/bookings/" + one.id.str() + "/extend-pay-by", "{}", person,
                   "extend-person")
                  .status,
              403);
    pass(7 * 86'400);
    EXPECT_EQ(json::parse(extend(one).body)["code"], "pay_by_too_close");
    const auto other = booked("tatamis", whole("R"), single("2026-12-03", "18:00", "20:00"));
    EXPECT_EQ(json::parse(extend(other).body)["code"], "invalid_transition");
    auto unknown = one;
    unknown.id = base::BookingId::make();
    EXPECT_EQ(extend(unknown).status, 404);
}

TEST_F(Payment, cancellation_before_any_money__frees_at_once_and_orders_nothing) {
    const auto one = awaiting(evening);
    ASSERT_TRUE(cancel(one, president("chorale")));
    EXPECT_EQ(state_of(one), State::cancelled_by_hirer);
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
    // Money that was on its way: all of it goes back, whatever the notice was.
    business_.set(instant("2026-12-01 12:00"));
    payment_tells(one, "paid");
    EXPECT_THAT(refunds("cancelled_by_hirer"), ElementsAre(1'000));
    EXPECT_EQ(state_of(one), State::cancelled_by_hirer);
    payment_tells(one, "paid", 1'000);
    EXPECT_EQ(all_told("refund_ordered.v1").size(), 1U);
}

struct Boundary {
    const char* date;
    const char* cancelled_at;
    std::int64_t refund;
};

// R-16, golden case 13: the local date of the site decides, across both clock changes too.
TEST_F(Payment, hirer_cancels__the_notice_in_local_days_decides) {
    const Boundary boundaries[]{
        {"2026-12-01", "2026-11-16 00:00", 1'000}, {"2026-12-01", "2026-11-16 23:59", 1'000},
        {"2026-12-01", "2026-11-17 00:00", 500},   {"2026-12-01", "2026-11-24 23:59", 500},
        {"2026-12-01", "2026-11-25 00:00", 0},     {"2026-11-05", "2026-10-21 23:59", 1'000},
        {"2026-11-05", "2026-10-22 00:00", 500},   {"2026-10-31", "2026-10-24 23:59", 500},
        {"2026-10-31", "2026-10-25 00:00", 0},     {"2027-04-05", "2027-03-21 23:59", 1'000},
        {"2027-04-05", "2027-03-22 00:00", 500},   {"2027-04-02", "2027-03-26 23:59", 500},
        {"2027-04-02", "2027-03-27 00:00", 0}};
    for (const auto& [date, at, refund] : boundaries) {
        business_.set(instant("2026-10-01 09:00"));
        const auto one = paid(single(date, "18:00", "20:00"));
        business_.set(instant(at));
        const auto before = all_told("refund_ordered.v1").size();
        ASSERT_TRUE(cancel(one, president("chorale")));
        const auto all = all_told("refund_ordered.v1");
        ASSERT_EQ(all.size() - before, refund == 0 ? 0U : 1U) << date << " at " << at;
        if (refund != 0) {
            EXPECT_EQ(all.back()["amount"], refund) << date << " at " << at;
            EXPECT_EQ(all.back()["reason"], "cancelled_by_hirer");
            EXPECT_EQ(all.back()["payment_id"], stored(one.id)->payment_facts->id.str());
        }
    }
}

TEST_F(Payment, hirer_cancels_a_series__each_date_by_its_own_notice) {
    const auto one = paid(tuesdays);             // 1, 8 and 15 December: 10 € each
    business_.set(instant("2026-12-01 19:00"));  // the first has begun; 7 and 14 days ahead
    ASSERT_TRUE(cancel(one, president("chorale")));
    EXPECT_THAT(refunds("cancelled_by_hirer"), ElementsAre(1'000));
}

// R-19
TEST_F(Payment, body_cancels__everything_that_did_not_take_place_goes_back_when_it_stands) {
    const auto one = paid(tuesdays);
    settings_.undo_window_s = 10;
    configure(settings_);
    business_.set(instant("2026-12-01 19:00"));
    const auto cancelled = cancel(one, manager());
    ASSERT_TRUE(cancelled);
    ASSERT_TRUE(undo(*cancelled));
    machine_.set(machine_.now() + 60);
    run_timers();
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
    ASSERT_TRUE(cancel(stored(one.id).value(), manager()));
    machine_.set(machine_.now() + 10);
    run_timers();
    EXPECT_THAT(refunds("cancelled_by_body"), ElementsAre(2'000));
}

TEST_F(Payment, paid_while_its_cancellation_can_be_taken_back__is_confirmed_by_the_undo) {
    const auto one = awaiting(evening);
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto cancelled = cancel(one, manager());
    ASSERT_TRUE(cancelled);
    payment_tells(one, "paid");
    EXPECT_EQ(state_of(one), State::cancelled_by_body);
    ASSERT_TRUE(undo(stored(one.id).value()));
    EXPECT_EQ(state_of(one), State::confirmed);
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
}

TEST_F(Payment, paid_while_its_cancellation_can_be_taken_back__is_refunded_when_it_stands) {
    const auto one = awaiting(evening);
    settings_.undo_window_s = 10;
    configure(settings_);
    ASSERT_TRUE(cancel(one, manager()));
    payment_tells(one, "paid");
    machine_.set(machine_.now() + 10);
    run_timers();
    EXPECT_THAT(refunds("cancelled_by_body"), ElementsAre(1'000));
}

// R-20
TEST_F(Payment, closure__gives_back_the_dates_that_it_takes_and_no_date_twice) {
    const auto one = paid(tuesdays);
    ASSERT_TRUE(close("R", "2026-12-08", "2026-12-08", true));
    EXPECT_THAT(refunds("closure"), ElementsAre(1'000));
    ASSERT_TRUE(cancel(stored(one.id).value(), manager()));
    EXPECT_THAT(refunds("cancelled_by_body"), ElementsAre(2'000));

    const auto two = awaiting(weekly("thu", "2026-12-03", "2026-12-17", "18:00", "20:00"));
    ASSERT_TRUE(close("R", "2026-12-10", "2026-12-10", true));
    EXPECT_THAT(refunds("closure"), ElementsAre(1'000)) << "nothing was paid yet";
    payment_tells(two, "paid");
    EXPECT_EQ(state_of(two), State::confirmed);
    EXPECT_THAT(refunds("closure"), ElementsAre(1'000, 1'000));
    ASSERT_TRUE(close("R", "2026-12-03", "2026-12-17", true));
    EXPECT_EQ(state_of(two), State::cancelled_by_body);
    EXPECT_THAT(refunds("closure"), ElementsAre(1'000, 1'000, 2'000));
}

TEST_F(Payment, feed_that_starts_anew__does_nothing_twice) {
    const auto one = paid(evening);
    business_.set(instant("2026-11-30 09:00"));
    ASSERT_TRUE(cancel(one, president("chorale")));  // too late for any refund
    const auto version = stored(one.id)->version;
    auto told = told_event("payment_changed.v1", stored(one.id)->payment_facts->id.str(), 1,
                           {{"payment_id", stored(one.id)->payment_facts->id.str()},
                            {"booking_id", one.id.str()},
                            {"status", "paid"},
                            {"refund_state", "none"},
                            {"amount", 1'000},
                            {"refunded_amount", 0},
                            {"public_ref", "PA-7F3K-2"},
                            {"version", 1}});
    payment_feed_->replace({told}, {"restored", 40});
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
    EXPECT_EQ(stored(one.id)->version, version);
    EXPECT_EQ(stored(one.id)->payment_facts->status, "paid");
}

TEST_F(Payment, payment_of_a_booking_that_is_unknown__is_kept_and_does_nothing) {
    auto stranger = awaiting(evening);
    stranger.id = base::BookingId::make();
    payment_tells(stranger, "paid");
    EXPECT_EQ(count("SELECT COUNT(*) FROM payment_projection"), 1);
}

}  // namespace
}  // namespace preau::booking::test
