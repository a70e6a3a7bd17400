#include <vector>

#include "shared/db/database.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db {
namespace {

using test::Crew;
using ::testing::HasSubstr;

const Migration kFirst{"hall", 1, "rooms",
                       "-- Rooms: the first step.\n"
                       "CREATE TABLE room (id {id} NOT NULL, name {text} NOT NULL,\n"
                       "  PRIMARY KEY (id)) {table};\n"
                       "INSERT INTO room (id, name) VALUES ('a', 'gym; dojo');\n"};
const Migration kSecond{"hall", 2, "seats", "ALTER TABLE room ADD COLUMN seats BIGINT NULL;"};

class Migrate : public test::Scratch {
protected:
    std::expected<void, DbError> migrate(std::vector<Migration> steps) {
        return database_->migrate(steps);
    }
    std::unique_ptr<Database> database_ = open();
};

TEST_F(Migrate, steps__are_applied_once_and_in_order) {
    ASSERT_TRUE(migrate({kFirst}));
    ASSERT_TRUE(migrate({kFirst, kSecond}));
    ASSERT_TRUE(migrate({kFirst, kSecond}));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM room WHERE name = 'gym; dojo'"), 1);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM room WHERE seats IS NULL"), 1);
    EXPECT_EQ(number(*database_,
                     "SELECT COUNT(*) FROM schema_migration"
                     " WHERE component = 'hall' AND applied_at > 0"),
              2);
}

TEST_F(Migrate, own_tables__come_without_being_named) {
    ASSERT_TRUE(migrate({}));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM idempotency_key"), 0);
}

TEST_F(Migrate, changed_text__is_refused) {
    ASSERT_TRUE(migrate({kFirst}));
    Migration changed = kFirst;
    changed.sql = "CREATE TABLE room (id {id} NOT NULL) {table};";
    const auto refused = migrate({changed});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::schema);
    EXPECT_THAT(refused.error().detail, HasSubstr("hall 1 (rooms)"));
}

TEST_F(Migrate, newer_database__refuses_an_older_program) {
    ASSERT_TRUE(migrate({kFirst, kSecond}));
    const auto refused = migrate({kFirst});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::schema);
    EXPECT_THAT(refused.error().detail, HasSubstr("the database is newer than this program"));
}

TEST_F(Migrate, other_components__do_not_matter) {
    ASSERT_TRUE(migrate({kFirst, kSecond}));
    EXPECT_TRUE(migrate({{"yard", 1, "trees", "CREATE TABLE tree (id BIGINT NOT NULL) {table};"}}));
}

TEST_F(Migrate, missing_number_or_unknown_word_or_open_end__is_refused) {
    for (const Migration& wrong :
         {kSecond, Migration{"hall", 1, "x", "CREATE TABLE x (a {blob});"},
          Migration{"hall", 1, "x", "CREATE TABLE x (a BIGINT NOT NULL)"}}) {
        const auto refused = migrate({wrong});
        ASSERT_FALSE(refused) << wrong.sql;
        EXPECT_EQ(refused.error().kind, ErrorKind::schema);
    }
    EXPECT_TRUE(migrate({kFirst})) << "nothing of it was kept";
}

TEST_F(Migrate, interrupted_step__goes_on_where_it_stopped) {
    const Migration step{"hall", 1, "three statements",
                         "CREATE TABLE a (id BIGINT NOT NULL) {table};\n"
                         "INSERT INTO a (id) VALUES (1);\n"
                         "INSERT INTO b (id) SELECT id FROM a;\n"};
    const auto failed = migrate({step});
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().detail, HasSubstr("hall 1 (three statements), statement 3"));
    ASSERT_TRUE(migrate({{"yard", 1, "b", "CREATE TABLE b (id BIGINT NOT NULL) {table};"}}));
    const auto done = migrate({step});
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM a"), 1);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM b"), 1);
}

/// MariaDB commits DDL by itself: a death between the statement and its record.
TEST_F(Migrate, statement_done_but_not_recorded__is_taken_as_done) {
    PREAU_ONLY_ON(mariadb);
    ASSERT_TRUE(migrate({kFirst, kSecond}));
    execute(*database_,
            "UPDATE schema_migration SET statements_done = 0, applied_at = NULL"
            " WHERE component = 'hall' AND number = 2");
    const auto done = migrate({kFirst, kSecond});
    ASSERT_TRUE(done) << done.error().detail;
}

TEST_F(Migrate, several_processes_at_once__apply_each_step_once) {
    std::atomic<int> done{0};
    Crew crew;
    for (int i = 0; i < 4; ++i)
        crew.add([&] {
            const auto own = open();
            const std::vector<Migration> steps{kFirst, kSecond};
            const auto migrated = own->migrate(steps);
            EXPECT_TRUE(migrated) << migrated.error().detail;
            if (migrated) ++done;
        });
    crew.join();
    EXPECT_EQ(done, 4);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM room"), 1);
}

}  // namespace
}  // namespace preau::db
