// Forms with a file: what browsers send, and what nobody but an attacker sends.
#include "services/gateway/edge/multipart.hpp"

#include <gtest/gtest.h>

namespace preau::gateway {
namespace {

const std::string kType = "multipart/form-data; boundary=----WebKitFormBoundaryX1";
const std::string kLine = "------WebKitFormBoundaryX1";

std::string part(const std::string& head, const std::string& body) {
    return kLine + "\r\n" + head + "\r\n\r\n" + body + "\r\n";
}

std::string field(const std::string& name, const std::string& value) {
    return part("Content-Disposition: form-data; name=\"" + name + "\"", value);
}

const std::string kEnd = kLine + "--\r\n";

TEST(Multipart, form__of_a_browser_gives_fields_and_the_file_byte_for_byte) {
    const std::string content("date;libelle\r\n\r\n\0\xE9--\r\n------WebKitForm", 36);
    const auto body = field("csrf", "a.b") +
                      part(
                          "Content-Disposition: form-data; name=\"statement\"; "
                          "filename=\"relevé %22oct%22.csv\"\r\nContent-Type: text/csv",
                          content) +
                      kEnd;
    const auto parts = parse_multipart(kType, body);
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ((*parts)[0].name, "csrf");
    EXPECT_EQ((*parts)[0].body, "a.b");
    EXPECT_FALSE((*parts)[0].is_file);
    EXPECT_EQ((*parts)[1].name, "statement");
    EXPECT_TRUE((*parts)[1].is_file);
    EXPECT_EQ((*parts)[1].filename, "relevé \"oct\".csv");
    EXPECT_EQ((*parts)[1].content_type, "text/csv");
    EXPECT_EQ((*parts)[1].body, content);
}

TEST(Multipart, file_field__left_empty_is_a_file_without_name_and_content) {
    const auto parts = parse_multipart(
        kType, part("Content-Disposition: form-data; name=\"statement\"; filename=\"\"\r\n"
                    "Content-Type: application/octet-stream",
                    "") +
                   kEnd);
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_TRUE(parts->front().is_file);
    EXPECT_EQ(parts->front().filename, "");
    EXPECT_EQ(parts->front().body, "");
}

TEST(Multipart, header_names_and_boundary__are_read_as_http_allows) {
    const std::string body =
        "--b c\r\ncontent-disposition:form-data; NAME=plain\r\n\r\nx\r\n--b c--";
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=\"b c\"", body));  // no spaces
    const std::string good = "--b\r\ncontent-disposition:form-data; NAME=plain\r\n\r\nx\r\n--b--";
    const auto parts = parse_multipart("Multipart/Form-Data; charset=utf-8; boundary=\"b\"", good);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->front().name, "plain");
}

TEST(Multipart, broken_bodies__are_refused) {
    const auto whole = field("a", "1") + kEnd;
    ASSERT_TRUE(parse_multipart(kType, whole));  // the control of what follows
    const std::vector<std::pair<const char*, std::string>> cases{
        {"cut in the end mark", whole.substr(0, whole.size() - 4)},
        {"cut in the value", field("a", "1").substr(0, 90)},
        {"no opening", "x\r\n" + whole},
        {"no name", part("Content-Disposition: form-data", "1") + kEnd},
        {"empty name", field("", "1") + kEnd},
        {"name twice", part("Content-Disposition: form-data; name=\"a\"\r\n"
                            "Content-Disposition: form-data; name=\"b\"",
                            "1") +
                           kEnd},
        {"another disposition", part("Content-Disposition: attachment; name=\"a\"", "1") + kEnd},
        {"open quote", part("Content-Disposition: form-data; name=\"a", "1") + kEnd},
        {"not UTF-8", field("\xE9", "1") + kEnd},
        {"head without end", kLine + "\r\nContent-Disposition: form-data; name=\"a\"\r\nX: " +
                                 std::string(multipart_head_bytes_max, 'x') + "\r\n\r\n1\r\n" +
                                 kEnd},
        {"empty", ""},
    };
    for (const auto& [why, body] : cases) {
        const auto parts = parse_multipart(kType, body);
        ASSERT_FALSE(parts) << why;
        EXPECT_EQ(parts.error().code, "bad_request") << why;
    }
}

TEST(Multipart, number_of_parts__is_bounded) {
    std::string body;
    for (std::size_t i = 0; i < multipart_parts_max; ++i)
        body += field("a", "1");
    EXPECT_TRUE(parse_multipart(kType, body + kEnd));
    EXPECT_FALSE(parse_multipart(kType, body + field("a", "1") + kEnd));
}

TEST(Multipart, boundary__must_be_named_once_and_be_plain) {
    EXPECT_EQ(multipart_boundary(kType), "----WebKitFormBoundaryX1");
    for (const std::string type :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x",
          "multipart/form-data; boundary=a; boundary=b", "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=\"a"}) {
        EXPECT_EQ(multipart_boundary(type), "") << type;
    }
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), "");
}

}  // namespace
}  // namespace preau::gateway
