// The rules of the zone change after something was booked: local hours stay, instants follow.

#include "services/booking/domain/zone_rules.hpp"

#include "services/booking/jobs/zone_watch.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

class ZoneRules : public Office {
protected:
    void TearDown() override { expect_sound(); }

    /// As if all that is stored had been booked under rules by which Paris is `hours` further east
    /// in winter: each instant lies so much earlier than the zone's now.
    void booked_under_other_rules(int hours) {
        const auto by = std::to_string(hours * 3'600);
        const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
            auto& sql = session.sql();
            sql << "UPDATE booking_occurrence SET start_at = start_at - " << by
                << ", end_at = end_at - " << by;
            sql << "UPDATE booking SET first_start = first_start - " << by
                << ", last_start = last_start - " << by << ", last_end = last_end - " << by;
            sql << "DELETE FROM occupied_interval";
            sql << "DELETE FROM occupied_cell";
            return true;
        });
        ASSERT_TRUE(done);
        // The cells as they were then.
        ASSERT_TRUE(store_->transact([&](Tx& tx) -> Outcome<bool> {
            for (const auto& id : ids_) {
                const auto booking = tx.find(id);
                if (!booking || !tx.take(*booking, true)) return booking::refuse("overlap");
            }
            return true;
        }));
    }
    Booking had(const Booking& booking) {
        ids_.push_back(booking.id);
        return booking;
    }
    int follow() {
        return store_
            ->transact([&](Tx& tx) {
                return follow_zone_rules(tx, id<base::EstablishmentId>("vercors"), business_.now());
            })
            .value();
    }

    std::vector<base::BookingId> ids_;
};

// S82
TEST_F(ZoneRules, zone_rules_change_after_booking__local_time_is_kept_and_instants_follow) {
    const auto series = had(
        booked("tatamis", whole("R"), weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00")));
    booked_under_other_rules(1);
    ASSERT_EQ(stored(series.id)->first_start, instant("2026-12-01 17:00"));
    EXPECT_EQ(follow(), 1);
    const auto now = stored(series.id).value();
    ASSERT_EQ(now.kept().size(), 3U);
    for (std::size_t n = 0; n < 3; ++n) {
        EXPECT_EQ(now.occurrences[n].id, series.occurrences[n].id) << "identity stays";
        EXPECT_EQ(now.occurrences[n].slot.interval, series.occurrences[n].slot.interval);
        EXPECT_EQ(now.occurrences[n].slot.start_minute, 18 * 60);
    }
    EXPECT_EQ(history(series.id).back().act, "zone_rules");
    EXPECT_EQ(follow(), 0) << "once";
}

TEST_F(ZoneRules, daily_look__finds_the_establishment_and_moves_it_once) {
    const auto series = had(booked("tatamis", whole("R"), single("2026-12-01", "18:00", "20:00")));
    EXPECT_TRUE(out_of_zone(*database_, *store_, business_.now()).value().empty());
    booked_under_other_rules(1);
    EXPECT_EQ(out_of_zone(*database_, *store_, business_.now()).value().size(), 1U);
    EXPECT_GT(follow_zones(*database_, *store_, business_), std::chrono::hours(1));
    EXPECT_EQ(stored(series.id)->first_start, instant("2026-12-01 18:00"));
    EXPECT_TRUE(out_of_zone(*database_, *store_, business_.now()).value().empty());
}

TEST_F(ZoneRules, bookings_side_by_side__move_together_and_none_meets_another) {
    const auto first = had(booked("tatamis", whole("R"), single("2026-12-01", "16:00", "18:00")));
    const auto second = had(booked("volley", whole("R"), single("2026-12-01", "18:00", "20:00")));
    booked_under_other_rules(2);
    EXPECT_EQ(follow(), 2);
    EXPECT_EQ(stored(first.id)->first_start, instant("2026-12-01 16:00"));
    EXPECT_EQ(stored(second.id)->first_start, instant("2026-12-01 18:00"));
}

TEST_F(ZoneRules, same_rules__nothing_is_written) {
    const auto series = booked("tatamis", whole("R"), single("2026-12-01", "18:00", "20:00"));
    EXPECT_EQ(follow(), 0);
    EXPECT_EQ(stored(series.id)->version, series.version);
}

TEST_F(ZoneRules, date_that_is_past__stays_as_it_was) {
    const auto series = had(
        booked("tatamis", whole("R"), weekly("tue", "2026-12-01", "2026-12-08", "18:00", "20:00")));
    booked_under_other_rules(1);
    business_.set(instant("2026-12-02 09:00"));
    EXPECT_EQ(follow(), 1);
    const auto now = stored(series.id).value();
    EXPECT_EQ(now.occurrences[0].slot.interval.start, instant("2026-12-01 17:00"));
    EXPECT_EQ(now.occurrences[1].slot.interval.start, instant("2026-12-08 18:00"));
}

}  // namespace
}  // namespace preau::booking::test
