#include "services/search/jobs/sinks.hpp"

#include <gtest/gtest.h>

#include "tests/unit/services/search/rooms.hpp"

namespace preau::search {
namespace {

using events::Cursor;
using events::Event;
using nlohmann::json;
using rules::testing::slot;
using testing::one_evening;
using testing::room;

Event event(std::string type, std::string aggregate, std::int64_t version, json data) {
    Event out;
    out.type = std::move(type);
    out.aggregate_id = std::move(aggregate);
    out.version = version;
    out.data = std::move(data);
    return out;
}

Event space_changed(const wire::Space& space) {
    return event("space_changed.v1", space.id.str(), space.version, wire::to_json(space));
}

json intervals(const wire::Space& space, const rules::Slot& when) {
    return {{{"part_id", space.parts[0].id.str()},
             {"start", when.interval.start.seconds},
             {"end", when.interval.end.seconds},
             {"buffer_before_s", 0},
             {"buffer_after_s", 1'800},
             {"organisation_id", base::new_ulid()},
             {"offer_id", space.offers[0].id.str()}}};
}

Event occupancy_changed(const std::string& id, std::int64_t version, const wire::Space& space,
                        const char* hold, const rules::Slot& when) {
    const bool none = std::string_view(hold) == "none";
    return event("occupancy_changed.v1", id, version,
                 {{"booking_id", id},
                  {"space_id", space.id.str()},
                  {"version", version},
                  {"hold", hold},
                  {"intervals", none ? json::array() : intervals(space, when)}});
}

class SinksTest : public ::testing::Test {
protected:
    SinksTest() {
        inventory_->replace({space_changed(room_),
                             event("calendar_changed.v1", "school:A", 1,
                                   wire::to_json(rules::testing::school('A'))),
                             event("calendar_changed.v1", "public:metropole", 1,
                                   wire::to_json(rules::testing::metropole()))},
                            {"feed", 3});
    }
    std::string strip() {
        const auto answer = world_.get("/v1/search", one_evening());
        return answer["items"].empty() ? "no room" : answer["items"][0]["strip"].get<std::string>();
    }

    testing::SearchWorld world_;
    wire::Space room_ = room({.slug = "r"});
    std::unique_ptr<events::Sink> inventory_ = inventory_sink(world_.index);
    std::unique_ptr<events::Sink> booking_ = booking_sink(world_.index);
    rules::Slot evening_ = slot("2026-12-01", "18:00", "20:00");
    std::string booking_id_ = base::new_ulid();
};

TEST_F(SinksTest, booking__pending_taken_and_free_again) {
    EXPECT_EQ(strip(), "f");
    booking_->apply({occupancy_changed(booking_id_, 1, room_, "pending", evening_)}, {"b", 1});
    EXPECT_EQ(strip(), "p");
    booking_->apply({occupancy_changed(booking_id_, 2, room_, "taken", evening_)}, {"b", 2});
    EXPECT_EQ(strip(), "t");
    booking_->apply({occupancy_changed(booking_id_, 3, room_, "none", evening_)}, {"b", 3});
    EXPECT_EQ(strip(), "f");
    EXPECT_EQ(booking_->cursor(), (Cursor{"b", 3}));
}

// S83: where requests keep nobody away, what is held out to one of them does.
TEST_F(SinksTest, proposal_that_stands__is_taken_whatever_its_request_does) {
    room_.pending_holds = false;
    ++room_.version;
    inventory_->apply({space_changed(room_)}, {"feed", 4});
    auto told = occupancy_changed(booking_id_, 1, room_, "pending", evening_);
    booking_->apply({told}, {"b", 1});
    EXPECT_EQ(strip(), "f");
    told.version = 2;
    told.data["version"] = 2;
    told.data["intervals"][0]["hold"] = "taken";
    booking_->apply({told}, {"b", 2});
    EXPECT_EQ(strip(), "t");
}

TEST_F(SinksTest, buffers_of_others__are_kept) {
    booking_->apply(
        {occupancy_changed(booking_id_, 1, room_, "taken", slot("2026-12-01", "16:00", "18:00"))},
        {"b", 1});
    EXPECT_EQ(strip(), "b");
}

TEST_F(SinksTest, closure__closes_until_it_is_lifted) {
    const auto closure = [&](std::int64_t version, bool active) {
        return event("closure_changed.v1", "closure", version,
                     {{"closure_id", "closure"},
                      {"site_id", base::new_ulid()},
                      {"kind", "school_need"},
                      {"reason", "conseil de classe"},
                      {"intervals", intervals(room_, evening_)},
                      {"active", active},
                      {"version", version}});
    };
    booking_->apply({closure(1, true)}, {"b", 1});
    EXPECT_EQ(strip(), "c");
    EXPECT_EQ(world_.get("/v1/search", one_evening())["items"][0]["problems"][0]["reason"],
              "school_need");
    booking_->apply({closure(2, false)}, {"b", 2});
    EXPECT_EQ(strip(), "f");
}

TEST_F(SinksTest, unpublished_space__leaves_the_list_and_comes_back) {
    room_.published = false;
    room_.version = 2;
    inventory_->apply({space_changed(room_)}, {"feed", 4});
    EXPECT_EQ(strip(), "no room");
    room_.published = true;
    room_.version = 3;
    inventory_->apply({space_changed(room_)}, {"feed", 5});
    EXPECT_EQ(strip(), "f");
}

TEST_F(SinksTest, unreadable_or_foreign_event__is_left_out_and_the_feed_goes_on) {
    booking_->apply({event("booking_accepted.v1", booking_id_, 1, {{"state", "accepted"}}),
                     event("occupancy_changed.v1", "broken", 1, {{"hold", 7}}),
                     occupancy_changed(booking_id_, 1, room_, "taken", evening_)},
                    {"b", 3});
    EXPECT_EQ(strip(), "t");
    EXPECT_EQ(booking_->cursor(), (Cursor{"b", 3}));
    inventory_->apply({event("space_changed.v1", "x", 1, {{"space_id", 3}})}, {"feed", 4});
    EXPECT_EQ(strip(), "t");
}

TEST_F(SinksTest, snapshot__forgets_what_it_does_not_hold) {
    booking_->apply({occupancy_changed(booking_id_, 9, room_, "taken", evening_)}, {"b", 1});
    booking_->replace({}, {"another feed", 0});
    EXPECT_EQ(strip(), "f");
    EXPECT_EQ(booking_->cursor(), (Cursor{"another feed", 0}));
    inventory_->replace({}, {"feed", 9});
    EXPECT_EQ(strip(), "no room");
}

}  // namespace
}  // namespace preau::search
