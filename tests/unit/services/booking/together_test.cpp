// One request over several hours and rooms: dates at other hours stay in the booking, dates in
// another room are a booking of its own beside it; all is sent or nothing, and nothing is moved
// that was not chosen.

#include <algorithm>

#include "services/booking/domain/dates.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using net::Method;
using nlohmann::json;
using ::testing::ElementsAre;

class Together : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
        add_room("N", {.establishment = "north"});
        booked("tatamis", whole("R"), single("2026-12-08", "18:00", "20:00"));
    }
    void TearDown() override { expect_sound(); }

    SubmitRequest series() const {
        return request("chorale", whole("R"),
                       weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00"));
    }
    static Instead later() { return {day("2026-12-08"), day("2026-12-08"), 20 * 60, 22 * 60}; }
    static ElsewhereRequest in_north() {
        return {{day("2026-12-08")}, whole("N"), single("2026-12-08", "18:00", "20:00"), {}};
    }
    Outcome<std::vector<Booking>> send(const SubmitRequest& wanted) {
        return store_->transact(
            [&](Tx& tx) { return desk_->submit_together(tx, president("chorale"), wanted); });
    }
    static std::vector<std::string> dates_and_states(const Booking& booking) {
        std::vector<std::string> out;
        for (const auto& one : booking.occurrences) {
            out.push_back(
                one.slot.local_date.iso() + " " + time::format_minute(one.slot.start_minute) + " " +
                std::string(to_string(one.state)) + (one.reason.empty() ? "" : " " + one.reason));
        }
        return out;
    }
};

