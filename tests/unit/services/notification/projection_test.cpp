// From facts to rows: who is told of what, once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/domain/retry.hpp"
#include "services/notification/jobs/followers.hpp"
#include "shared/base/demo_ids.hpp"
#include "tests/unit/services/notification/post.hpp"

namespace preau::notification {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Projection : public PostOffice {};

TEST_F(Projection, request__tells_requester_and_the_managers_named_for_the_school) {  // S123
    apply(booking_fact("submitted", "submitted", 1));
    EXPECT_THAT(queued(), ElementsAre("submitted " + lea, "received " + marc));
}

TEST_F(Projection, school_without_named_managers__tells_those_of_the_whole_body) {
    auto fact = booking_fact("submitted", "submitted", 1);
    fact.data["establishment_id"] = other_school;
    apply(fact);
    EXPECT_THAT(queued(), ElementsAre("submitted " + lea, "received " + nadia));
}

TEST_F(Projection, ended_post__is_told_nothing_and_an_older_version_does_not_bring_it_back) {
    apply(post_fact("01JD00000000000000000000H1", marc, nlohmann::json::array({school}), 2, false));
    apply(post_fact("01JD00000000000000000000H1", marc, nlohmann::json::array({school}), 1, true));
    apply(booking_fact("submitted", "submitted", 1));
    EXPECT_THAT(queued(), ElementsAre("submitted " + lea, "received " + nadia));
}

TEST_F(Projection, same_fact_again__makes_no_second_message) {
    apply(booking_fact("submitted", "submitted", 1));
    apply(booking_fact("submitted", "submitted", 1));
    EXPECT_EQ(count(), 2);
    // The control: another fact does.
    apply(booking_fact("submitted", "submitted", 2));
    EXPECT_EQ(count(), 4);
}

TEST_F(Projection, acceptance__is_told_when_it_must_be_paid_and_else_with_the_confirmation) {
    apply(booking_fact("accepted", "accepted", 1));
    auto free = booking_fact("accepted", "accepted", 2);
    free.data["requirement"]["payment"] = "none";
    apply(free);
    apply(booking_fact("confirmed", "confirmed", 3));
    EXPECT_THAT(queued(), ElementsAre("accepted " + lea, "confirmed " + lea));
}

TEST_F(Projection, cancellation__by_the_hirer_is_told_to_managers_too_by_the_body_to_the_hirer) {
    apply(booking_fact("cancelled", "cancelled_by_hirer", 1));
    apply(booking_fact("cancelled", "cancelled_by_body", 2));
    EXPECT_THAT(queued(), ElementsAre("cancelled_by_hirer " + lea, "cancelled_notice " + marc,
                                      "cancelled_by_body " + lea));
}

// S87: neither side is left without a message when a request ends by the clock.
TEST_F(Projection, expiry__is_told_to_both_sides) {
    apply(booking_fact("expired", "expired", 1));
    EXPECT_THAT(queued(), ElementsAre("expired " + lea, "expired_notice " + marc));
}

TEST_F(Projection, talk_before_a_decision__is_told_to_whose_turn_it_is) {
    apply(booking_fact("documents_asked", "awaiting_documents", 1));
    apply(booking_fact("documents_provided", "submitted", 2));
    apply(booking_fact("counter_proposed", "counter_proposed", 3));
    apply(booking_fact("proposal_declined", "refused", 4));
    EXPECT_THAT(queued(), ElementsAre("documents_asked " + lea, "documents_provided " + marc,
                                      "counter_proposed " + lea, "proposal_declined " + marc));
}

//
TEST_F(Projection, overdue_answer__is_told_to_managers_then_to_administrators) {
    const std::string chief = "01JD00000000000000000000A4";
    auto post = post_fact("01JD00000000000000000000H4", chief, nlohmann::json::array());
    post.data["role"] = "admin";
    apply(post);
    apply(booking_fact("answer_due", "submitted", 1));
    apply(booking_fact("answer_overdue", "submitted", 2));
    EXPECT_THAT(queued(), ElementsAre("answer_due " + marc, "answer_overdue " + chief));
}

TEST_F(Projection, facts_of_payment__name_nobody_and_wait_for_the_booking) {
    apply(payment_fact("payment_paid.v1", 1));
    apply(payment_fact("refund_executed.v1", 2));
    apply(payment_fact("payment_changed.v1", 3));
    apply(payment_fact("payment_paid_late.v1", 4));
    EXPECT_THAT(queued(), ElementsAre("paid requester", "refunded requester"));
}

TEST_F(Projection, old_fact__is_not_told) {
    auto fact = booking_fact("submitted", "submitted", 1);
    fact.occurred_at = business_.now() + -(fact_age_max_s + 1);
    apply(fact);
    EXPECT_THAT(queued(), IsEmpty());
    // The control: one second younger is.
    fact.occurred_at = business_.now() + -fact_age_max_s;
    apply(fact);
    EXPECT_EQ(count(), 2);
}

TEST_F(Projection, states_of_a_snapshot__are_not_told) {
    apply(booking_fact("submitted", "submitted", 0));
    EXPECT_THAT(queued(), IsEmpty());
}

TEST_F(Projection, imported_bookings_and_the_demonstrations_own_requests__are_not_told) {
    auto imported = booking_fact("cancelled", "cancelled_by_body", 1);
    imported.data["origin"] = "import";
    apply(imported);
    auto demo = booking_fact("submitted", "submitted", 2);
    demo.data["booking_id"] = base::demo::id<base::BookingId>("booking", "as-1").str();
    apply(demo);
    EXPECT_THAT(queued(), IsEmpty());
    // What happens to them later is.
    demo = booking_fact("refused", "refused", 3);
    demo.data["booking_id"] = base::demo::id<base::BookingId>("booking", "as-1").str();
    apply(demo);
    EXPECT_THAT(queued(), ElementsAre("refused " + lea));
}

TEST_F(Projection, requester_who_is_a_service__is_told_nothing) {
    auto fact = booking_fact("submitted", "submitted", 1);
    fact.data["requester_id"] = "service:import";
    apply(fact);
    EXPECT_THAT(queued(), ElementsAre("received " + marc));
}

TEST_F(Projection, row__holds_ids_and_facts_but_no_name_and_no_address) {
    apply(booking_fact("submitted", "submitted", 1));
    EXPECT_EQ(count("facts LIKE '%example.org%' OR facts LIKE '%Morel%'"), 0);
}

TEST_F(Projection, facts_before_the_staff_is_known__wait) {
    const auto sink = facts_sink(*database_, "booking", business_, machine_);
    sink->replace({}, {"01JD0000000000000000000FED", 0});
    const std::vector<events::Event> batch{booking_fact("submitted", "submitted", 1)};
    EXPECT_THROW(sink->apply(batch, {"01JD0000000000000000000FED", 1}), std::runtime_error);
    EXPECT_EQ(count(), 0);
    accounts_sink(*database_)
        ->replace({post_fact("01JD00000000000000000000H1", marc, nlohmann::json::array({school}))},
                  {"01JD0000000000000000000ACC", 7});
    sink->apply(batch, {"01JD0000000000000000000FED", 1});
    EXPECT_THAT(queued(), ElementsAre("submitted " + lea, "received " + marc));
}

TEST_F(Projection, feed_of_a_restored_owner__tells_nothing_twice) {
    accounts_sink(*database_)->replace({}, {"01JD0000000000000000000ACC", 7});
    const auto sink = facts_sink(*database_, "booking", business_, machine_);
    sink->replace({}, {"01JD0000000000000000000FED", 0});
    const std::vector<events::Event> batch{booking_fact("refused", "refused", 1)};
    sink->apply(batch, {"01JD0000000000000000000FED", 1});
    sink->replace(batch, {"01JD0000000000000000000NEW", 0});
    sink->apply(batch, {"01JD0000000000000000000NEW", 1});
    EXPECT_EQ(count(), 1);
}

TEST(Kinds, names__come_back) {
    for (int i = 0; i < 19; ++i) {
        const auto kind = static_cast<Kind>(i);
        EXPECT_EQ(kind_from(to_string(kind)), kind);
    }
    EXPECT_FALSE(kind_from("other"));
}

TEST(Retry, pauses__grow_and_end_after_about_three_days) {
    std::int64_t total = 0;
    std::int64_t last = 0;
    std::int64_t attempt = 1;
    for (; pause_after(attempt); ++attempt) {
        EXPECT_GE(*pause_after(attempt), last);
        last = *pause_after(attempt);
        total += last;
    }
    EXPECT_EQ(attempt, 13);
    EXPECT_GT(total, 2 * 86'400);
    EXPECT_LT(total, 4 * 86'400);
    EXPECT_FALSE(pause_after(0));
}

}  // namespace
}  // namespace preau::notification
