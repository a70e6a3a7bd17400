// What is decided, taken back, withdrawn, cancelled, and what the clock does.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;

class Decision : public Office {
protected:
    void TearDown() override { expect_sound(); }
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
};

TEST_F(Decision, accept_without_window__confirms_at_once_and_tells_it) {
    const auto made = asked("tatamis", whole("R"), evening);
    const auto accepted = accept(made);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->state, State::confirmed);
    EXPECT_THAT(events_of(made.id.str()),
                ElementsAre("occupancy_changed.v1", "booking_submitted.v1", "occupancy_changed.v1",
                            "booking_accepted.v1", "booking_confirmed.v1"));
    std::vector<State> road;
    for (const auto& line : history(made.id))
        road.push_back(line.to);
    EXPECT_THAT(road, ElementsAre(State::submitted, State::accepted, State::confirmed));
}

TEST_F(Decision, occupancy_that_is_told__is_what_the_cells_hold) {
    const auto series = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
    const auto told = [&](const Booking& booking) {
        std::string data;
        const auto read = database_->read([&](db::Session& session) -> base::Result<bool> {
            session.sql() << "SELECT data FROM outbox WHERE aggregate_id = :a AND "
                             "type = 'occupancy_changed.v1' ORDER BY id DESC LIMIT 1",
                soci::use(booking.id.str()), soci::into(data);
            return session.sql().got_data();
        });
        EXPECT_TRUE(read && *read);
        return nlohmann::json::parse(data);
    };
    const auto made = asked("tatamis", whole("G"), series);
    EXPECT_EQ(told(made)["hold"], "pending");
    EXPECT_EQ(told(made)["intervals"].size(), 9U);  // three parts on three dates
    EXPECT_EQ(told(made)["intervals"][0]["start"], instant("2026-12-01 18:00").seconds);
    const auto accepted = accept(made);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(told(made)["hold"], "taken");
    EXPECT_EQ(told(made)["intervals"].size(), 9U);
    ASSERT_TRUE(cancel(*accepted, president("tatamis")));
    EXPECT_EQ(told(made)["hold"], "none");
    EXPECT_EQ(told(made)["intervals"].size(), 0U);
    EXPECT_EQ(told(made)["version"], stored(made.id)->version);

    add_room("open", {.pending_holds = false});
    const auto wish = asked("tatamis", whole("open"), series);
    EXPECT_EQ(told(wish)["hold"], "pending");
    EXPECT_EQ(told(wish)["intervals"].size(), 3U);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
}

TEST_F(Decision, accept_within_the_window__tells_only_the_occupancy_until_it_ends) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = asked("tatamis", whole("R"), evening);
    const auto accepted = accept(made);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->state, State::accepted);
    ASSERT_TRUE(accepted->deferred);
    EXPECT_EQ(events_of(made.id.str()).back(), "occupancy_changed.v1");
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::accepted);
    machine_.set(machine_.now() + 10);
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::confirmed);
    EXPECT_EQ(events_of(made.id.str()).back(), "booking_confirmed.v1");
    EXPECT_EQ(code_of(undo(stored(made.id).value())), "invalid_transition");
}

TEST_F(Decision, refusal_within_the_window__keeps_the_slot_and_undo_restores_it) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = asked("tatamis", whole("R"), evening);
    const auto refused = refuse(made);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->state, State::refused);
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "overlap");
    const auto undone = undo(*refused);
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->state, State::submitted);
    EXPECT_FALSE(undone->decision);
    machine_.set(machine_.now() + 60);
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::submitted);
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "overlap");
}

TEST_F(Decision, refusal_after_the_window__frees_the_slot) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = asked("tatamis", whole("R"), evening);
    ASSERT_TRUE(refuse(made));
    machine_.set(machine_.now() + 10);
    run_timers();
    EXPECT_EQ(events_of(made.id.str()).back(), "booking_refused.v1");
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "ok");
}

