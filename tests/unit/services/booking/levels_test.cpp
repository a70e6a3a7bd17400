// Two levels: the college gives its opinion, the body's administrators have the last word.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TwoLevels : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        auto hall = add_room("hall");
        hall.two_levels = true;
        ++hall.version;
        put(hall);
    }
    void TearDown() override { expect_sound(); }

    static Actor admin(const std::string& name = "admin") {
        Actor out;
        out.id = id<base::PersonId>(name).str();
        out.posts = {{id<base::BodyId>(test_body), PostRole::admin, {}}};
        return out;
    }
    Outcome<Booking> endorse(const Booking& booking, const Actor& actor = manager(),
                             const std::string& text = "Bon accueil.") {
        return store_->transact(
            [&](Tx& tx) { return desk_->endorse(tx, actor, booking.id, booking.version, text); });
    }
    std::vector<Act> acts(const Booking& booking, const Actor& actor) {
        const auto checks =
            store_->read([&](Tx& tx) { return desk_->checks(tx, actor, booking.id); });
        return checks ? checks->acts : std::vector<Act>{};
    }
    Booking wished() { return asked("tatamis", whole("hall"), evening); }

    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
};

// S84
TEST_F(TwoLevels, request__goes_from_the_college_to_the_body) {
    const auto made = wished();
    EXPECT_TRUE(made.two_levels);
    EXPECT_THAT(acts(made, manager()), ElementsAre(Act::endorse, Act::ask_documents, Act::refuse));
    EXPECT_EQ(code_of(accept(made)), "forbidden");
    EXPECT_EQ(code_of(accept(made, admin())), "forbidden");  // not before the college
    const auto endorsed = endorse(made);
    ASSERT_TRUE(endorsed) << code_of(endorsed);
    EXPECT_EQ(endorsed->state, State::endorsed);
    EXPECT_EQ(endorsed->answer_by, made.answer_by);  // the hirer was promised one day
    EXPECT_EQ(events_of(made.id.str()).back(), "booking_endorsed.v1");
    EXPECT_THAT(acts(*endorsed, manager()), IsEmpty());
    EXPECT_THAT(acts(*endorsed, admin()),
                ElementsAre(Act::accept, Act::ask_documents, Act::propose, Act::refuse));
    const auto late = endorse(made, manager());
    EXPECT_EQ(code_of(late), "already_decided");
    EXPECT_EQ(late.error().decision->by_role, "manager");
    EXPECT_EQ(code_of(accept(*endorsed)), "already_decided");

    const auto granted = accept(*endorsed, admin());
    ASSERT_TRUE(granted) << code_of(granted);
    EXPECT_EQ(stored(made.id)->state, State::confirmed);
    std::vector<std::string> roles;
    for (const auto& line : history(made.id))
        roles.push_back(line.by_role + " " + line.act);
    EXPECT_THAT(roles,
                ElementsAre("hirer submit", "manager endorse", "admin accept", "rules confirm"));
}

TEST_F(TwoLevels, one_level__knows_no_opinion) {
    const auto made = asked("tatamis", whole("R"), evening);
    EXPECT_EQ(code_of(endorse(made)), "invalid_transition");
    EXPECT_THAT(acts(made, manager()),
                ElementsAre(Act::accept, Act::ask_documents, Act::propose, Act::refuse));
}

TEST_F(TwoLevels, two_levels_are_two_people) {
    const auto made = wished();
    const auto endorsed = endorse(made, admin());
    ASSERT_TRUE(endorsed);
    EXPECT_EQ(code_of(accept(*endorsed, admin())), "forbidden");
    EXPECT_THAT(acts(*endorsed, admin()),
                ElementsAre(Act::ask_documents, Act::propose, Act::refuse));
    EXPECT_EQ(code_of(accept(*endorsed, admin("another"))), "ok");
}

TEST_F(TwoLevels, nobody__gives_an_opinion_or_decides_for_an_organisation_of_his_own) {
    const auto made = wished();
    auto own = manager();
    own.member_of = {club("tatamis")};
    EXPECT_EQ(code_of(endorse(made, own)), "forbidden");
    const auto endorsed = endorse(made);
    ASSERT_TRUE(endorsed);
    auto president_too = admin();
    president_too.member_of = {club("tatamis")};
    EXPECT_EQ(code_of(accept(*endorsed, president_too)), "forbidden");
    EXPECT_THAT(acts(*endorsed, president_too), IsEmpty());
    EXPECT_EQ(code_of(endorse(made, manager("ponsard"))), "not_found");
    Actor of_the_school;
    of_the_school.id = "x";
    of_the_school.posts = {
        {id<base::BodyId>(test_body), PostRole::admin, {id<base::EstablishmentId>("vercors")}}};
    EXPECT_EQ(code_of(accept(*endorsed, of_the_school)), "already_decided");
}

