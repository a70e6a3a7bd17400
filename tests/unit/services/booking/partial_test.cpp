// Granting some dates of a request: what is left out, what it costs then, and that taking it back
// restores everything.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;

class Partial : public Office {
protected:
    void TearDown() override { expect_sound(); }

    /// Grants the dates at these places of the series.
    Outcome<Booking> grant(const Booking& booking, const std::vector<std::size_t>& places,
                           const Actor& actor = manager()) {
        PartialGrant part;
        for (const auto place : places)
            part.dates.push_back(booking.occurrences.at(place).id);
        part.reason_code = "school_need";
        part.reason_text = "Conseils de classe le 8.";
        return grant_part(booking, part, actor);
    }
    Outcome<Booking> grant_part(const Booking& booking, const PartialGrant& part,
                                const Actor& actor = manager()) {
        return store_->transact([&](Tx& tx) {
            return desk_->accept_in_part(tx, actor, booking.id, booking.version, part);
        });
    }
    void with_window() {
        settings_.undo_window_s = 10;
        configure(settings_);
    }
    void window_ends() {
        machine_.set(machine_.now() + 10);
        run_timers();
    }
    std::vector<OccurrenceState> states(const Booking& booking) {
        std::vector<OccurrenceState> out;
        for (const auto& one : stored(booking.id)->occurrences)
            out.push_back(one.state);
        return out;
    }

    const rules::Recurrence series = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
    const rules::Recurrence second = single("2026-12-08", "18:00", "20:00");
};

TEST_F(Partial, some_dates__the_others_are_left_out_with_their_reason) {
    using enum OccurrenceState;
    const auto made = asked("tatamis", whole("R"), series);
    const auto granted = grant(made, {0, 2});
    ASSERT_TRUE(granted) << code_of(granted);
    EXPECT_EQ(granted->state, State::confirmed);
    EXPECT_EQ(granted->dates_count, 2);
    EXPECT_THAT(states(made), ElementsAre(planned, left_out, planned));
    const auto now = stored(made.id).value();
    EXPECT_EQ(now.occurrences[1].reason, "school_need");
    EXPECT_EQ(now.decision->reason_text, "Conseils de classe le 8.");
    EXPECT_EQ(history(made.id)[1].act, "accept_in_part");
    EXPECT_EQ(history(made.id)[1].reason_text, "Conseils de classe le 8.");
    // What was left out is free for others.
    EXPECT_EQ(code_of(ask("volley", whole("R"), second)), "ok");
}

TEST_F(Partial, price__is_that_of_the_granted_dates_by_the_frozen_votes) {
    affiliate("payer", 'C');
    const auto made = asked("payer", whole("R"), series);
    ASSERT_EQ(made.price->total.value, 3 * 2 * 500);
    vote("isere 2", 900, "2026-10-01", "2026-10-01");  // voted and in force before the decision
    vote("isere 3", 100, "2026-10-01", "2026-10-01");
    business_.set(instant("2026-10-02 09:00"));
    const auto granted = grant(made, {0, 2});
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->price->total.value, 2 * 2 * 500);
    EXPECT_EQ(stored(made.id)->price->total.value, 2 * 2 * 500);
    const auto told = this->told(made.id.str(), "booking_accepted.v1");
    EXPECT_EQ(told["price"]["total_amount"], 2 * 2 * 500);
    EXPECT_EQ(told["dates_count"], 2);
}

TEST_F(Partial, no_date__is_refused_and_so_is_a_foreign_one) {
    const auto made = asked("tatamis", whole("R"), series);
    const auto other = asked("volley", whole("G"), series);
    const auto none = grant(made, {});
    ASSERT_EQ(code_of(none), "invalid");
    EXPECT_EQ(none.error().error.fields.front().pointer, "/occurrence_ids");
    PartialGrant foreign{{other.occurrences[0].id}, "other", "", ""};
    EXPECT_EQ(code_of(grant_part(made, foreign)), "invalid");
    EXPECT_EQ(stored(made.id)->state, State::submitted);
}

TEST_F(Partial, all_dates__is_a_plain_acceptance) {
    const auto made = asked("tatamis", whole("R"), series);
    const auto granted = grant(made, {0, 1, 2});
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->dates_count, 3);
    EXPECT_TRUE(granted->decision->reason_code.empty());
    EXPECT_EQ(history(made.id)[1].act, "accept");
}

TEST_F(Partial, within_the_window__keeps_all_time_and_undo_restores_everything) {
    affiliate("payer", 'C');
    const auto made = asked("payer", whole("R"), series);
    const auto cells = count("SELECT COUNT(*) FROM occupied_cell");
    with_window();
    const auto granted = grant(made, {0});
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->price->total.value, 1'000);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), cells);
    EXPECT_EQ(code_of(ask("volley", whole("R"), second)), "overlap");
    const auto undone = undo(*granted);
    ASSERT_TRUE(undone);
    window_ends();
    const auto now = stored(made.id).value();
    EXPECT_EQ(now.state, State::submitted);
    EXPECT_EQ(now.hold, Hold::pending);
    EXPECT_EQ(now.dates_count, 3);
    EXPECT_EQ(now.last_start, made.last_start);
    EXPECT_EQ(now.price, made.price);
    EXPECT_FALSE(now.decision);
    for (const auto& one : now.occurrences) {
        EXPECT_EQ(one.state, OccurrenceState::planned);
        EXPECT_TRUE(one.reason.empty());
    }
    EXPECT_EQ(code_of(ask("volley", whole("R"), second)), "overlap");
    EXPECT_EQ(code_of(accept(now)), "ok");
}

