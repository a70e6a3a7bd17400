// Overlap in every shape, divisible spaces, limits of a room, series and their conflicts.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

class Guard : public Office {
protected:
    void TearDown() override { expect_sound(); }
};

// S01
TEST_F(Guard, adjacent_bookings__are_all_accepted) {
    booked("volley", whole("R"), single("2026-12-01", "18:00", "19:00"));
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "19:00", "20:00"))), "ok");
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "17:00", "18:00"))), "ok");
}

// S02
TEST_F(Guard, every_shape_of_overlap__is_refused_and_names_the_interval_only) {
    booked("volley", whole("R"), single("2026-12-01", "18:00", "20:00"));
    for (const auto& [start, end] :
         {std::pair{"17:30", "18:30"}, std::pair{"19:30", "20:30"}, std::pair{"18:30", "19:30"},
          std::pair{"17:00", "21:00"}, std::pair{"18:00", "20:00"}}) {
        const auto refused = ask("tatamis", whole("R"), single("2026-12-01", start, end));
        ASSERT_EQ(code_of(refused), "overlap") << start;
        ASSERT_EQ(refused.error().conflicts.size(), 1U);
        const auto& conflict = refused.error().conflicts.front();
        EXPECT_EQ(conflict.state, rules::SlotState::taken);
        ASSERT_TRUE(conflict.clash);
        EXPECT_EQ(conflict.clash->start, instant("2026-12-01 18:00"));
    }
}

// S04
TEST_F(Guard, cancelled_and_refused_bookings__free_the_slot) {
    const auto one = booked("volley", whole("R"), single("2026-12-01", "18:00", "20:00"));
    ASSERT_TRUE(cancel(one, president("volley")));
    ASSERT_TRUE(refuse(asked("volley", whole("R"), single("2026-12-01", "20:00", "21:00"))));
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "18:00", "21:00"))), "ok");
}

// S05
TEST_F(Guard, cancel_then_rebook__works_again_and_again) {
    for (int round = 0; round < 3; ++round) {
        const auto one = booked("volley", whole("R"), single("2026-12-01", "18:00", "20:00"));
        ASSERT_TRUE(cancel(one, president("volley"))) << round;
    }
}

// S07, S08, S49
TEST_F(Guard, grid_and_duration__are_checked_and_the_nearest_start_is_told) {
    add_room("half", {.grid_min = 30, .duration_min_min = 60, .duration_max_min = 180});
    const auto off = ask("tatamis", whole("half"), single("2026-12-01", "18:10", "19:10"));
    EXPECT_EQ(code_of(off), "invalid_start");
    EXPECT_NE((off.error().error.detail + off.error().error.fields.front().detail).find("18:"),
              std::string::npos);
    const auto code = [&](const char* start, const char* end) {
        return code_of(ask("tatamis", whole("half"), single("2026-12-01", start, end)));
    };
    EXPECT_EQ(code("18:00", "19:15"), "invalid_duration");
    EXPECT_EQ(code("18:00", "18:30"), "invalid_duration");
    EXPECT_EQ(code("18:00", "21:30"), "invalid_duration");
    EXPECT_EQ(code("18:00", "19:00"), "ok");
    EXPECT_EQ(code("19:00", "22:00"), "ok");
}

// S09 for an association
TEST_F(Guard, past_start__is_refused) {
    business_.set(instant("2026-12-01 18:30"));
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "18:00", "19:00"))),
              "past_start");
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "19:00", "20:00"))), "ok");
}

// S30, S31, S32
TEST_F(Guard, whole_and_parts__block_one_another_but_siblings_do_not) {
    booked("volley", whole("G"), single("2026-12-01", "18:00", "20:00"));
    const auto third = ask("tatamis", part("G", 1), single("2026-12-01", "18:00", "19:00"));
    ASSERT_EQ(code_of(third), "overlap");
    EXPECT_EQ(third.error().conflicts.front().via, "G");

    booked("volley", part("G", 2), single("2026-12-02", "18:00", "20:00"));
    EXPECT_EQ(code_of(ask("tatamis", whole("G"), single("2026-12-02", "19:00", "21:00"))),
              "overlap");
    EXPECT_EQ(code_of(ask("tatamis", part("G", 1), single("2026-12-02", "18:00", "20:00"))), "ok");
    EXPECT_EQ(code_of(ask("tatamis", part("G", 3), single("2026-12-02", "18:00", "20:00"))), "ok");
}

