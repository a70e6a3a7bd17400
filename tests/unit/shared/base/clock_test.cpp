#include "shared/base/clock.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace preau::base {
namespace {

class FileClockTest : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "preau-clock-XXXXXX";
        const int fd = mkstemp(pattern.data());
        ASSERT_GE(fd, 0);
        close(fd);
        file_ = pattern;
    }
    void TearDown() override { unlink(file_.c_str()); }
    void write(const std::string& text) const { std::ofstream(file_) << text; }
    static std::int64_t off_machine(const FileClock& clock) {
        return clock.now() - MachineClock{}.now();
    }

    std::string file_;
};

constexpr std::int64_t kSlack_s = 1;  // the machine's second may turn between two readings

TEST_F(FileClockTest, offset_in_the_file__moves_the_time) {
    write("86400\n");
    EXPECT_NEAR(static_cast<double>(off_machine(FileClock(file_))), 86'400, kSlack_s);
    write("-3600");
    EXPECT_NEAR(static_cast<double>(off_machine(FileClock(file_))), -3'600, kSlack_s);
}

TEST_F(FileClockTest, file_changes__is_seen_within_a_second) {
    const FileClock clock(file_);
    EXPECT_NEAR(static_cast<double>(off_machine(clock)), 0, kSlack_s);
    write("1000000");
    std::this_thread::sleep_for(std::chrono::milliseconds(1'100));
    EXPECT_NEAR(static_cast<double>(off_machine(clock)), 1'000'000, kSlack_s);
}

TEST_F(FileClockTest, missing_or_unreadable_file__is_no_offset) {
    write("tomorrow");
    EXPECT_NEAR(static_cast<double>(off_machine(FileClock(file_))), 0, kSlack_s);
    EXPECT_NEAR(static_cast<double>(off_machine(FileClock(file_ + ".none"))), 0, kSlack_s);
}

TEST(FixedClock, stands_where_it_is_put) {
    FixedClock clock({1'000});
    EXPECT_EQ(clock.now(), (Instant{1'000}));
    clock.set({2'000});
    EXPECT_EQ(clock.now() + 5, (Instant{2'005}));
}

}  // namespace
}  // namespace preau::base
