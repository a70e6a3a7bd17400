// One closure at many sites: shown first, one transaction a site, carried on after a stop, told
// only when it cannot be taken back any more, and taken back as a whole.

#include <algorithm>

#include "services/booking/jobs/timers.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using net::Method;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BulkClosing : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
        add_room("N", {.establishment = "north"});
        add_room("S", {.establishment = "south"});
    }
    void TearDown() override { expect_sound(); }

    static Actor administrator() {
        Actor out;
        out.id = id<base::PersonId>("administrator").str();
        out.posts = {{id<base::BodyId>(test_body), PostRole::admin, {}}};
        return out;
    }
    Booking booked(const std::string& organisation, const base::OfferId& offer,
                   const rules::Recurrence& when) {
        return stored(accept(asked(organisation, offer, when), administrator()).value().id).value();
    }
    static base::SiteId site(const std::string& name) { return id<base::SiteId>(name); }
    BulkClosureRequest storm(bool force = true) const {
        BulkClosureRequest out;
        out.sites = {site("vercors"), site("north"), site("south")};
        out.reason = "Vigilance rouge : vent violent";
        out.from = out.until = day("2026-12-08");
        out.force = force;
        return out;
    }
    Outcome<BulkClosure> begin(const BulkClosureRequest& request, const Actor& actor) {
        return store_->transact(
            [&](Tx& tx) { return desk_->begin_bulk_closure(tx, actor, request); });
    }
    BulkClosure closed(const BulkClosureRequest& request) {
        const auto begun = begin(request, administrator()).value();
        EXPECT_TRUE(carry_on(*store_, *desk_, begun.id));
        return now_is(begun.id);
    }
    BulkClosure now_is(const BulkClosureId& bulk) {
        return store_
            ->read([&](Tx& tx) { return desk_->look_at_bulk_closure(tx, administrator(), bulk); })
            .value();
    }
    Outcome<BulkClosure> take_back(const BulkClosureId& bulk,
                                   const Actor& actor = administrator()) {
        auto undone =
            store_->transact([&](Tx& tx) { return desk_->undo_bulk_closure(tx, actor, bulk); });
        if (undone) EXPECT_TRUE(carry_on(*store_, *desk_, bulk));
        return undone;
    }
    void pass(std::int64_t seconds) {
        machine_.set(machine_.now() + seconds);
        finish_bulk_closures(*store_, *desk_);
        run_timers();
    }
    State state_of(const Booking& booking) { return stored(booking.id)->state; }
    std::vector<std::string> facts_but_occupancy(const Booking& booking) {
        auto out = events_of(booking.id.str());
        std::erase(out, "occupancy_changed.v1");
        return out;
    }
    int closures_in_force() {
        return static_cast<int>(count("SELECT COUNT(*) FROM closure WHERE active = 1"));
    }

    const rules::Recurrence evening = single("2026-12-08", "18:00", "20:00");
    const rules::Recurrence tuesdays = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
};

// S10, at several sites at once
TEST_F(BulkClosing, over_bookings__lists_those_of_every_site_and_closes_none) {
    const auto here = booked("tatamis", whole("R"), evening);
    const auto there = asked("volley", whole("N"), tuesdays);
    const auto listed = begin(storm(false), administrator());
    ASSERT_EQ(code_of(listed), "closure_touches_bookings");
    std::vector<std::pair<std::string, std::string>> told;
    for (const auto& one : listed.error().touched)
        told.emplace_back(one.reference, one.site.str());
    EXPECT_THAT(told,
                ::testing::UnorderedElementsAre(std::pair(here.reference, site("vercors").str()),
                                                std::pair(there.reference, site("north").str())));
    EXPECT_EQ(closures_in_force(), 0);
    EXPECT_EQ(count("SELECT COUNT(*) FROM bulk_closure"), 0);
}

