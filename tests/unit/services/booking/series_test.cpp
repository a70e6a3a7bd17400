// The dates of a booking one by one: given back, added again, moved, ended; what may be edited
// after the decision; shorter buffers.

#include <atomic>
#include <barrier>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Ten Tuesdays: eight from 1 December on, none skipped by a calendar.
const rules::Recurrence tuesdays = weekly("tue", "2026-12-01", "2027-02-02", "18:00", "20:00");

class SeriesDates : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
        affiliate("college sport", 'A', "UNSS");
    }
    void TearDown() override { expect_sound(); }

    Outcome<Booking> give_back(const Booking& booking, const std::vector<std::size_t>& which,
                               const Actor& actor) {
        std::vector<base::OccurrenceId> dates;
        for (const auto i : which)
            dates.push_back(booking.occurrences.at(i).id);
        return store_->transact([&](Tx& tx) {
            return desk_->give_back(tx, actor, booking.id, booking.version, dates);
        });
    }
    Outcome<Booking> add_again(const Booking& booking, std::size_t which, const Actor& actor) {
        return store_->transact([&](Tx& tx) {
            return desk_->add_again(tx, actor, booking.id, booking.version,
                                    booking.occurrences.at(which).id);
        });
    }
    Outcome<Booking> end(const Booking& booking, const std::string& from, const Actor& actor) {
        return store_->transact([&](Tx& tx) {
            return desk_->end_series(tx, actor, booking.id, booking.version, day(from));
        });
    }
    static MoveRequest to(const Booking& booking, std::size_t which, const std::string& start,
                          const std::string& end, MoveScope scope = MoveScope::one) {
        MoveRequest out;
        out.occurrence = booking.occurrences.at(which).id;
        out.scope = scope;
        out.start_minute = time::parse_minute(start).value();
        out.end_minute = time::parse_minute(end).value();
        return out;
    }
    Outcome<Booking> move(const Booking& booking, const MoveRequest& request, const Actor& actor) {
        return store_->transact(
            [&](Tx& tx) { return desk_->move(tx, actor, booking.id, booking.version, request); });
    }
    Outcome<Booking> edit(const Booking& booking, const EditRequest& request, const Actor& actor) {
        return store_->transact(
            [&](Tx& tx) { return desk_->edit(tx, actor, booking.id, booking.version, request); });
    }
    Outcome<Booking> shorten(const Booking& booking, int after_min, const Actor& actor) {
        return store_->transact([&](Tx& tx) {
            return desk_->shorten_buffers(tx, actor, booking.id, booking.version,
                                          {std::nullopt, after_min});
        });
    }

    static std::vector<std::string> ids_of(const Booking& booking) {
        std::vector<std::string> out;
        for (const auto& one : booking.occurrences)
            out.push_back(one.id.str());
        return out;
    }
    /// "2026-12-01 18:00" of the dates that keep time.
    static std::vector<std::string> kept_of(const Booking& booking) {
        std::vector<std::string> out;
        for (const auto* one : booking.kept()) {
            out.push_back(one->slot.local_date.iso() + " " +
                          time::format_minute(one->slot.start_minute));
        }
        return out;
    }
    std::vector<std::int64_t> refunds() {
        std::vector<std::int64_t> out;
        for (const auto& told : all_told("refund_ordered.v1")) {
            if (told["reason"] == "given_back") out.push_back(told["amount"].get<std::int64_t>());
        }
        return out;
    }
    Booking paid(const rules::Recurrence& when) {
        const auto booking = booked("chorale", whole("R"), when);
        payment_tells(booking, "paid");
        return stored(booking.id).value();
    }
    Booking now_stored(const Outcome<Booking>& done) {
        EXPECT_TRUE(done) << code_of(done);
        return done ? stored(done->id).value() : Booking{};
    }
    const Actor hirer = president("tatamis");
    const Actor payer = president("chorale");
};

