#include "shared/net/client.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "raw_client.hpp"

namespace preau::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

Response mirror(const Request& request) {
    nlohmann::json headers;
    for (const auto& [name, value] : request.headers.list())
        headers[name] = value;
    auto response = Response::json({{"method", to_string(request.method)},
                                    {"body", request.body},
                                    {"headers", headers},
                                    {"peer", request.peer}});
    response.with("X-Mixed-Case", "  padded  ");
    return response;
}

TestServerOptions mirrors() {
    TestServerOptions options;
    options.routes = [](Router& router) {
        for (const Method method : all_methods)
            router.add(method, "/mirror", "mirror", mirror);
        router.add(Method::get, "/away", "away",
                   [](const Request&) { return Response::redirect("/mirror"); });
        router.add(Method::get, "/large", "large", [](const Request&) {
            Response response;
            response.body.assign(2'000'000, 'x');
            return response;
        });
    };
    return options;
}

class ClientTest : public testing::Test {
protected:
    ClientRequest to(const std::string& target, Method method = Method::get) const {
        ClientRequest request;
        request.method = method;
        request.url = "http://127.0.0.1:" + std::to_string(server.server->port()) + target;
        return request;
    }

    TestServer server{mirrors()};
    Client client;
};

TEST_F(ClientTest, send__carries_method_body_headers_trace_and_deadline) {
    for (const Method method :
         {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
        ClientRequest request = to("/mirror", method);
        request.headers = {{"Authorization", "Bearer x"}, {"Idempotency-Key", "12345678"}};
        if (method != Method::get) request.body = R"({"a":1})";
        request.trace = observe::new_trace();
        request.request_id = "req-9";
        request.deadline = steady_clock::now() + 5s;
        const auto answer = client.send(request);
        ASSERT_TRUE(answer) << answer.error().detail;
        EXPECT_EQ(answer->status, 200);
        const auto json = answer->json().value();
        EXPECT_EQ(json["method"], to_string(method));
        EXPECT_EQ(json["body"], request.body);
        EXPECT_EQ(json["peer"], "127.0.0.1");
        EXPECT_EQ(json["headers"]["authorization"], "Bearer x");
        EXPECT_EQ(json["headers"]["traceparent"], request.trace.traceparent());
        EXPECT_EQ(json["headers"]["x-request-id"], "req-9");
        const int left = std::stoi(json["headers"]["x-deadline-ms"].get<std::string>());
        EXPECT_GT(left, 3'000);
        EXPECT_LE(left, 5'000);
        EXPECT_EQ(json["headers"].contains("content-type"), method != Method::get);
    }
}

TEST_F(ClientTest, answer__has_lower_case_trimmed_headers_and_type) {
    const auto answer = client.send(to("/mirror"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->headers.get("x-mixed-case"), "padded");
    EXPECT_EQ(answer->content_type, "application/json");
    EXPECT_TRUE(answer->ok());
}

TEST_F(ClientTest, head_and_empty_post__work) {
    const auto head = client.send(to("/mirror", Method::head));
    ASSERT_TRUE(head) << head.error().detail;
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->body, "");
    const auto post = client.send(to("/mirror", Method::post));
    ASSERT_TRUE(post) << post.error().detail;
    EXPECT_EQ(post->json().value()["headers"]["content-length"], "0");
}

TEST_F(ClientTest, error_status__is_an_answer) {
    const auto answer = client.send(to("/throws"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500);
    EXPECT_FALSE(answer->ok());
    EXPECT_EQ(answer->json().value()["code"], "internal");
}

TEST_F(ClientTest, redirect__is_not_followed) {
    EXPECT_EQ(client.send(to("/away"))->status, 303);
}

TEST_F(ClientTest, connection__is_kept_by_each_thread) {
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(client.send(to("/quick")));
    EXPECT_EQ(server.server->connections(), 1U);
    std::thread([&] { EXPECT_TRUE(client.send(to("/quick"))); }).join();
}

TEST_F(ClientTest, post_without_key__takes_a_fresh_connection_so_that_it_is_never_sent_twice) {
    EXPECT_TRUE(client.send(to("/quick")));
    EXPECT_TRUE(client.send(to("/mirror", Method::post)));
    EXPECT_EQ(server.server->connections(), 2U);
}

TEST_F(ClientTest, answer__that_is_too_large_is_refused) {
    const Client small({.response_bytes_max = 1'000'000});
    const auto answer = small.send(to("/large"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().delivery, Delivery::unknown);
    EXPECT_EQ(answer.error().detail, "the answer is too large");
    EXPECT_EQ(client.send(to("/large"))->body.size(), 2'000'000U);
}

TEST_F(ClientTest, deadline__ends_a_call_whose_delivery_is_then_unknown) {
    ClientRequest request = to("/gate");
    request.deadline = steady_clock::now() + 80ms;
    const auto answer = client.send(request);
    ASSERT_FALSE(answer);
    EXPECT_TRUE(answer.error().timed_out);
    EXPECT_EQ(answer.error().delivery, Delivery::unknown);
    server.gate.open();
}

TEST_F(ClientTest, deadline__that_is_past_sends_nothing) {
    ClientRequest request = to("/quick");
    request.deadline = steady_clock::now() - 1s;
    const auto answer = client.send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().delivery, Delivery::not_sent);
    EXPECT_EQ(server.handled, 0);
}

TEST_F(ClientTest, refused_connection__is_not_sent) {
    ClientRequest request = to("/quick");
    EXPECT_TRUE(server.server->drain(1s));
    const auto answer = client.send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().delivery, Delivery::not_sent);
    EXPECT_FALSE(answer.error().timed_out) << answer.error().detail;
}

TEST_F(ClientTest, request__that_cannot_be_meant_is_not_sent) {
    for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "", "http://"}) {
        ClientRequest request;
        request.url = url;
        const auto answer = client.send(request);
        ASSERT_FALSE(answer) << url;
        EXPECT_EQ(answer.error().delivery, Delivery::not_sent) << url;
    }
    ClientRequest request = to("/quick");
    request.headers = {{"X", "a\r\nY: b"}};
    EXPECT_FALSE(client.send(request));
    EXPECT_EQ(server.handled, 0);
}

TEST_F(ClientTest, cancelled__ends_a_long_poll) {
    std::atomic<bool> cancelled = false;
    ClientRequest request = to("/poll?after=0&wait_ms=20000");
    request.cancelled = &cancelled;
    std::thread canceller([&] {
        std::this_thread::sleep_for(100ms);
        cancelled = true;
    });
    const auto begun = steady_clock::now();
    EXPECT_FALSE(client.send(request));
    EXPECT_LT(steady_clock::now() - begun, 5s);
    canceller.join();
}

}  // namespace
}  // namespace preau::net