// S10
TEST_F(BulkClosing, forced__closes_all_sites_and_tells_nobody_before_its_window_ends) {
    const auto gone = booked("tatamis", whole("R"), evening);
    const auto series = booked("volley", whole("N"), tuesdays);
    const auto asked_for = asked("volley", whole("S"), evening);
    const auto before = facts_but_occupancy(gone);
    const auto cells = count("SELECT COUNT(*) FROM occupied_cell");

    const auto bulk = closed(storm());
    EXPECT_EQ(bulk.state, BulkState::open);
    EXPECT_EQ(bulk.undo_until, machine_.now() + 900);
    for (const auto& one : bulk.sites) {
        EXPECT_EQ(one.state, BulkSiteState::closed);
        EXPECT_EQ(one.pushed_count, 1);
    }
    EXPECT_EQ(closures_in_force(), 3);
    EXPECT_EQ(state_of(gone), State::cancelled_by_body);
    EXPECT_EQ(stored(gone.id)->decision->reason_code, "closure");
    EXPECT_EQ(state_of(asked_for), State::refused);
    EXPECT_EQ(state_of(series), State::confirmed);
    EXPECT_EQ(stored(series.id)->occurrences[1].state, OccurrenceState::cancelled);
    EXPECT_EQ(facts_but_occupancy(gone), before) << "nobody is told yet";
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), cells) << "every cell is kept";
    EXPECT_EQ(code_of(ask("tatamis", whole("S"), single("2026-12-08", "10:00", "11:00"))),
              "closed");
    pass(899);
    EXPECT_EQ(facts_but_occupancy(gone), before);
    pass(1);
    EXPECT_EQ(now_is(bulk.id).state, BulkState::standing);
    EXPECT_EQ(facts_but_occupancy(gone).back(), "booking_cancelled.v1");
    EXPECT_EQ(facts_but_occupancy(asked_for).back(), "booking_refused.v1");
    EXPECT_EQ(facts_but_occupancy(series).back(), "booking_dates_cancelled.v1");
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 16) << "two evenings of the series";
    EXPECT_EQ(count("SELECT COUNT(*) FROM deferred_effect"), 0);
}

TEST_F(BulkClosing, undone__gives_back_every_date_and_opens_every_site) {
    const auto gone = booked("tatamis", whole("R"), evening);
    const auto series = booked("volley", whole("N"), tuesdays);
    const auto asked_for = asked("volley", whole("S"), evening);
    const auto bulk = closed(storm());
    pass(899);
    ASSERT_TRUE(take_back(bulk.id));
    const auto now = now_is(bulk.id);
    EXPECT_EQ(now.state, BulkState::undone);
    for (const auto& one : now.sites) {
        EXPECT_EQ(one.state, BulkSiteState::reopened);
        EXPECT_EQ(one.restored_count, 1);
    }
    EXPECT_EQ(closures_in_force(), 0);
    for (const auto& was : {gone, series, asked_for}) {
        const auto is = stored(was.id).value();
        EXPECT_EQ(is.state, was.state);
        EXPECT_EQ(is.kept().size(), was.kept().size());
        EXPECT_EQ(is.hold, was.hold);
        EXPECT_EQ(is.decision.has_value(), was.decision.has_value()) << "who granted it stays";
        EXPECT_EQ(is.last_end, was.last_end);
    }
    pass(2);
    EXPECT_THAT(all_told("booking_cancelled.v1"), IsEmpty());
    EXPECT_THAT(all_told("booking_refused.v1"), IsEmpty());
    EXPECT_THAT(all_told("booking_dates_cancelled.v1"), IsEmpty());
    EXPECT_EQ(told(gone.id.str(), "occupancy_changed.v1")["intervals"].size(), 1U);
    EXPECT_EQ(history(gone.id).back().act, "undo");
    ASSERT_TRUE(accept(*stored(asked_for.id), administrator())) << "it can be answered as before";
}

TEST_F(BulkClosing, window_over__cannot_be_undone) {
    const auto gone = booked("tatamis", whole("R"), evening);
    const auto bulk = closed(storm());
    machine_.set(machine_.now() + 900);  // the clock did not look yet
    EXPECT_EQ(code_of(take_back(bulk.id)), "invalid_transition");
    pass(0);
    EXPECT_EQ(code_of(take_back(bulk.id)), "invalid_transition");
    EXPECT_EQ(state_of(gone), State::cancelled_by_body);
    EXPECT_EQ(closures_in_force(), 3);
}

TEST_F(BulkClosing, undone_twice__once) {
    const auto bulk = closed(storm());
    ASSERT_TRUE(take_back(bulk.id));
    EXPECT_EQ(code_of(take_back(bulk.id)), "invalid_transition");
}