// S59
TEST_F(SeriesDates, give_back__one_of_ten__nine_remain_and_keep_their_ids) {
    const auto before = booked("tatamis", whole("R"), tuesdays);
    ASSERT_EQ(before.occurrences.size(), 10U);
    const auto after = now_stored(give_back(before, {3}, hirer));
    EXPECT_EQ(ids_of(after), ids_of(before));
    EXPECT_EQ(after.state, State::confirmed);
    EXPECT_EQ(after.dates_count, 9);
    EXPECT_EQ(after.version, before.version + 1);
    EXPECT_EQ(after.occurrences[3].state, OccurrenceState::given_back);
    EXPECT_EQ(after.occurrences[3].reason, reason_credited);
    EXPECT_EQ(kept_of(after).size(), 9U);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 9 * 8);
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2026-12-22", "18:00", "20:00"))), "ok")
        << "free at once";
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2026-12-15", "18:00", "20:00"))),
              "overlap");
    EXPECT_EQ(told(before.id.str(), "occupancy_changed.v1")["intervals"].size(), 9U);
    EXPECT_EQ(told(before.id.str(), "booking_changed.v1")["act"], "give_back");
}

TEST_F(SeriesDates, give_back__history_names_the_dates) {
    const auto booking = booked("tatamis", whole("R"), tuesdays);
    ASSERT_TRUE(give_back(booking, {1, 2}, hirer));
    const auto line = history(booking.id).back();
    EXPECT_EQ(line.act, "give_back");
    EXPECT_EQ(line.by_role, "hirer");
    ASSERT_EQ(line.dates.size(), 2U);
    EXPECT_EQ(line.dates[1].occurrence, booking.occurrences[2].id);
    EXPECT_EQ(line.dates[1].before->local_date, day("2026-12-15"));
    EXPECT_FALSE(line.dates[1].after);
}

TEST_F(SeriesDates, give_back__who_may_and_when) {
    const auto booking = booked("tatamis", whole("R"), tuesdays);
    EXPECT_EQ(code_of(give_back(booking, {0}, president("volley"))), "not_found");
    EXPECT_EQ(code_of(give_back(booking, {0}, manager())), "forbidden");
    auto old = booking;
    --old.version;
    EXPECT_EQ(code_of(give_back(old, {0}, hirer)), "stale_version");
    EXPECT_EQ(code_of(give_back(booking, {}, hirer)), "invalid");
    auto foreign = booked("volley", whole("G"), tuesdays);
    foreign.id = booking.id;
    foreign.version = booking.version;
    EXPECT_EQ(code_of(give_back(foreign, {0}, hirer)), "not_found") << "another booking's date";
    const auto once = now_stored(give_back(booking, {0}, hirer));
    EXPECT_EQ(code_of(give_back(once, {0}, hirer)), "invalid_transition") << "twice";
    business_.set(instant("2026-12-08 18:00"));
    EXPECT_EQ(code_of(give_back(once, {1}, hirer)), "invalid_transition") << "it has begun";
    EXPECT_EQ(code_of(give_back(once, {2}, hirer)), "ok");
}

TEST_F(SeriesDates, give_back__the_last_date__is_a_cancellation) {
    const auto one = booked("tatamis", whole("R"), single("2026-12-01", "18:00", "20:00"));
    EXPECT_EQ(code_of(give_back(one, {0}, hirer)), "last_date");
    const auto series = booked("tatamis", part("G", 1), tuesdays);
    EXPECT_EQ(code_of(give_back(series, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, hirer)), "last_date");
    EXPECT_EQ(stored(series.id)->dates_count, 10) << "nothing changed";
}

