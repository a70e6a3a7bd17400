// A connection that is lost in the middle of a transaction: nothing half done, nothing silent.

#include <soci/mysql/soci-mysql.h>

#include "shared/db/database.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db {
namespace {

constexpr std::string_view kTables =
    "CREATE TABLE entry (id {bigauto}, note BIGINT NOT NULL) {table};";

class ConnectionLoss : public test::Scratch {
protected:
    void SetUp() override {
        PREAU_ONLY_ON(mariadb);
        database_ = open_with(kTables);
    }

    static void kill(soci::session& victim) {
        long long id = 0;
        victim << "SELECT CONNECTION_ID()", soci::into(id);
        *test::administrator() << "KILL " << id;
    }
    static void insert(soci::session& sql, int note) {
        sql << "INSERT INTO entry (note) VALUES (:note)", soci::use(note);
    }

    std::unique_ptr<Database> database_;
};

TEST_F(ConnectionLoss, before_commit__is_retried_as_a_whole_on_a_new_session) {
    int runs = 0;
    const auto done = database_->transact([&](Session& s) -> base::Result<bool> {
        insert(s.sql(), 1);
        if (++runs == 1) kill(s.sql());
        insert(s.sql(), 2);
        return true;
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM entry"), 2);
    EXPECT_EQ(counted("preau_db_retries_total", {{"kind", "lost"}}), 1U);
}

TEST_F(ConnectionLoss, swallowed_by_the_closure__is_retried_all_the_same) {
    int runs = 0;
    const auto done = database_->transact([&](Session& s) -> base::Result<bool> {
        insert(s.sql(), 1);
        if (++runs == 1) kill(s.sql());
        try {
            insert(s.sql(), 2);
        } catch (const std::exception&) {
        }
        return true;
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM entry"), 2);
}

TEST_F(ConnectionLoss, at_commit__is_an_unknown_outcome_and_never_retried) {
    int runs = 0;
    const auto done = database_->transact([&](Session& s) -> base::Result<bool> {
        ++runs;
        insert(s.sql(), 1);
        kill(s.sql());
        return true;
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "overloaded");
    EXPECT_EQ(done.error().detail, "unknown_outcome");
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM entry"), 0);
}

TEST_F(ConnectionLoss, between_transactions__is_not_noticed) {
    const auto id = database_->transact([](Session& s) -> base::Result<long long> {
        long long mine = 0;
        s.sql() << "SELECT CONNECTION_ID()", soci::into(mine);
        return mine;
    });
    *test::administrator() << "KILL " << id.value();
    EXPECT_TRUE(database_->transact([](Session& s) -> base::Result<bool> {
        insert(s.sql(), 1);
        return true;
    }));
    EXPECT_TRUE(database_->ping());
}

// Negative control: with SOCI's reconnect=1 the same loss commits nothing in silence.
TEST_F(ConnectionLoss, control__reconnect_would_lose_the_transaction_silently) {
    const auto raw = test::raw_session(place_.url(), " reconnect=1");
    *raw << "START TRANSACTION";
    insert(*raw, 1);
    kill(*raw);
    EXPECT_THROW(insert(*raw, 2), soci::soci_error);
    EXPECT_NO_THROW(raw->commit()) << "if this throws, the trap is gone and so may be this test";
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM entry"), 0);
}

}  // namespace
}  // namespace preau::db