TEST_F(BulkClosing, stopped_between_two_sites__is_carried_on_by_the_clock) {
    booked("tatamis", whole("R"), evening);
    const auto bulk = begin(storm(), administrator()).value();
    ASSERT_TRUE(store_->transact([&](Tx& tx) { return desk_->close_next_site(tx, bulk.id); }));
    EXPECT_EQ(closures_in_force(), 1);
    EXPECT_EQ(now_is(bulk.id).state, BulkState::closing);
    machine_.set(machine_.now() + 3'600);  // the machine was off for an hour
    pass(0);
    EXPECT_EQ(closures_in_force(), 3);
    EXPECT_EQ(now_is(bulk.id).state, BulkState::open);
    EXPECT_EQ(now_is(bulk.id).undo_until, machine_.now() + 900) << "the window begins at the end";
}

TEST_F(BulkClosing, undone_half_way__leaves_out_the_sites_that_had_not_come) {
    const auto bulk = begin(storm(), administrator()).value();
    ASSERT_TRUE(store_->transact([&](Tx& tx) { return desk_->close_next_site(tx, bulk.id); }));
    // Taken back, and stopped again before the first site is open.
    ASSERT_TRUE(store_->transact(
        [&](Tx& tx) { return desk_->undo_bulk_closure(tx, administrator(), bulk.id); }));
    EXPECT_EQ(closures_in_force(), 1);
    pass(0);
    EXPECT_EQ(closures_in_force(), 0);
    const auto sites = now_is(bulk.id).sites;
    EXPECT_EQ(std::ranges::count(sites, BulkSiteState::reopened, &BulkSite::state), 1);
    EXPECT_EQ(std::ranges::count(sites, BulkSiteState::dropped, &BulkSite::state), 2);
}

TEST_F(BulkClosing, hirer_who_acts_meanwhile__makes_it_stand_for_him_alone) {
    const auto series = booked("volley", whole("N"), tuesdays);
    const auto other = booked("tatamis", whole("R"), evening);
    const auto bulk = closed(storm());
    const auto now = stored(series.id).value();
    ASSERT_TRUE(store_->transact([&](Tx& tx) {
        return desk_->give_back(tx, president("volley"), now.id, now.version,
                                {now.occurrences[0].id});
    }));
    EXPECT_EQ(facts_but_occupancy(series)[facts_but_occupancy(series).size() - 2],
              "booking_dates_cancelled.v1");
    ASSERT_TRUE(take_back(bulk.id));
    EXPECT_EQ(stored(series.id)->kept().size(), 1U);
    EXPECT_EQ(state_of(other), State::confirmed);
    int restored = 0;
    for (const auto& one : now_is(bulk.id).sites)
        restored += one.restored_count;
    EXPECT_EQ(restored, 1) << "the answer says how many of the two came back";
}

TEST_F(BulkClosing, one_of_its_bookings__is_not_taken_back_alone) {
    const auto gone = booked("tatamis", whole("R"), evening);
    closed(storm());
    EXPECT_EQ(code_of(undo(*stored(gone.id))), "invalid_transition");
}

TEST_F(BulkClosing, decision_in_its_own_window__stands_first) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = accept(asked("tatamis", whole("R"), tuesdays)).value();
    const auto bulk = closed(storm());
    EXPECT_EQ(facts_but_occupancy(made).back(), "booking_confirmed.v1");
    ASSERT_TRUE(take_back(bulk.id));
    EXPECT_EQ(stored(made.id)->kept().size(), 3U);
    EXPECT_EQ(state_of(made), State::confirmed);
}

