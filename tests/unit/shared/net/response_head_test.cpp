#include "shared/net/response_head.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace preau::net {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string head_of(const Response& response, const ResponseFrame& frame = {}) {
    std::string out;
    append_response_head(out, response, frame);
    return out;
}

TEST(ResponseHead, plain__has_the_fields_of_every_answer) {
    const std::string head = head_of(Response::json({{"a", 1}}, 201), {.request_id = "req-1"});
    EXPECT_TRUE(head.starts_with("HTTP/1.1 201 Created\r\nDate: ")) << head;
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    EXPECT_THAT(head, ContainsRegex("Date: [A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] "
                                    "[0-9]{4} [0-9:]{8} GMT\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nContent-Type: application/json\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 7\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nCache-Control: no-store\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nX-Request-Id: req-1\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("Connection:")));
}

TEST(ResponseHead, connection__is_said_where_the_version_does_not_imply_it) {
    EXPECT_THAT(head_of({}, {.keep_alive = false}), HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(head_of({}, {.http_1_0 = true}), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(ResponseHead, no_content__has_neither_length_nor_type) {
    for (const int status : {204, 304}) {
        const std::string head = head_of(Response::empty(status));
        EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
        EXPECT_THAT(head, Not(HasSubstr("Content-Type:")));
    }
    EXPECT_THAT(head_of(Response::redirect("/a")), HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST(ResponseHead, cache_control__of_the_handler_wins) {
    Response response;
    response.with("cache-control", "public, max-age=31536000, immutable");
    EXPECT_THAT(head_of(response), Not(HasSubstr("no-store")));
}

TEST(ResponseHead, field__that_would_break_the_framing_is_left_out) {
    Response response;
    response.with("Location", "/a\r\nSet-Cookie: x=1")
        .with("X-Bad\r\n", "v")
        .with("", "v")
        .with("X Y", "v")
        .with("Content-Length", "9999")
        .with("transfer-encoding", "chunked")
        .with("Connection", "keep-alive")
        .with("X-Good", "v");
    const std::string head = head_of(response);
    EXPECT_THAT(head, Not(HasSubstr("Set-Cookie")));
    EXPECT_THAT(head, Not(HasSubstr("X-Bad")));
    EXPECT_THAT(head, Not(HasSubstr("X Y")));
    EXPECT_THAT(head, Not(HasSubstr("9999")));
    EXPECT_THAT(head, Not(HasSubstr("chunked")));
    EXPECT_THAT(head, HasSubstr("\r\nX-Good: v\r\n"));
    EXPECT_EQ(head.find("\r\n\r\n"), head.size() - 4);
}

}  // namespace
}  // namespace preau::net
