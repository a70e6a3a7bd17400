#include "shared/events/outbox.hpp"

#include <sstream>

#include "shared/events/feed.hpp"
#include "tests/unit/shared/events/feed_fixture.hpp"

namespace preau::events {
namespace {

using db::test::eventually;
using ::testing::ElementsAre;

class OutboxTest : public test::FeedTest {
protected:
    std::vector<std::uint64_t> seqs(const nlohmann::json& answer) {
        std::vector<std::uint64_t> out;
        for (const auto& event : answer.at("events"))
            out.push_back(event.at("seq"));
        return out;
    }
    std::vector<nlohmann::json> lines(const std::string& body) {
        std::vector<nlohmann::json> out;
        std::istringstream in(body);
        for (std::string line; std::getline(in, line);)
            out.push_back(nlohmann::json::parse(line));
        return out;
    }
};

TEST_F(OutboxTest, events__are_given_whole_and_in_order) {
    producer_.change("a", 1);
    producer_.change("b", 1);
    producer_.settle();
    const auto answer = producer_.get_json("/events?after=0");
    EXPECT_EQ(answer.at("last_seq"), 2);
    EXPECT_THAT(seqs(answer), ElementsAre(1, 2));
    const Event read = event_from_json(answer.at("events").at(0));
    EXPECT_EQ(read.type, "room_changed.v1");
    EXPECT_EQ(read.aggregate_id, "a");
    EXPECT_EQ(read.version, 1);
    EXPECT_EQ(read.occurred_at.seconds, 1'800'000'000);
    EXPECT_EQ(read.data, test::room_event("a", 1).data);
    EXPECT_EQ(to_json(read), answer.at("events").at(0));
}

TEST_F(OutboxTest, pages__follow_one_another) {
    for (int i = 1; i <= 5; ++i)
        producer_.change("a", i);
    producer_.settle();
    EXPECT_THAT(seqs(producer_.get_json("/events?after=0&limit=2")), ElementsAre(1, 2));
    EXPECT_THAT(seqs(producer_.get_json("/events?after=2&limit=2")), ElementsAre(3, 4));
    EXPECT_THAT(seqs(producer_.get_json("/events?after=4&limit=2")), ElementsAre(5));
    EXPECT_THAT(seqs(producer_.get_json("/events?after=5")), ElementsAre());
    EXPECT_THAT(seqs(producer_.get_json("/events?after=99")), ElementsAre());
}

TEST_F(OutboxTest, rolled_back_transaction__leaves_no_event_and_no_hole) {
    producer_.change("a", 1);
    const auto refused = producer_.database().transact([](db::Session& s) -> base::Result<bool> {
        append(s, test::room_event("b", 1));
        return base::fail("overlap");
    });
    ASSERT_FALSE(refused);
    producer_.change("c", 1);
    producer_.settle();
    const auto answer = producer_.get_json("/events");
    EXPECT_THAT(seqs(answer), ElementsAre(1, 2));
    EXPECT_EQ(answer.at("events").at(1).at("aggregate_id"), "c");
}

TEST_F(OutboxTest, large_events__end_an_answer_early_but_never_empty) {
    Event large = test::room_event("a", 1);
    large.data["text"] = std::string(2'200'000, 'x');
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(producer_.database().transact([&](db::Session& s) -> base::Result<bool> {
            append(s, large);
            return true;
        }));
    producer_.settle();
    EXPECT_THAT(seqs(producer_.get_json("/events?after=0")), ElementsAre(1));
    EXPECT_THAT(seqs(producer_.get_json("/events?after=1")), ElementsAre(2));
}

TEST_F(OutboxTest, wrong_parameters__are_named) {
    const auto response = producer_.get("/events?after=-1&limit=1001&wait_ms=30000");
    EXPECT_EQ(response.status, 422);
    const auto problem = nlohmann::json::parse(response.body);
    ASSERT_EQ(problem.at("errors").size(), 3U);
    EXPECT_EQ(problem.at("errors").at(0).at("pointer"), "/query/after");
    EXPECT_EQ(problem.at("errors").at(1).at("pointer"), "/query/limit");
    EXPECT_EQ(problem.at("errors").at(2).at("pointer"), "/query/wait_ms");
}

TEST_F(OutboxTest, strangers__are_refused) {
    producer_.allowed = false;
    EXPECT_EQ(producer_.get("/events").status, 403);
    EXPECT_EQ(producer_.get("/snapshot").status, 403);
}

TEST_F(OutboxTest, snapshot__is_the_state_and_where_it_stands) {
    producer_.change("a", 1);
    producer_.change("b", 1);
    producer_.change("a", 2);
    producer_.settle();
    const auto response = producer_.get("/snapshot");
    EXPECT_EQ(response.content_type, "application/x-ndjson");
    const auto found = lines(response.body);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].at("as_of_seq"), 3);
    EXPECT_EQ(found[0].at("feed_id"), producer_.get_json("/events").at("feed_id"));
    EXPECT_EQ(found[1].at("aggregate_id"), "a");
    EXPECT_EQ(found[1].at("version"), 2);
    EXPECT_EQ(found[1].at("seq"), 0);
    EXPECT_EQ(found[2].at("aggregate_id"), "b");
}

TEST_F(OutboxTest, change_during_a_snapshot__comes_after_it_and_is_not_lost) {
    producer_.change("a", 1);
    producer_.settle();
    producer_.during_snapshot = [&] {
        std::thread([&] {
            producer_.change("b", 1);
            producer_.settle();
        }).join();
    };
    const auto found = lines(producer_.get("/snapshot").body);
    ASSERT_EQ(found.size(), 2U) << "the state is of one moment";
    EXPECT_EQ(found[0].at("as_of_seq"), 1);
    const auto after = producer_.get_json("/events?after=1");
    ASSERT_EQ(after.at("events").size(), 1U);
    EXPECT_EQ(after.at("events").at(0).at("aggregate_id"), "b");
}

/// What is committed but not numbered stands in the snapshot and comes again as an event.
TEST_F(OutboxTest, unnumbered_change__is_in_the_snapshot_and_in_the_events) {
    PREAU_ONLY_ON(mariadb);
    producer_.change("a", 1);
    const auto found = lines(producer_.get("/snapshot").body);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].at("as_of_seq"), 0);
    producer_.settle();
    EXPECT_THAT(seqs(producer_.get_json("/events?after=0")), ElementsAre(1));
}

