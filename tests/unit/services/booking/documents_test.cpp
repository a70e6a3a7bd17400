// What is missing, the answer to it, and what the clock says when nobody answers.

#include "services/booking/jobs/timers.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;

class Waiting : public Office {
protected:
    void TearDown() override { expect_sound(); }
    Outcome<Booking> ask_for(const Booking& booking, const Actor& actor = manager()) {
        return store_->transact([&](Tx& tx) {
            return desk_->ask_documents(tx, actor, booking.id, booking.version,
                                        "L’attestation d’assurance de 2027.");
        });
    }
    Outcome<Booking> answer(const Booking& booking, const Actor& actor = president("tatamis")) {
        return store_->transact([&](Tx& tx) {
            return desk_->provide_documents(tx, actor, booking.id, booking.version,
                                            "Envoyée ce matin au secrétariat.");
        });
    }
    std::int64_t times(const Booking& booking, const std::string& type) {
        return std::ranges::count(events_of(booking.id.str()), type);
    }
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
};

TEST_F(Waiting, question__keeps_the_time_and_the_answer_restarts_the_deadline) {
    const auto made = asked("tatamis", whole("R"), evening);
    EXPECT_EQ(made.answer_by, instant("2026-10-08 18:00"));
    const auto waiting = ask_for(made);
    ASSERT_TRUE(waiting);
    EXPECT_EQ(waiting->state, State::awaiting_documents);
    EXPECT_EQ(stored(made.id)->asked, "L’attestation d’assurance de 2027.");
    EXPECT_EQ(code_of(ask("volley", whole("R"), evening)), "overlap");
    EXPECT_EQ(times(made, "booking_documents_asked.v1"), 1);

    business_.set(instant("2026-10-09 10:00"));  // a Friday
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 0);  // it is the hirer's turn
    const auto answered = answer(*waiting);
    ASSERT_TRUE(answered);
    const auto now = stored(made.id).value();
    EXPECT_EQ(now.state, State::submitted);
    EXPECT_EQ(now.answer_by, instant("2026-10-16 18:00"));
    EXPECT_EQ(now.answered, "Envoyée ce matin au secrétariat.");
    EXPECT_TRUE(now.asked.empty());
    EXPECT_FALSE(now.decision);
    EXPECT_EQ(times(made, "booking_documents_provided.v1"), 1);
    EXPECT_EQ(history(made.id).back().reason_text, now.answered);
    EXPECT_EQ(code_of(accept(now)), "ok");
}

TEST_F(Waiting, question__can_be_taken_back_before_anybody_was_told) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = asked("tatamis", whole("R"), evening);
    const auto waiting = ask_for(made);
    ASSERT_TRUE(waiting);
    EXPECT_EQ(times(made, "booking_documents_asked.v1"), 0);
    const auto undone = undo(*waiting);
    ASSERT_TRUE(undone);
    machine_.set(machine_.now() + 20);
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::submitted);
    EXPECT_TRUE(stored(made.id)->asked.empty());
    EXPECT_EQ(times(made, "booking_documents_asked.v1"), 0);

    const auto again = ask_for(*undone);
    ASSERT_TRUE(again);
    ASSERT_TRUE(answer(*again));  // inside the window: the question stands first
    EXPECT_EQ(times(made, "booking_documents_asked.v1"), 1);
}

// S84, S88
TEST_F(Waiting, others_and_other_acts__are_refused) {
    const auto made = asked("tatamis", whole("R"), evening);
    auto both = manager();
    both.member_of = {club("tatamis")};
    EXPECT_EQ(code_of(ask_for(made, both)), "forbidden");
    EXPECT_EQ(code_of(ask_for(made, president("tatamis"))), "forbidden");
    EXPECT_EQ(code_of(answer(made)), "invalid_transition");
    const auto waiting = ask_for(made);
    ASSERT_TRUE(waiting);
    EXPECT_EQ(code_of(answer(*waiting, president("volley"))), "not_found");
    EXPECT_EQ(code_of(answer(*waiting, manager())), "forbidden");
    for (const auto& code :
         {code_of(accept(made)), code_of(refuse(made)), code_of(ask_for(made))}) {
        EXPECT_EQ(code, "already_decided");
    }
    EXPECT_EQ(code_of(reopen(*waiting)), "invalid_transition");
    EXPECT_EQ(code_of(cancel(*waiting, president("tatamis"))), "invalid_transition");
    EXPECT_EQ(code_of(withdraw(*waiting, "tatamis")), "ok");
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
}

// S87
TEST_F(Waiting, unanswered_question__expires_when_its_last_date_has_started) {
    const auto waiting = ask_for(asked("tatamis", whole("R"), evening));
    ASSERT_TRUE(waiting);
    business_.set(instant("2026-12-01 18:00"));
    run_timers();
    run_timers();
    EXPECT_EQ(stored(waiting->id)->state, State::expired);
    EXPECT_EQ(times(*waiting, "booking_expired.v1"), 1);
    EXPECT_EQ(told(waiting->id.str(), "booking_expired.v1")["reason_code"], "documents_missing");
}