// S35
TEST_F(Guard, equipment_shared_by_two_rooms__is_lent_once) {
    add_room("R1", {.shared_parts = {"projector"}});
    add_room("R2", {.shared_parts = {"projector"}});
    const auto with = [](const std::string& room) {
        return id<base::OfferId>(room + ":with projector");
    };
    booked("volley", with("R1"), single("2026-12-01", "18:00", "20:00"));
    EXPECT_EQ(code_of(ask("tatamis", with("R2"), single("2026-12-01", "19:00", "20:00"))),
              "overlap");
    EXPECT_EQ(code_of(ask("tatamis", whole("R2"), single("2026-12-01", "19:00", "20:00"))), "ok");
}

// S43
TEST_F(Guard, buffer_after__keeps_the_next_hirer_away) {
    add_room("hall", {.buffer_after_min = 15});
    booked("volley", whole("hall"), single("2026-12-01", "18:00", "19:00"));
    EXPECT_EQ(code_of(ask("tatamis", whole("hall"), single("2026-12-01", "19:00", "20:00"))),
              "buffer");
    EXPECT_EQ(code_of(ask("tatamis", whole("hall"), single("2026-12-01", "19:15", "20:15"))), "ok");
}

// S48
TEST_F(Guard, notice_and_horizon__count_local_days) {
    add_room("slow", {.notice_days = 3, .horizon_days = 180});
    business_.set(instant("2026-10-01 21:00"));
    const auto on = [&](const char* date) {
        return code_of(ask("tatamis", whole("slow"), single(date, "08:00", "09:00")));
    };
    EXPECT_EQ(on("2026-10-03"), "notice_too_short");
    EXPECT_EQ(on("2026-10-04"), "ok");
    EXPECT_EQ(on("2027-03-30"), "ok");
    EXPECT_EQ(on("2027-03-31"), "beyond_horizon");
}

// S50
TEST_F(Guard, too_many_people__are_refused) {
    add_room("small", {.capacity = 30});
    auto wanted = request("tatamis", whole("small"), single("2026-12-01", "18:00", "19:00"));
    wanted.headcount = 31;
    const auto refused =
        store_->transact([&](Tx& tx) { return desk_->submit(tx, president("tatamis"), wanted); });
    EXPECT_EQ(code_of(refused), "capacity");
}

// S51
TEST_F(Guard, unpublished_or_inactive__cannot_be_asked_for) {
    add_room("draft", {.published = false});
    add_room("gone", {.active = false});
    EXPECT_EQ(code_of(ask("tatamis", whole("draft"), single("2026-12-01", "18:00", "19:00"))),
              "not_found");
    EXPECT_EQ(code_of(ask("tatamis", whole("gone"), single("2026-12-01", "18:00", "19:00"))),
              "not_bookable");
    EXPECT_EQ(code_of(ask("tatamis", whole("nowhere"), single("2026-12-01", "18:00", "19:00"))),
              "not_found");
}

TEST_F(Guard, closed_hours__are_refused) {
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "21:00", "23:00"))),
              "closed");
}

class Series : public Guard {
protected:
    /// Ten Tuesdays without holidays between them.
    const rules::Recurrence ten = weekly("tue", "2027-01-05", "2027-02-09", "18:00", "20:00");
};

// S54, S56
TEST_F(Series, two_dates_taken__fail_lists_them_and_skip_leaves_them_out) {
    const auto one = booked("volley", part("G", 2), single("2027-01-12", "19:00", "21:00"));
    const auto two = booked("volley", whole("G"), single("2027-01-26", "18:00", "20:00"));
    const auto failed = ask("tatamis", whole("G"), ten);
    ASSERT_EQ(code_of(failed), "overlap");
    ASSERT_EQ(failed.error().conflicts.size(), 2U);
    EXPECT_EQ(failed.error().conflicts[0].slot.local_date.iso(), "2027-01-12");
    EXPECT_EQ(failed.error().conflicts[1].slot.local_date.iso(), "2027-01-26");
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), 2);

    const auto made = ask("tatamis", whole("G"), ten, true);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->dates_count, 4);
    const auto kept = stored(made->id).value();
    EXPECT_EQ(kept.occurrences.size(), 6U);
    EXPECT_EQ(std::ranges::count(kept.occurrences, OccurrenceState::skipped, &Occurrence::state),
              2);
    EXPECT_EQ(stored(one.id)->state, State::confirmed);
    EXPECT_EQ(stored(two.id)->state, State::confirmed);
}

