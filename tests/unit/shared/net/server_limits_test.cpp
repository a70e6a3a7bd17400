// The server over a real socket: what a hostile or unlucky client sees.

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raw_client.hpp"
#include "shared/net/server.hpp"

namespace preau::net {
namespace {

using namespace std::chrono_literals;

TestServerOptions impatient() {
    TestServerOptions options;
    options.server.head_time_max = 80ms;
    options.server.body_time_max = 200ms;
    options.server.body_grace_time = 80ms;
    options.server.idle_time_max = 80ms;
    options.server.write_time_max = 100ms;
    options.server.linger_time_max = 80ms;
    return options;
}

const std::string kChunkedHead =
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(ServerLimits, head__that_is_refused_closes_the_connection) {
    const TestServer server;
    const std::vector<std::pair<std::string, int>> cases{
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"GET /../etc HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /" + std::string(2'100, 'a'), 414},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9'000, 'a'), 431},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
         "3\r\n\r\n",
         400},
        {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), 400},
    };
    for (const auto& [bytes, status] : cases) {
        RawClient client = server.connect();
        client.send(bytes);
        const Answer answer = client.answer();
        EXPECT_EQ(answer.status, status) << bytes.substr(0, 60);
        EXPECT_TRUE(answer.closes());
        EXPECT_EQ(answer.fields.at("content-type"), "application/problem+json");
        EXPECT_TRUE(client.ended()) << bytes.substr(0, 60);
    }
    EXPECT_EQ(server.handled, 0);
}

TEST(ServerLimits, own_answer_headers__are_on_refusals_and_overload_and_on_no_handlers_answer) {
    TestServerOptions options;
    options.threads = 1;
    options.queue_length_max = 1;
    options.server.own_answer_headers = {{"X-Mark", "own"}};
    TestServer server(options);
    const auto carries = [](const Answer& answer) { return answer.fields.contains("x-mark"); };
    const Answer head = server.once("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9'000, 'a'));
    EXPECT_EQ(head.status, 431);
    EXPECT_TRUE(carries(head));
    const Answer body =
        server.once("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n");
    EXPECT_EQ(body.status, 413);
    EXPECT_TRUE(carries(body));
    const Answer thrown = server.once(get("/throws"));
    EXPECT_EQ(thrown.status, 500);
    EXPECT_TRUE(carries(thrown));
    EXPECT_FALSE(carries(server.once(get("/quick"))));
    RawClient busy = server.connect();
    busy.send(get("/gate"));
    server.wait_for_gate(1);
    RawClient queued = server.connect();
    queued.send(get("/slow/x"));
    while (server.pool->queued() < 1)
        std::this_thread::sleep_for(1ms);
    const Answer shed = server.once(get("/slow/x"));
    server.gate.open();
    EXPECT_EQ(shed.status, 503);
    EXPECT_TRUE(carries(shed));
}

// The attack that the strictness is for: what follows a refused head must never be a request.
TEST(ServerLimits, smuggled_request__behind_a_refused_one_is_never_handled) {
    const TestServer server;
    const std::string inner = get("/quick");
    for (const std::string& outer :
         {std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"),
          std::string(
              "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n"),
          std::string(
              "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n"),
          std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 9\r\n\r\n"),
          kChunkedHead + "zz\r\n", kChunkedHead + "0\n\n", kChunkedHead + "-1\r\n",
          kChunkedHead + "5\nhello\n0\n\n", kChunkedHead + "ffffffffffffffffff\r\n"}) {
        RawClient client = server.connect();
        client.send(outer + inner);
        const Answer answer = client.answer();
        EXPECT_GE(answer.status, 400) << outer;
        EXPECT_TRUE(answer.closes()) << outer;
        EXPECT_EQ(client.answer().status, 0) << outer;
    }
    EXPECT_EQ(server.handled, 0);
}

TEST(ServerLimits, body__larger_than_the_route_takes_is_413_before_it_is_read) {
    const TestServer server;
    RawClient client = server.connect();
    client.send(post("/small", "0123456789"));
    EXPECT_EQ(client.answer().status, 200);
    client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.code(), "payload_too_large");
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(server.once("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n").status,
              413);
    EXPECT_EQ(server.once("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n").status,
              413);
}

