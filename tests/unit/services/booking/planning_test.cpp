// The planning of a college: what its people see of some days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class PlanningTest : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        add_room("gym", {.parts = 3});
    }

    net::Response read(const Actor& actor, const std::string& query) {
        return call(
            net::Method::get,
            "/v1/planning?establishment_id=" + id<base::EstablishmentId>("vercors").str() + query,
            "", identity_of(actor));
    }
    nlohmann::json week(const std::string& monday) {
        const auto answer = read(manager(), "&from=" + monday);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return nlohmann::json::parse(answer.body, nullptr, false);
    }
};

TEST_F(PlanningTest, planning__week__has_bookings_and_requests_with_their_dates_of_that_week) {
    const auto series =
        booked("judo", part("gym", 1), weekly("mon", "2026-11-02", "2026-12-14", "18:00", "20:00"));
    const auto wish = asked("danse", part("gym", 2), single("2026-11-12", "18:00", "20:00"));
    const auto found = week("2026-11-09");
    ASSERT_THAT(found["items"], SizeIs(2));
    EXPECT_EQ(found["items"][0]["booking_id"], series.id.str());
    ASSERT_THAT(found["items"][0]["occurrences"], SizeIs(1));
    EXPECT_EQ(found["items"][0]["occurrences"][0]["slot"]["date"], "2026-11-09");
    EXPECT_EQ(found["items"][1]["booking_id"], wish.id.str());
    EXPECT_EQ(found["items"][1]["state"], "submitted");
    EXPECT_THAT(found["closures"], IsEmpty());
}

TEST_F(PlanningTest, planning__date_given_up__is_not_shown) {
    const auto booking = booked("judo", whole("gym"), single("2026-11-10", "18:00", "20:00"));
    ASSERT_TRUE(cancel(booking, manager()));
    run_timers();
    EXPECT_THAT(week("2026-11-09")["items"], IsEmpty());
}

TEST_F(PlanningTest, planning__closure__shows_its_hours_of_these_days_only) {
    ASSERT_TRUE(close("gym", "2026-11-02", "2026-11-11"));
    const auto found = week("2026-11-09");
    ASSERT_THAT(found["closures"], SizeIs(1));
    EXPECT_THAT(found["closures"][0]["intervals"], SizeIs(3));  // one a part
    EXPECT_THAT(week("2026-11-16")["closures"], IsEmpty());
}

TEST_F(PlanningTest, planning__of_a_stranger__is_not_found) {
    EXPECT_EQ(read(president("judo"), "&from=2026-11-09").status, 404);
    EXPECT_EQ(read(manager("belledonne"), "&from=2026-11-09").status, 404);
}

TEST_F(PlanningTest, planning__bad_days__are_named) {
    EXPECT_THAT(read(manager(), "&from=2026-11-09&days=32").body,
                testing::HasSubstr("/query/days"));
    EXPECT_THAT(read(manager(), "&from=2026-02-30").body, testing::HasSubstr("/query/from"));
}

}  // namespace
}  // namespace preau::booking::test