TEST_F(Decision, cancellation_by_the_body__can_be_taken_back_within_the_window) {
    auto one = booked("tatamis", whole("R"), evening);
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto cancelled = cancel(one, manager());
    ASSERT_TRUE(cancelled);
    EXPECT_EQ(cancelled->state, State::cancelled_by_body);
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "overlap");
    const auto undone = undo(*cancelled);
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->state, State::confirmed);
    EXPECT_EQ(stored(one.id)->occurrences.front().state, OccurrenceState::planned);
}

TEST_F(Decision, hirer_cancels_within_the_window__acceptance_stands_first) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto accepted = accept(asked("tatamis", whole("R"), evening));
    ASSERT_TRUE(accepted);
    const auto cancelled = cancel(*accepted, president("tatamis"));
    ASSERT_TRUE(cancelled);
    EXPECT_EQ(cancelled->state, State::cancelled_by_hirer);
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "ok");
    machine_.set(machine_.now() + 60);
    run_timers();
    EXPECT_EQ(stored(accepted->id)->state, State::cancelled_by_hirer);
}

// S20
TEST_F(Decision, second_decision__is_told_who_decided_and_when) {
    const auto made = asked("tatamis", whole("R"), evening);
    ASSERT_TRUE(accept(made));
    const auto second = refuse(made);
    ASSERT_EQ(code_of(second), "already_decided");
    ASSERT_TRUE(second.error().decision);
    EXPECT_EQ(second.error().decision->by_role, "manager");
}

TEST_F(Decision, stale_version__is_refused) {
    auto made = asked("tatamis", whole("R"), evening);
    made.version += 1;
    EXPECT_EQ(code_of(accept(made)), "stale_version");
    EXPECT_EQ(code_of(withdraw(made, "tatamis")), "stale_version");
}

// S22
TEST_F(Decision, reopened_request__collides_with_what_was_booked_since) {
    const auto made = asked("tatamis", whole("R"), evening);
    ASSERT_TRUE(refuse(made));
    const auto other = booked("volley", whole("R"), evening);
    EXPECT_EQ(code_of(reopen(stored(made.id).value())), "overlap");
    EXPECT_EQ(stored(made.id)->state, State::refused);
    ASSERT_TRUE(cancel(other, president("volley")));
    const auto again = reopen(stored(made.id).value());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->state, State::submitted);
}

// S83, S19
TEST_F(Decision, request_that_does_not_hold__competes_and_one_acceptance_wins) {
    add_room("open", {.pending_holds = false});
    const auto one = asked("tatamis", whole("open"), evening);
    const auto two = asked("volley", whole("open"), evening);
    EXPECT_EQ(one.hold, Hold::requested);
    const auto checks = store_->read([&](Tx& tx) { return desk_->checks(tx, manager(), one.id); });
    ASSERT_TRUE(checks);
    ASSERT_EQ(checks->competing.size(), 1U);
    EXPECT_EQ(checks->competing.front().id, two.id);

    ASSERT_TRUE(accept(one));
    const auto loser = accept(two);
    ASSERT_EQ(code_of(loser), "overlap");
    EXPECT_EQ(loser.error().conflicts.size(), 1U);
    EXPECT_EQ(stored(two.id)->state, State::submitted);
    EXPECT_EQ(stored(one.id)->state, State::confirmed);
}

TEST_F(Decision, undo_of_an_acceptance_that_took_time__gives_it_back) {
    settings_.undo_window_s = 10;
    configure(settings_);
    add_room("open", {.pending_holds = false});
    const auto one = asked("tatamis", whole("open"), evening);
    const auto accepted = accept(one);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 8);
    ASSERT_TRUE(undo(*accepted));
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
}

// S83 with holding
TEST_F(Decision, request_that_holds__keeps_others_away) {
    asked("tatamis", whole("R"), evening);
    const auto other = ask("volley", whole("R"), evening);
    ASSERT_EQ(code_of(other), "overlap");
    EXPECT_EQ(other.error().conflicts.front().state, rules::SlotState::pending);
}

