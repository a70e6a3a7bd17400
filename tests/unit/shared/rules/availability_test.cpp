#include "shared/rules/availability.hpp"

#include <gtest/gtest.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::always;
using testing::day;
using testing::instant;
using testing::slot;

const time::Zone& paris() {
    return time::Zone::paris();
}

const base::PartId kT1 = testing::id<base::PartId>("T1");
const base::PartId kT2 = testing::id<base::PartId>("T2");
const base::PartId kT3 = testing::id<base::PartId>("T3");
const base::OrganisationId kClub = testing::id<base::OrganisationId>("club");
const base::OrganisationId kOther = testing::id<base::OrganisationId>("other");

Offer offer_of(std::vector<base::PartId> parts, const char* name = "room") {
    Offer out;
    out.id = testing::id<base::OfferId>(name);
    std::ranges::sort(parts);
    out.parts = std::move(parts);
    out.capacity = 30;
    out.grid_min = 15;
    out.duration_min_min = 15;
    out.duration_max_min = 1440;
    out.notice_days = 0;
    return out;
}

/// Room R of the scenarios: open 08–22 every day, no buffer, one part.
class AvailabilityTest : public ::testing::Test {
protected:
    Verdict ask(const Slot& wanted, const Offer& offer, const Asker& asker = {}) {
        const SpaceFacts facts{&opening_, &calendar_, &paris(), pending_holds_};
        return judge(wanted, offer, facts, asker, occupations_, now_);
    }
    SlotState state(const char* start, const char* end) {
        return ask(slot("2026-12-01", start, end), room_).state;
    }
    Occupation& book(const char* start, const char* end, const base::PartId& part = kT1,
                     OccupationKind kind = OccupationKind::taken) {
        Occupation one;
        one.part = part;
        one.interval = slot("2026-12-01", start, end).interval;
        one.kind = kind;
        one.organisation = kOther;
        one.offer = room_.id;
        occupations_.push_back(one);
        return occupations_.back();
    }

    Opening opening_{{always("08:00", "22:00")}, {}, true};
    Calendar calendar_ = testing::isere();
    bool pending_holds_ = true;
    Offer room_ = offer_of({kT1});
    std::vector<Occupation> occupations_;
    base::Instant now_ = instant("2026-11-22 12:00");
};

// S01
TEST_F(AvailabilityTest, adjacent_bookings__are_free) {
    book("18:00", "19:00");
    EXPECT_EQ(state("19:00", "20:00"), SlotState::free);
    EXPECT_EQ(state("17:00", "18:00"), SlotState::free);
}

// S02
TEST_F(AvailabilityTest, every_overlap_shape__is_taken_and_names_the_clash) {
    book("18:00", "20:00");
    const std::pair<const char*, const char*> shapes[] = {{"17:30", "18:30"},
                                                          {"19:30", "20:30"},
                                                          {"18:30", "19:30"},
                                                          {"17:00", "21:00"},
                                                          {"18:00", "20:00"}};
    for (const auto& [start, end] : shapes) {
        const auto verdict = ask(slot("2026-12-01", start, end), room_);
        EXPECT_EQ(verdict.state, SlotState::taken) << start;
        EXPECT_EQ(verdict.reason, "taken");
        ASSERT_NE(verdict.clash, nullptr);
        EXPECT_EQ(verdict.clash->interval, occupations_[0].interval);
    }
}

// S30, S31, S32, golden case 8
TEST_F(AvailabilityTest, thirds_of_a_gym__block_what_contains_them_and_not_their_siblings) {
    const Slot evening = slot("2026-12-01", "18:00", "20:00");
    const auto whole = offer_of({kT1, kT2, kT3}, "G");
    book("18:00", "20:00", kT2);
    EXPECT_EQ(ask(evening, whole).state, SlotState::taken);
    EXPECT_EQ(ask(evening, offer_of({kT1, kT2}, "T1+T2")).state, SlotState::taken);
    EXPECT_EQ(ask(evening, offer_of({kT1}, "T1")).state, SlotState::free);
    EXPECT_EQ(ask(evening, offer_of({kT3}, "T3")).state, SlotState::free);
    EXPECT_EQ(ask(evening, offer_of({kT1, kT3}, "T1+T3")).state, SlotState::free);

    occupations_.clear();
    for (const auto& part : {kT1, kT2, kT3})
        book("18:00", "20:00", part).offer = whole.id;
    const auto verdict = ask(slot("2026-12-01", "18:00", "19:00"), offer_of({kT1}, "T1"));
    EXPECT_EQ(verdict.state, SlotState::taken);
    EXPECT_EQ(verdict.clash->offer, whole.id) << "via the whole gym";
}