TEST_F(Partial, after_the_window__frees_what_was_left_out_and_search_is_told) {
    with_window();
    const auto made = asked("tatamis", whole("R"), series);
    const auto granted = grant(made, {0, 2});
    ASSERT_TRUE(granted);
    EXPECT_EQ(told(made.id.str(), "occupancy_changed.v1")["intervals"].size(), 3U);
    const auto version = told(made.id.str(), "occupancy_changed.v1")["version"];
    window_ends();
    const auto occupancy = told(made.id.str(), "occupancy_changed.v1");
    EXPECT_EQ(occupancy["intervals"].size(), 2U);
    EXPECT_GT(occupancy["version"], version);  // readers drop what is not newer
    EXPECT_EQ(code_of(ask("volley", whole("R"), second)), "ok");
}

// S19, S83
TEST_F(Partial, where_requests_do_not_hold__grants_the_free_dates_through_the_guard) {
    add_room("open", {.pending_holds = false});
    const auto one = asked("tatamis", whole("open"), series);
    const auto two = asked("volley", whole("open"), second);
    ASSERT_TRUE(accept(two));
    EXPECT_EQ(code_of(accept(one)), "overlap");
    EXPECT_EQ(code_of(grant(one, {0, 1})), "overlap");
    EXPECT_EQ(stored(one.id)->state, State::submitted);
    with_window();
    const auto granted = grant(one, {0, 2});
    ASSERT_TRUE(granted) << code_of(granted);
    const auto undone = undo(*granted);
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->hold, Hold::requested);
    EXPECT_EQ(stored(one.id)->dates_count, 3);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 8);
}

// S86: dates that went by are left out besides, and come back with the undo.
TEST_F(Partial, late__leaves_out_the_past_dates_too) {
    with_window();
    const auto made = asked("tatamis", whole("R"), series);
    business_.set(instant("2026-12-02 09:00"));
    EXPECT_EQ(code_of(grant(made, {0})), "invalid_transition");
    const auto granted = grant(made, {0, 1});
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->dates_count, 1);
    EXPECT_EQ(stored(made.id)->occurrences[0].reason, "past");
    EXPECT_EQ(stored(made.id)->occurrences[2].reason, "school_need");
    ASSERT_TRUE(undo(*granted));
    EXPECT_EQ(stored(made.id)->dates_count, 3);
}

// S19, S20
TEST_F(Partial, for_ones_own_or_when_decided__is_refused_with_who_and_when) {
    const auto made = asked("tatamis", whole("R"), series);
    auto both = manager();
    both.member_of = {club("tatamis")};
    EXPECT_EQ(code_of(grant(made, {0}, both)), "forbidden");
    EXPECT_EQ(code_of(grant(made, {0}, manager("other"))), "not_found");
    ASSERT_TRUE(grant(made, {0}));
    const auto again = grant(made, {0, 1});
    ASSERT_EQ(code_of(again), "already_decided");
    EXPECT_EQ(again.error().decision->by_role, "manager");
    EXPECT_EQ(again.error().decision->at, business_.now());
}

TEST_F(Partial, closure_in_the_window__makes_it_stand_and_takes_only_granted_dates) {
    with_window();
    const auto made = asked("tatamis", whole("R"), series);
    ASSERT_TRUE(grant(made, {0, 2}));
    ASSERT_TRUE(close("R", "2026-12-08", "2026-12-08", true));
    EXPECT_EQ(stored(made.id)->state, State::confirmed);
    EXPECT_EQ(stored(made.id)->dates_count, 2);
    EXPECT_EQ(stored(made.id)->occurrences[1].reason, "school_need");
}

TEST_F(Partial, over_http__names_the_fields_and_answers_with_the_dates) {
    const auto made = asked("tatamis", whole("R"), series);
    const auto path = "/v1/bookings/" + made.id.str() + "/accept";
    const auto caller = identity_of(manager());
    const auto post = [&](nlohmann::json body, const std::string& key) {
        body["version"] = made.version;
        const auto answer = call(net::Method::post, path, body.dump(), caller, key);
        return std::pair{answer.status, nlohmann::json::parse(answer.body)};
    };
    const auto first = made.occurrences[0].id.str();
    const auto no_reason = post({{"occurrence_ids", {first}}}, "partial-1");
    EXPECT_EQ(no_reason.first, 422);
    EXPECT_EQ(no_reason.second["code"], "reason_required");
    EXPECT_EQ(post({{"occurrence_ids", {first}}, {"reason_code", "whim"}}, "partial-2").first, 422);
    EXPECT_EQ(post({{"occurrence_ids", "all"}, {"reason_code", "other"}}, "partial-3").first, 422);
    EXPECT_EQ(post({{"occurrence_ids", {"x"}}, {"reason_code", "other"}}, "partial-4").first, 422);
    EXPECT_EQ(
        post({{"occurrence_ids", nlohmann::json::array()}, {"reason_code", "other"}}, "partial-5")
            .first,
        422);
    const auto done = post({{"occurrence_ids", {first}}, {"reason_code", "no_staff"}}, "partial-6");
    ASSERT_EQ(done.first, 200) << done.second;
    EXPECT_EQ(done.second["dates_count"], 1);
    EXPECT_EQ(done.second["occurrences"][1]["state"], "left_out");
    EXPECT_EQ(done.second["occurrences"][1]["reason"], "no_staff");
}

}  // namespace
}  // namespace preau::booking::test