// S84 over the acts of this service
TEST_F(Decision, acts_outside_the_table__are_invalid_transitions) {
    const auto made = asked("tatamis", whole("R"), evening);
    ASSERT_TRUE(withdraw(made, "tatamis"));
    const auto gone = stored(made.id).value();
    EXPECT_EQ(code_of(accept(gone)), "invalid_transition");
    EXPECT_EQ(code_of(refuse(gone)), "invalid_transition");
    EXPECT_EQ(code_of(withdraw(gone, "tatamis")), "invalid_transition");
    EXPECT_EQ(code_of(cancel(gone, president("tatamis"))), "invalid_transition");
    EXPECT_EQ(code_of(undo(gone)), "invalid_transition");
    EXPECT_EQ(code_of(reopen(gone)), "invalid_transition");
    const auto open = asked("tatamis", whole("R"), evening);
    EXPECT_EQ(code_of(cancel(open, president("tatamis"))), "invalid_transition");
    EXPECT_EQ(code_of(reopen(open)), "invalid_transition");
}

TEST_F(Decision, free_category__needs_a_ground_and_keeps_it) {
    affiliate("school-club", 'A');
    const auto made = asked("school-club", whole("R"), evening);
    EXPECT_EQ(code_of(accept(made)), "ground_required");
    const auto accepted = store_->transact([&](Tx& tx) {
        return desk_->accept(tx, manager(), made.id, made.version, "Association du collège");
    });
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->free_ground, "Association du collège");
    EXPECT_EQ(accepted->payment, "none");

    affiliate("unss", 'A', "Association sportive scolaire");
    const auto other = booked("unss", whole("R"), single("2026-12-02", "18:00", "20:00"));
    EXPECT_EQ(other.free_ground, "Association sportive scolaire");
}

TEST_F(Decision, manager_who_is_a_member__does_not_decide_for_his_own) {
    const auto made = asked("tatamis", whole("R"), evening);
    auto both = manager();
    both.member_of = {club("tatamis")};
    EXPECT_EQ(code_of(accept(made, both)), "forbidden");
    EXPECT_EQ(code_of(refuse(made, both)), "forbidden");
}

// S88
TEST_F(Decision, strangers__learn_nothing) {
    const auto made = asked("tatamis", whole("R"), evening);
    EXPECT_EQ(code_of(accept(made, manager("other college"))), "not_found");
    EXPECT_EQ(code_of(refuse(made, president("volley"))), "not_found");
    EXPECT_EQ(code_of(withdraw(made, "volley")), "not_found");
    EXPECT_EQ(code_of(cancel(made, president("volley"))), "not_found");
    EXPECT_EQ(code_of(accept(made, staff(PostRole::finance))), "forbidden");
    auto member = president("tatamis");
    member.books_for.clear();
    const auto as_member = store_->transact(
        [&](Tx& tx) { return desk_->withdraw(tx, member, made.id, made.version); });
    EXPECT_EQ(code_of(as_member), "forbidden");
}

// S87
TEST_F(Decision, unanswered_request__expires_once_its_last_date_has_started) {
    const auto made =
        asked("tatamis", whole("R"), weekly("tue", "2026-12-01", "2026-12-08", "18:00", "20:00"));
    business_.set(instant("2026-12-02 00:00"));
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::submitted);
    business_.set(instant("2026-12-08 18:00"));
    EXPECT_EQ(code_of(accept(made)), "invalid_transition");
    run_timers();
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::expired);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
    const auto told = events_of(made.id.str());
    EXPECT_EQ(std::ranges::count(told, "booking_expired.v1"), 1);
}

// S86: a late answer grants the dates that are still to come.
TEST_F(Decision, late_acceptance__leaves_out_the_dates_that_went_by) {
    const auto made =
        asked("tatamis", whole("R"), weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00"));
    business_.set(instant("2026-12-02 09:00"));
    const auto accepted = accept(made);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->dates_count, 2);
    EXPECT_EQ(stored(made.id)->occurrences.front().state, OccurrenceState::left_out);
}

TEST_F(Decision, last_date_past__closes_the_booking) {
    const auto one = booked("tatamis", whole("R"), evening);
    business_.set(instant("2026-12-01 20:00"));
    run_timers();
    const auto closed = stored(one.id).value();
    EXPECT_EQ(closed.state, State::closed);
    EXPECT_EQ(closed.occurrences.front().state, OccurrenceState::took_place);
}