// S38
TEST_F(AvailabilityTest, closing_at_midnight__last_hour_is_free) {
    opening_ = {{always("18:00", "24:00")}, {}, true};
    EXPECT_EQ(state("23:00", "24:00"), SlotState::free);
    EXPECT_EQ(ask(slot("2026-12-01", "23:00", "01:00", true), room_).state, SlotState::closed);
}

// S39
TEST_F(AvailabilityTest, open_past_midnight__counts_on_the_evening) {
    opening_.frames = {always("20:00", "02:00", true)};
    opening_.frames[0].weekdays = {time::Weekday::fri};
    const auto friday = ask(slot("2026-12-04", "23:00", "01:00", true), room_);
    EXPECT_EQ(friday.state, SlotState::free);
    const auto saturday = ask(slot("2026-12-05", "01:30", "02:30"), room_);
    EXPECT_EQ(saturday.state, SlotState::closed);
    EXPECT_EQ(saturday.reason, "frames");
    EXPECT_EQ(ask(slot("2026-12-05", "00:30", "02:00"), room_).state, SlotState::free);
    EXPECT_EQ(ask(slot("2026-12-04", "01:00", "02:00"), room_).state, SlotState::closed);
}

TEST_F(AvailabilityTest, open_all_night__slot_over_midnight_is_held_by_two_days) {
    opening_ = {{always("00:00", "24:00")}, {}, true};
    EXPECT_EQ(ask(slot("2026-12-04", "22:00", "06:00", true), room_).state, SlotState::free);
    opening_.exceptions = {{day("2026-12-05"), {}, "fermé"}};
    EXPECT_EQ(ask(slot("2026-12-04", "22:00", "06:00", true), room_).state, SlotState::closed);
    EXPECT_EQ(ask(slot("2026-12-04", "22:00", "24:00"), room_).state, SlotState::free);
}

// S43
TEST_F(AvailabilityTest, buffer_after__keeps_the_next_away) {
    room_.buffer_after_min = 15;
    book("18:00", "19:00").buffer_after_s = 900;
    EXPECT_EQ(state("19:00", "20:00"), SlotState::buffer);
    EXPECT_EQ(state("19:15", "20:15"), SlotState::free);
    EXPECT_EQ(state("17:00", "18:00"), SlotState::buffer) << "one's own buffer counts too";
    EXPECT_EQ(state("16:45", "17:45"), SlotState::free);
}

// S44, golden case 9: each buffer must be free of the other's event; buffers do not add up
TEST_F(AvailabilityTest, buffers_of_two_bookings__may_overlap) {
    room_.buffer_before_min = room_.buffer_after_min = 15;
    auto& b1 = book("18:00", "19:00");
    b1.buffer_before_s = b1.buffer_after_s = 900;
    EXPECT_EQ(state("19:15", "20:15"), SlotState::free);

    occupations_.clear();
    room_.buffer_before_min = room_.buffer_after_min = 30;
    auto& event_a = book("18:00", "20:00");
    event_a.buffer_before_s = event_a.buffer_after_s = 1'800;
    EXPECT_EQ(state("20:15", "21:15"), SlotState::buffer);
    EXPECT_EQ(state("20:30", "21:30"), SlotState::free);
}

// S45
TEST_F(AvailabilityTest, buffer__may_hang_over_closing_time) {
    room_.buffer_after_min = 30;
    EXPECT_EQ(state("21:00", "22:00"), SlotState::free);
    EXPECT_EQ(state("21:15", "22:15"), SlotState::closed);
}

//
TEST_F(AvailabilityTest, buffers__not_between_bookings_of_one_hirer_and_offer__nor_to_closures) {
    room_.buffer_before_min = room_.buffer_after_min = 30;
    auto& own = book("18:00", "19:00");
    own.organisation = kClub;
    own.buffer_after_s = 1'800;
    const Slot next = slot("2026-12-01", "19:00", "20:00");
    EXPECT_EQ(ask(next, room_, {kClub}).state, SlotState::free);
    EXPECT_EQ(ask(next, room_, {kOther}).state, SlotState::buffer);
    EXPECT_EQ(ask(next, room_).state, SlotState::buffer) << "nobody is not the same hirer";
    auto other_offer = offer_of({kT1}, "another offer of the part");
    other_offer.buffer_before_min = 30;
    EXPECT_EQ(ask(next, other_offer, {kClub}).state, SlotState::buffer);
    EXPECT_EQ(ask(slot("2026-12-01", "18:30", "19:30"), room_, {kClub}).state, SlotState::taken);

    occupations_.clear();
    auto& closure = book("18:00", "19:00", kT1, OccupationKind::closure);
    closure.organisation = {};
    EXPECT_EQ(state("19:00", "20:00"), SlotState::free);
    EXPECT_EQ(state("17:00", "18:00"), SlotState::free);
}

