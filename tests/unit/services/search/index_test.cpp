#include "services/search/index/index.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using rules::testing::instant;
using rules::testing::slot;
using testing::occupancy;
using testing::room;

class IndexTest : public ::testing::Test {
protected:
    bool free(const wire::Space& space, const rules::Slot& wanted) {
        const Index::View view(world_.index);
        const auto* entry = view.space(space.id.str());
        if (entry == nullptr) return false;
        return testing::is_free(view, *entry, entry->facts.offers.front(), wanted);
    }

    testing::SearchWorld world_;
    wire::Space room_ = room({.slug = "r"});
    rules::Slot evening_ = slot("2026-12-01", "18:00", "20:00");
};

TEST_F(IndexTest, booking__takes_and_frees_time__old_news_is_ignored) {
    world_.put({room_});
    EXPECT_TRUE(free(room_, evening_));
    world_.put(occupancy("b1", 1, room_, {evening_}));
    EXPECT_FALSE(free(room_, evening_));
    EXPECT_TRUE(free(room_, slot("2026-12-01", "20:00", "21:00")));
    world_.put(occupancy("b1", 3, room_, {}));
    EXPECT_TRUE(free(room_, evening_));
    world_.put(occupancy("b1", 2, room_, {evening_}));
    EXPECT_TRUE(free(room_, evening_)) << "version 2 comes after version 3";
    world_.put(occupancy("b1", 3, room_, {evening_}));
    EXPECT_TRUE(free(room_, evening_)) << "the same version again";
}

TEST_F(IndexTest, booking_before_its_space__counts_once_the_space_is_known) {
    world_.put(occupancy("b1", 1, room_, {evening_}));
    EXPECT_FALSE(free(room_, evening_));
    world_.put({room_});
    EXPECT_FALSE(free(room_, evening_));
    EXPECT_TRUE(free(room_, slot("2026-12-02", "18:00", "20:00")));
}

TEST_F(IndexTest, moved_booking__frees_its_old_time) {
    world_.put({room_});
    world_.put(occupancy("b1", 1, room_, {evening_}));
    const auto later = slot("2026-12-03", "18:00", "20:00");
    world_.put(occupancy("b1", 2, room_, {later}));
    EXPECT_TRUE(free(room_, evening_));
    EXPECT_FALSE(free(room_, later));
}

TEST_F(IndexTest, hold_policy_changes__pending_time_follows) {
    world_.put({room_});
    world_.put(occupancy("b1", 1, room_, {evening_}, rules::OccupationKind::pending));
    EXPECT_FALSE(free(room_, evening_));
    room_.pending_holds = false;
    room_.version = 2;
    world_.put({room_});
    EXPECT_TRUE(free(room_, evening_));
}

TEST_F(IndexTest, opening_changes__the_plane_follows) {
    world_.put({room_});
    EXPECT_TRUE(free(room_, evening_));
    room_.opening.frames[0].end_minute = 19 * 60;
    room_.version = 2;
    world_.put({room_});
    EXPECT_FALSE(free(room_, evening_));
}

TEST_F(IndexTest, calendar_arrives_after_the_spaces__they_open) {
    Index late(world_.clock);
    Facts spaces;
    spaces.spaces = {room_};
    late.apply(std::move(spaces));
    const auto free_in = [&] {
        const Index::View view(late);
        const auto* entry = view.space(room_.id.str());
        return testing::is_free(view, *entry, entry->facts.offers.front(), evening_);
    };
    EXPECT_FALSE(free_in()) << "no calendar is known: never guessed";
    Facts calendars;
    calendars.schools = {rules::testing::school('A')};
    calendars.holidays = {rules::testing::metropole()};
    late.apply(std::move(calendars));
    EXPECT_TRUE(free_in());
}

TEST_F(IndexTest, snapshot__replaces_only_its_own_feed) {
    world_.put({room_});
    world_.put(occupancy("b1", 5, room_, {evening_}));
    Facts inventory;
    inventory.replaces_inventory = true;
    inventory.schools = {rules::testing::school('A')};
    inventory.holidays = {rules::testing::metropole()};
    inventory.spaces = {room_};
    world_.index.apply(std::move(inventory));
    EXPECT_FALSE(free(room_, evening_)) << "bookings are still known";
    Facts booking;
    booking.replaces_booking = true;
    world_.index.apply(std::move(booking));
    EXPECT_TRUE(free(room_, evening_)) << "a restored database may have lower versions";
    world_.put(occupancy("b1", 1, room_, {evening_}));
    EXPECT_FALSE(free(room_, evening_));
}

TEST_F(IndexTest, business_day_changes__the_planes_move_along) {
    world_.put({room_});
    const auto far = slot("2028-06-20", "18:00", "20:00");
    EXPECT_FALSE(free(room_, far)) << "beyond the horizon";
    world_.clock.set(instant("2026-12-01 12:00"));
    world_.index.roll();
    EXPECT_FALSE(free(room_, evening_)) << "inside the notice";
    world_.clock.set(instant("2027-02-01 12:00"));
    world_.index.roll();
    EXPECT_TRUE(free(room_, far));
    world_.clock.set(instant("2026-06-15 12:00"));
    world_.index.roll();
    EXPECT_TRUE(free(room_, evening_)) << "the clock of a demonstration may go back";
}

TEST_F(IndexTest, readers__see_a_batch_whole_or_not_at_all) {
    const auto other = room({.slug = "s"});
    world_.put({room_, other});
    std::atomic<bool> stop = false;
    std::atomic<int> torn = 0;
    std::atomic<int> reads = 0;
    std::thread reader([&] {
        while (!stop) {
            const Index::View view(world_.index);
            const auto taken = [&](const wire::Space& space) {
                return !view.occupations(view.space(space.id.str())->facts.offers[0],
                                         evening_.interval)
                            .empty();
            };
            torn += taken(room_) != taken(other) ? 1 : 0;
            ++reads;
        }
    });
    for (std::int64_t version = 1; version < 400 || reads < 100; ++version) {
        Facts facts;
        const bool take = version % 2 == 1;
        const auto slots = take ? std::vector{evening_} : std::vector<rules::Slot>{};
        facts.occupancies = {occupancy("b1", version, room_, slots),
                             occupancy("b2", version, other, slots)};
        world_.index.apply(std::move(facts));
    }
    stop = true;
    reader.join();
    EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace preau::search
