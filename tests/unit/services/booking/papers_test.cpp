// Papers: insurance on every date, the contract where a price is a favour.

#include "services/booking/domain/papers.hpp"

#include "services/booking/jobs/followers.hpp"
#include "services/booking/store/sql.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using ::testing::ElementsAre;

rules::Slot slot(const std::string& date, const std::string& start, int minutes) {
    const auto begin = instant(date + " " + start);
    const auto minute = time::parse_minute(start).value();
    return {day(date), minute, minute + minutes, {begin, begin + minutes * 60}};
}

TEST(Papers, insured_on__counts_the_whole_of_a_night) {
    const auto until = std::optional(day("2026-12-31"));
    EXPECT_TRUE(insured_on(slot("2026-12-31", "18:00", 120), until));
    EXPECT_FALSE(insured_on(slot("2027-01-01", "08:00", 60), until));
    EXPECT_TRUE(insured_on(slot("2026-12-31", "22:00", 120), until));  // ends at midnight
    EXPECT_FALSE(insured_on(slot("2026-12-31", "22:00", 180), until));
    EXPECT_FALSE(insured_on(slot("2026-12-01", "18:00", 60), std::nullopt));
}

TEST(Papers, needs_contract__of_associations_for_less_than_the_reference) {
    rules::Price price;
    price.total = {900};
    price.reference = {1'000};
    EXPECT_TRUE(needs_contract('A', price));
    EXPECT_TRUE(needs_contract('C', price));
    EXPECT_FALSE(needs_contract('D', price));
    EXPECT_FALSE(needs_contract('E', price));
    price.total = price.reference;
    EXPECT_FALSE(needs_contract('B', price));
}

class Insurance : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        settings_.insurance_required = true;
        configure(settings_);
    }
    void TearDown() override { expect_sound(); }

    /// What accounts' feed tells, through the sink that booking follows it with.
    void insured_until(const std::string& date, const std::string& organisation = "tatamis") {
        if (!feed_) {
            feed_ = accounts_sink(*database_, store_->facts(), *desk_, machine_);
            feed_->replace({}, {"accounts feed", 0});
        }
        ++seq_;
        auto told = told_event(
            "affiliation_changed.v1", organisation, 1'000'000 + seq_,
            {{"affiliation_id", id<base::OrganisationId>("affiliation " + organisation).str()},
             {"organisation_id", club(organisation).str()},
             {"body_id", id<base::BodyId>(test_body).str()},
             {"category", "D"},
             {"category_ground", ""},
             {"status", "active"},
             {"contract_signed_on", nullptr},
             {"insurance_valid_until",
              date.empty() ? nlohmann::json(nullptr) : nlohmann::json(date)},
             {"version", 1'000'000 + seq_}});
        told.seq = static_cast<std::uint64_t>(seq_);
        feed_->apply({told}, {"accounts feed", static_cast<std::uint64_t>(seq_)});
    }
    std::vector<std::string> states(const Booking& booking) {
        std::vector<std::string> out;
        const auto now = stored(booking.id).value();
        for (const auto& one : now.occurrences) {
            out.push_back(one.slot.local_date.iso().substr(5) + " " +
                          std::string(to_string(one.state)));
        }
        return out;
    }
    std::ptrdiff_t told_times(const Booking& booking, const std::string& type) {
        return std::ranges::count(events_of(booking.id.str()), type);
    }

    const rules::Recurrence series = weekly("tue", "2026-12-15", "2027-01-12", "18:00", "20:00");
    std::unique_ptr<events::Sink> feed_;
    std::int64_t seq_ = 0;
};

// Golden case 11: insured until 31 December.
TEST_F(Insurance, golden_case_11__dates_after_its_end_are_suspended_and_resume) {
    const auto made = booked("tatamis", whole("R"), series);
    EXPECT_EQ(made.state, State::confirmed);
    EXPECT_THAT(states(made), ElementsAre("12-15 planned", "12-22 planned", "12-29 planned",
                                          "01-05 suspended", "01-12 suspended"));
    EXPECT_EQ(stored(made.id)->dates_count, 5);
    EXPECT_EQ(told_times(made, "booking_suspended.v1"), 1);
    EXPECT_EQ(history(made.id).back().act, "suspend");
    // They keep their time.
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2027-01-05", "18:00", "20:00"))),
              "overlap");
    insured_until("2027-01-11");
    EXPECT_THAT(states(made), ElementsAre("12-15 planned", "12-22 planned", "12-29 planned",
                                          "01-05 planned", "01-12 suspended"));
    EXPECT_EQ(told_times(made, "booking_resumed.v1"), 1);
    insured_until("2027-12-31");
    EXPECT_FALSE(stored(made.id)->suspended_from);
    insured_until("2027-12-31");
    EXPECT_EQ(told_times(made, "booking_resumed.v1"), 2);
    EXPECT_EQ(told_times(made, "booking_suspended.v1"), 1);
    // And the other way: an insurance that ends earlier than was said.
    insured_until("2026-12-16");
    EXPECT_THAT(states(made), ElementsAre("12-15 planned", "12-22 suspended", "12-29 suspended",
                                          "01-05 suspended", "01-12 suspended"));
    insured_until("2027-12-31", "volley");  // somebody else's changes nothing
    EXPECT_EQ(stored(made.id)->suspended_from, instant("2026-12-22 18:00"));
}

TEST_F(Insurance, without_the_rule__nothing_is_suspended) {
    settings_.insurance_required = false;
    configure(settings_);
    const auto made = booked("tatamis", whole("R"), series);
    EXPECT_EQ(told_times(made, "booking_suspended.v1"), 0);
    EXPECT_FALSE(made.suspended_from);
}

