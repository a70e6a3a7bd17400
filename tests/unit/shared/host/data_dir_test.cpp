#include "shared/host/data_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "process.hpp"

namespace preau::host {
namespace {

using testing::HasSubstr;

TEST(DataDir, lock__keeps_a_second_out_until_the_first_lets_go) {
    const Scratch scratch;
    {
        const auto first = DataDirLock::take(scratch.path(), "booking");
        ASSERT_TRUE(first);
        const auto second = DataDirLock::take(scratch.path(), "booking");
        ASSERT_FALSE(second);
        EXPECT_THAT(second.error(), HasSubstr("already runs on " + scratch.path()));
        EXPECT_THAT(second.error(), HasSubstr(std::to_string(getpid())));
        EXPECT_TRUE(DataDirLock::take(scratch.path(), "search"));
    }
    EXPECT_TRUE(DataDirLock::take(scratch.path(), "booking"));
}

TEST(DataDir, lock__in_a_directory_that_is_not_there_says_so) {
    const auto lock = DataDirLock::take("/nonexistent/dir", "booking");
    ASSERT_FALSE(lock);
    EXPECT_THAT(lock.error(), HasSubstr("/nonexistent/dir/booking.lock"));
}

TEST(DataDir, key__is_made_once_and_readable_by_its_owner_only) {
    const Scratch scratch;
    EXPECT_FALSE(load_key(scratch.path(), "booking")->has_value());
    const auto made = make_key(scratch.path(), "booking");
    ASSERT_TRUE(made);
    const auto again = make_key(scratch.path(), "booking");
    EXPECT_EQ(again->public_key, made->public_key);
    const auto loaded = load_key(scratch.path(), "booking");
    EXPECT_EQ((*loaded)->secret_key, made->secret_key);
    EXPECT_NE(make_key(scratch.path(), "search")->public_key, made->public_key);
    struct stat status{};
    ASSERT_EQ(stat(scratch.path("keys/booking.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(stat(scratch.path("keys").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST(DataDir, key__file_that_is_damaged_is_not_replaced) {
    const Scratch scratch;
    ASSERT_TRUE(make_key(scratch.path(), "booking"));
    scratch.write("keys/booking.key", "");
    EXPECT_FALSE(load_key(scratch.path(), "booking"));
    EXPECT_FALSE(make_key(scratch.path(), "booking"));
}

}  // namespace
}  // namespace preau::host