TEST_F(TwoLevels, opinion__can_be_taken_back_until_it_stands) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = wished();
    const auto endorsed = endorse(made);
    ASSERT_TRUE(endorsed);
    const auto undone = undo(*endorsed);
    ASSERT_TRUE(undone) << code_of(undone);
    EXPECT_EQ(undone->state, State::submitted);
    EXPECT_TRUE(stored(made.id)->endorsed_by.empty());
    const auto again = endorse(*undone);
    ASSERT_TRUE(again);
    // The body answers it inside the window: it stands from then on.
    const auto granted = accept(*again, admin());
    ASSERT_TRUE(granted) << code_of(granted);
    EXPECT_EQ(std::ranges::count(events_of(made.id.str()), "booking_endorsed.v1"), 1);
    // And the acceptance taken back leads to the opinion, which is still somebody's.
    const auto back = undo(*granted, admin());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->state, State::endorsed);
    EXPECT_EQ(back->endorsed_by, manager().id);
    EXPECT_EQ(code_of(accept(*back, admin())), "ok");
}

// R-03
TEST_F(TwoLevels, late_college__the_body_may_decide_in_its_place) {
    const auto made = wished();
    business_.set(made.answer_by);
    run_timers();
    EXPECT_EQ(code_of(accept(stored(made.id).value(), admin())), "forbidden");
    business_.set(made.escalate_by);
    run_timers();
    EXPECT_EQ(events_of(made.id.str()).back(), "booking_answer_overdue.v1");
    EXPECT_EQ(code_of(accept(stored(made.id).value(), admin())), "ok");
}

TEST_F(TwoLevels, late_body__is_reminded_itself) {
    const auto made = wished();
    ASSERT_TRUE(endorse(made));
    business_.set(made.answer_by);
    run_timers();
    EXPECT_EQ(events_of(made.id.str()).back(), "booking_answer_overdue.v1");
    business_.set(instant("2026-12-01 18:00"));  // S87
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::expired);
}

TEST_F(TwoLevels, endorsed_request__is_held_withdrawn_and_pushed_aside_as_any_other) {
    const auto made = wished();
    const auto endorsed = endorse(made);
    ASSERT_TRUE(endorsed);
    EXPECT_EQ(code_of(ask("volley", whole("hall"), evening)), "overlap");  // S83
    EXPECT_EQ(code_of(ask("tatamis", whole("hall"), evening)), "duplicate");
    EXPECT_EQ(code_of(withdraw(*endorsed, "tatamis")), "ok");
    const auto other = wished();
    ASSERT_TRUE(endorse(other));
    ASSERT_TRUE(close("hall", "2026-12-01", "2026-12-01", true));
    EXPECT_EQ(stored(other.id)->state, State::refused);
}

TEST_F(TwoLevels, answer_to_a_question_of_the_body__begins_anew_with_the_college) {
    const auto endorsed = endorse(wished());
    ASSERT_TRUE(endorsed);
    const auto waiting = store_->transact([&](Tx& tx) {
        return desk_->ask_documents(tx, admin(), endorsed->id, endorsed->version, "L'assurance.");
    });
    ASSERT_TRUE(waiting);
    const auto answered = store_->transact([&](Tx& tx) {
        return desk_->provide_documents(tx, president("tatamis"), endorsed->id, waiting->version,
                                        "La voici.");
    });
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->state, State::submitted);
    EXPECT_THAT(acts(*answered, manager()),
                ElementsAre(Act::endorse, Act::ask_documents, Act::refuse));
}

TEST_F(TwoLevels, college__cannot_hold_out_a_room_that_the_body_decides_on) {
    const auto made = asked("tatamis", whole("R"), evening);
    ProposalRequest other;
    other.offer = whole("hall");
    other.message = "La grande salle.";
    EXPECT_EQ(code_of(store_->transact([&](Tx& tx) {
                  return desk_->propose(tx, manager(), made.id, made.version, other);
              })),
              "forbidden");
}

TEST_F(TwoLevels, instant_room__is_decided_all_the_same) {
    auto room = add_room("quick", {.instant = true});
    EXPECT_EQ(asked("volley", whole("quick"), evening).state, State::confirmed);  // the control
    room.two_levels = true;
    ++room.version;
    put(room);
    EXPECT_EQ(asked("volley", whole("quick"), single("2026-12-02", "18:00", "20:00")).state,
              State::submitted);
}

}  // namespace
}  // namespace preau::booking::test
