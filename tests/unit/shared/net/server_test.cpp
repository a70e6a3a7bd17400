// The server over a real socket: what a well-behaved client sees.

#include "shared/net/server.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raw_client.hpp"

namespace preau::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

nlohmann::json json_of(const Answer& answer) {
    return nlohmann::json::parse(answer.body, nullptr, false);
}

TEST(Server, request__is_answered_on_io_threads_and_on_workers) {
    const TestServer server;
    const Answer quick = server.once(get("/quick"));
    EXPECT_EQ(quick.status, 200);
    EXPECT_EQ(json_of(quick)["word"], "quick");
    EXPECT_EQ(quick.fields.at("content-type"), "application/json");
    const Answer slow = server.once(get("/slow/coll%C3%A8ge?q=a+b"));
    EXPECT_EQ(slow.status, 200);
    EXPECT_EQ(json_of(slow)["word"], "collège");
    EXPECT_EQ(json_of(slow)["q"], "a b");
}

TEST(Server, connection__is_kept_for_the_next_request) {
    const TestServer server;
    RawClient client = server.connect();
    for (int i = 0; i < 5; ++i) {
        client.send(get(i % 2 == 0 ? "/quick" : "/slow/x"));
        const Answer answer = client.answer();
        EXPECT_EQ(answer.status, 200);
        EXPECT_FALSE(answer.closes());
    }
    client.send(get("/quick", "Connection: close\r\n"));
    EXPECT_TRUE(client.answer().closes());
    EXPECT_TRUE(client.ended());
}

