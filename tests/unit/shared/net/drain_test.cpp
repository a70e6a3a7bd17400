#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "raw_client.hpp"
#include "shared/net/server.hpp"

namespace preau::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Drain, idle_server__ends_at_once_and_takes_no_more) {
    TestServer server;
    EXPECT_EQ(server.once(get("/quick")).status, 200);
    EXPECT_TRUE(server.server->drain(5s));
    EXPECT_EQ(server.once(get("/quick")).status, 0);
    EXPECT_TRUE(server.server->drain(5s));
}

TEST(Drain, request_under_way__is_answered_and_its_connection_closed) {
    TestServer server;
    RawClient client = server.connect();
    client.send(get("/gate"));
    server.wait_for_gate(1);
    std::thread opener([&] {
        std::this_thread::sleep_for(50ms);
        server.gate.open();
    });
    EXPECT_TRUE(server.server->drain(10s));
    opener.join();
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.closes());
}

TEST(Drain, request__that_was_on_its_way_on_a_kept_connection_is_answered) {
    TestServer server;
    RawClient client = server.connect();
    client.send(get("/quick"));
    EXPECT_EQ(client.answer().status, 200);
    std::thread late([&] {
        std::this_thread::sleep_for(100ms);
        client.send(get("/slow/late"));
    });
    EXPECT_TRUE(server.server->drain(10s));
    late.join();
    EXPECT_EQ(client.answer().status, 200);
    EXPECT_TRUE(client.ended());
}

TEST(Drain, long_poll__is_answered_early) {
    TestServer server;
    RawClient client = server.connect();
    client.send(get("/poll?after=0&wait_ms=20000"));
    std::this_thread::sleep_for(50ms);
    const auto begun = steady_clock::now();
    EXPECT_TRUE(server.server->drain(10s));
    EXPECT_LT(steady_clock::now() - begun, 5s);
    EXPECT_EQ(client.answer().status, 200);
}

TEST(Drain, budget__that_is_overrun_is_told) {
    TestServer server;
    RawClient client = server.connect();
    client.send(get("/gate"));
    server.wait_for_gate(1);
    EXPECT_FALSE(server.server->drain(50ms));
    server.gate.open();
}

// Clients that keep asking on kept connections, while the server ends: every request that the
// server took up has its answer, and a client whose connection ends has been told so or finds it
// closed before the server took up anything.
TEST(Drain, under_load__loses_no_accepted_request) {
    TestServerOptions options;
    options.queue_length_max = 1'000;
    TestServer server(options);
    std::atomic<int> answered = 0;
    std::atomic<int> broken = 0;
    std::vector<std::thread> clients;
    for (int c = 0; c < 16; ++c) {
        clients.emplace_back([&, c] {
            while (true) {
                RawClient client = server.connect();
                while (true) {
                    if (!client.send(get(c % 2 == 0 ? "/slow/x" : "/quick"))) return;
                    const Answer answer = client.answer();
                    if (answer.status == 0) return;  // never taken up: see the count below
                    if (answer.status != 200) ++broken;
                    ++answered;
                    if (answer.closes()) break;
                }
            }
        });
    }
    while (answered < 200)
        std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(server.server->drain(10s));
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(broken, 0);
    EXPECT_EQ(server.handled, answered);
}

}  // namespace
}  // namespace preau::net