TEST_F(Insurance, date_still_suspended_seven_days_before__is_let_go_and_credited) {
    const auto made = booked("tatamis", whole("R"), series);
    business_.set(instant("2026-12-28 09:00"));  // eight days before
    run_timers();
    EXPECT_EQ(states(made)[3], "01-05 suspended");
    business_.set(instant("2026-12-29 09:00"));
    run_timers();
    run_timers();
    EXPECT_THAT(states(made), ElementsAre("12-15 planned", "12-22 planned", "12-29 planned",
                                          "01-05 given_back", "01-12 suspended"));
    EXPECT_EQ(stored(made.id)->occurrences[3].reason, reason_credited);
    EXPECT_EQ(history(made.id).back().act, "lapse");
    EXPECT_EQ(history(made.id).back().by_role, "clock");
    EXPECT_EQ(code_of(ask("volley", whole("R"), single("2027-01-05", "18:00", "20:00"))), "ok");
    insured_until("2027-12-31");  // too late for it, not for the next
    EXPECT_EQ(states(made)[3], "01-05 given_back");
    EXPECT_EQ(states(made)[4], "01-12 planned");
}

TEST_F(Insurance, booking_of_which_no_date_is_insured__ends_seven_days_before) {
    const auto made = booked("tatamis", whole("R"), single("2027-01-05", "18:00", "20:00"));
    EXPECT_EQ(states(made)[0], "01-05 suspended");
    business_.set(instant("2026-12-29 09:00"));
    run_timers();
    EXPECT_EQ(stored(made.id)->state, State::cancelled_by_hirer);
    EXPECT_EQ(stored(made.id)->decision->reason_code, "insurance_missing");
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), 0);
}

TEST_F(Insurance, near_date_without_it__is_not_accepted) {
    insured_until("");
    const auto near = asked("tatamis", whole("R"), single("2026-10-08", "18:00", "20:00"));
    EXPECT_EQ(code_of(accept(near)), "insurance_missing");
    const auto later = asked("tatamis", whole("R"), single("2026-10-09", "18:00", "20:00"));
    EXPECT_EQ(code_of(accept(later)), "ok");  // it can still be suspended
    EXPECT_EQ(states(later)[0], "10-09 suspended");
    insured_until("2026-10-08");
    EXPECT_EQ(code_of(accept(near)), "ok");  // the control
    EXPECT_EQ(states(near)[0], "10-08 planned");
}

TEST_F(Insurance, acceptance_that_can_be_taken_back__suspends_when_it_stands) {
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto made = asked("tatamis", whole("R"), series);
    const auto accepted = accept(made);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(states(made)[3], "01-05 planned");
    machine_.set(machine_.now() + 10);
    run_timers();
    EXPECT_EQ(states(made)[3], "01-05 suspended");
    // A cancellation taken back finds the date as it was.
    const auto cancelled = cancel(stored(made.id).value(), manager());
    ASSERT_TRUE(cancelled);
    ASSERT_TRUE(undo(*cancelled));
    EXPECT_EQ(states(made)[3], "01-05 suspended");
}

TEST_F(Insurance, quote__counts_what_would_be_suspended) {
    const auto quote = quoted("tatamis", whole("R"), series);
    EXPECT_EQ(quote["papers"]["uninsured_count"], 2);
    EXPECT_EQ(quote["papers"]["contract_needed"], false);
}

class Contract : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        settings_.contract_required = true;
        configure(settings_);
        affiliate("school-sport", 'A', "Association sportive du collège");
    }
    void TearDown() override { expect_sound(); }
    void signed_by(const std::string& organisation) {
        const auto who = club(organisation);  // outlives the statement
        const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
            session.sql() << "UPDATE affiliation_projection SET contract_signed_on = '2026-09-01' "
                             "WHERE organisation_id = :o",
                soci::use(who.str());
            return true;
        });
        ASSERT_TRUE(done);
    }
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
};

TEST_F(Contract, price_below_the_reference__is_granted_only_with_the_contract) {
    EXPECT_EQ(quoted("school-sport", whole("R"), evening)["papers"]["contract_needed"], true);
    const auto made = asked("school-sport", whole("R"), evening);
    EXPECT_EQ(code_of(accept(made)), "contract_required");
    EXPECT_EQ(stored(made.id)->state, State::submitted);
    const auto checks = store_->read([&](Tx& tx) { return desk_->checks(tx, manager(), made.id); });
    EXPECT_TRUE(checks->contract_needed);
    signed_by("school-sport");
    EXPECT_EQ(code_of(accept(made)), "ok");
    EXPECT_EQ(stored(made.id)->free_ground, "Association sportive du collège");
    // The control: full price, and a public body.
    affiliate("chess", 'C');
    EXPECT_EQ(code_of(accept(asked("chess", whole("G"), evening))), "ok");
    EXPECT_EQ(code_of(accept(asked("tatamis", whole("R"), single("2026-12-02", "18:00", "20:00")))),
              "ok");
}

TEST_F(Contract, instant_room__waits_for_a_person_without_it) {
    add_room("quick", {.instant = true});
    EXPECT_EQ(asked("school-sport", whole("quick"), evening).state, State::submitted);
    signed_by("school-sport");
    EXPECT_EQ(asked("school-sport", whole("quick"), single("2026-12-02", "18:00", "20:00")).state,
              State::confirmed);
}

}  // namespace
}  // namespace preau::booking::test