TEST(Server, connection__of_http_1_0_closes_unless_asked_to_stay) {
    const TestServer server;
    RawClient client = server.connect();
    client.send("GET /quick HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.answer().fields.at("connection"), "keep-alive");
    client.send("GET /quick HTTP/1.0\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.answer().closes());
    EXPECT_TRUE(client.ended());
}

TEST(Server, connection__ends_after_its_number_of_requests) {
    TestServerOptions options;
    options.server.requests_per_connection_max = 2;
    const TestServer server(options);
    RawClient client = server.connect();
    client.send(get("/quick") + get("/quick"));
    EXPECT_FALSE(client.answer().closes());
    EXPECT_TRUE(client.answer().closes());
    EXPECT_TRUE(client.ended());
}

TEST(Server, pipelined_requests__are_answered_in_order) {
    const TestServer server;
    RawClient client = server.connect();
    std::string bytes;
    for (int i = 0; i < 50; ++i) {
        bytes += i % 3 == 0 ? post("/echo", std::to_string(i)) : get("/slow/" + std::to_string(i));
    }
    client.send(bytes);
    for (int i = 0; i < 50; ++i) {
        const Answer answer = client.answer();
        ASSERT_EQ(answer.status, 200);
        EXPECT_EQ(i % 3 == 0 ? answer.body : json_of(answer)["word"].get<std::string>(),
                  std::to_string(i));
    }
}

TEST(Server, request__may_come_byte_by_byte) {
    const TestServer server;
    RawClient client = server.connect();
    for (const char c : "\r\n" + post("/echo", "hello"))
        client.send(std::string_view(&c, 1));
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello");
}

TEST(Server, body__in_chunks_is_put_together) {
    const TestServer server;
    RawClient client = server.connect();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string body = "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n";
    client.send(head + body + get("/quick"));
    EXPECT_EQ(client.answer().body, "hello world");
    EXPECT_EQ(client.answer().status, 200);
    client.send(head);
    for (const char c : body)
        client.send(std::string_view(&c, 1));
    EXPECT_EQ(client.answer().body, "hello world");
    client.send(head + "0\r\n\r\n");
    EXPECT_EQ(client.answer().body, "");
}

TEST(Server, body__of_60_kB_arrives_whole_both_ways) {
    const TestServer server;
    std::string body;
    while (body.size() < 60'000)
        body += std::to_string(body.size()) + ",";
    EXPECT_EQ(server.once(post("/echo", body)).body, body);
    std::string chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 1'000) {
        const std::string part = body.substr(at, 1'000);
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", part.size());
        chunked += size + part + "\r\n";
    }
    EXPECT_EQ(server.once(chunked + "0\r\n\r\n").body, body);
}

TEST(Server, expect_100_continue__is_answered_before_the_body) {
    const TestServer server;
    RawClient client = server.connect();
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.answer().status, 100);
    client.send("ok");
    EXPECT_EQ(client.answer().body, "ok");
    // A body that would be refused is not asked for.
    client.send(
        "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.answer().status, 413);
    EXPECT_TRUE(client.ended());
}

TEST(Server, head__has_the_length_of_get_and_no_body) {
    const TestServer server;
    RawClient client = server.connect();
    client.send("HEAD /quick HTTP/1.1\r\nHost: a\r\n\r\n" + get("/quick"));
    const Answer head = client.answer(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_NE(head.fields.at("content-length"), "0");
    EXPECT_EQ(client.answer().status, 200);
}

TEST(Server, path__that_is_unknown_is_404_and_method_405_with_allow) {
    const TestServer server;
    RawClient client = server.connect();
    client.send(get("/nothing"));
    Answer answer = client.answer();
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.code(), "not_found");
    EXPECT_EQ(answer.fields.at("content-type"), "application/problem+json");
    client.send(post("/quick", "body is read, the connection stays"));
    answer = client.answer();
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.code(), "method_not_allowed");
    EXPECT_EQ(answer.fields.at("allow"), "GET, HEAD");
    client.send("OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    answer = client.answer();
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.fields.at("allow"), "POST");
    EXPECT_EQ(server.handled, 0);
}

TEST(Server, fallback__answers_paths_without_a_route) {
    TestServerOptions options;
    options.routes = [](Router& router) {
        router.set_fallback([](const Request& request) {
            return Response::html("nothing at " + request.path, 404);
        });
    };
    const TestServer server(options);
    EXPECT_EQ(server.once(get("/nowhere")).body, "nothing at /nowhere");
    EXPECT_EQ(server.once(post("/quick", "x")).status, 405);
}

TEST(Server, exception__of_a_handler_is_a_500_problem_and_the_connection_stays) {
    const TestServer server;
    RawClient client = server.connect();
    for (const char* path : {"/throws", "/throws-odd"}) {
        client.send(get(path));
        const Answer answer = client.answer();
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.code(), "internal");
        EXPECT_EQ(answer.body.find("a handler failed"), std::string::npos);
    }
    client.send(get("/quick"));
    EXPECT_EQ(client.answer().status, 200);
}

TEST(Server, request_id__is_kept_when_sane_and_made_when_not) {
    const TestServer server;
    RawClient client = server.connect();
    client.send(get("/quick", "X-Request-Id: abc-123_4.5\r\n"));
    Answer answer = client.answer();
    EXPECT_EQ(answer.fields.at("x-request-id"), "abc-123_4.5");
    EXPECT_EQ(json_of(answer)["request_id"], "abc-123_4.5");
    for (const std::string& odd : {std::string("a b"), std::string(65, 'a'), std::string("<x>")}) {
        client.send(get("/quick", "X-Request-Id: " + odd + "\r\n"));
        answer = client.answer();
        EXPECT_NE(answer.fields.at("x-request-id"), odd);
        EXPECT_EQ(answer.fields.at("x-request-id").size(), 16U);
    }
}

TEST(Server, trace__is_continued) {
    const TestServer server;
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const Answer answer =
        server.once(get("/slow/x", "traceparent: 00-" + trace + "-b7ad6b7169203331-01\r\n"));
    EXPECT_EQ(json_of(answer)["trace_id"], trace);
}

TEST(Server, metrics__count_by_operation_and_class) {
    TestServer server;
    server.once(get("/quick"));
    server.once(get("/quick"));
    server.once(get("/throws"));
    server.once(get("/nothing"));
    server.once("rubbish\r\n\r\n");
    const std::string text = server.metrics.expose();
    EXPECT_THAT(text,
                HasSubstr("preau_http_requests_total{operation=\"quick\",status=\"2xx\"} 2\n"));
    EXPECT_THAT(text,
                HasSubstr("preau_http_requests_total{operation=\"throws\",status=\"5xx\"} 1\n"));
    EXPECT_THAT(text,
                HasSubstr("preau_http_requests_total{operation=\"none\",status=\"4xx\"} 2\n"));
    EXPECT_THAT(text,
                HasSubstr("preau_http_request_duration_seconds_count{operation=\"quick\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("\npreau_http_requests_in_flight "));
    EXPECT_THAT(text, HasSubstr("\npreau_worker_queue_length 0\n"));
}

TEST(Server, start__refuses_a_port_in_use_though_it_could_be_shared) {
    const TestServer first;
    TestServerOptions options;
    options.server.port = first.server->port();
    EXPECT_THROW(TestServer{options}, std::runtime_error);
    options.server.port = 0;
    options.server.address = "not-an-address";
    EXPECT_THROW(TestServer{options}, std::runtime_error);
}

TEST(Server, client__that_leaves_while_its_handler_works_harms_nobody) {
    TestServer server;
    {
        RawClient client = server.connect();
        client.send(get("/gate"));
        server.wait_for_gate(1);
        client.reset();
    }
    server.gate.open();
    EXPECT_EQ(server.once(get("/slow/x")).status, 200);
}

TEST(Server, handler__closures_are_destroyed_exactly_once) {
    std::weak_ptr<int> token;
    {
        TestServer server;
        token = server.closure_token;
        const auto before = token.use_count();
        for (int i = 0; i < 20; ++i)
            server.once(get(i % 2 == 0 ? "/quick" : "/slow/x"));
        EXPECT_EQ(token.use_count(), before);
    }
    EXPECT_TRUE(token.expired());
}

TEST(Server, many_clients__are_each_given_their_own_answers) {
    TestServerOptions options;
    options.queue_length_max = 1'000;
    const TestServer server(options);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> clients;
    for (int c = 0; c < 8; ++c) {
        clients.emplace_back([&, c] {
            RawClient client = server.connect();
            for (int i = 0; i < 100; ++i) {
                const std::string word = std::to_string(c * 1'000 + i);
                client.send(get("/slow/" + word));
                const Answer answer = client.answer();
                if (answer.status != 200 || json_of(answer)["word"] != word) ++wrong;
            }
        });
    }
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(server.handled, 800);
}

}  // namespace
}  // namespace preau::net