TEST_F(AvailabilityTest, clashes__are_told_in_order_closure_taken_pending_buffer) {
    book("18:00", "20:00", kT1, OccupationKind::pending);
    EXPECT_EQ(state("18:00", "20:00"), SlotState::pending);
    book("19:00", "20:00");
    EXPECT_EQ(state("18:00", "20:00"), SlotState::taken);
    book("19:30", "20:00", kT1, OccupationKind::closure).closure = ClosureKind::works;
    const auto verdict = ask(slot("2026-12-01", "18:00", "20:00"), room_);
    EXPECT_EQ(verdict.state, SlotState::closed);
    EXPECT_EQ(verdict.reason, "works");
}

// S83
TEST_F(AvailabilityTest, pending_that_does_not_hold__is_free_and_told) {
    book("18:00", "20:00", kT1, OccupationKind::pending).buffer_after_s = 3'600;
    pending_holds_ = false;
    const auto verdict = ask(slot("2026-12-01", "19:00", "20:00"), room_);
    EXPECT_EQ(verdict.state, SlotState::free);
    EXPECT_EQ(verdict.reason, "requested");
    EXPECT_EQ(verdict.clash, &occupations_[0]);
    EXPECT_EQ(ask(slot("2026-12-01", "20:00", "21:00"), room_).reason, "");
    book("19:00", "20:00");
    EXPECT_EQ(ask(slot("2026-12-01", "19:00", "20:00"), room_).state, SlotState::taken);
}

// S09
TEST_F(AvailabilityTest, past_start__refused__staff_from_the_start_of_their_day) {
    now_ = instant("2026-12-01 18:30");
    const Slot begun = slot("2026-12-01", "18:00", "19:00");
    EXPECT_EQ(ask(begun, room_).state, SlotState::past);
    EXPECT_EQ(ask(slot("2026-12-01", "18:30", "19:00"), room_).state, SlotState::free);
    const Asker staff{{}, true};
    EXPECT_EQ(ask(begun, room_, staff).state, SlotState::free);
    EXPECT_EQ(ask(slot("2026-11-30", "18:00", "19:00"), room_, staff).state, SlotState::past);
    now_ = instant("2026-12-02 00:45");
    EXPECT_EQ(ask(begun, room_, staff).state, SlotState::free) << "yesterday, in the first hour";
    now_ = instant("2026-12-02 01:00");
    EXPECT_EQ(ask(begun, room_, staff).state, SlotState::past);
}

// S48
TEST_F(AvailabilityTest, notice_and_horizon__count_local_days) {
    room_.notice_days = 3;
    room_.horizon_days = 180;
    for (const char* hour : {"00:10", "12:00", "23:50"}) {
        now_ = instant(std::string("2026-11-20 ") + hour);
        const auto on = [&](int days) {
            const auto date = (day("2026-11-20") + days).iso();
            return ask(slot(date, "18:00", "19:00"), room_).state;
        };
        EXPECT_EQ(on(2), SlotState::notice);
        EXPECT_EQ(on(3), SlotState::free);
        EXPECT_EQ(on(180), SlotState::free) << "across a clock change";
        EXPECT_EQ(on(181), SlotState::horizon);
        EXPECT_EQ(ask(slot("2026-11-22", "18:00", "19:00"), room_, {{}, true}).state,
                  SlotState::free)
            << "staff may book inside the notice";
    }
}

// what only this asker is bound by; the nearer of two bounds counts.
TEST_F(AvailabilityTest, bounds_of_the_asker__count_besides_those_of_the_offer) {
    room_.notice_days = 3;
    room_.horizon_days = 180;
    now_ = instant("2026-11-20 12:00");
    const auto on = [&](const char* date, const Asker& asker) {
        return ask(slot(date, "18:00", "19:00"), room_, asker);
    };
    Asker fresh;
    fresh.first_day = day("2026-12-04");
    EXPECT_EQ(on("2026-11-22", fresh).reason, "notice");
    EXPECT_EQ(on("2026-11-23", fresh).state, SlotState::notice);
    EXPECT_EQ(on("2026-11-23", fresh).reason, "first_use");
    EXPECT_EQ(on("2026-12-04", fresh).state, SlotState::free);
    EXPECT_EQ(on("2026-11-23", {}).state, SlotState::free);
    fresh.first_day = day("2026-11-21");  // nearer than the offer's own
    EXPECT_EQ(on("2026-11-22", fresh).state, SlotState::notice);
    fresh.staff = true;
    fresh.first_day = day("2027-12-04");
    EXPECT_EQ(on("2026-11-23", fresh).state, SlotState::free) << "staff may enter any day";
    Asker bound;
    bound.last_day = day("2027-01-05");
    EXPECT_EQ(on("2027-01-05", bound).state, SlotState::free);
    EXPECT_EQ(on("2027-01-06", bound).state, SlotState::horizon);
    bound.last_day = day("2029-01-05");
    EXPECT_EQ(on("2028-01-04", bound).state, SlotState::horizon);
}

