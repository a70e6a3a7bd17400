#include "shared/text/reference.hpp"

#include <gtest/gtest.h>

namespace preau::text {
namespace {

TEST(Reference, every_single_wrong_letter__is_noticed) {
    const std::string good = make_reference(booking_prefix, 0x1F2E3D);
    ASSERT_EQ(good.size(), 9U);
    EXPECT_EQ(read_reference(booking_prefix, good), good);
    constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (const std::size_t at : {3U, 4U, 5U, 6U, 8U}) {
        for (const char letter : kLetters) {
            if (letter == good[at]) continue;
            std::string wrong = good;
            wrong[at] = letter;
            EXPECT_FALSE(read_reference(booking_prefix, wrong)) << wrong;
        }
    }
}

TEST(Reference, typed_by_hand__is_read_with_lower_case_and_lookalikes) {
    const std::string good =
        make_reference(booking_prefix, 0x21);  // "PR-11" and zeros: easy to mistype
    std::string typed;
    for (const char c : good) {
        if (c == '-') continue;
        typed += c == '1' ? 'l' : c == '0' ? 'o' : static_cast<char>(c | (c >= 'A' ? 0x20 : 0));
    }
    EXPECT_EQ(read_reference(booking_prefix, typed), good);
    EXPECT_FALSE(read_reference(booking_prefix, "PR"));
    EXPECT_FALSE(read_reference(booking_prefix, "XX-7F3K-2"));
}

TEST(Reference, of_a_payment__is_not_read_as_one_of_a_booking) {
    const std::string paid = make_reference(payment_prefix, 0x1F2E3D, 6);
    EXPECT_EQ(paid.substr(0, 3), "PA-");
    EXPECT_EQ(read_reference(payment_prefix, paid), paid);
    EXPECT_FALSE(read_reference(booking_prefix, paid));
}

}  // namespace
}  // namespace preau::text
