// Dates that move: one, it and those after it, or all that have not begun; all or nothing.

#include <barrier>

#include "tests/unit/services/booking/series_dates.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;

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

TEST_F(SeriesDates, move__by_the_hirer_of_a_paid_booking__is_refused) {
    const auto booking = paid(tuesdays);
    EXPECT_EQ(code_of(move(booking, to(booking, 3, "19:00", "21:00"), payer)), "price_settled");
    const auto later = booked("tatamis", part("G", 1), tuesdays);
    EXPECT_EQ(code_of(move(later, to(later, 3, "19:00", "21:00"), hirer)), "price_settled");
}

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

}  // namespace
}  // namespace preau::booking::test
