#include "services/accounts/domain/sessions.hpp"

#include <gmock/gmock.h>

namespace preau::accounts {
namespace {

constexpr base::Instant kNow{1'790'000'000};
constexpr std::int64_t kHour = 3'600;

Session session_at(base::Instant created, base::Instant seen) {
    return {"hash", base::PersonId::seeded(0, "p"), created, seen};
}

TEST(Session, unused__ends_after_twelve_hours) {
    const Session session = session_at(kNow, kNow);
    EXPECT_TRUE(is_live(session, kNow + (12 * kHour - 1)));
    EXPECT_FALSE(is_live(session, kNow + 12 * kHour));
}

TEST(Session, in_use__ends_after_seven_days_all_the_same) {
    const std::int64_t week = 7 * 24 * kHour;
    const Session session = session_at(kNow, kNow + (week - kHour));
    EXPECT_TRUE(is_live(session, kNow + (week - 1)));
    EXPECT_FALSE(is_live(session, kNow + week));
    EXPECT_EQ(expires_at(session), kNow + week);
}

TEST(Session, use__is_written_down_once_a_minute) {
    EXPECT_FALSE(needs_touch(session_at(kNow, kNow), kNow + 59));
    EXPECT_TRUE(needs_touch(session_at(kNow, kNow), kNow + 60));
}

TEST(Tries, ten_in_fifteen_minutes__then_wait_for_the_oldest) {
    Tries tries;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(tries.take(kNow + i)) << i;
    EXPECT_EQ(tries.take(kNow + 10), 15 * 60 - 10);
    EXPECT_EQ(tries.take(kNow + (15 * 60 - 1)), 1);
    EXPECT_FALSE(tries.take(kNow + 15 * 60));
    EXPECT_EQ(tries.take(kNow + 15 * 60), 1);  // the second oldest came a second later
}

TEST(Tries, refused_ones__do_not_lengthen_the_wait) {
    Tries tries;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(tries.take(kNow));
    for (int i = 0; i < 1'000; ++i)
        EXPECT_TRUE(tries.take(kNow + 1));
    EXPECT_FALSE(tries.take(kNow + 15 * 60));
}

TEST(Tries, never_more_than_ten_in_any_window) {
    Tries tries;
    std::vector<std::int64_t> allowed;
    for (std::int64_t t = 0; t < 4 * kHour; t += 7) {
        if (!tries.take(kNow + t)) allowed.push_back(t);
    }
    for (std::size_t i = 10; i < allowed.size(); ++i) {
        EXPECT_GE(allowed[i] - allowed[i - 10], 15 * 60);
    }
    EXPECT_GE(allowed.size(), 150U);  // negative control: the limit is not a lock
}

TEST(Tries, stored_form__comes_back_and_survives_nonsense) {
    Tries tries;
    EXPECT_FALSE(tries.take(kNow));
    EXPECT_FALSE(tries.take(kNow + 1));
    EXPECT_EQ(Tries::parse(tries.str()).str(), tries.str());
    EXPECT_EQ(Tries::parse("").str(), "");
    EXPECT_EQ(Tries::parse("12,x,14").str(), "12");
}

TEST(Tries, clock_set_back__locks_nobody_out) {
    Tries tries;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(tries.take(kNow));
    EXPECT_FALSE(tries.take(kNow + -kHour));
}

TEST(Password, length__is_all_that_is_asked) {
    EXPECT_TRUE(check_new_password("garage à vél", ""));  // twelve characters
    EXPECT_TRUE(check_new_password(std::string(1'024, 'a'), ""));
    const auto shorter = check_new_password("garage à vé", "");
    ASSERT_FALSE(shorter);
    EXPECT_EQ(shorter.error().code, "invalid");
    EXPECT_EQ(shorter.error().fields.at(0).pointer, "/password");
    EXPECT_EQ(shorter.error().fields.at(0).code, "length");
    EXPECT_FALSE(check_new_password(std::string(1'025, 'a'), ""));
    EXPECT_FALSE(check_new_password("a@bcdef.example", "a@bcdef.example"));
}

}  // namespace
}  // namespace preau::accounts
