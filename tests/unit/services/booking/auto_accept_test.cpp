// Rules that accept without a person (R-13), and people whom no rule accepts (R-11).

#include "services/booking/store/sql.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AutoAcceptFacts fine() {
    AutoAcceptFacts out;
    out.category = 'B';
    out.affiliation = "active";
    out.contract_signed = out.insured = true;
    out.headcount = 30;
    out.space_kind = "classroom";
    return out;
}

TEST(AutoAccept, obstacles__each_fact_alone_is_one) {
    EXPECT_THAT(auto_accept_obstacles(fine()), IsEmpty());  // the control
    const std::vector<std::pair<std::string, std::function<void(AutoAcceptFacts&)>>> changes{
        {"two_levels", [](auto& f) { f.two_levels = true; }},
        {"category", [](auto& f) { f.category = 'C'; }},
        {"affiliation", [](auto& f) { f.affiliation = "none"; }},
        {"contract", [](auto& f) { f.contract_signed = false; }},
        {"insurance", [](auto& f) { f.insured = false; }},
        {"incident", [](auto& f) { f.incidents = 1; }},
        {"headcount", [](auto& f) { f.headcount = 31; }},
        {"room", [](auto& f) { f.space_kind = "gym"; }},
        {"debt", [](auto& f) { f.debt = DebtState::warned; }},
        {"ground", [](auto& f) { f.ground_known = false; }},
    };
    for (const auto& [code, change] : changes) {
        auto facts = fine();
        change(facts);
        EXPECT_THAT(auto_accept_obstacles(facts), ElementsAre(code));
    }
    auto known = fine();
    known.space_kind = "gym";
    known.known_slot = true;
    EXPECT_THAT(auto_accept_obstacles(known), IsEmpty());
}

class AutoAcceptDesk : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("judo", 'B');
        contracts_are_signed();
        for (const auto* name : {"R", "G"}) {
            auto room = add_room(name, {.parts = *name == 'G' ? 3 : 1});
            room.auto_accept = true;
            room.version += 1;
            put(room);
        }
    }
    void TearDown() override { expect_sound(); }
    void contracts_are_signed() {
        const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
            session.sql() << "UPDATE affiliation_projection SET contract_signed_on = '2026-09-01'";
            return true;
        });
        ASSERT_TRUE(done);
    }
    std::vector<std::string_view> obstacles(const Booking& booking) {
        return store_->read([&](Tx& tx) { return desk_->checks(tx, manager(), booking.id); })
            ->auto_obstacles;
    }
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
};

TEST_F(AutoAcceptDesk, request_within_the_rule__is_accepted_and_has_days_to_pay) {
    const auto made = asked("judo", whole("R"), evening);
    EXPECT_EQ(made.state, State::accepted);
    EXPECT_EQ(made.decision->by_role, "rules");
    EXPECT_EQ(made.decision->by, auto_accepted);
    EXPECT_EQ(*made.pay_by, business_.now() + 7 * 86'400);
    EXPECT_EQ(history(made.id).back().act, "auto_accept");
    // The control: the same request of the other category, and where the college has not opted in.
    affiliate("chess", 'C');
    contracts_are_signed();
    const auto other = asked("chess", whole("R"), single("2026-12-02", "18:00", "20:00"));
    EXPECT_EQ(other.state, State::submitted);
    EXPECT_THAT(obstacles(other), ElementsAre("category"));
    add_room("plain");
    EXPECT_EQ(asked("judo", whole("plain"), evening).state, State::submitted);
}

TEST_F(AutoAcceptDesk, insurance_that_ends_before_the_last_date__is_for_a_person) {
    const auto series = weekly("tue", "2026-12-01", "2027-01-12", "18:00", "20:00");
    const auto made = asked("judo", whole("R"), series);  // insured until 31 December 2026
    EXPECT_EQ(made.state, State::submitted);
    EXPECT_THAT(obstacles(made), ElementsAre("insurance"));
}

TEST_F(AutoAcceptDesk, gym__once_its_hours_are_known) {
    const auto first = asked("judo", whole("G"), single("2026-10-06", "18:00", "20:00"));
    EXPECT_EQ(first.state, State::submitted);
    EXPECT_THAT(obstacles(first), ElementsAre("room"));
    ASSERT_TRUE(accept(first));
    payment_tells(stored(first.id).value(), "paid", 0, "payment_paid.v1");
    EXPECT_EQ(stored(first.id)->state, State::confirmed);
    business_.set(instant("2026-10-10 09:00"));
    EXPECT_EQ(asked("judo", whole("G"), single("2026-12-08", "18:00", "20:00")).state,
              State::accepted);  // a Tuesday at the same hours
    EXPECT_EQ(asked("judo", whole("G"), single("2026-12-09", "18:00", "20:00")).state,
              State::submitted);
    EXPECT_EQ(asked("judo", whole("G"), single("2026-12-15", "18:00", "21:00")).state,
              State::submitted);
    const auto had = [&](const std::string& since) {
        return store_->read([&](Tx& tx) -> base::Result<bool> {
            return tx.had_slot(club("judo"), whole("G"), first.occurrences[0].slot, instant(since),
                               business_.now());
        });
    };
    EXPECT_TRUE(*had("2026-10-06 18:00"));
    EXPECT_FALSE(*had("2026-10-06 18:01"));
}

TEST_F(AutoAcceptDesk, refusal_for_an_incident__keeps_people_deciding_for_a_year) {
    add_room("plain");
    const auto bad = asked("judo", whole("plain"), evening);
    ASSERT_TRUE(store_->transact([&](Tx& tx) {
        return desk_->refuse_request(tx, manager(), bad.id, bad.version, "previous_incident",
                                     "Dégâts.");
    }));
    const auto made = asked("judo", whole("R"), evening);
    EXPECT_EQ(made.state, State::submitted);
    EXPECT_THAT(obstacles(made), ElementsAre("incident"));
}

// R-11
TEST_F(AutoAcceptDesk, two_hundred_people__are_decided_by_a_person_even_in_an_instant_room) {
    add_room("quick", {.capacity = 400, .instant = true});
    auto wanted = request("volley", whole("quick"), evening);
    wanted.headcount = 200;
    const auto send = [&] {
        return store_->transact(
            [&](Tx& tx) { return desk_->submit(tx, president("volley"), wanted); });
    };
    EXPECT_EQ(send()->state, State::submitted);
    wanted.headcount = 199;
    wanted.when = single("2026-12-02", "18:00", "20:00");
    EXPECT_EQ(send()->state, State::confirmed);
}

}  // namespace
}  // namespace preau::booking::test