// R-17: three local days, not 72 hours, and on the day before the clocks change too.
TEST_F(SeriesDates, give_back__credit_goes_by_local_days) {
    const auto booking = paid(tuesdays);
    EXPECT_EQ(booking.price->total.value, 10'000);
    business_.set(instant("2026-12-05 23:59"));
    auto after = now_stored(give_back(booking, {1}, payer));  // Tuesday 8: three days
    EXPECT_THAT(refunds(), ElementsAre(1'000));
    business_.set(instant("2026-12-13 00:00"));
    after = now_stored(give_back(after, {2}, payer));  // Tuesday 15: two days
    EXPECT_EQ(after.occurrences[2].reason, reason_not_credited);
    EXPECT_THAT(refunds(), ElementsAre(1'000));
    EXPECT_EQ(credit_of(after).value, 1'000);
    EXPECT_EQ(after.price->total.value, 10'000)
        << "the agreed price stays; the credit is beside it";

    affiliate("harmonie", 'C');
    const auto clocks =
        booked("harmonie", whole("R"), weekly("mon", "2027-03-22", "2027-04-05", "18:00", "20:00"));
    business_.set(instant("2027-03-26 23:30"));
    const auto given = now_stored(give_back(clocks, {1}, president("harmonie")));
    EXPECT_EQ(given.occurrences[1].reason, reason_credited) << "Monday 29 March, 66.5 h away";
}

TEST_F(SeriesDates, give_back__before_it_is_paid__is_refunded_when_the_money_comes) {
    const auto booking = booked("chorale", whole("R"), tuesdays);
    ASSERT_EQ(booking.state, State::accepted);
    const auto after = now_stored(give_back(booking, {4, 5}, payer));
    EXPECT_THAT(refunds(), IsEmpty());
    EXPECT_EQ(credit_of(after).value, 2'000);
    payment_tells(booking, "paid");
    EXPECT_THAT(refunds(), ElementsAre(2'000));
    EXPECT_EQ(stored(booking.id)->state, State::confirmed);
    payment_tells(booking, "paid");
    EXPECT_THAT(refunds(), ElementsAre(2'000)) << "told twice, refunded once";
}

TEST_F(SeriesDates, give_back__of_a_request__costs_what_is_left) {
    const auto booking = asked("chorale", whole("R"), tuesdays);
    const auto after = now_stored(give_back(booking, {0}, payer));
    EXPECT_EQ(after.state, State::submitted);
    EXPECT_EQ(after.price->total.value, 9'000);
    EXPECT_EQ(credit_of(after).value, 0) << "nothing was agreed yet";
    const auto accepted = stored(accept(after)->id).value();
    EXPECT_EQ(told(accepted.id.str(), "booking_accepted.v1")["price"]["total_amount"], 9'000);
}

TEST_F(SeriesDates, give_back__inside_the_undo_window__makes_the_acceptance_stand) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto accepted = accept(asked("tatamis", whole("R"), tuesdays)).value();
    const auto after = now_stored(give_back(accepted, {0}, hirer));
    EXPECT_EQ(after.state, State::confirmed);
    EXPECT_FALSE(after.deferred);
    EXPECT_EQ(code_of(undo(after)), "invalid_transition");
}

// S60
TEST_F(SeriesDates, add_again__skipped_date_whose_clash_is_gone__joins_its_series) {
    const auto other = booked("volley", whole("R"), single("2026-12-22", "18:00", "20:00"));
    const auto series = ask("tatamis", whole("R"), tuesdays, true).value();
    ASSERT_EQ(series.occurrences[3].state, OccurrenceState::skipped);
    EXPECT_EQ(code_of(add_again(series, 3, hirer)), "overlap") << "the clash is still there";
    ASSERT_TRUE(cancel(other, president("volley")));
    const auto after = now_stored(add_again(series, 3, hirer));
    EXPECT_EQ(ids_of(after), ids_of(series));
    EXPECT_EQ(after.occurrences[3].state, OccurrenceState::planned);
    EXPECT_EQ(after.dates_count, 10);
    EXPECT_EQ(after.price->total.value, 10'000) << "priced by the votes of the request";
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2026-12-22", "18:00", "20:00"))),
              "overlap");
    const auto line = history(series.id).back();
    EXPECT_EQ(line.act, "add_again");
    EXPECT_EQ(line.dates.at(0).after->local_date, day("2026-12-22"));
    EXPECT_EQ(code_of(add_again(after, 3, hirer)), "invalid_transition") << "twice";
}

TEST_F(SeriesDates, add_again__price_goes_by_the_votes_of_the_request) {
    const auto other = booked("volley", whole("R"), single("2026-12-22", "18:00", "20:00"));
    const auto series = ask("chorale", whole("R"), tuesdays, true).value();
    ASSERT_EQ(series.price->total.value, 9'000);
    ASSERT_TRUE(cancel(other, president("volley")));
    business_.set(instant("2026-10-20 10:00"));
    vote("isere 2", 900, "2026-10-15", "2026-10-14");  // voted after the request
    const auto after = now_stored(add_again(series, 3, payer));
    EXPECT_EQ(after.price->total.value, 10'000);
}

TEST_F(SeriesDates, add_again__after_the_decision__his_dates_by_the_hirer_the_rest_by_the_college) {
    const auto other = booked("volley", whole("R"), single("2026-12-22", "18:00", "20:00"));
    affiliate("tatamis", 'A', "UNSS");
    auto series = ask("tatamis", whole("R"), tuesdays, true).value();
    series = stored(accept(series)->id).value();
    ASSERT_TRUE(cancel(other, president("volley")));
    EXPECT_EQ(code_of(add_again(series, 3, hirer)), "forbidden");
    series = now_stored(add_again(series, 3, manager()));
    EXPECT_EQ(series.dates_count, 10);
    series = now_stored(give_back(series, {5}, hirer));
    series = now_stored(add_again(series, 5, hirer));
    EXPECT_EQ(series.dates_count, 10);
    EXPECT_EQ(series.occurrences[5].reason, "");
}

TEST_F(SeriesDates, add_again__paid__only_what_costs_nothing_more) {
    const auto other = booked("volley", whole("R"), single("2026-12-22", "18:00", "20:00"));
    auto series = ask("chorale", whole("R"), tuesdays, true).value();
    ASSERT_TRUE(accept(series));
    payment_tells(series, "paid");
    series = stored(series.id).value();
    ASSERT_TRUE(cancel(other, president("volley")));
    EXPECT_EQ(code_of(add_again(series, 3, manager())), "price_settled") << "was never paid for";
    business_.set(instant("2026-12-06 10:00"));
    series = now_stored(give_back(series, {1, 5}, payer));  // 8 December: too late for a credit
    EXPECT_EQ(code_of(add_again(series, 5, payer)), "price_settled") << "its money went back";
    series = now_stored(add_again(series, 1, payer));
    EXPECT_EQ(series.occurrences[1].state, OccurrenceState::planned) << "it is still paid for";
    EXPECT_THAT(refunds(), ElementsAre(1'000));
}

TEST_F(SeriesDates, add_again__given_back_but_not_paid_yet__is_owed_again) {
    auto series = booked("chorale", whole("R"), tuesdays);
    series = now_stored(give_back(series, {5}, payer));
    EXPECT_EQ(credit_of(series).value, 1'000);
    series = now_stored(add_again(series, 5, payer));
    EXPECT_EQ(credit_of(series).value, 0);
    payment_tells(series, "paid");
    EXPECT_THAT(refunds(), IsEmpty());
}

TEST_F(SeriesDates, add_again__date_of_a_closure_that_was_lifted) {
    auto series = booked("tatamis", whole("R"), tuesdays);
    const auto closure = close("R", "2026-12-08", "2026-12-08", true).value();
    series = stored(series.id).value();
    ASSERT_EQ(series.occurrences[1].state, OccurrenceState::cancelled);
    EXPECT_EQ(code_of(add_again(series, 1, manager())), "closed");
    ASSERT_TRUE(
        store_->transact([&](Tx& tx) { return desk_->lift_closure(tx, manager(), closure.id); }));
    series = now_stored(add_again(series, 1, manager()));
    EXPECT_EQ(series.dates_count, 10);
}

// S61
TEST_F(SeriesDates, move__from_now_on__past_dates_stay_and_the_rest_moves) {
    const auto before = booked("tatamis", whole("R"), tuesdays);
    business_.set(instant("2026-12-23 09:00"));
    const auto after =
        now_stored(move(before, to(before, 4, "19:00", "21:00", MoveScope::future), manager()));
    EXPECT_EQ(ids_of(after), ids_of(before));
    EXPECT_THAT(
        kept_of(after),
        ElementsAre("2026-12-01 18:00", "2026-12-08 18:00", "2026-12-15 18:00", "2026-12-22 18:00",
                    "2026-12-29 19:00", "2027-01-05 19:00", "2027-01-12 19:00", "2027-01-19 19:00",
                    "2027-01-26 19:00", "2027-02-02 19:00"))
        << "its own old cells were in nobody's way";
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2026-12-29", "18:00", "19:00"))), "ok");
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2026-12-29", "20:00", "21:00"))),
              "overlap");
    const auto line = history(before.id).back();
    EXPECT_EQ(line.act, "move");
    EXPECT_EQ(line.by_role, "manager");
    ASSERT_EQ(line.dates.size(), 6U);
    EXPECT_EQ(line.dates[0].before->start_minute, 18 * 60);
    EXPECT_EQ(line.dates[0].after->start_minute, 19 * 60);
}

// S61
TEST_F(SeriesDates, move__one_date_clashes__nothing_moves_and_the_clash_is_told) {
    const auto before = asked("tatamis", whole("R"), tuesdays);
    ASSERT_TRUE(ask("volley", whole("R"), single("2027-01-12", "20:00", "21:00")));
    const auto refused = move(before, to(before, 0, "19:00", "21:00", MoveScope::future), hirer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(code_of(refused), "overlap");
    ASSERT_EQ(refused.error().conflicts.size(), 1U);
    EXPECT_EQ(refused.error().conflicts[0].slot.local_date, day("2027-01-12"));
    EXPECT_EQ(kept_of(stored(before.id).value()), kept_of(before));
    EXPECT_EQ(stored(before.id)->version, before.version);
    EXPECT_EQ(history(before.id).size(), 1U);
}

TEST_F(SeriesDates, move__this_and_following_to_another_weekday) {
    const auto before = asked("tatamis", whole("R"), tuesdays);
    auto wanted = to(before, 8, "18:00", "20:00", MoveScope::following);
    wanted.weekday = time::Weekday::thu;
    const auto after = now_stored(move(before, wanted, hirer));
    EXPECT_EQ(kept_of(after)[7], "2027-01-19 18:00");
    EXPECT_EQ(kept_of(after)[8], "2027-01-28 18:00");
    EXPECT_EQ(kept_of(after)[9], "2027-02-04 18:00");
    EXPECT_EQ(after.when.weekdays, before.when.weekdays) << "the rule of the rest stays";
    EXPECT_EQ(after.last_start, instant("2027-02-04 18:00"));
}

TEST_F(SeriesDates, move__whole_request__takes_the_rule_along) {
    const auto before = asked("tatamis", whole("R"), tuesdays);
    auto wanted = to(before, 0, "17:00", "19:00", MoveScope::future);
    wanted.weekday = time::Weekday::wed;
    const auto after = now_stored(move(before, wanted, hirer));
    EXPECT_EQ(after.when.weekdays, std::vector{time::Weekday::wed});
    EXPECT_EQ(after.when.start_minute, 17 * 60);
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), tuesdays)), "ok")
        << "the old dates are no duplicate any more";
}

TEST_F(SeriesDates, move__one_date__to_another_day) {
    const auto before = asked("chorale", whole("R"), tuesdays);
    auto wanted = to(before, 2, "18:00", "21:00");
    wanted.date = day("2026-12-16");
    const auto after = now_stored(move(before, wanted, payer));
    EXPECT_EQ(kept_of(after)[2], "2026-12-16 18:00");
    EXPECT_EQ(after.price->total.value, 10'500) << "a request is priced anew: an hour more";
    wanted = to(after, 2, "18:00", "20:00");
    wanted.date = day("2026-12-22");
    EXPECT_EQ(code_of(move(after, wanted, payer)), "self_overlap") << "the series has that day";
}

TEST_F(SeriesDates, move__after_the_decision__by_the_college_at_the_agreed_price) {
    auto booking = paid(tuesdays);
    auto wanted = to(booking, 3, "10:00", "12:00");
    wanted.date = day("2026-12-23");
    booking = now_stored(move(booking, wanted, manager()));
    EXPECT_EQ(kept_of(booking)[3], "2026-12-23 10:00");
    EXPECT_EQ(booking.state, State::confirmed);
    EXPECT_EQ(booking.price->total.value, 10'000);
    EXPECT_EQ(code_of(move(booking, to(booking, 3, "10:00", "13:00"), manager())), "price_settled");
    booking = now_stored(give_back(booking, {3}, payer));
    EXPECT_THAT(refunds(), ElementsAre(1'000)) << "the line went with the date";
}

TEST_F(SeriesDates, move__foreign_manager_and_own_organisation__may_not) {
    const auto booking = booked("tatamis", whole("R"), tuesdays);
    const auto wanted = to(booking, 0, "19:00", "21:00");
    EXPECT_EQ(code_of(move(booking, wanted, manager("stendhal"))), "not_found");
    EXPECT_EQ(code_of(move(booking, wanted, staff(PostRole::caretaker))), "forbidden");
    auto both = manager();
    both.member_of = {club("tatamis")};
    EXPECT_EQ(code_of(move(booking, wanted, both)), "forbidden");
    const auto request = asked("volley", whole("G"), tuesdays);
    EXPECT_EQ(code_of(move(request, to(request, 0, "19:00", "21:00"), manager())),
              "invalid_transition")
        << "a request is answered, not moved";
}

// S89
TEST_F(SeriesDates, move__by_the_hirer_of_a_paid_booking__is_refused) {
    const auto booking = paid(tuesdays);
    EXPECT_EQ(code_of(move(booking, to(booking, 3, "19:00", "21:00"), payer)), "price_settled");
    const auto later = booked("tatamis", part("G", 1), tuesdays);
    EXPECT_EQ(code_of(move(later, to(later, 3, "19:00", "21:00"), hirer)), "price_settled");
}

// S89
TEST_F(SeriesDates, move__by_the_hirer_of_what_costs_nothing__goes_back_to_the_college) {
    const auto booking = booked("college sport", whole("R"), tuesdays);
    ASSERT_EQ(booking.state, State::confirmed);
    const auto after =
        now_stored(move(booking, to(booking, 3, "19:00", "21:00"), president("college sport")));
    EXPECT_EQ(after.state, State::submitted);
    EXPECT_EQ(after.hold, Hold::pending);
    EXPECT_FALSE(after.decision);
    EXPECT_EQ(kept_of(after)[3], "2026-12-22 19:00");
    EXPECT_EQ(told(booking.id.str(), "booking_submitted.v1")["version"], after.version);
    EXPECT_EQ(code_of(accept(after)), "ok");
}

// S89
TEST_F(SeriesDates, edit__people_and_purpose__may_change_after_the_decision) {
    const auto booking = paid(tuesdays);
    EditRequest wanted;
    wanted.headcount = 25;
    wanted.purpose = "Répétition générale";
    const auto after = now_stored(edit(booking, wanted, payer));
    EXPECT_EQ(after.headcount, 25);
    EXPECT_EQ(after.purpose, "Répétition générale");
    EXPECT_EQ(after.state, State::confirmed);
    const auto line = history(booking.id).back();
    EXPECT_EQ(line.act, "edit");
    ASSERT_EQ(line.fields.size(), 2U);
    EXPECT_EQ(line.fields[0].name, "headcount");
    EXPECT_EQ(line.fields[0].before, "10");
    EXPECT_EQ(line.fields[0].after, "25");
    wanted.headcount = 101;
    EXPECT_EQ(code_of(edit(after, wanted, payer)), "capacity");
    EXPECT_EQ(code_of(edit(after, wanted, manager())), "forbidden");
}

TEST_F(SeriesDates, move__over_a_change_of_the_clocks__keeps_wall_time) {
    const auto sundays = weekly("sun", "2027-03-21", "2027-04-04", "10:00", "12:00");
    const auto booking = asked("tatamis", whole("R"), sundays);
    const auto after =
        now_stored(move(booking, to(booking, 0, "09:00", "11:00", MoveScope::future), hirer));
    EXPECT_EQ(after.occurrences[0].slot.interval.start, instant("2027-03-21 09:00"));
    EXPECT_EQ(after.occurrences[1].slot.interval.start, instant("2027-03-28 09:00"));
    EXPECT_EQ(after.occurrences[1].slot.interval.seconds(), 7'200);
    EXPECT_EQ(code_of(move(after, to(after, 0, "02:30", "03:30", MoveScope::future), hirer)),
              "nonexistent_local_time");
    EXPECT_EQ(kept_of(stored(after.id).value()), kept_of(after)) << "all or nothing";
}

TEST_F(SeriesDates, move__to_another_part_of_the_gym) {
    const auto booking = booked("tatamis", part("G", 1), tuesdays);
    ASSERT_TRUE(ask("volley", part("G", 2), single("2026-12-08", "18:00", "20:00")));
    MoveRequest wanted;
    wanted.occurrence = booking.occurrences[0].id;
    wanted.scope = MoveScope::future;
    wanted.offer = part("G", 2);
    EXPECT_EQ(code_of(move(booking, wanted, manager())), "overlap");
    wanted.offer = part("G", 3);
    const auto after = now_stored(move(booking, wanted, manager()));
    EXPECT_EQ(after.offer, part("G", 3));
    EXPECT_EQ(code_of(ask("volley", part("G", 1), tuesdays)), "ok");
    EXPECT_EQ(code_of(ask("volley", part("G", 3), tuesdays)), "overlap");
    wanted.offer = whole("R");
    EXPECT_EQ(code_of(move(after, wanted, manager())), "not_found") << "of another space";
    business_.set(instant("2026-12-02 09:00"));
    wanted.offer = part("G", 1);
    EXPECT_EQ(code_of(move(after, wanted, manager())), "invalid") << "it has begun";
}

// S23
TEST_F(SeriesDates, move__two_into_one_slot_together__one_wins_the_loser_keeps_its_own) {
    for (int round = 0; round < 20; ++round) {
        const auto date = (day("2026-12-01") + round).iso();
        std::array<Booking, 2> both{asked("tatamis", whole("R"), single(date, "18:00", "19:00")),
                                    asked("volley", whole("R"), single(date, "20:00", "21:00"))};
        std::array<std::string, 2> codes;
        std::barrier start(2);
        db::test::Crew crew;
        for (std::size_t i = 0; i < 2; ++i) {
            crew.add([&, i] {
                start.arrive_and_wait();
                codes[i] = code_of(move(both[i], to(both[i], 0, "19:00", "20:00"),
                                        president(i == 0 ? "tatamis" : "volley")));
            });
        }
        crew.join();
        EXPECT_EQ(std::ranges::count(codes, "ok"), 1) << codes[0] << " " << codes[1];
        EXPECT_EQ(std::ranges::count(codes, "overlap"), 1) << codes[0] << " " << codes[1];
        const std::size_t loser = codes[0] == "ok" ? 1 : 0;
        EXPECT_EQ(kept_of(stored(both[loser].id).value()), kept_of(both[loser]));
        EXPECT_EQ(kept_of(stored(both[1 - loser].id).value()).front(), date + " 19:00");
    }
}

// R-18
TEST_F(SeriesDates, end__seven_local_days_ahead__gives_back_all_that_follows) {
    const auto booking = paid(tuesdays);
    business_.set(instant("2026-12-08 23:00"));
    const auto refused = end(booking, "2026-12-14", payer);
    EXPECT_EQ(code_of(refused), "notice_too_short");
    EXPECT_EQ(refused.error().error.fields.at(0).detail, "2026-12-15");
    const auto after = now_stored(end(booking, "2026-12-15", payer));
    EXPECT_THAT(kept_of(after), ElementsAre("2026-12-01 18:00", "2026-12-08 18:00"));
    EXPECT_THAT(refunds(), ElementsAre(8'000));
    EXPECT_EQ(history(booking.id).back().act, "end_series");
    EXPECT_EQ(code_of(ask("volley", whole("R"),
                          weekly("tue", "2026-12-15", "2027-02-02", "18:00", "20:00"))),
              "ok");
    EXPECT_EQ(code_of(end(after, "2026-12-22", payer)), "no_occurrence");
    run_timers();
    EXPECT_EQ(stored(booking.id)->state, State::closed) << "its last date is past now";
}

// S47
TEST_F(SeriesDates, buffer__shortened_by_a_manager__lets_others_come_closer) {
    add_room("hall", {.buffer_after_min = 30});
    const auto evening = single("2026-12-01", "18:00", "20:00");
    const auto next = single("2026-12-01", "20:15", "21:15");
    const auto booking = booked("tatamis", whole("hall"), evening);
    EXPECT_EQ(code_of(ask("volley", whole("hall"), next)), "buffer");
    EXPECT_EQ(code_of(shorten(booking, 0, hirer)), "forbidden");
    EXPECT_EQ(code_of(shorten(booking, 45, manager())), "invalid") << "never longer";
    auto old = booking;
    --old.version;
    EXPECT_EQ(code_of(shorten(old, 0, manager())), "stale_version");
    const auto after = now_stored(shorten(booking, 0, manager()));
    EXPECT_EQ(after.occurrences[0].buffer_after_s, 0);
    const auto line = history(booking.id).back();
    EXPECT_EQ(line.act, "shorten_buffers");
    EXPECT_EQ(line.fields.at(0).name, "buffer_after_min");
    EXPECT_EQ(line.fields.at(0).before, "30");
    EXPECT_EQ(line.fields.at(0).after, "0");
    EXPECT_EQ(told(booking.id.str(), "occupancy_changed.v1")["intervals"][0]["buffer_after_s"], 0);
    EXPECT_EQ(code_of(ask("volley", whole("hall"), next)), "ok");
}

// S47
TEST_F(SeriesDates, buffer__of_a_new_booking__only_a_manager_may_shorten) {
    add_room("hall", {.buffer_after_min = 30});
    ASSERT_TRUE(ask("volley", whole("hall"), single("2026-12-01", "20:15", "21:15")));
    auto wanted = request("tatamis", whole("hall"), single("2026-12-01", "18:00", "20:00"));
    const auto send = [&](const Actor& actor) {
        return store_->transact([&](Tx& tx) { return desk_->submit(tx, actor, wanted); });
    };
    EXPECT_EQ(code_of(send(manager())), "buffer");
    wanted.buffers.after_min = 0;
    EXPECT_EQ(code_of(send(hirer)), "forbidden");
    wanted.buffers.after_min = 31;
    EXPECT_EQ(code_of(send(manager())), "invalid");
    wanted.buffers.after_min = 0;
    const auto made = now_stored(send(manager()));
    EXPECT_EQ(made.occurrences[0].buffer_after_s, 0);
    EXPECT_EQ(code_of(accept(made, staff(PostRole::admin))), "ok")
        << "also when it is judged again";
}

TEST_F(SeriesDates, acts__tell_what_each_may_do) {
    const auto booking = paid(tuesdays);
    business_.set(instant("2026-12-06 10:00"));
    const auto acts = [&](const Actor& actor) {
        return store_
            ->read(
                [&](Tx& tx) -> Outcome<BookingActs> { return desk_->acts_of(tx, actor, booking); })
            .value();
    };
    const auto his = acts(payer);
    EXPECT_FALSE(his.dates[0].give_back) << "past";
    EXPECT_TRUE(his.dates[1].give_back);
    EXPECT_FALSE(his.dates[1].credited) << "two days";
    EXPECT_TRUE(his.dates[2].credited);
    EXPECT_FALSE(his.dates[2].move) << "paid";
    EXPECT_EQ(his.end_from, day("2026-12-13"));
    EXPECT_TRUE(his.edit);
    const auto theirs = acts(manager());
    EXPECT_TRUE(theirs.dates[2].move);
    EXPECT_FALSE(theirs.dates[2].give_back);
    EXPECT_FALSE(theirs.edit);
    EXPECT_FALSE(acts(president("volley")).dates[2].give_back);
}

}  // namespace
}  // namespace preau::booking::test
