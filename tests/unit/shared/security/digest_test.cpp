#include "shared/security/digest.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>

namespace preau::security {
namespace {

TEST(Digest, sha256__agrees_with_the_published_vectors) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, hmac__agrees_with_rfc_4231) {
    EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256_hex(std::string(131, '\xaa'),
                              "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, comparison__is_of_content_and_length) {
    EXPECT_TRUE(equal_constant_time("", ""));
    EXPECT_TRUE(equal_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(Digest, base64url__is_read_only_in_its_one_form) {
    const std::string raw("\xfb\xff\x00\x10", 4);
    EXPECT_EQ(base64url(raw), "-_8AEA");
    EXPECT_EQ(from_base64url("-_8AEA"), raw);
    for (const char* text :
         {"", "-_8AEA==", "+/8AEA", "-_8AEB", "-_8AE", "-_8 AEA", "-_8AEA\n", "é"}) {
        EXPECT_EQ(from_base64url(text), "") << text;
    }
}

TEST(Digest, random_tokens__differ_and_have_their_length) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i)
        seen.insert(random_token());
    EXPECT_EQ(seen.size(), 1'000U);
    EXPECT_EQ(seen.begin()->size(), 43U);
}

TEST(Password, hash__is_argon2id_with_the_house_parameters_and_salted) {
    const std::string one = hash_password("garage à vélos");
    EXPECT_THAT(one, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_NE(one, hash_password("garage à vélos"));
    EXPECT_TRUE(check_password("garage à vélos", one));
    EXPECT_FALSE(check_password("garage a velos", one));
    EXPECT_FALSE(check_password("", one));
}

TEST(Password, malformed_hash__is_never_matched) {
    const std::string good = hash_password("x");
    for (const std::string& hash :
         {std::string(), std::string("x"), std::string("$argon2id$"), good.substr(0, 60),
          good + std::string("\0more", 5), std::string(4'096, 'a'),
          std::string("$2y$10$abcdefghijklmnopqrstuuwzW0Vx1PJKbZ0bF0e2y7pDq1GZJqM4e")}) {
        EXPECT_FALSE(check_password("x", hash)) << hash;
    }
}

}  // namespace
}  // namespace preau::security