TEST_F(Decision, instant_offer__is_confirmed_by_the_rules_without_window) {
    settings_.undo_window_s = 10;
    configure(settings_);
    add_room("quick", {.instant = true});
    const auto made = ask("tatamis", whole("quick"), evening);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->state, State::confirmed);
    EXPECT_EQ(stored(made->id)->decision->by_role, "rules");
}

class Closing : public Decision {};

// S10
TEST_F(Closing, over_bookings__lists_them_then_cancels_them_with_force) {
    const auto confirmed = booked("tatamis", whole("R"), evening);
    const auto pending = asked("volley", whole("R"), single("2026-12-02", "18:00", "20:00"));
    const auto listed = close("R", "2026-11-30", "2026-12-04");
    ASSERT_EQ(code_of(listed), "closure_touches_bookings");
    ASSERT_EQ(listed.error().touched.size(), 2U);
    const auto forced = close("R", "2026-11-30", "2026-12-04", true);
    ASSERT_TRUE(forced);
    EXPECT_EQ(stored(confirmed.id)->state, State::cancelled_by_body);
    EXPECT_EQ(stored(confirmed.id)->decision->reason_code, "closure");
    EXPECT_EQ(stored(pending.id)->state, State::refused);
    EXPECT_EQ(events_of(confirmed.id.str()).back(), "booking_cancelled.v1");
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "closed");
}

TEST_F(Closing, request_that_it_refused__has_no_date_left_to_reopen) {
    const auto pending = asked("volley", whole("R"), evening);
    const auto closure = close("R", "2026-12-01", "2026-12-01", true).value();
    ASSERT_TRUE(
        store_->transact([&](Tx& tx) { return desk_->lift_closure(tx, manager(), closure.id); }));
    EXPECT_EQ(code_of(reopen(*stored(pending.id))), "invalid_transition");
}

TEST_F(Closing, over_one_date_of_a_series__takes_only_that_date) {
    const auto series =
        booked("tatamis", whole("R"), weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00"));
    ASSERT_TRUE(close("R", "2026-12-08", "2026-12-08", true));
    const auto kept = stored(series.id).value();
    EXPECT_EQ(kept.state, State::confirmed);
    EXPECT_EQ(kept.dates_count, 2);
    EXPECT_EQ(kept.occurrences[1].state, OccurrenceState::cancelled);
    EXPECT_EQ(kept.occurrences[1].reason, "closure");
}

// S11
TEST_F(Closing, two_that_overlap__stay_in_force_each_by_itself) {
    const auto one = close("R", "2026-12-07", "2026-12-09");
    const auto two = close("R", "2026-12-08", "2026-12-10");
    ASSERT_TRUE(one && two);
    const auto lifted =
        store_->transact([&](Tx& tx) { return desk_->lift_closure(tx, manager(), one->id); });
    ASSERT_TRUE(lifted);
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-07", "18:00", "20:00"))), "ok");
    EXPECT_EQ(code_of(ask("tatamis", whole("R"), single("2026-12-09", "18:00", "20:00"))),
              "closed");
}

TEST_F(Closing, by_a_stranger__is_not_found_and_by_another_role_forbidden) {
    EXPECT_EQ(code_of(close("R", "2026-12-07", "2026-12-09", false, manager("other"))),
              "not_found");
    EXPECT_EQ(code_of(close("R", "2026-12-07", "2026-12-09", false, staff(PostRole::caretaker))),
              "forbidden");
    EXPECT_EQ(code_of(close("R", "2026-09-01", "2026-09-02")), "past_start");
    EXPECT_EQ(code_of(close("R", "2026-12-09", "2026-12-07")), "invalid_interval");
}

TEST_F(Closing, over_a_request_without_hold__lists_it_too) {
    add_room("open", {.pending_holds = false});
    const auto made = asked("tatamis", whole("open"), evening);
    EXPECT_EQ(code_of(close("open", "2026-12-01", "2026-12-01")), "closure_touches_bookings");
    ASSERT_TRUE(close("open", "2026-12-01", "2026-12-01", true));
    EXPECT_EQ(stored(made.id)->state, State::refused);
}

}  // namespace
}  // namespace preau::booking::test
