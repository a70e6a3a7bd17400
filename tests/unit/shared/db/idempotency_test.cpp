#include "shared/db/idempotency.hpp"

#include <future>

#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db {
namespace {

using namespace std::chrono_literals;
using test::Crew;

constexpr base::Instant kNow{1'800'000'000};
constexpr std::int64_t kDay = 86'400;

class Idempotency : public test::Scratch {
protected:
    using Answer = base::Result<StoredAnswer>;

    /// One operation: an effect and its stored answer, or the answer of before.
    Answer book(
        IdempotencyScope scope, base::Instant now = kNow,
        const std::function<void()>& inside = [] {}) {
        return database_->transact([&](Session& s) -> Answer {
            const auto stored = claim_key(s, scope, now);
            if (!stored) return std::unexpected(stored.error());
            if (*stored) return **stored;
            inside();
            s.sql() << "INSERT INTO effect (note) VALUES (1)";
            const StoredAnswer answer{201, "{\"reference\":\"é'\\\":x\"}"};
            store_answer(s, scope, answer);
            return answer;
        });
    }
    std::int64_t effects() {
        return number(*database_, "SELECT COUNT(*) FROM effect").value_or(-1);
    }

    std::unique_ptr<Database> database_ =
        open_with("CREATE TABLE effect (id {bigauto}, note BIGINT NOT NULL) {table};");
    IdempotencyScope scope_{"person-1", "createBooking", "key-12345678", "hash-a"};
};

TEST_F(Idempotency, replay__gives_the_same_answer_and_no_second_effect) {
    const auto first = book(scope_);
    const auto second = book(scope_);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(second->status, 201);
    EXPECT_EQ(second->body, first->body);
    EXPECT_EQ(effects(), 1);
}

TEST_F(Idempotency, other_body__is_a_mismatch) {
    ASSERT_TRUE(book(scope_));
    scope_.body_hash = "hash-b";
    const auto second = book(scope_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "idempotency_mismatch");
    EXPECT_EQ(effects(), 1);
}

TEST_F(Idempotency, same_key_of_another_actor_or_operation__is_another_key) {
    ASSERT_TRUE(book(scope_));
    scope_.actor = "person-2";
    ASSERT_TRUE(book(scope_));
    scope_.operation = "createClosure";
    ASSERT_TRUE(book(scope_));
    EXPECT_EQ(effects(), 3);
}

TEST_F(Idempotency, refused_operation__leaves_the_key_free) {
    const auto refused = database_->transact([&](Session& s) -> Answer {
        EXPECT_TRUE(claim_key(s, scope_, kNow));
        return base::fail("overlap");
    });
    ASSERT_FALSE(refused);
    EXPECT_TRUE(book(scope_));
    EXPECT_EQ(effects(), 1);
}

TEST_F(Idempotency, key_in_flight__is_409_on_mariadb_and_waits_its_turn_on_sqlite) {
    std::promise<void> claimed;
    std::promise<void> release;
    Crew crew;
    crew.add([&] {
        EXPECT_TRUE(book(scope_, kNow, [&] {
            claimed.set_value();
            release.get_future().wait();
        }));
    });
    claimed.get_future().wait();
    if (test::engine() == Engine::sqlite) {
        crew.add([&] { EXPECT_TRUE(book(scope_)); });
        std::this_thread::sleep_for(50ms);
    } else {
        const auto start = std::chrono::steady_clock::now();
        const auto second = book(scope_);
        const auto waited = std::chrono::steady_clock::now() - start;
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, "in_flight");
        EXPECT_GE(waited, 500ms);
        EXPECT_LT(waited, 2'500ms);
    }
    release.set_value();
    crew.join();
    EXPECT_EQ(effects(), 1);
}

TEST_F(Idempotency, many_at_once__have_one_effect) {
    std::atomic<int> answered{0};
    Crew crew;
    for (int i = 0; i < 8; ++i)
        crew.add([&] {
            if (book(scope_)) ++answered;
        });
    crew.join();
    EXPECT_EQ(answered, 8);
    EXPECT_EQ(effects(), 1);
}

TEST_F(Idempotency, after_seven_days__the_key_is_new) {
    ASSERT_TRUE(book(scope_));
    scope_.body_hash = "hash-b";
    ASSERT_TRUE(book(scope_, kNow + 7 * kDay + 1));
    EXPECT_EQ(effects(), 2);
}

TEST_F(Idempotency, prune__deletes_only_what_is_older_than_seven_days) {
    ASSERT_TRUE(book(scope_));
    scope_.key = "key-2";
    ASSERT_TRUE(book(scope_, kNow + 7 * kDay));
    const auto prune = [&](base::Instant now) {
        return database_->transact(
            [&](Session& s) -> base::Result<int> { return prune_keys(s, now); });
    };
    EXPECT_EQ(prune(kNow + 7 * kDay), 0);
    EXPECT_EQ(prune(kNow + 7 * kDay + 1), 1);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM idempotency_key"), 1);
}

}  // namespace
}  // namespace preau::db
