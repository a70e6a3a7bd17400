#include "shared/base/id.hpp"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "shared/base/demo_ids.hpp"

namespace preau::base {
namespace {

TEST(Id, new_ulid__is_a_ulid_that_sorts_after_the_one_before) {
    std::string last = new_ulid();
    for (int i = 0; i < 10'000; ++i) {
        std::string next = new_ulid();
        ASSERT_TRUE(is_ulid(next)) << next;
        ASSERT_LT(last, next);
        last = std::move(next);
    }
}

TEST(Id, new_ulid__many_threads__never_gives_the_same_twice) {
    constexpr std::size_t threads = 8;
    constexpr std::size_t each = 5'000;
    std::vector<std::vector<std::string>> made(threads);
    std::vector<std::thread> running;
    for (auto& list : made) {
        running.emplace_back([&list] {
            for (std::size_t i = 0; i < each; ++i)
                list.push_back(new_ulid());
        });
    }
    for (auto& thread : running)
        thread.join();
    std::set<std::string> all;
    for (const auto& list : made)
        all.insert(list.begin(), list.end());
    EXPECT_EQ(all.size(), threads * each);
}

TEST(Id, is_ulid__refuses_what_is_none) {
    EXPECT_TRUE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_TRUE(is_ulid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    EXPECT_FALSE(is_ulid("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")) << "more than 128 bits";
    EXPECT_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FA"));
    EXPECT_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAVX"));
    EXPECT_FALSE(is_ulid("01arz3ndektsv4rrffq69g5fav"));
    EXPECT_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAI")) << "no I, L, O, U";
    EXPECT_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FA'"));
    EXPECT_FALSE(is_ulid(""));
}

TEST(Id, seeded__same_seed_gives_the_same_id__another_seed_another) {
    const auto a = seeded_ulid(demo::unix_ms, "space:0382042N:gym");
    EXPECT_TRUE(is_ulid(a));
    EXPECT_EQ(a, seeded_ulid(demo::unix_ms, "space:0382042N:gym"));
    EXPECT_NE(a, seeded_ulid(demo::unix_ms, "space:0382042N:hall"));
    EXPECT_LT(a, new_ulid()) << "demonstration ids sort before real ones";
}

TEST(Id, demo_ids__differ_by_kind) {
    EXPECT_NE(demo::person_id("camille").str(), demo::organisation_id("camille").str());
}

TEST(Id, parse__gives_nothing_for_foreign_text) {
    EXPECT_FALSE(BookingId::parse("42"));
    EXPECT_TRUE(BookingId::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_TRUE(BookingId{}.empty());
}

}  // namespace
}  // namespace preau::base
