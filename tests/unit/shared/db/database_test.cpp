#include "shared/db/database.hpp"

#include <filesystem>
#include <future>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db {
namespace {

using namespace std::chrono_literals;
using test::Crew;
using test::eventually;

constexpr std::string_view kTables = R"(
CREATE TABLE account (id BIGINT NOT NULL, owner {text} NOT NULL, cents BIGINT NOT NULL,
  PRIMARY KEY (id)) {table};
CREATE UNIQUE INDEX account_by_owner ON account (owner);
CREATE TABLE movement (id {bigauto}, account BIGINT NOT NULL,
  FOREIGN KEY (account) REFERENCES account (id)) {table};
INSERT INTO account (id, owner, cents) VALUES (1, 'ada', 100), (2, 'bob', 100);
)";
constexpr const char* kInsert = "INSERT INTO account (id, owner, cents) VALUES (3, 'cy', 0)";
constexpr const char* kCount = "SELECT COUNT(*) FROM account";

class DatabaseTest : public test::Scratch {
protected:
    std::unique_ptr<Database> database_ = open_with(kTables);
};

TEST_F(DatabaseTest, transact__commits_a_value) {
    const auto done = database_->transact([](Session& s) -> base::Result<int> {
        s.sql() << kInsert;
        return 7;
    });
    EXPECT_EQ(done, 7);
    EXPECT_EQ(number(*database_, kCount), 3);
}