TEST(ServerLimits, answer__to_a_body_that_is_not_read_arrives_while_the_client_still_sends) {
    const TestServer server;
    RawClient client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" +
                std::string(500'000, 'x'));
    EXPECT_EQ(client.answer().status, 413);
}

TEST(ServerLimits, chunked_body__that_grows_too_large_is_413) {
    const TestServer server;
    std::string bytes = "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 11; ++i)
        bytes += "1\r\nx\r\n";
    EXPECT_EQ(server.once(bytes).status, 413);
}

TEST(ServerLimits, chunk_extension__is_bounded) {
    const TestServer server;
    const auto with_extension = [&](std::size_t bytes) {
        return server.once(kChunkedHead + "1;a=" + std::string(bytes, 'x') + "\r\nx\r\n0\r\n\r\n")
            .status;
    };
    EXPECT_EQ(with_extension(200), 200);
    EXPECT_EQ(with_extension(257), 400);
    EXPECT_EQ(server.once(kChunkedHead + "1;a=" + std::string(5'000, 'x')).status, 400);
}

TEST(ServerLimits, slow_head__is_408_and_silence_is_closed_without_a_word) {
    const TestServer server(impatient());
    RawClient slow = server.connect();
    slow.send("GET / HTTP/1.1\r\nHos");
    RawClient silent = server.connect();
    const Answer answer = slow.answer();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.code(), "request_timeout");
    EXPECT_TRUE(slow.ended());
    EXPECT_TRUE(silent.ended());
}

TEST(ServerLimits, head__that_trickles_does_not_buy_time_with_each_byte) {
    const TestServer server(impatient());
    RawClient client = server.connect();
    client.send("GET / HTTP/1.1\r\n");
    const auto begun = std::chrono::steady_clock::now();
    bool open = true;
    while (open && std::chrono::steady_clock::now() - begun < 5s) {
        open = client.send("X: y\r\n") && !client.ended(10ms);
        if (open && client.answer().status != 0) open = false;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
}

TEST(ServerLimits, idle_connection__is_closed_but_an_active_one_is_not) {
    const TestServer server(impatient());
    RawClient client = server.connect();
    for (int i = 0; i < 6; ++i) {
        std::this_thread::sleep_for(30ms);
        client.send(get("/quick"));
        EXPECT_EQ(client.answer().status, 200);
    }
    EXPECT_TRUE(client.ended());
}

TEST(ServerLimits, slow_body__is_408_whether_sized_or_chunked) {
    const TestServer server(impatient());
    RawClient sized = server.connect();
    sized.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
    RawClient chunked = server.connect();
    chunked.send(kChunkedHead + "5\r\nab");
    EXPECT_EQ(sized.answer().status, 408);
    EXPECT_EQ(chunked.answer().status, 408);
    EXPECT_TRUE(sized.ended());
}

TEST(ServerLimits, body__that_keeps_the_minimum_rate_may_take_its_time_up_to_the_total) {
    TestServerOptions options = impatient();
    options.server.body_time_max = 5s;
    options.server.body_bytes_per_second_min = 1'000;
    const TestServer server(options);
    RawClient client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\n");
    for (int i = 0; i < 4; ++i) {
        client.send(std::string(100, 'x'));
        std::this_thread::sleep_for(50ms);  // 2,000 bytes a second, longer than the grace in total
    }
    EXPECT_EQ(client.answer().status, 200);
}

TEST(ServerLimits, client__that_does_not_read_is_cut_off) {
    TestServerOptions options = impatient();
    options.routes = [](Router& router) {
        router.add(Method::get, "/large", "large", [](const Request&) {
            Response response;
            response.body.assign(std::size_t{32} << 20, 'x');
            return response;
        });
    };
    const TestServer server(options);
    RawClient client = server.connect();
    client.send(get("/large"));
    const auto until = std::chrono::steady_clock::now() + 10s;
    std::this_thread::sleep_for(50ms);
    while (server.server->connections() > 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(5ms);
    EXPECT_EQ(server.server->connections(), 0U);
}

TEST(ServerLimits, large_answer__arrives_whole) {
    TestServerOptions options;
    std::string large;
    while (large.size() < 5'000'000)
        large += std::to_string(large.size()) + " ";
    options.routes = [&large](Router& router) {
        router.add(Method::get, "/large", "large", [&large](const Request&) {
            Response response;
            response.body = large;
            return response;
        });
    };
    const TestServer server(options);
    EXPECT_EQ(server.once(get("/large")).body, large);
}

TEST(ServerLimits, queue__that_is_full_sheds_with_503_but_not_the_urgent) {
    TestServerOptions options;
    options.threads = 1;
    options.queue_length_max = 1;
    TestServer server(options);
    RawClient busy = server.connect();
    busy.send(get("/gate"));
    server.wait_for_gate(1);
    RawClient queued = server.connect();
    queued.send(get("/slow/x"));
    while (server.pool->queued() < 1)
        std::this_thread::sleep_for(1ms);
    RawClient shed = server.connect();
    shed.send(get("/slow/x"));
    const Answer answer = shed.answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.code(), "overloaded");
    EXPECT_TRUE(answer.fields.contains("retry-after"));
    EXPECT_FALSE(answer.closes());
    shed.send(get("/quick"));
    EXPECT_EQ(shed.answer().status, 200);
    shed.send(get("/urgent"));
    while (server.pool->queued() < 2)
        std::this_thread::sleep_for(1ms);
    server.gate.open();
    EXPECT_EQ(shed.answer().status, 200);
    EXPECT_EQ(busy.answer().status, 200);
    EXPECT_EQ(queued.answer().status, 200);
}

TEST(ServerLimits, request__whose_deadline_passed_in_the_queue_is_not_handled) {
    TestServerOptions options;
    options.threads = 1;
    TestServer server(options);
    RawClient busy = server.connect();
    busy.send(get("/gate"));
    server.wait_for_gate(1);
    RawClient late = server.connect();
    late.send(get("/slow/x", "X-Deadline-Ms: 20\r\n"));
    std::this_thread::sleep_for(60ms);
    server.gate.open();
    EXPECT_EQ(late.answer().status, 503);
    EXPECT_EQ(server.handled, 0);
    late.send(get("/slow/x", "X-Deadline-Ms: nonsense\r\n"));
    EXPECT_EQ(late.answer().status, 200);
}

TEST(ServerLimits, connections__beyond_the_bound_are_served_on_urgent_routes_only) {
    TestServerOptions options;
    options.server.connections_max = 2;
    options.server.connections_reserved = 2;
    const TestServer server(options);
    std::vector<RawClient> held;
    for (int i = 0; i < 2; ++i) {
        held.push_back(server.connect());
        held.back().send(get("/quick"));
        EXPECT_EQ(held.back().answer().status, 200);
    }
    RawClient third = server.connect();
    third.send(get("/quick"));
    const Answer refused = third.answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.closes());
    RawClient fourth = server.connect();
    fourth.send(get("/urgent"));
    const Answer urgent = fourth.answer();
    EXPECT_EQ(urgent.status, 200);
    EXPECT_TRUE(urgent.closes());
    held[0].send(get("/quick"));
    EXPECT_EQ(held[0].answer().status, 200);
}

TEST(ServerLimits, connections__beyond_the_reserve_are_closed_at_once) {
    TestServerOptions options;
    options.server.connections_max = 1;
    options.server.connections_reserved = 1;
    const TestServer server(options);
    const RawClient first = server.connect();
    const RawClient second = server.connect();
    while (server.server->connections() < 2)
        std::this_thread::sleep_for(1ms);
    RawClient third = server.connect();
    EXPECT_TRUE(third.ended());
}

TEST(ServerLimits, host__that_is_not_ours_is_refused) {
    TestServerOptions options;
    options.server.hosts_allowed = {"localhost"};
    const TestServer server(options);
    EXPECT_EQ(server.once(get("/quick")).status, 200);
    EXPECT_EQ(server.once("GET /quick HTTP/1.1\r\nHost: evil.example\r\n\r\n").code(), "bad_host");
}

}  // namespace
}  // namespace preau::net
