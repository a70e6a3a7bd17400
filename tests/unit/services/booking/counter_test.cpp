// Who acts in the hirer's name: he himself, or an agent of the house where an agent asked.

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

class Counter : public Office {
protected:
    void TearDown() override { expect_sound(); }

    Booking asked_at_counter(const base::OfferId& offer, const rules::Recurrence& when,
                             const Actor& by = staff(PostRole::counter)) {
        const auto wanted = request("tatamis", offer, when);
        auto out = store_->transact([&](Tx& tx) { return desk_->submit(tx, by, wanted); });
        EXPECT_TRUE(out) << code_of(out);
        return *out;
    }
    template <class Act>
    std::string done(const Act& act) {
        return code_of(store_->transact([&](Tx& tx) -> Outcome<Booking> { return act(tx); }));
    }

    const Actor agent = staff(PostRole::counter);
    const Actor stranger = staff(PostRole::counter, "ponsard");
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
    const rules::Recurrence series = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
};

TEST_F(Counter, agent__does_every_act_of_the_hirer_on_what_was_asked_at_the_counter) {
    const auto made = asked_at_counter(whole("R"), series);
    EXPECT_EQ(made.channel, "counter");
    const auto asked_for = store_->transact([&](Tx& tx) {
        return desk_->ask_documents(tx, manager(), made.id, made.version, "L'attestation.");
    });
    ASSERT_TRUE(asked_for);
    EXPECT_EQ(done([&](Tx& tx) {
                  return desk_->provide_documents(tx, agent, made.id, asked_for->version, "Vue.");
              }),
              "ok");
    EXPECT_EQ(history(made.id).back().by_role, "counter");
    EXPECT_EQ(history(made.id).back().by, agent.id);

    ProposalRequest later;
    later.when = weekly("tue", "2026-12-01", "2026-12-15", "19:00", "21:00");
    later.message = "Plus tard.";
    const auto offer_later = [&] {
        const auto now = stored(made.id).value();
        const auto held = store_->transact(
            [&](Tx& tx) { return desk_->propose(tx, manager(), made.id, now.version, later); });
        EXPECT_TRUE(held) << code_of(held);
        return held->version;
    };
    const auto version = offer_later();
    EXPECT_EQ(done([&](Tx& tx) { return desk_->accept_proposal(tx, agent, made.id, version); }),
              "ok");
    auto now = stored(made.id).value();
    EXPECT_EQ(now.state, State::confirmed);
    EXPECT_EQ(now.decision->by_role, "hirer");  // in whose name
    EXPECT_EQ(done([&](Tx& tx) {
                  return desk_->give_back(tx, agent, made.id, now.version, {now.kept().back()->id});
              }),
              "ok");
    now = stored(made.id).value();
    EXPECT_EQ(done([&](Tx& tx) { return desk_->cancel(tx, agent, made.id, now.version, ""); }),
              "ok");
    EXPECT_EQ(stored(made.id)->state, State::cancelled_by_hirer);
    EXPECT_EQ(history(made.id).back().by_role, "counter");
}

TEST_F(Counter, agent__withdraws_and_declines_for_him) {
    const auto one = asked_at_counter(whole("R"), evening);
    EXPECT_EQ(done([&](Tx& tx) { return desk_->withdraw(tx, agent, one.id, one.version); }), "ok");
    const auto two = asked_at_counter(whole("R"), evening);
    ProposalRequest later;
    later.when = single("2026-12-01", "19:00", "21:00");
    later.message = "Plus tard.";
    const auto held = store_->transact(
        [&](Tx& tx) { return desk_->propose(tx, manager(), two.id, two.version, later); });
    ASSERT_TRUE(held);
    EXPECT_EQ(
        done([&](Tx& tx) { return desk_->decline_proposal(tx, agent, two.id, held->version, ""); }),
        "ok");
    EXPECT_EQ(stored(two.id)->state, State::refused);
}

TEST_F(Counter, agent__has_no_say_in_what_the_hirer_asked_himself) {
    const auto online = asked("tatamis", whole("R"), evening);
    const auto act = [&](const Actor& by, const Booking& booking) {
        return done([&](Tx& tx) { return desk_->withdraw(tx, by, booking.id, booking.version); });
    };
    EXPECT_EQ(act(agent, online), "forbidden");
    EXPECT_EQ(act(manager(), online), "forbidden");
    const auto counter = asked_at_counter(whole("G"), evening);
    EXPECT_EQ(act(stranger, counter), "not_found");  // another collège's
    EXPECT_EQ(act(staff(PostRole::finance), counter), "forbidden");
    EXPECT_EQ(act(president("volley"), counter), "not_found");
    EXPECT_EQ(act(president("tatamis"), counter), "ok");  // it is his all the same
}

TEST_F(Counter, manager__who_cancels_what_he_asked_at_the_counter__cancels_for_the_house) {
    const auto made = asked_at_counter(whole("R"), evening, manager());
    ASSERT_TRUE(accept(made));
    const auto now = stored(made.id).value();
    EXPECT_EQ(code_of(cancel(now, manager(), "")), "reason_required");
    ASSERT_TRUE(cancel(now, manager()));
    EXPECT_EQ(stored(made.id)->state, State::cancelled_by_body);
}

TEST_F(Counter, manager__of_his_own_organisation__does_not_cancel_for_the_house) {
    const auto made = booked("tatamis", whole("R"), evening);
    auto both = manager();
    both.member_of = {club("tatamis")};  // in no role that books
    EXPECT_EQ(code_of(cancel(made, both)), "forbidden");
    both.books_for = both.member_of;
    ASSERT_TRUE(cancel(made, both));  // as the hirer that he is
    EXPECT_EQ(stored(made.id)->state, State::cancelled_by_hirer);
}

}  // namespace
}  // namespace preau::booking::test
