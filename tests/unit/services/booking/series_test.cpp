// The dates of a booking one by one: given back, added again, ended; what may be edited after the
// decision; shorter buffers.

#include "tests/unit/services/booking/series_dates.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
// S61
// S89
// S89
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

// S23
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