// S55
TEST_F(Series, skip__leaves_out_closed_dates_with_their_own_reason) {
    booked("volley", whole("G"), single("2027-01-12", "18:00", "20:00"));
    ASSERT_TRUE(close("G", "2027-01-19", "2027-01-19"));
    const auto made = ask("tatamis", whole("G"), ten, true);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->dates_count, 4);
    const auto kept = stored(made->id).value();
    ASSERT_EQ(kept.occurrences[1].state, OccurrenceState::skipped);
    ASSERT_EQ(kept.occurrences[2].state, OccurrenceState::skipped);
    EXPECT_NE(kept.occurrences[1].reason, kept.occurrences[2].reason);
}

TEST_F(Series, no_date_free__skip_makes_nothing) {
    ASSERT_TRUE(close("G", "2027-01-01", "2027-03-01"));
    EXPECT_EQ(code_of(ask("tatamis", whole("G"), ten, true)), "closed");
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), 0);
}

TEST_F(Series, beyond_the_published_calendar__is_never_guessed) {
    auto rule = weekly("tue", "2027-06-01", "2027-10-26", "18:00", "20:00");
    rule.skip_school_holidays = true;
    EXPECT_EQ(code_of(ask("tatamis", whole("G"), rule)), "calendar_unknown");
}

// S72: local time is kept over the change to winter time.
TEST_F(Series, across_the_clock_change__keeps_its_wall_time) {
    const auto made =
        asked("tatamis", whole("R"), weekly("tue", "2026-10-13", "2026-11-10", "19:00", "21:00"));
    const auto kept = stored(made.id).value();
    ASSERT_EQ(kept.occurrences.size(), 5U);
    EXPECT_EQ(kept.occurrences[1].slot.interval.start.seconds % 86'400, 17 * 3600);
    EXPECT_EQ(kept.occurrences[2].slot.interval.start.seconds % 86'400, 18 * 3600);
    for (const auto& one : kept.occurrences)
        EXPECT_EQ(one.slot.start_minute, 19 * 60);
    EXPECT_EQ(kept.when.weekdays, ten.weekdays);
}

TEST_F(Guard, quota_of_unanswered_requests__is_kept) {
    settings_.live_requests_max = 2;
    configure(settings_);
    asked("tatamis", whole("R"), single("2026-12-01", "08:00", "09:00"));
    const auto second = asked("tatamis", whole("R"), single("2026-12-01", "09:00", "10:00"));
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "10:00", "11:00"))),
              "quota_exceeded");
    ASSERT_TRUE(accept(second));
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-01", "10:00", "11:00"))), "ok");
}

TEST_F(Guard, suspended_organisation__may_not_ask) {
    affiliate("banned", 'B', "", "suspended");
    EXPECT_EQ(code_of(ask("banned", whole("R"), single("2026-12-01", "10:00", "11:00"))),
              "forbidden");
}

TEST_F(Guard, organisation_without_affiliation__may_ask_in_the_default_category) {
    const auto made = ask("newcomer", whole("R"), single("2026-12-01", "10:00", "11:00"));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->category, 'C');
}

TEST_F(Guard, outdated_terms__must_be_read_again) {
    auto wanted = request("tatamis", whole("R"), single("2026-12-01", "18:00", "19:00"));
    wanted.terms_version = "2025-1";
    const auto old =
        store_->transact([&](Tx& tx) { return desk_->submit(tx, president("tatamis"), wanted); });
    EXPECT_EQ(code_of(old), "terms_outdated");
    wanted.terms_version = settings_.terms.version;
    wanted.terms_accepted = false;
    const auto unread =
        store_->transact([&](Tx& tx) { return desk_->submit(tx, president("tatamis"), wanted); });
    EXPECT_EQ(code_of(unread), "terms_outdated");
}

}  // namespace
}  // namespace preau::booking::test
