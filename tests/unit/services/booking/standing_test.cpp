// Guards that depend on who asks and for what: first use, horizon by kind, purpose, debt.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

class Standing : public Office {
protected:
    void TearDown() override { expect_sound(); }

    /// A confirmed booking that is billed after use, whose bill nobody has paid.
    Booking billed(const std::string& date, const base::OfferId& offer = whole("R")) {
        auto made = booked("tatamis", offer, single(date, "18:00", "20:00"));
        payment_tells(made, "created");
        return made;
    }
    void day_is(const std::string& date) { business_.set(instant(date + " 09:00")); }
    std::string asking(const std::string& date, const base::OfferId& offer = whole("R")) {
        const auto out = ask("tatamis", offer, single(date, "08:00", "09:00"));
        if (out) EXPECT_TRUE(withdraw(*out, "tatamis"));
        return code_of(out);
    }
};

// R-01: Thursday 1 October 2026 and ten working days: Thursday 15 October.
TEST_F(Standing, first_use__needs_ten_working_days_and_only_once) {
    settings_.first_use_working_days = 10;
    configure(settings_);
    const auto first = ask("tatamis", whole("R"), single("2026-10-14", "18:00", "20:00"));
    ASSERT_FALSE(first);
    EXPECT_EQ(code_of(first), "notice_too_short");
    EXPECT_EQ(first.error().conflicts.front().reason, "first_use");
    const auto told = quoted("tatamis", whole("R"), single("2026-10-14", "18:00", "20:00"));
    EXPECT_EQ(told["dates"][0]["state"], "notice");
    EXPECT_EQ(told["dates"][0]["reason"], "first_use");
    EXPECT_EQ(asking("2026-10-15"), "ok");

    // A request alone makes nobody known; what was granted does, in any house of the body.
    const auto made = asked("tatamis", whole("R"), single("2026-10-15", "18:00", "20:00"));
    EXPECT_EQ(asking("2026-10-05"), "notice_too_short");
    ASSERT_TRUE(accept(made));
    EXPECT_EQ(asking("2026-10-05"), "ok");
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2026-10-05", "20:00", "21:00"))),
              "notice_too_short");  // the control: another club is as new as before
}

TEST_F(Standing, first_use__does_not_bind_the_counter) {
    settings_.first_use_working_days = 10;
    configure(settings_);
    const auto wanted = request("tatamis", whole("R"), single("2026-10-05", "18:00", "20:00"));
    const auto made = store_->transact(
        [&](Tx& tx) { return desk_->submit(tx, staff(PostRole::counter), wanted); });
    EXPECT_EQ(code_of(made), "ok");
}

// R-02
TEST_F(Standing, horizon__by_kind_where_the_body_says_so) {
    const auto far = single("2027-08-24", "18:00", "20:00");
    const auto over = weekly("tue", "2027-06-01", "2027-09-14", "18:00", "20:00");
    EXPECT_EQ(code_of(ask("volley", whole("R"), far)), "ok");  // the control: the offer's 18 months
    settings_.single_horizon_days = 300;
    settings_.series_in_school_year = true;
    configure(settings_);
    EXPECT_EQ(code_of(ask("tatamis", whole("G"), far)), "beyond_horizon");
    const auto series = ask("tatamis", whole("G"), over);
    EXPECT_EQ(code_of(series), "beyond_horizon");
    ASSERT_FALSE(series.error().conflicts.empty());
    EXPECT_EQ(series.error().conflicts.front().slot.local_date, day("2027-09-07"));
    EXPECT_EQ(code_of(ask("tatamis", whole("G"),
                          weekly("tue", "2027-06-01", "2027-08-31", "18:00", "20:00"))),
              "ok");
}