TEST_F(DatabaseTest, transact__rolls_back_an_error) {
    const auto done = database_->transact([](Session& s) -> base::Result<int> {
        s.sql() << kInsert;
        return base::fail("overlap");
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "overlap");
    EXPECT_EQ(number(*database_, kCount), 2);
}

TEST_F(DatabaseTest, foreign_exception__rolls_back_and_goes_on) {
    EXPECT_THROW(static_cast<void>(database_->transact([](Session& s) -> base::Result<int> {
                     s.sql() << kInsert;
                     throw std::out_of_range("a defect");
                 })),
                 std::out_of_range);
    EXPECT_EQ(number(*database_, kCount), 2);
}

TEST_F(DatabaseTest, nested_transaction__is_a_programmers_error) {
    EXPECT_THROW(static_cast<void>(database_->transact([&](Session&) -> base::Result<int> {
                     return database_->transact([](Session&) -> base::Result<int> { return 1; });
                 })),
                 std::logic_error);
    EXPECT_EQ(number(*database_, kCount), 2) << "the session is usable again";
}

TEST_F(DatabaseTest, read__may_not_write) {
    const auto done = database_->read([](Session& s) -> base::Result<int> {
        s.sql() << kInsert;
        return 1;
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "internal");
    EXPECT_EQ(number(*database_, kCount), 2);
}

TEST_F(DatabaseTest, read__sees_one_moment) {
    const auto counts = database_->read([&](Session& s) -> base::Result<std::pair<int, int>> {
        int before = 0;
        int after = 0;
        s.sql() << kCount, soci::into(before);
        std::thread([&] { execute(*database_, kInsert); }).join();
        s.sql() << kCount, soci::into(after);
        return std::pair(before, after);
    });
    EXPECT_EQ(counts, std::pair(2, 2));
    EXPECT_EQ(number(*database_, kCount), 3);
}

TEST_F(DatabaseTest, write_on_mariadb__is_read_committed) {
    PREAU_ONLY_ON(mariadb);
    const auto counts = database_->transact([&](Session& s) -> base::Result<std::pair<int, int>> {
        int before = 0;
        int after = 0;
        s.sql() << kCount, soci::into(before);
        std::thread([&] { execute(*database_, kInsert); }).join();
        s.sql() << kCount, soci::into(after);
        return std::pair(before, after);
    });
    EXPECT_EQ(counts, std::pair(2, 3));
}

TEST_F(DatabaseTest, too_long_text_on_mariadb__is_refused_not_cut) {
    PREAU_ONLY_ON(mariadb);
    const auto done = database_->transact([](Session& s) -> base::Result<int> {
        const std::string owner(501, 'x');
        s.sql() << "INSERT INTO account (id, owner, cents) VALUES (3, :owner, 0)", soci::use(owner);
        return 1;
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "internal");
}

TEST_F(DatabaseTest, duplicate__names_its_key_and_the_transaction_goes_on) {
    const auto done = database_->transact([](Session& s) -> base::Result<std::string> {
        s.sql() << kInsert;
        const auto error = s.duplicate_in(
            [&] { s.sql() << "INSERT INTO account (id, owner, cents) VALUES (4, 'bob', 0)"; });
        if (!error) return base::fail("internal", "no duplicate");
        EXPECT_EQ(error->detail.find("bob"), std::string::npos) << "a value in: " << error->detail;
        return error->constraint;
    });
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(*done, test::engine() == Engine::sqlite ? "account.owner" : "account_by_owner");
    EXPECT_EQ(number(*database_, kCount), 3);
}

TEST_F(DatabaseTest, no_duplicate__answers_nothing_and_others_are_thrown) {
    const auto done = database_->transact([](Session& s) -> base::Result<bool> {
        const auto error = s.duplicate_in([&] { s.sql() << kInsert; });
        EXPECT_THROW(static_cast<void>(s.duplicate_in(
                         [&] { s.sql() << "INSERT INTO movement (account) VALUES (99)"; })),
                     soci::soci_error);
        return error.has_value();
    });
    EXPECT_EQ(done, false);
}

/// DDL commits by itself on MariaDB: a closure that runs some must not pass for a transaction.
TEST_F(DatabaseTest, transaction_ended_by_a_statement__is_an_error) {
    const auto done = database_->transact([](Session& s) -> base::Result<bool> {
        s.sql() << "COMMIT";
        return true;
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "internal");
    EXPECT_EQ(number(*database_, kCount), 2) << "the session is usable again";
}

TEST_F(DatabaseTest, foreign_key__is_classified) {
    ErrorKind kind = ErrorKind::other;
    static_cast<void>(database_->transact([&](Session& s) -> base::Result<bool> {
        try {
            s.sql() << "INSERT INTO movement (account) VALUES (99)";
        } catch (const soci::soci_error& thrown) {
            kind = classify(thrown, s.engine()).kind;
        }
        return base::fail("overlap");
    }));
    EXPECT_EQ(kind, ErrorKind::foreign_key);
}

/// Two transactions take two rows in opposite order; on SQLite they come one after the other.
TEST_F(DatabaseTest, deadlock__is_retried_until_both_are_through) {
    std::atomic<int> inside{0};
    std::atomic<int> runs{0};
    const auto move = [&](int from, int to) {
        const auto done = database_->transact([&](Session& s) -> base::Result<bool> {
            ++runs;
            s.sql() << "UPDATE account SET cents = cents - 10 WHERE id = " << from;
            ++inside;
            eventually([&] { return inside >= 2; }, 200ms);
            s.sql() << "UPDATE account SET cents = cents + 10 WHERE id = " << to;
            return true;
        });
        EXPECT_TRUE(done) << done.error().detail;
    };
    Crew crew;
    crew.add([&] { move(1, 2); });
    crew.add([&] { move(2, 1); });
    crew.join();
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM account WHERE cents = 100"), 2);
    if (test::engine() == Engine::mariadb) {
        EXPECT_GE(counted("preau_db_retries_total", {{"kind", "deadlock"}}), 1U);
        EXPECT_GE(runs, 3);
    } else {
        EXPECT_EQ(runs, 2);
    }
}

/// A closure that swallows the deadlock must not go on to write half of its work.
TEST_F(DatabaseTest, swallowed_deadlock__never_commits_a_half) {
    PREAU_ONLY_ON(mariadb);
    std::atomic<int> inside{0};
    const auto move = [&](int from, int to) {
        static_cast<void>(database_->transact([&](Session& s) -> base::Result<bool> {
            s.sql() << "UPDATE account SET cents = cents - 10 WHERE id = " << from;
            ++inside;
            eventually([&] { return inside >= 2; }, 200ms);
            try {
                s.sql() << "UPDATE account SET cents = cents + 10 WHERE id = " << to;
            } catch (const std::exception&) {
            }
            s.sql() << "INSERT INTO movement (account) VALUES (" << to << ")";
            return true;
        }));
    };
    Crew crew;
    crew.add([&] { move(1, 2); });
    crew.add([&] { move(2, 1); });
    crew.join();
    EXPECT_EQ(number(*database_, "SELECT SUM(cents) FROM account"), 200);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM movement"), 2);
}

TEST_F(DatabaseTest, lost_update__cannot_happen_under_contention) {
    constexpr int kThreads = 8;
    constexpr int kRounds = 25;
    std::atomic<int> done{0};
    Crew crew;
    for (int i = 0; i < kThreads; ++i)
        crew.add([&] {
            for (int round = 0; round < kRounds; ++round)
                if (database_->transact([](Session& s) -> base::Result<bool> {
                        s.sql() << "UPDATE account SET cents = cents + 1 WHERE id = 1";
                        return true;
                    }))
                    ++done;
        });
    crew.join();
    EXPECT_EQ(done, kThreads * kRounds);
    EXPECT_EQ(number(*database_, "SELECT cents FROM account WHERE id = 1"), 100 + done);
}

TEST_F(DatabaseTest, lock_wait__ends_as_overloaded) {
    PREAU_ONLY_ON(mariadb);
    std::promise<void> locked;
    std::promise<void> release;
    Crew crew;
    crew.add([&] {
        static_cast<void>(database_->transact([&](Session& s) -> base::Result<bool> {
            s.sql() << "UPDATE account SET cents = 0 WHERE id = 1";
            locked.set_value();
            release.get_future().wait();
            return base::fail("overlap");
        }));
    });
    locked.get_future().wait();
    const auto done = database_->transact([](Session& s) -> base::Result<bool> {
        s.sql() << "UPDATE account SET cents = 1 WHERE id = 1";
        return true;
    });
    release.set_value();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "overloaded");
    EXPECT_EQ(done.error().detail, "lock_timeout");
}

TEST_F(DatabaseTest, writers_on_sqlite__are_served_in_their_order) {
    PREAU_ONLY_ON(sqlite);
    constexpr int kThreads = 12;
    std::promise<void> locked;
    std::promise<void> release;
    std::vector<int> order;
    Crew crew;
    crew.add([&] {
        static_cast<void>(database_->transact([&](Session&) -> base::Result<bool> {
            locked.set_value();
            release.get_future().wait();
            return true;
        }));
    });
    locked.get_future().wait();
    for (int i = 0; i < kThreads; ++i) {
        crew.add([&, i] {
            static_cast<void>(database_->transact([&](Session&) -> base::Result<bool> {
                order.push_back(i);  // guarded by the writer's place itself
                return true;
            }));
        });
        ASSERT_TRUE(eventually(
            [&] { return database_->writers_waiting() == static_cast<std::size_t>(i) + 1; }));
    }
    release.set_value();
    crew.join();
    std::vector<int> expected(kThreads);
    for (int i = 0; i < kThreads; ++i)
        expected[static_cast<std::size_t>(i)] = i;
    EXPECT_EQ(order, expected);
}

TEST_F(DatabaseTest, writer_on_sqlite__gives_up_at_its_deadline) {
    PREAU_ONLY_ON(sqlite);
    DatabaseOptions options;
    options.retry_budget = 100ms;
    const auto hasty = open(options);
    std::promise<void> locked;
    std::promise<void> release;
    Crew crew;
    crew.add([&] {
        static_cast<void>(hasty->transact([&](Session&) -> base::Result<bool> {
            locked.set_value();
            release.get_future().wait();
            return true;
        }));
    });
    locked.get_future().wait();
    const auto start = std::chrono::steady_clock::now();
    bool ran = false;
    const auto done = hasty->transact([&](Session&) -> base::Result<bool> { return ran = true; });
    const auto waited = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(number(*hasty, kCount), 2) << "readers do not wait for writers";
    release.set_value();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "overloaded");
    EXPECT_FALSE(ran);
    EXPECT_GE(waited, 100ms);
    EXPECT_LT(waited, 1s);
    EXPECT_EQ(hasty->writers_waiting(), 0U);
}

TEST_F(DatabaseTest, another_process_that_writes__makes_sqlite_wait) {
    PREAU_ONLY_ON(sqlite);
    const auto other = open();  // its queue is its own, as another process's would be
    std::promise<void> locked;
    Crew crew;
    crew.add([&] {
        static_cast<void>(other->transact([&](Session& s) -> base::Result<bool> {
            s.sql() << kInsert;
            locked.set_value();
            std::this_thread::sleep_for(150ms);
            return true;
        }));
    });
    locked.get_future().wait();
    execute(*database_, "UPDATE account SET cents = 5 WHERE id = 3");
    EXPECT_EQ(number(*database_, "SELECT cents FROM account WHERE id = 3"), 5);
}

TEST_F(DatabaseTest, full_disk__answers_storage_full_and_stores_nothing) {
    PREAU_ONLY_ON(sqlite);
    const auto done = database_->transact([](Session& s) -> base::Result<bool> {
        long long pages = 0;
        s.sql() << "PRAGMA page_count", soci::into(pages);
        s.sql() << "PRAGMA max_page_count = " << pages, soci::into(pages);
        const std::string owner(1'000, 'x');
        for (int i = 10; i < 500; ++i)
            s.sql() << "INSERT INTO account (id, owner, cents) VALUES (:id, :owner || :again, 0)",
                soci::use(i), soci::use(owner), soci::use(i);
        return true;
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "storage_full");
    EXPECT_EQ(number(*database_, kCount), 2);
}

TEST_F(DatabaseTest, file_on_sqlite__is_private_and_leaves_no_log_behind) {
    PREAU_ONLY_ON(sqlite);
    const std::string file = place_.url().substr(std::string_view("sqlite:").size());
    struct stat found{};
    ASSERT_EQ(::stat(file.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600U);
    execute(*database_, kInsert);
    std::thread([&] { execute(*database_, "UPDATE account SET cents = 0"); }).join();
    EXPECT_TRUE(std::filesystem::exists(file + "-wal"));
    database_.reset();
    EXPECT_FALSE(std::filesystem::exists(file + "-wal")) << "a session stayed open";
}

// Locks of POSIX belong to the process, and closing any descriptor of the file drops them all: the
// next program that reads the database would take itself for the last user and delete the log.
TEST_F(DatabaseTest, file_on_sqlite__further_sessions_keep_the_lock_that_guards_the_log) {
    PREAU_ONLY_ON(sqlite);
    const std::string file = place_.url().substr(std::string_view("sqlite:").size());
    const auto locked_for_others = [&] {
        const pid_t other = ::fork();
        if (other == 0) {
            // The bytes of a shared lock (SQLite, os.h: SHARED_FIRST, SHARED_SIZE).
            struct flock wanted{};
            wanted.l_type = F_WRLCK;
            wanted.l_whence = SEEK_SET;
            wanted.l_start = 0x40000002;
            wanted.l_len = 510;
            const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
            ::fcntl(descriptor, F_GETLK, &wanted);
            ::_exit(wanted.l_type == F_UNLCK ? 0 : 1);
        }
        int status = 0;
        ::waitpid(other, &status, 0);
        return WEXITSTATUS(status) == 1;
    };
    execute(*database_, kInsert);
    EXPECT_TRUE(locked_for_others());
    std::thread([&] {
        execute(*database_, "UPDATE account SET cents = 0");
        EXPECT_TRUE(locked_for_others()) << "opening a session dropped the locks";
    }).join();
    EXPECT_TRUE(locked_for_others()) << "closing a session dropped the locks";
}

TEST_F(DatabaseTest, sessions_of_ended_threads__are_closed) {
    PREAU_ONLY_ON(mariadb);
    const auto sessions = [&] {
        return number(*database_,
                      "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()");
    };
    for (int i = 0; i < 5; ++i)
        std::thread([&] { EXPECT_TRUE(database_->ping()); }).join();
    EXPECT_TRUE(eventually([&] { return sessions() == 1; }));
}

TEST_F(DatabaseTest, announcement__comes_after_the_commit_only) {
    std::vector<std::uint64_t> heard;
    std::int64_t seen = 0;
    database_->on_announcement([&](std::uint64_t value) {
        heard.push_back(value);
        std::thread([&] { seen = number(*database_, kCount).value_or(-1); }).join();
    });
    const auto run = [&](bool keep) {
        static_cast<void>(database_->transact([&](Session& s) -> base::Result<bool> {
            s.sql() << "INSERT INTO account (id, owner, cents) VALUES (3, 'cy', 0)";
            s.announce(4);
            s.announce(2);
            if (!keep) return base::fail("overlap");
            return true;
        }));
    };
    run(false);
    EXPECT_TRUE(heard.empty());
    run(true);
    EXPECT_EQ(heard, (std::vector<std::uint64_t>{4}));
    EXPECT_EQ(seen, 3);
}

TEST_F(DatabaseTest, ping__answers) {
    EXPECT_TRUE(database_->ping());
}

TEST(DatabaseOpen, wrong_url_or_place__is_an_error) {
    EXPECT_FALSE(Database::open({.url = "oracle://x"}, nullptr));
    EXPECT_FALSE(Database::open({.url = "sqlite:/nowhere/at/all/x.db"}, nullptr));
    const auto refused = Database::open({.url = "mysql://u:p@127.0.0.1:1/x"}, nullptr);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::lost);
}

}  // namespace
}  // namespace preau::db