TEST(Purpose, word__must_be_one_of_the_rooms_and_free_words_pass) {
    const std::vector<std::string> sports{"sport", "dance"};
    EXPECT_TRUE(purpose_allowed("dance", sports));
    EXPECT_FALSE(purpose_allowed("show", sports));
    EXPECT_TRUE(purpose_allowed("Répétition", sports));
    EXPECT_TRUE(purpose_allowed("show", {}));
}

// S42, S53
TEST_F(AvailabilityTest, closed__says_why) {
    const auto reason = [&](const char* date) {
        const auto verdict = ask(slot(date, "18:00", "19:00"), room_);
        EXPECT_EQ(verdict.state, SlotState::closed);
        return verdict.reason;
    };
    opening_.open_on_public_holidays = false;
    opening_.exceptions = {{day("2026-12-24"), {{540, 720}}, "réveillon"}};
    EXPECT_EQ(reason("2026-12-25"), "public_holiday");
    EXPECT_EQ(reason("2026-12-24"), "exception");
    EXPECT_EQ(ask(slot("2026-12-01", "07:00", "09:00"), room_).reason, "frames");
}

TEST_F(AvailabilityTest, beyond_the_published_calendar__is_unknown) {
    now_ = instant("2027-06-01 12:00");
    EXPECT_EQ(ask(slot("2028-07-03", "18:00", "19:00"), room_).state, SlotState::free);
    EXPECT_EQ(ask(slot("2028-07-04", "18:00", "19:00"), room_).state, SlotState::unknown);
    EXPECT_EQ(ask(slot("2028-07-03", "21:30", "00:30", true), room_).state, SlotState::unknown);
}

// S77
TEST_F(AvailabilityTest, night_of_a_clock_change__is_free_when_open_all_night) {
    opening_ = {{always("00:00", "24:00")}, {}, true};
    now_ = instant("2026-10-01 12:00");
    EXPECT_EQ(ask(slot("2026-10-25", "01:00", "04:00"), room_).state, SlotState::free);
    EXPECT_EQ(ask(slot("2027-03-28", "01:00", "04:00"), room_).state, SlotState::free);
    // S78
    EXPECT_EQ(ask(slot("2026-10-25", "00:00", "24:00"), room_).state, SlotState::free);
    EXPECT_EQ(ask(slot("2027-03-28", "00:00", "24:00"), room_).state, SlotState::free);
}

TEST(CheckShape, start_off_the_grid__is_invalid_start_with_the_nearest) {  // S07
    auto offer = offer_of({kT1});
    offer.grid_min = 30;
    const auto refused = check_shape(testing::single("2026-12-01", "18:10", "19:10"), offer, 10);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "invalid_start");
    EXPECT_EQ(refused.error().detail, "18:00 18:30");
    EXPECT_EQ(refused.error().fields.at(0).pointer, "/when/start_time");
}

TEST(CheckShape, durations__on_the_grid_and_within_bounds) {  // S08, S49
    auto offer = offer_of({kT1});
    const auto code = [&](const char* end) {
        const auto out = check_shape(testing::single("2026-12-01", "18:00", end), offer, 10);
        return out ? std::string("none") : out.error().code;
    };
    offer.grid_min = 30;
    offer.duration_min_min = 60;
    offer.duration_max_min = 180;
    EXPECT_EQ(code("19:15"), "invalid_duration");
    EXPECT_EQ(code("18:30"), "invalid_duration");
    EXPECT_EQ(code("19:00"), "none");
    EXPECT_EQ(code("21:00"), "none");
    EXPECT_EQ(code("21:30"), "invalid_duration");
    offer.grid_min = 15;
    EXPECT_EQ(code("18:45"), "invalid_duration");
    EXPECT_EQ(code("21:15"), "invalid_duration");
}

TEST(CheckShape, more_people_than_the_offer_holds__is_capacity) {  // S50
    const auto offer = offer_of({kT1});
    const auto rule = testing::single("2026-12-01", "18:00", "20:00");
    EXPECT_TRUE(check_shape(rule, offer, 30));
    EXPECT_EQ(check_shape(rule, offer, 31).error().code, "capacity");
}

TEST(Words, states_letters_and_closures) {
    EXPECT_EQ(to_string(SlotState::horizon), "horizon");
    std::string strip;
    for (const auto state :
         {SlotState::free, SlotState::taken, SlotState::pending, SlotState::closed,
          SlotState::buffer, SlotState::past, SlotState::unknown}) {
        strip += strip_letter(state);
    }
    EXPECT_EQ(strip, "ftpcbxx");
    EXPECT_EQ(closure_kind_from("school_need"), ClosureKind::school_need);
    EXPECT_FALSE(closure_kind_from("snow"));
}

}  // namespace
}  // namespace preau::rules