TEST_F(Standing, purpose__of_the_vocabulary_must_be_one_of_the_rooms) {
    auto room = add_room("P");
    room.purposes = {"sport", "dance"};
    ++room.version;
    put(room);
    const auto asking_for = [&](const std::string& purpose, const base::OfferId& offer) {
        auto wanted = request("tatamis", offer, single("2026-12-01", "18:00", "20:00"));
        wanted.purpose = purpose;
        const auto made = store_->transact(
            [&](Tx& tx) { return desk_->submit(tx, president("tatamis"), wanted); });
        if (made) EXPECT_TRUE(withdraw(*made, "tatamis"));
        return made ? std::string("ok") : made.error().error.code;
    };
    EXPECT_EQ(asking_for("show", whole("P")), "purpose_not_allowed");
    EXPECT_EQ(asking_for("dance", whole("P")), "ok");
    EXPECT_EQ(asking_for("Bal de fin d'année", whole("P")), "ok");  // a person judges free words
    EXPECT_EQ(asking_for("show", whole("R")), "ok");                // a room that names none

    const auto made = asked("tatamis", whole("P"), single("2026-12-02", "18:00", "20:00"));
    EditRequest other;
    other.purpose = "show";
    EXPECT_EQ(code_of(store_->transact([&](Tx& tx) {
                  return desk_->edit(tx, president("tatamis"), made.id, made.version, other);
              })),
              "purpose_not_allowed");
}

// R-10: served on 12 October, due on 11 November; 10 € for two hours.
TEST_F(Standing, debt__is_told_after_thirty_days_and_refuses_after_sixty) {
    const auto made = billed("2026-10-12");
    const auto state = [&] {
        return quoted("tatamis", whole("R"), single("2027-03-02", "18:00", "20:00"))["debt"];
    };
    day_is("2026-11-11");
    EXPECT_EQ(state()["state"], "none");
    EXPECT_EQ(state()["overdue"]["amount"], 0);
    day_is("2026-12-10");
    EXPECT_EQ(state()["state"], "none");
    EXPECT_EQ(state()["overdue"]["amount"], 1000);
    day_is("2026-12-11");
    EXPECT_EQ(state()["state"], "warned");
    EXPECT_EQ(asking("2027-03-02"), "ok");
    day_is("2027-01-10");
    EXPECT_EQ(asking("2027-03-02"), "ok");
    day_is("2027-01-11");
    EXPECT_EQ(state()["state"], "blocked");
    EXPECT_EQ(state()["days"], 61);
    EXPECT_EQ(asking("2027-03-02"), "debt");
    // The control: somebody else, and the same club once it has paid.
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2027-03-02", "08:00", "09:00"))), "ok");
    payment_tells(made, "paid");
    EXPECT_EQ(asking("2027-03-09"), "ok");
}

TEST_F(Standing, debt__of_more_than_two_hundred_euros_refuses_at_once_and_here_only) {
    add_room("elsewhere", {.establishment = "ponsard"});
    auto series = booked("tatamis", whole("R"),
                         weekly("mon", "2026-10-05", "2026-10-26", "08:00", "19:00"));  // 220 €
    payment_tells(series, "created");
    day_is("2026-11-25");
    EXPECT_EQ(asking("2027-03-02"), "ok");
    day_is("2026-11-26");
    EXPECT_EQ(asking("2027-03-02"), "debt");
    EXPECT_EQ(asking("2027-03-02", whole("elsewhere")), "ok");  // another creditor
    const auto counter = staff(PostRole::counter);
    const auto wanted = request("tatamis", whole("R"), single("2027-03-02", "08:00", "09:00"));
    EXPECT_EQ(code_of(store_->transact([&](Tx& tx) { return desk_->submit(tx, counter, wanted); })),
              "debt");
}

TEST_F(Standing, debt__of_a_cancelled_booking__is_none) {
    const auto made = billed("2026-12-01");
    ASSERT_TRUE(cancel(stored(made.id).value(), manager()));
    day_is("2027-06-01");
    EXPECT_EQ(asking("2027-07-01"), "ok");
}

}  // namespace
}  // namespace preau::booking::test
