// From rows to people: once, again after a failure, never two at a time.

#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/notification/post.hpp"

namespace preau::notification {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

class Sending : public PostOffice {
protected:
    void step() { dispatcher(channel_).step(); }
    FakeChannel channel_;
};

TEST_F(Sending, message__leaves_once_and_is_sent) {
    apply(booking_fact("refused", "refused", 1));
    step();
    step();
    ASSERT_EQ(channel_.delivered.size(), 1U);
    EXPECT_EQ(channel_.delivered[0].to.address, "lea@example.org");
    EXPECT_EQ(state_of(lea), "sent");
}

TEST_F(Sending, receipt__goes_to_whoever_asked_for_the_booking) {
    apply(payment_fact("payment_paid.v1", 1));
    step();
    ASSERT_EQ(channel_.delivered.size(), 1U);
    EXPECT_EQ(channel_.delivered[0].to.address, "lea@example.org");
    EXPECT_THAT(channel_.delivered[0].text, HasSubstr("PA-9K2M-4"));
}

TEST_F(Sending, server_that_fails__is_tried_again_later_with_the_same_id) {
    apply(booking_fact("refused", "refused", 1));
    channel_.failure = NotDelivered{false, "smtp_failed"};
    step();
    EXPECT_EQ(state_of(lea), "queued");
    channel_.failure.reset();
    step();
    EXPECT_EQ(channel_.delivered.size(), 0U) << "before its time";
    std::string id;
    channel_.during = [&] { id = "seen"; };
    machine_.set(machine_.now() + 5);
    step();
    ASSERT_EQ(channel_.delivered.size(), 1U);
    EXPECT_EQ(count("state = 'sent' AND attempts = 2 AND message_id = '" +
                    channel_.delivered[0].id + "'"),
              1);
}

TEST_F(Sending, server_that_always_fails__is_given_up_after_thirteen_attempts) {
    apply(booking_fact("refused", "refused", 1));
    channel_.failure = NotDelivered{false, "smtp_failed"};
    int attempts = 0;
    channel_.during = [&] { ++attempts; };
    for (int i = 0; i < 40; ++i) {
        step();
        machine_.set(machine_.now() + 86'400);
    }
    EXPECT_EQ(attempts, 13);
    EXPECT_EQ(count("state = 'failed' AND reason = 'smtp_failed'"), 1);
}

TEST_F(Sending, neighbours_down__waits_and_then_leaves) {  // S122
    apply(booking_fact("refused", "refused", 1));
    sources_.accounts_down = true;
    step();
    EXPECT_EQ(count("state = 'queued' AND reason = 'accounts_unavailable'"), 1);
    sources_.accounts_down = false;
    sources_.booking_down = true;
    machine_.set(machine_.now() + 5);
    step();
    EXPECT_EQ(count("state = 'queued' AND reason = 'booking_unavailable'"), 1);
    sources_.booking_down = false;
    machine_.set(machine_.now() + 15);
    step();
    EXPECT_EQ(channel_.delivered.size(), 1U);
}

TEST_F(Sending, nobody_to_write_to__fails_at_once_with_the_reason) {
    const auto reason_with = [&](const std::string& address, bool known) {
        sources_.people.erase(lea);
        if (known) sources_.people[lea] = {lea, "Léa", address, words::Language::fr};
        static std::uint64_t seq = 10;
        apply(booking_fact("refused", "refused", ++seq));
        step();
    };
    reason_with("", false);
    EXPECT_EQ(count("state = 'failed' AND reason = 'person_unknown'"), 1);
    reason_with("", true);
    EXPECT_EQ(count("state = 'failed' AND reason = 'no_address'"), 1);
    reason_with("lea@example.org>\r\nRCPT TO:<all@example.org", true);
    EXPECT_EQ(count("state = 'failed' AND reason = 'bad_address'"), 1);
    EXPECT_TRUE(channel_.delivered.empty());
    // A server that knows no such address: no second try either.
    channel_.failure = NotDelivered{true, "address_refused"};
    reason_with("lea@example.org", true);
    EXPECT_EQ(count("state = 'failed' AND reason = 'address_refused'"), 1);
}

TEST_F(Sending, imported_booking__is_never_written_about) {
    sources_.answer["origin"] = "import";
    apply(payment_fact("refund_executed.v1", 1));
    step();
    EXPECT_EQ(count("state = 'failed' AND reason = 'imported'"), 1);
    EXPECT_TRUE(channel_.delivered.empty());
}

TEST_F(Sending, claim__of_two_dispatchers_only_one_has_it) {
    apply(booking_fact("refused", "refused", 1));
    channel_.during = [&] {
        const auto other = messages_.claim(60);
        ASSERT_TRUE(other);
        EXPECT_FALSE(*other);
    };
    step();
    EXPECT_EQ(channel_.delivered.size(), 1U);
}

TEST_F(Sending, process_that_died_while_sending__is_followed_by_another_attempt) {
    apply(booking_fact("refused", "refused", 1));
    const auto first = messages_.claim(60);
    ASSERT_TRUE(first && *first);
    step();
    EXPECT_EQ(channel_.delivered.size(), 0U) << "the claim still holds";
    machine_.set(machine_.now() + 60);
    step();
    ASSERT_EQ(channel_.delivered.size(), 1U);
    EXPECT_EQ(channel_.delivered[0].id, (*first)->id);
    // The first claim's outcome comes too late to matter.
    EXPECT_FALSE(*messages_.failed(**first, "late"));
    EXPECT_EQ(state_of(lea), "sent");
}

TEST_F(Sending, many_at_once__each_leaves_once) {
    for (std::uint64_t i = 1; i <= 30; ++i)
        apply(booking_fact("refused", "refused", i));
    {
        db::test::Crew crew;
        std::mutex mutex;
        for (int i = 0; i < 4; ++i) {
            crew.add([&] {
                for (int k = 0; k < 200; ++k) {
                    const auto claimed = messages_.claim(60);
                    if (!claimed || !*claimed) continue;
                    EXPECT_TRUE(*messages_.sent(**claimed, ""));
                    const std::lock_guard lock(mutex);
                    channel_.delivered.push_back({});
                    channel_.delivered.back().id = (*claimed)->id;
                }
            });
        }
    }
    std::set<std::string> ids;
    for (const auto& mail : channel_.delivered)
        ids.insert(mail.id);
    EXPECT_EQ(ids.size(), 30U);
    EXPECT_EQ(channel_.delivered.size(), 30U);
    EXPECT_EQ(count("state = 'sent'"), 30);
}

TEST_F(Sending, batch__asks_once_for_each_name_and_each_time_for_the_booking) {
    for (std::uint64_t i = 1; i <= 5; ++i)
        apply(booking_fact("refused", "refused", i));
    step();
    EXPECT_EQ(channel_.delivered.size(), 5U);
    EXPECT_EQ(sources_.asked["booking"], 5);
    EXPECT_EQ(sources_.asked["person"], 1);
    EXPECT_EQ(sources_.asked["organisation"], 1);
    EXPECT_EQ(sources_.asked["contact"], 1);
    apply(booking_fact("refused", "refused", 6));
    step();
    EXPECT_EQ(sources_.asked["person"], 2) << "nothing is kept from one batch to the next";
}

TEST_F(Sending, old_rows__are_pruned_and_waiting_ones_stay) {
    apply(booking_fact("refused", "refused", 1));
    step();
    apply(booking_fact("refused", "refused", 2));
    EXPECT_EQ(*messages_.prune(business_.now() + 1), 1);
    EXPECT_EQ(*messages_.waiting(), 1);
    EXPECT_EQ(count(), 1);
}

TEST_F(Sending, folder__holds_one_whole_file_however_often_it_is_written) {
    email::FolderChannel folder(folder_);
    apply(booking_fact("confirmed", "confirmed", 1));
    const auto claimed = messages_.claim(0);
    ASSERT_TRUE(claimed && *claimed);
    dispatcher(folder).step();  // the claim is over: a second attempt
    const auto rows = messages_.filed(0, 10);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 1U);
    const auto& file = rows->front().file;
    EXPECT_EQ(file,
              "2026-11-22/" + std::to_string(rows->front().n) + "-" + rows->front().id + ".eml");
    const auto bytes = email::read_eml(folder_, file);
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(email::parse(*bytes));
    const auto mode = std::filesystem::status(folder_ / file).permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_))
        files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, 1);
    EXPECT_FALSE(email::read_eml(folder_, "../" + file));
}

TEST_F(Sending, folder_that_cannot_be_written__is_tried_again) {
    std::ofstream(folder_.string()) << "in the way";
    email::FolderChannel folder(folder_);
    apply(booking_fact("refused", "refused", 1));
    dispatcher(folder).step();
    EXPECT_EQ(count("state = 'queued' AND reason = 'file_not_written'"), 1);
    std::filesystem::remove(folder_);
    machine_.set(machine_.now() + 5);
    dispatcher(folder).step();
    EXPECT_EQ(state_of(lea), "sent");
}

TEST_F(Sending, old_days__are_removed_and_nothing_else) {
    email::FolderChannel folder(folder_);
    apply(booking_fact("refused", "refused", 1));
    dispatcher(folder).step();
    std::filesystem::create_directories(folder_ / "2026-01-31");
    std::filesystem::create_directories(folder_ / "other");
    EXPECT_EQ(email::remove_days_before(folder_, "2026-11-22"), 1);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "2026-11-22"));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "other"));
}

}  // namespace
}  // namespace preau::notification
