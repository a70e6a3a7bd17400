#include "shared/events/reader.hpp"

#include <array>
#include <stdexcept>

#include "shared/db/dialect.hpp"
#include "shared/events/sequencer.hpp"
#include "tests/unit/shared/events/feed_fixture.hpp"

namespace preau::events {
namespace {

using db::test::eventually;
using ::testing::ElementsAre;

constexpr db::Migration kProjection{
    "consumer", 1, "projection",
    "CREATE TABLE seen_room (id {key} NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (id)) "
    "{table};\n"
    "CREATE TABLE effect (id {bigauto}, room {key} NOT NULL, version BIGINT NOT NULL) {table};"};

/// A service that follows the producer into a database of its own.
class Consumer {
public:
    explicit Consumer(const std::string& url) {
        database_ = std::move(db::Database::open({.url = url}, nullptr).value());
        std::vector<db::Migration> steps(migrations().begin(), migrations().end());
        steps.push_back(kProjection);
        if (auto done = database_->migrate(steps); !done)
            throw std::runtime_error(done.error().detail);
    }

    std::unique_ptr<Sink> sink() {
        return std::make_unique<DatabaseSink>(
            *database_, "producer",
            [this](db::Session& s) {
                s.sql() << "DELETE FROM seen_room";
                ++forgotten;
            },
            [this](db::Session& s, const Event& event) { apply(s, event); });
    }
    db::Database& database() { return *database_; }

    int forgotten = 0;
    int crash_at = 0;  // the n-th application from now throws, once

private:
    void apply(db::Session& s, const Event& event) {
        if (crash_at > 0 && --crash_at == 0) throw std::runtime_error("the reader dies");
        constexpr std::array<std::string_view, 2> columns = {"id", "version"};
        constexpr std::array<std::string_view, 1> key = {"id"};
        s.sql() << db::upsert_if_newer(s.engine(), "seen_room", columns, key, "version"),
            soci::use(event.aggregate_id), soci::use(event.version);
        s.sql() << "INSERT INTO effect (room, version) VALUES (:room, :version)",
            soci::use(event.aggregate_id), soci::use(event.version);
    }

    std::unique_ptr<db::Database> database_;
};

class ReaderTest : public test::FeedTest {
protected:
    std::unique_ptr<Reader> reader(Consumer& consumer) { return reader_with(consumer.sink()); }
    std::unique_ptr<Reader> reader_with(std::unique_ptr<Sink> sink) {
        ReaderOptions options;
        options.feed = "producer";
        options.base_url = "http://producer";
        options.wait_ms = 10;
        options.batch_max = 3;
        options.send = [this](const net::ClientRequest& request) {
            return producer_.send(request);
        };
        return std::make_unique<Reader>(std::move(options), std::move(sink), metrics_);
    }
    void change(const std::string& room, std::int64_t version) {
        producer_.change(room, version);
        producer_.settle();
    }
    std::int64_t count(Consumer& consumer, const std::string& from) {
        return number(consumer.database(), "SELECT COUNT(*) FROM " + from).value_or(-1);
    }
    std::uint64_t snapshots(const std::string& reason) {
        return counted("preau_feed_snapshots_total", {{"feed", "producer"}, {"reason", reason}});
    }