TEST_F(OutboxTest, commit__wakes_polls_by_itself) {
    producer_.outbox().start();
    for (std::uint64_t i = 1; i <= 3; ++i) {
        producer_.change("a", static_cast<std::int64_t>(i));
        EXPECT_TRUE(eventually([&] { return producer_.outbox().last_seq() == i; }));
    }
}

TEST_F(OutboxTest, commit_of_another_process__is_found) {
    producer_.outbox().start();
    test::Producer other(place_.url());
    other.change("a", 1);
    EXPECT_TRUE(eventually([&] { return producer_.outbox().last_seq() == 1; }));
}

TEST_F(OutboxTest, feed_id__stays_until_it_is_renewed) {
    const auto id = producer_.get_json("/events").at("feed_id").get<std::string>();
    EXPECT_EQ(id.size(), 26U);
    test::Producer again(place_.url());
    EXPECT_EQ(again.get_json("/events").at("feed_id"), id);
    const auto renewed = renew_feed_id(again.database());
    ASSERT_TRUE(renewed);
    EXPECT_NE(*renewed, id);
    EXPECT_EQ(producer_.get_json("/events").at("feed_id"), *renewed);
}

TEST_F(OutboxTest, prune__keeps_thirty_days) {
    for (int i = 1; i <= 4; ++i)
        producer_.change("a", i);
    producer_.settle();
    producer_.change("a", 5);  // not numbered on MariaDB: never pruned
    const base::Instant now = base::MachineClock().now();
    execute(producer_.database(),
            "UPDATE outbox SET written_at = written_at - 40 * 86400 WHERE seq <= 2 OR seq IS NULL");
    const auto prune = [&] {
        return producer_.database().transact(
            [&](db::Session& s) -> base::Result<int> { return prune_events(s, now); });
    };
    EXPECT_EQ(prune(), 2);
    EXPECT_EQ(prune(), 0);
    producer_.settle();
    const auto answer = producer_.get_json("/events?after=0");
    EXPECT_EQ(answer.at("events").at(0).at("seq"), 3);
    EXPECT_EQ(answer.at("last_seq"), 5);
}

}  // namespace
}  // namespace preau::events
