// Dense numbers and no lost event, while many write and some are slow to commit.

#include "shared/events/sequencer.hpp"

#include <future>
#include <random>
#include <set>

#include "tests/unit/shared/events/feed_fixture.hpp"

namespace preau::events {
namespace {

using namespace std::chrono_literals;
using db::test::Crew;
using db::test::eventually;

class SequencerTest : public test::FeedTest {
protected:
    /// What a feed reader sees, in order: the versions that the writers made unique.
    struct Seen {
        std::vector<std::uint64_t> seqs;
        std::multiset<std::int64_t> versions;
    };

    void poll(Seen& seen) {
        const auto after = seen.seqs.empty() ? 0 : seen.seqs.back();
        const auto answer = producer_.get_json("/events?after=" + std::to_string(after));
        for (const auto& event : answer.at("events")) {
            seen.seqs.push_back(event.at("seq"));
            seen.versions.insert(event.at("version").get<std::int64_t>());
        }
    }

    void write(std::int64_t version, std::chrono::milliseconds held_open) {
        const auto done = producer_.database().transact([&](db::Session& s) -> base::Result<bool> {
            append(s, test::room_event("room", version));
            std::this_thread::sleep_for(held_open);
            return true;
        });
        EXPECT_TRUE(done) << done.error().detail;
    }

    /// 16 writers, one in twenty transactions held open for up to 10 ms, a reader beside them.
    Seen crowd(int each) {
        constexpr int kWriters = 16;
        Crew crew;
        std::atomic<int> writing{kWriters};
        for (int writer = 0; writer < kWriters; ++writer)
            crew.add([&, writer] {
                std::mt19937_64 random(static_cast<std::uint64_t>(writer) + 1);
                for (int i = 0; i < each; ++i)
                    write(writer * each + i,
                          std::chrono::milliseconds(random() % 20 == 0 ? random() % 11 : 0));
                --writing;
            });
        Seen seen;
        while (writing > 0)
            poll(seen);
        crew.join();
        const auto all = static_cast<std::size_t>(kWriters * each);
        EXPECT_TRUE(eventually([&] {
            poll(seen);
            return seen.seqs.size() >= all;
        }));
        return seen;
    }

    static void expect_dense_and_complete(const Seen& seen, std::size_t all) {
        ASSERT_EQ(seen.seqs.size(), all);
        for (std::size_t i = 0; i < all; ++i)
            ASSERT_EQ(seen.seqs[i], i + 1);
        std::int64_t expected = 0;
        for (const auto version : seen.versions)
            ASSERT_EQ(version, expected++);
    }
};

TEST_F(SequencerTest, sixteen_writers__lose_nothing_and_leave_no_hole) {
    producer_.outbox().start();
    expect_dense_and_complete(crowd(40), 16 * 40);
}

TEST_F(SequencerTest, two_replicas_that_both_number__do_not_collide) {
    PREAU_ONLY_ON(mariadb);
    test::Producer replica(place_.url());
    replica.outbox().start();
    producer_.outbox().start();
    // The lease is taken away again and again while they work.
    std::atomic<bool> working{true};
    Crew thief;
    thief.add([&] {
        while (working) {
            execute(producer_.database(), "UPDATE outbox_feed SET expires_at = 0 WHERE id = 1");
            std::this_thread::sleep_for(20ms);
        }
    });
    const auto seen = crowd(20);
    working = false;
    thief.join();
    expect_dense_and_complete(seen, 16 * 20);
}

// Negative control: what the sequencer is for. A slow transaction took the smaller id.
TEST_F(SequencerTest, control__polling_the_auto_increment_id_loses_an_event) {
    PREAU_ONLY_ON(mariadb);
    std::promise<void> appended;
    std::promise<void> release;
    Crew crew;
    crew.add([&] {
        static_cast<void>(producer_.database().transact([&](db::Session& s) -> base::Result<bool> {
            append(s, test::room_event("slow", 1));
            appended.set_value();
            release.get_future().wait();
            return true;
        }));
    });
    appended.get_future().wait();
    write(2, 0ms);
    const auto newest = number(producer_.database(), "SELECT MAX(id) FROM outbox").value();
    Seen seen;
    producer_.settle();
    poll(seen);
    release.set_value();
    crew.join();
    EXPECT_EQ(number(producer_.database(),
                     "SELECT COUNT(*) FROM outbox WHERE id > " + std::to_string(newest)),
              0)
        << "polling by id would have seen the slow event";
    EXPECT_EQ(number(producer_.database(), "SELECT COUNT(*) FROM outbox"), 2);
    producer_.settle();
    poll(seen);
    EXPECT_EQ(seen.versions, (std::multiset<std::int64_t>{1, 2})) << "the sequencer loses none";
}

TEST_F(SequencerTest, holder_that_slept_through_its_lease__numbers_nothing) {
    PREAU_ONLY_ON(mariadb);
    Sequencer sequencer(producer_.database());
    ASSERT_TRUE(sequencer.step());  // has the lease now
    producer_.change("a", 1);
    const auto other = db::test::raw_session(place_.url(), "");
    *other << "START TRANSACTION";
    *other << "UPDATE outbox_feed SET holder = 'other', fence = fence + 1,"
              " expires_at = UNIX_TIMESTAMP() + 10 WHERE id = 1";
    // The sequencer still believes in its lease, and waits for the row.
    auto step = std::async(std::launch::async, [&] { return sequencer.step(); });
    std::this_thread::sleep_for(100ms);
    *other << "COMMIT";
    EXPECT_FALSE(step.get());
    EXPECT_EQ(number(producer_.database(), "SELECT COUNT(*) FROM outbox WHERE seq IS NULL"), 1);
    EXPECT_EQ(number(producer_.database(), "SELECT last_seq FROM outbox_feed"), 0);
}

TEST_F(SequencerTest, lease__is_one_processs_until_it_is_released) {
    PREAU_ONLY_ON(mariadb);
    Sequencer first(producer_.database());
    Sequencer second(producer_.database());
    ASSERT_TRUE(first.step());
    producer_.change("a", 1);
    EXPECT_EQ(second.step().value().last_seq, 0U);
    EXPECT_EQ(first.step().value().last_seq, 1U);
    first.release();
    producer_.change("a", 2);
    EXPECT_EQ(second.step().value().last_seq, 2U);
    EXPECT_EQ(first.step().value().last_seq, 2U) << "it reads on";
}

TEST_F(SequencerTest, more_than_one_batch__is_numbered_in_order) {
    PREAU_ONLY_ON(mariadb);
    ASSERT_TRUE(producer_.database().transact([&](db::Session& s) -> base::Result<bool> {
        for (int i = 1; i <= 1'100; ++i)
            append(s, test::room_event("a", i));
        return true;
    }));
    producer_.settle();
    EXPECT_EQ(number(producer_.database(), "SELECT COUNT(*) FROM outbox WHERE seq = version"),
              1'100);
}

}  // namespace
}  // namespace preau::events