    db::test::Place own_;
    Consumer consumer_{own_.url()};
};

TEST_F(ReaderTest, first_start__reads_the_snapshot_then_the_events) {
    change("a", 1);
    change("a", 2);
    const auto following = reader(consumer_);
    EXPECT_FALSE(following->ready());
    ASSERT_TRUE(following->catch_up());
    EXPECT_TRUE(following->ready());
    EXPECT_EQ(count(consumer_, "effect"), 1) << "the snapshot holds the room once";
    change("b", 1);
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(count(consumer_, "seen_room"), 2);
    EXPECT_EQ(following->position().seq, 3U);
    EXPECT_THAT(producer_.asked, ElementsAre("/snapshot", "/events", "/events"));
}

TEST_F(ReaderTest, restart__goes_on_at_the_stored_cursor) {
    change("a", 1);
    ASSERT_TRUE(reader(consumer_)->catch_up());
    change("b", 1);
    producer_.asked.clear();
    const auto restarted = reader(consumer_);
    ASSERT_TRUE(restarted->catch_up());
    EXPECT_THAT(producer_.asked, ElementsAre("/events"));
    EXPECT_EQ(count(consumer_, "effect"), 2);
}

TEST_F(ReaderTest, many_events__come_in_batches) {
    ASSERT_TRUE(reader(consumer_)->catch_up());
    for (int i = 1; i <= 8; ++i)
        change("a", i);
    ASSERT_TRUE(reader(consumer_)->catch_up());
    EXPECT_EQ(count(consumer_, "effect"), 8);
}

TEST_F(ReaderTest, death_inside_a_batch__applies_each_event_once_in_the_end) {
    ASSERT_TRUE(reader(consumer_)->catch_up());
    for (int i = 1; i <= 3; ++i)
        change("a", i);
    consumer_.crash_at = 3;
    EXPECT_FALSE(reader(consumer_)->catch_up());
    EXPECT_EQ(count(consumer_, "effect"), 0) << "effect and cursor are one transaction";
    ASSERT_TRUE(reader(consumer_)->catch_up());
    EXPECT_EQ(count(consumer_, "effect"), 3);
}

/// Negative control: a sink that stores its cursor after the effect, in another transaction.
class LateCursor final : public Sink {
public:
    explicit LateCursor(db::Database& database) : database_(database) {}
    std::optional<Cursor> cursor() override { return stored_; }
    void replace(std::vector<Event>, Cursor as_of) override { stored_ = as_of; }
    void apply(const std::vector<Event>& events, Cursor after) override {
        ASSERT_TRUE(database_.transact([&](db::Session& s) -> base::Result<bool> {
            for (const Event& event : events)
                s.sql() << "INSERT INTO effect (room, version) VALUES (:room, :version)",
                    soci::use(event.aggregate_id), soci::use(event.version);
            return true;
        }));
        if (std::exchange(dies, false)) throw std::runtime_error("dies before the cursor");
        stored_ = after;
    }
    bool dies = false;

private:
    db::Database& database_;
    std::optional<Cursor> stored_;
};

TEST_F(ReaderTest, control__a_cursor_outside_the_transaction_applies_twice) {
    auto sink = std::make_unique<LateCursor>(consumer_.database());
    LateCursor& late = *sink;
    const auto following = reader_with(std::move(sink));
    ASSERT_TRUE(following->catch_up());
    change("a", 1);
    late.dies = true;
    EXPECT_FALSE(following->catch_up());
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(count(consumer_, "effect"), 2)
        << "if 1, the fault is no fault and the guard untested";
}

TEST_F(ReaderTest, restored_owner__leads_back_to_the_snapshot) {
    change("a", 1);
    change("b", 1);
    const auto following = reader(consumer_);
    ASSERT_TRUE(following->catch_up());
    execute(producer_.database(), "DELETE FROM room WHERE id = 'b'");
    ASSERT_TRUE(renew_feed_id(producer_.database()));
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(snapshots("feed_id"), 1U);
    EXPECT_EQ(count(consumer_, "seen_room"), 1) << "what the owner lost is forgotten";
    EXPECT_EQ(consumer_.forgotten, 2);
    change("c", 1);
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(count(consumer_, "seen_room"), 2);
}

TEST_F(ReaderTest, owner_that_fell_behind__leads_back_to_the_snapshot) {
    for (int i = 1; i <= 3; ++i)
        change("a", i);
    const auto following = reader(consumer_);
    ASSERT_TRUE(following->catch_up());
    execute(producer_.database(), "DELETE FROM outbox WHERE seq = 3");
    execute(producer_.database(), "UPDATE outbox_feed SET last_seq = 2");
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(snapshots("behind"), 1U);
    EXPECT_EQ(following->position().seq, 2U);
}

TEST_F(ReaderTest, hole__leads_back_to_the_snapshot) {
    change("a", 1);
    const auto following = reader(consumer_);
    ASSERT_TRUE(following->catch_up());
    change("b", 1);
    change("c", 1);
    execute(producer_.database(), "DELETE FROM outbox WHERE seq = 2");
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(snapshots("hole"), 1U);
    EXPECT_EQ(count(consumer_, "seen_room"), 3);
    EXPECT_EQ(following->position().seq, 3U);
}

TEST_F(ReaderTest, everything_pruned__leads_back_to_the_snapshot) {
    change("a", 1);
    const auto following = reader(consumer_);
    ASSERT_TRUE(following->catch_up());
    change("b", 1);
    execute(producer_.database(), "DELETE FROM outbox WHERE seq <= 2");
    ASSERT_TRUE(following->catch_up());
    EXPECT_EQ(snapshots("hole"), 1U);
    EXPECT_EQ(count(consumer_, "seen_room"), 2);
}

TEST_F(ReaderTest, owner_whose_feed_never_fits_its_snapshot__is_an_error_not_a_loop) {
    const auto following = reader(consumer_);
    ASSERT_TRUE(following->catch_up());
    change("a", 1);
    execute(producer_.database(), "DELETE FROM outbox");
    producer_.during_snapshot = [&] {
        // Whatever the snapshot says, the events after it are gone.
        std::thread([&] {
            change("a", 2);
            execute(producer_.database(), "DELETE FROM outbox");
        }).join();
    };
    const auto result = following->catch_up();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "upstream_unavailable");
}

TEST_F(ReaderTest, two_replicas_into_one_database__apply_each_event_once) {
    const auto one = reader(consumer_);
    Consumer replica(own_.url());
    const auto two = reader(replica);
    ASSERT_TRUE(one->catch_up());
    ASSERT_TRUE(two->catch_up());
    for (int i = 1; i <= 7; ++i) {
        change("a", i);
        ASSERT_TRUE((i % 2 == 0 ? one : two)->catch_up());
    }
    ASSERT_TRUE(one->catch_up());
    ASSERT_TRUE(two->catch_up());
    EXPECT_EQ(count(consumer_, "effect"), 7);
    EXPECT_EQ(one->position(), two->position());
}

TEST_F(ReaderTest, peer_that_is_down__is_followed_again_when_it_is_back) {
    change("a", 1);
    producer_.down = true;
    const auto following = reader(consumer_);
    EXPECT_EQ(following->catch_up().error().code, "upstream_unavailable");
    EXPECT_FALSE(following->ready());
    producer_.down = false;
    following->start();
    EXPECT_TRUE(eventually([&] { return following->ready(); }));
    following->stop();
    EXPECT_EQ(count(consumer_, "seen_room"), 1);
}

TEST_F(ReaderTest, running_reader__follows_and_knows_its_lag) {
    const auto following = reader(consumer_);
    following->start();
    for (int i = 1; i <= 5; ++i)
        change("a", i);
    EXPECT_TRUE(eventually([&] { return following->position().seq == 5; }));
    EXPECT_TRUE(eventually([&] { return following->lag_s() < 1; }));
    const auto stopping = std::chrono::steady_clock::now();
    following->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - stopping, std::chrono::seconds(2));
    EXPECT_EQ(number(consumer_.database(), "SELECT MAX(version) FROM seen_room"), 5);
    const auto exposed = metrics_.expose();
    EXPECT_THAT(exposed, ::testing::HasSubstr("preau_feed_seq{feed=\"producer\"} 5"));
    EXPECT_THAT(exposed, ::testing::HasSubstr("preau_feed_lag_seconds{feed=\"producer\"}"));
}

TEST_F(ReaderTest, refused_or_garbled_answers__change_nothing) {
    const auto following = reader(consumer_);
    producer_.allowed = false;
    EXPECT_FALSE(following->catch_up());
    producer_.allowed = true;
    ReaderOptions options;
    options.feed = "garbled";
    for (const std::string body :
         {"", "[]", "{}\n", "{\"feed_id\":\"x\"", "{\"feed_id\":1,\"as_of_seq\":-1}\n"}) {
        options.send = [body](const net::ClientRequest&) {
            net::ClientResponse response;
            response.status = 200;
            response.body = body;
            return std::expected<net::ClientResponse, net::ClientError>(response);
        };
        Reader garbled(options, consumer_.sink(), metrics_);
        EXPECT_FALSE(garbled.catch_up()) << body;
    }
    EXPECT_EQ(count(consumer_, "feed_cursor"), 0);
}

}  // namespace
}  // namespace preau::events
