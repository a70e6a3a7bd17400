#include "shared/db/insert_many.hpp"

#include <stdexcept>

#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db {
namespace {

constexpr std::string_view kTables =
    "CREATE TABLE cell (part {key} NOT NULL, cell BIGINT NOT NULL, booking {key} NULL,"
    " PRIMARY KEY (part, cell)) {clustered};";

class InsertMany : public test::Scratch {
protected:
    base::Result<bool> insert(const std::vector<std::vector<Cell>>& rows) {
        return database_->transact([&](Session& s) -> base::Result<bool> {
            insert_many(s, "cell", {"part", "cell", "booking"}, rows);
            return true;
        });
    }
    std::unique_ptr<Database> database_ = open_with(kTables);
};

TEST_F(InsertMany, more_rows_than_one_statement_takes__are_all_stored) {
    std::vector<std::vector<Cell>> rows;
    for (std::int64_t i = 0; i < 1'201; ++i)
        rows.push_back({std::string_view("part-1"), i,
                        i % 2 == 0 ? Cell(nullptr) : Cell(std::string_view("b"))});
    ASSERT_TRUE(insert(rows));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM cell"), 1'201);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM cell WHERE booking IS NULL"), 601);
    EXPECT_EQ(number(*database_, "SELECT MAX(cell) FROM cell"), 1'200);
}

TEST_F(InsertMany, empty_text__is_not_null) {
    ASSERT_TRUE(insert({{std::string_view{}, 1, std::string_view{}}}));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM cell WHERE part = '' AND booking = ''"), 1);
}

TEST_F(InsertMany, no_row__is_no_statement) {
    EXPECT_TRUE(insert({}));
}

TEST_F(InsertMany, text_that_could_end_a_literal__is_refused) {
    for (const std::string_view text : {"a'b", "a\\", "a:b", "a\"b", "a\nb"})
        EXPECT_THROW(static_cast<void>(insert({{text, 1, nullptr}})), std::invalid_argument)
            << text;
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM cell"), 0);
}

TEST_F(InsertMany, row_of_another_length__is_refused) {
    EXPECT_THROW(static_cast<void>(insert({{std::string_view("a"), 1}})), std::invalid_argument);
}

TEST_F(InsertMany, duplicate__is_thrown_as_such_and_inserts_none) {
    ASSERT_TRUE(insert({{std::string_view("a"), 2, nullptr}}));
    ErrorKind kind = ErrorKind::other;
    const auto done = database_->transact([&](Session& s) -> base::Result<bool> {
        const auto taken = s.duplicate_in([&] {
            insert_many(s, "cell", {"part", "cell", "booking"},
                        {{std::string_view("a"), 1, nullptr}, {std::string_view("a"), 2, nullptr}});
        });
        if (taken) kind = taken->kind;
        return base::fail("overlap");
    });
    EXPECT_EQ(kind, ErrorKind::duplicate);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM cell"), 1);
}

}  // namespace
}  // namespace preau::db