TEST_F(Waiting, closure_over_all_dates__ends_the_request) {
    const auto waiting = ask_for(asked("tatamis", whole("R"), evening));
    ASSERT_TRUE(waiting);
    ASSERT_TRUE(close("R", "2026-12-01", "2026-12-01", true));
    EXPECT_EQ(stored(waiting->id)->state, State::refused);
}

// S87, R-03
TEST_F(Waiting, overdue_answer__is_reminded_once_and_escalated_once) {
    const auto made = asked("tatamis", whole("R"), evening);
    EXPECT_EQ(made.escalate_by, instant("2026-10-15 18:00"));  // ten working days
    business_.set(instant("2026-10-08 17:59"));
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 0);
    business_.set(instant("2026-10-08 18:00"));
    run_timers();
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 1);
    EXPECT_EQ(times(made, "booking_answer_overdue.v1"), 0);
    business_.set(instant("2026-10-15 18:00"));
    run_timers();
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 1);
    EXPECT_EQ(times(made, "booking_answer_overdue.v1"), 1);
    std::vector<std::string> acts;
    for (const auto& line : history(made.id))
        acts.push_back(line.act);
    EXPECT_THAT(acts, ElementsAre("submit", "remind", "escalate"));
    // The clock made nobody's page stale, and the request is as it was.
    EXPECT_EQ(code_of(accept(made)), "ok");
}

TEST_F(Waiting, service_that_was_down__tells_both_in_two_rounds_and_after_an_answer_anew) {
    const auto made = asked("tatamis", whole("R"), evening);
    business_.set(instant("2026-11-02 09:00"));
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 1);
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_overdue.v1"), 1);
    const auto waiting = ask_for(stored(made.id).value());
    ASSERT_TRUE(waiting);
    ASSERT_TRUE(answer(*waiting));
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 1);
    business_.set(stored(made.id)->answer_by);
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 2);
}

TEST_F(Waiting, decided_in_time__nobody_is_told) {
    const auto made = asked("tatamis", whole("R"), evening);
    ASSERT_TRUE(refuse(made));
    business_.set(instant("2026-11-20 09:00"));
    run_timers();
    EXPECT_EQ(times(made, "booking_answer_due.v1"), 0);
}

TEST_F(Waiting, over_http__words_are_bounded_and_the_booking_says_what_is_missing) {
    const auto made = asked("tatamis", whole("R"), evening);
    const auto post = [&](const std::string& verb, nlohmann::json body, const Actor& actor,
                          const std::string& key) {
        const auto caller = identity_of(actor);
        body["version"] = stored(made.id)->version;
        const auto path = "/v1/bookings/" + made.id.str() + "/" + verb;
        const auto got = call(net::Method::post, path, body.dump(), caller, key);
        return std::pair{got.status, nlohmann::json::parse(got.body)};
    };
    EXPECT_EQ(post("ask-documents", {{"text", ""}}, manager(), "documents-1").first, 422);
    EXPECT_EQ(
        post("ask-documents", {{"text", std::string(501, 'x')}}, manager(), "documents-2").first,
        422);
    const auto waiting = post("ask-documents", {{"text", "Le RIB."}}, manager(), "documents-3");
    ASSERT_EQ(waiting.first, 200) << waiting.second;
    EXPECT_EQ(waiting.second["state"], "awaiting_documents");
    EXPECT_EQ(waiting.second["asked"], "Le RIB.");
    EXPECT_EQ(post("provide-documents", {}, president("tatamis"), "documents-4").first, 422);
    const auto answered =
        post("provide-documents", {{"text", "Le voici."}}, president("tatamis"), "documents-5");
    ASSERT_EQ(answered.first, 200) << answered.second;
    EXPECT_EQ(answered.second["answered"], "Le voici.");
    EXPECT_TRUE(answered.second["asked"].is_null());
    const auto proposed = post("propose",
                               {{"message", "Le jeudi est libre."},
                                {"replace",
                                 {{{"occurrence_id", made.occurrences[0].id.str()},
                                   {"date", "2026-12-03"},
                                   {"start_time", "18:00"},
                                   {"end_time", "20:00"}}}}},
                               manager(), "documents-6");
    ASSERT_EQ(proposed.first, 200) << proposed.second;
    EXPECT_EQ(proposed.second["proposal"]["occurrences"][0]["slot"]["date"], "2026-12-03");
    EXPECT_EQ(proposed.second["proposal"]["price"]["total"]["amount"], 1'000);
    EXPECT_EQ(post("propose", {{"message", "x"}}, manager(), "documents-7").first, 422);
    const auto taken = post("accept-proposal", {}, president("tatamis"), "documents-8");
    ASSERT_EQ(taken.first, 200) << taken.second;
    EXPECT_EQ(taken.second["state"], "confirmed");
}

}  // namespace
}  // namespace preau::booking::test