// S54: the third answer to a conflict, beside fail and skip
TEST_F(Together, date_at_other_hours__stands_in_the_same_booking_and_is_priced) {
    auto wanted = series();
    ASSERT_EQ(code_of(send(wanted)), "overlap");
    wanted.instead = {later()};
    const auto made = send(wanted);
    ASSERT_TRUE(made) << code_of(made);
    ASSERT_EQ(made->size(), 1U);
    EXPECT_THAT(dates_and_states(*stored(made->front().id)),
                ElementsAre("2026-12-01 18:00 planned", "2026-12-08 18:00 left_out instead",
                            "2026-12-08 20:00 planned", "2026-12-15 18:00 planned"));
    EXPECT_EQ(made->front().dates_count, 3);
    EXPECT_EQ(made->front().price->total, base::Cents{3'000});
    EXPECT_EQ(code_of(send(wanted)), "duplicate");
}

TEST_F(Together, date_in_another_room__is_a_booking_that_its_own_college_decides_on) {
    auto wanted = series();
    wanted.elsewhere = {in_north()};
    const auto made = send(wanted);
    ASSERT_TRUE(made) << code_of(made);
    ASSERT_EQ(made->size(), 2U);
    const auto here = stored(made->at(0).id).value();
    const auto there = stored(made->at(1).id).value();
    EXPECT_THAT(dates_and_states(here),
                ElementsAre("2026-12-01 18:00 planned", "2026-12-08 18:00 left_out elsewhere",
                            "2026-12-15 18:00 planned"));
    EXPECT_EQ(here.price->total, base::Cents{2'000});
    EXPECT_EQ(there.establishment, id<base::EstablishmentId>("north"));
    EXPECT_EQ(there.price->total, base::Cents{1'000});
    EXPECT_EQ(there.purpose, here.purpose);
    EXPECT_EQ(code_of(accept(there)), "not_found") << "not the first college's";
    ASSERT_TRUE(accept(there, manager("north")));
    EXPECT_EQ(stored(here.id)->state, State::submitted);
    EXPECT_EQ(events_of(there.id.str())[1], "booking_submitted.v1");
}

TEST_F(Together, one_date_that_cannot_be_had__nothing_is_sent) {
    asked("volley", whole("N"), single("2026-12-08", "19:00", "21:00"));
    const auto before = count("SELECT COUNT(*) FROM booking");
    auto wanted = series();
    wanted.elsewhere = {in_north()};
    const auto refused = send(wanted);
    ASSERT_EQ(code_of(refused), "overlap");
    EXPECT_EQ(refused.error().error.fields.front().pointer, "/elsewhere/0");
    ASSERT_EQ(refused.error().conflicts.size(), 1U);
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), before);
    EXPECT_EQ(count("SELECT COUNT(*) FROM joint_request"), 0);
}

TEST_F(Together, other_dates_that_fail__are_still_skipped_only_where_it_was_said) {
    booked("volley", whole("R"), single("2026-12-15", "18:00", "20:00"));
    auto wanted = series();
    wanted.elsewhere = {in_north()};
    ASSERT_EQ(code_of(send(wanted)), "overlap");
    wanted.skip_conflicts = true;
    const auto made = send(wanted);
    ASSERT_TRUE(made);
    EXPECT_THAT(dates_and_states(made->front()),
                ElementsAre("2026-12-01 18:00 planned", "2026-12-08 18:00 left_out elsewhere",
                            "2026-12-15 18:00 skipped taken"));
}

TEST_F(Together, date_that_the_rule_does_not_give__is_refused) {
    auto wanted = series();
    wanted.instead = {{day("2026-12-09"), day("2026-12-09"), 20 * 60, 22 * 60}};
    EXPECT_EQ(code_of(send(wanted)), "invalid");
    wanted = series();
    wanted.elsewhere = {in_north()};
    wanted.elsewhere.front().of = {day("2026-12-02")};
    EXPECT_EQ(code_of(send(wanted)), "invalid");
    wanted.elsewhere.front().of = {day("2026-12-01"), day("2026-12-08"), day("2026-12-15")};
    EXPECT_EQ(code_of(send(wanted)), "no_occurrence") << "nothing would be left for the first room";
    wanted.elsewhere.front().of = {day("2026-12-08")};
    wanted.elsewhere.front().offer = whole("R");
    EXPECT_EQ(code_of(send(wanted)), "invalid") << "the same room is no other room";
    wanted = series();
    wanted.instead = {{day("2026-12-08"), day("2026-12-15"), 19 * 60, 21 * 60}};
    EXPECT_EQ(code_of(send(wanted)), "self_overlap");
    wanted.instead = {{day("2026-12-08"), day("2026-12-08"), 20 * 60 + 5, 22 * 60}};
    EXPECT_EQ(code_of(send(wanted)), "invalid_start");
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking WHERE state = 'submitted'"), 0);
}

// S24: the quota counts requests, not rooms.
TEST_F(Together, quota__counts_one_request_once) {
    settings_.live_requests_max = 1;
    configure(settings_);
    auto wanted = series();
    wanted.elsewhere = {in_north()};
    ASSERT_TRUE(send(wanted));
    EXPECT_EQ(code_of(ask("chorale", whole("R"), single("2026-12-22", "18:00", "20:00"))),
              "quota_exceeded");
    settings_.live_requests_max = 2;
    configure(settings_);
    EXPECT_EQ(code_of(ask("chorale", whole("R"), single("2026-12-22", "18:00", "20:00"))), "ok")
        << "the two bookings count as one";
}

TEST_F(Together, instant_room_elsewhere__is_granted_at_once_beside_a_request) {
    add_room("quick", {.instant = true, .establishment = "north"});
    auto wanted = series();
    wanted.elsewhere = {in_north()};
    wanted.elsewhere.front().offer = whole("quick");
    const auto made = send(wanted);
    ASSERT_TRUE(made);
    EXPECT_EQ(stored(made->at(0).id)->state, State::submitted);
    EXPECT_EQ(stored(made->at(1).id)->state, State::accepted);
}

TEST_F(Together, http__quotes_name_their_prices_and_the_answer_names_all_bookings) {
    const auto who = identity_of(president("chorale"));
    const auto rule = json{{"kind", "weekly"},          {"weekdays", json::array({"tue"})},
                           {"interval_weeks", 1},       {"from", "2026-12-01"},
                           {"until", "2026-12-29"},     {"start_time", "18:00"},
                           {"end_time", "20:00"},       {"school_holidays", "skip"},
                           {"public_holidays", "skip"}, {"except", json::array()}};
    const json night{
        {"kind", "single"}, {"date", "2026-12-08"}, {"start_time", "18:00"}, {"end_time", "20:00"}};
    booked("volley", whole("R"), single("2026-12-15", "18:00", "20:00"));
    const json other_hours{{"of", "2026-12-15"},
                           {"date", "2026-12-15"},
                           {"start_time", "20:00"},
                           {"end_time", "22:00"}};
    const auto quote = [&](const base::OfferId& offer, json when, json instead) {
        const json body{{"organisation_id", club("chorale").str()},
                        {"offer_id", offer.str()},
                        {"when", std::move(when)},
                        {"instead", std::move(instead)}};
        return json::parse(call(Method::post, "/v1/quotes", body.dump(), who).body);
    };
    auto without = rule;
    without["except"] = json::array({"2026-12-08"});
    const auto first = quote(whole("R"), without, json::array({other_hours}));
    EXPECT_EQ(first["free_count"], 2);
    const auto other = quote(whole("N"), night, json::array());
    const json body{{"organisation_id", club("chorale").str()},
                    {"offer_id", whole("R").str()},
                    {"when", rule},
                    {"instead", json::array({other_hours})},
                    {"elsewhere", json::array({json{{"of", json::array({"2026-12-08"})},
                                                    {"offer_id", whole("N").str()},
                                                    {"when", night},
                                                    {"quote_id", other["quote_id"]}}})},
                    {"purpose", "Répétition"},
                    {"headcount", 12},
                    {"quote_id", first["quote_id"]},
                    {"terms_version", "2026-1"},
                    {"terms_accepted", true}};
    const auto sent = call(Method::post, "/v1/bookings", body.dump(), who, "key-00000001");
    ASSERT_EQ(sent.status, 201) << sent.body;
    const auto booking = json::parse(sent.body);
    EXPECT_EQ(booking["price"]["total"]["amount"], 2'000);
    ASSERT_EQ(booking["together"].size(), 1U);
    EXPECT_EQ(booking["together"][0]["price"]["total"]["amount"], 1'000);
    const auto path = "/v1/bookings/" + booking["together"][0]["id"].get<std::string>();
    const auto seen = json::parse(call(Method::get, path, "", who).body);
    EXPECT_EQ(seen["together"][0]["reference"], booking["reference"]);
    const auto by_manager =
        json::parse(call(Method::get, path, "", identity_of(manager("north"))).body);
    EXPECT_EQ(by_manager["together"].size(), 0U) << "what another college is asked is not told";

    auto too_many = body;
    too_many["elsewhere"] = json(21, body["elsewhere"][0]);
    EXPECT_EQ(call(Method::post, "/v1/bookings", too_many.dump(), who, "key-00000002").status, 422);
    auto no_date = body;
    no_date["elsewhere"][0]["of"] = json::array();
    EXPECT_EQ(call(Method::post, "/v1/bookings", no_date.dump(), who, "key-00000003").status, 422);
}

}  // namespace
}  // namespace preau::booking::test