TEST_F(BulkClosing, money_that_comes_meanwhile__is_refunded_only_when_it_stands) {
    const auto lost = booked("chorale", whole("R"), tuesdays);
    const auto kept = booked("chorale", whole("N"), tuesdays);
    const auto bulk = closed(storm());
    payment_tells(lost, "paid");
    EXPECT_EQ(state_of(lost), State::accepted);
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
    pass(900);
    EXPECT_EQ(state_of(lost), State::confirmed);
    ASSERT_EQ(all_told("refund_ordered.v1").size(), 1U);
    EXPECT_EQ(all_told("refund_ordered.v1").front()["amount"], 1'000);
    payment_tells(kept, "paid");
    ASSERT_EQ(all_told("refund_ordered.v1").size(), 2U) << "paid after it stood";
    EXPECT_EQ(now_is(bulk.id).state, BulkState::standing);
}

TEST_F(BulkClosing, money_that_comes_meanwhile__confirms_when_it_is_undone) {
    const auto whole_gone = booked("chorale", whole("R"), evening);
    const auto series = booked("chorale", whole("N"), tuesdays);
    const auto bulk = closed(storm());
    payment_tells(whole_gone, "paid");
    payment_tells(series, "paid");
    ASSERT_TRUE(take_back(bulk.id));
    EXPECT_EQ(state_of(whole_gone), State::confirmed);
    EXPECT_EQ(state_of(series), State::confirmed);
    EXPECT_THAT(all_told("refund_ordered.v1"), IsEmpty());
}

TEST_F(BulkClosing, time_to_pay_over_meanwhile__ends_the_booking) {
    const auto series = booked("chorale", whole("R"), tuesdays);
    const auto bulk = closed(storm());
    business_.set(business_.now() + 7 * 86'400);
    run_timers();
    EXPECT_EQ(state_of(series), State::expired);
    ASSERT_TRUE(take_back(bulk.id));
    EXPECT_EQ(state_of(series), State::expired);
}

TEST_F(BulkClosing, unanswered_series__costs_what_is_left_of_it) {
    const auto series = asked("chorale", whole("R"), tuesdays);
    ASSERT_EQ(series.price->total, base::Cents{3'000});
    closed(storm());
    EXPECT_EQ(stored(series.id)->price->total, base::Cents{3'000});
    pass(900);
    EXPECT_EQ(stored(series.id)->price->total, base::Cents{2'000});
}

TEST_F(BulkClosing, proposal_that_lies_in_it__comes_back_with_all_its_dates) {
    const auto made = asked("chorale", whole("R"), single("2026-12-01", "18:00", "20:00"));
    ProposalRequest held_out;
    held_out.when = single("2026-12-08", "18:00", "20:00");
    held_out.message = "Plutôt le 8 ?";
    const auto proposed = store_->transact(
        [&](Tx& tx) { return desk_->propose(tx, manager(), made.id, made.version, held_out); });
    ASSERT_TRUE(proposed);
    const auto bulk = closed(storm());
    EXPECT_EQ(state_of(made), State::refused) << "nothing is left that he could accept";
    ASSERT_TRUE(take_back(bulk.id));
    const auto back = stored(made.id).value();
    ASSERT_EQ(back.state, State::counter_proposed);
    EXPECT_EQ(back.proposal->kept().size(), 1U);
    ASSERT_TRUE(store_->transact([&](Tx& tx) {
        return desk_->accept_proposal(tx, president("chorale"), back.id, back.version);
    }));
}

TEST_F(BulkClosing, proposal_that_lies_in_it__ends_when_it_stands) {
    const auto made = asked("chorale", whole("R"), single("2026-12-01", "18:00", "20:00"));
    ProposalRequest held_out;
    held_out.when = single("2026-12-08", "18:00", "20:00");
    held_out.message = "Plutôt le 8 ?";
    ASSERT_TRUE(store_->transact(
        [&](Tx& tx) { return desk_->propose(tx, manager(), made.id, made.version, held_out); }));
    closed(storm());
    pass(900);
    EXPECT_EQ(state_of(made), State::refused);
    EXPECT_EQ(count("SELECT COUNT(*) FROM proposal WHERE state = 'standing'"), 0);
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
}

TEST_F(BulkClosing, booking_that_comes_between__keeps_its_site_open_unless_forced) {
    const auto bulk = begin(storm(false), administrator()).value();
    const auto came = booked("tatamis", whole("S"), evening);
    ASSERT_TRUE(carry_on(*store_, *desk_, bulk.id));
    const auto sites = now_is(bulk.id).sites;
    EXPECT_EQ(std::ranges::count(sites, BulkSiteState::closed, &BulkSite::state), 2);
    const auto blocked = std::ranges::find(sites, BulkSiteState::blocked, &BulkSite::state);
    ASSERT_NE(blocked, sites.end());
    EXPECT_EQ(blocked->site, site("south"));
    EXPECT_EQ(state_of(came), State::confirmed);
}

TEST_F(BulkClosing, last_date_left_is_over__waits_with_closing_the_booking) {
    const auto both = booked("tatamis", whole("R"), tuesdays);
    business_.set(instant("2026-12-08 12:00"));
    auto rest = storm();
    rest.until = day("2026-12-31");
    const auto bulk = closed(rest);
    run_timers();
    EXPECT_EQ(state_of(both), State::cancelled_by_body);
    ASSERT_TRUE(take_back(bulk.id));
    EXPECT_EQ(state_of(both), State::confirmed);
}

TEST_F(BulkClosing, rights__of_every_site) {
    EXPECT_EQ(code_of(begin(storm(), manager("north"))), "not_found");
    auto two = manager("north");
    two.posts.push_back(
        {id<base::BodyId>(test_body),
         PostRole::caretaker,
         {id<base::EstablishmentId>("south"), id<base::EstablishmentId>("vercors")}});
    EXPECT_EQ(code_of(begin(storm(), two)), "forbidden");
    const auto bulk = closed(storm());
    EXPECT_EQ(code_of(take_back(bulk.id, president("tatamis"))), "not_found");
    EXPECT_EQ(code_of(take_back(bulk.id, manager("north"))), "forbidden");
    EXPECT_EQ(closures_in_force(), 3);
}

TEST_F(BulkClosing, http__same_key_carries_the_same_operation_on) {
    booked("tatamis", whole("R"), evening);
    const auto who = identity_of(administrator());
    json wanted{{"site_ids", json::array({site("vercors").str(), site("north").str()})},
                {"kind", "closure"},
                {"reason", "Vigilance rouge"},
                {"from", "2026-12-08"},
                {"until", "2026-12-08"}};
    const auto shown = call(Method::post, "/v1/bulk-closures", wanted.dump(), who, "key-00000001");
    ASSERT_EQ(shown.status, 409);
    const auto problem = json::parse(shown.body);
    EXPECT_EQ(problem["code"], "closure_touches_bookings");
    ASSERT_EQ(problem["bookings"].size(), 1U);
    EXPECT_EQ(problem["bookings"][0]["site_id"], site("vercors").str());
    EXPECT_EQ(problem["bookings_total"], 1);

    wanted["force"] = true;
    const auto made = call(Method::post, "/v1/bulk-closures", wanted.dump(), who, "key-00000002");
    ASSERT_EQ(made.status, 201);
    const auto bulk = json::parse(made.body);
    EXPECT_EQ(bulk["state"], "open");
    EXPECT_EQ(bulk["sites"].size(), 2U);
    const auto path = "/v1/bulk-closures/" + bulk["id"].get<std::string>();
    // As if the first call had been killed before its second site.
    const auto reset = database_->transact([&](db::Session& session) -> base::Result<bool> {
        session.sql() << "UPDATE bulk_closure SET state = 'closing', undo_until = 0";
        session.sql() << "UPDATE bulk_closure_site SET state = 'pending' WHERE site_id = '"
                      << site("north").str() << "'";
        return true;
    });
    ASSERT_TRUE(reset);
    const auto again = call(Method::post, "/v1/bulk-closures", wanted.dump(), who, "key-00000002");
    ASSERT_EQ(again.status, 201);
    EXPECT_EQ(json::parse(again.body)["id"], bulk["id"]);
    EXPECT_EQ(json::parse(again.body)["state"], "open");
    EXPECT_EQ(json::parse(call(Method::get, path, "", who).body)["state"], "open");
    const auto listed = call(
        Method::get, "/v1/bulk-closures?body_id=" + id<base::BodyId>(test_body).str(), "", who);
    EXPECT_EQ(json::parse(listed.body)["items"].size(), 1U);

    const auto undone = call(Method::post, path + "/undo", "{}", who, "key-00000003");
    ASSERT_EQ(undone.status, 200);
    EXPECT_EQ(json::parse(undone.body)["state"], "undone");
    EXPECT_EQ(call(Method::get, path, "", identity_of(president("tatamis"))).status, 404);
}

TEST_F(BulkClosing, http__bad_lists_of_sites_are_refused) {
    const auto who = identity_of(administrator());
    const auto status = [&](const json& sites) {
        const json wanted{{"site_ids", sites},
                          {"kind", "closure"},
                          {"reason", "Vigilance rouge"},
                          {"from", "2026-12-08"},
                          {"until", "2026-12-08"}};
        return call(Method::post, "/v1/bulk-closures", wanted.dump(), who, "key-00000001").status;
    };
    EXPECT_EQ(status(json::array()), 422);
    EXPECT_EQ(status("all"), 422);
    EXPECT_EQ(status(json::array({7})), 422);
    EXPECT_EQ(status(json(std::vector<std::string>(201, site("north").str()))), 422);
    EXPECT_EQ(status(json::array({site("nowhere").str()})), 404);
    EXPECT_EQ(count("SELECT COUNT(*) FROM bulk_closure"), 0);
}

}  // namespace
}  // namespace preau::booking::test
