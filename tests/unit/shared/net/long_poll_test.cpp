#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "raw_client.hpp"
#include "shared/net/server.hpp"

namespace preau::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

nlohmann::json value_of(const Answer& answer) {
    return nlohmann::json::parse(answer.body, nullptr, false).value("value", -1);
}

TEST(LongPoll, value__already_passed_is_answered_at_once) {
    TestServer server;
    server.signal->raise(3);
    EXPECT_EQ(value_of(server.once(get("/poll?after=2&wait_ms=20000"))), 3);
}

TEST(LongPoll, wait__without_patience_is_answered_at_once) {
    const TestServer server;
    EXPECT_EQ(value_of(server.once(get("/poll?after=0"))), 0);
}

TEST(LongPoll, raise__wakes_at_once_and_no_worker_is_held_meanwhile) {
    TestServerOptions options;
    options.threads = 1;
    options.queue_length_max = 100;
    TestServer server(options);
    std::vector<RawClient> waiting;
    for (int i = 0; i < 20; ++i) {
        waiting.push_back(server.connect());
        waiting.back().send(get("/poll?after=0&wait_ms=20000"));
    }
    EXPECT_EQ(server.once(get("/slow/x")).status, 200);  // the only worker is free
    const auto begun = steady_clock::now();
    server.signal->raise(9);
    for (auto& client : waiting)
        EXPECT_EQ(value_of(client.answer()), 9);
    EXPECT_LT(steady_clock::now() - begun, 5s);
}

TEST(LongPoll, wait__ends_when_its_time_is_over_and_the_connection_goes_on) {
    TestServer server;
    RawClient client = server.connect();
    const auto begun = steady_clock::now();
    client.send(get("/poll?after=0&wait_ms=60"));
    EXPECT_EQ(value_of(client.answer()), 0);
    EXPECT_GE(steady_clock::now() - begun, 60ms);
    server.signal->raise(1);  // reaches nobody any more
    client.send(get("/poll?after=1&wait_ms=30"));
    EXPECT_EQ(value_of(client.answer()), 1);
}

TEST(LongPoll, wait__is_cut_to_what_the_server_allows) {
    TestServerOptions options;
    options.server.long_poll_time_max = 50ms;
    const TestServer server(options);
    const auto begun = steady_clock::now();
    EXPECT_EQ(server.once(get("/poll?after=0&wait_ms=4000000000")).status, 200);
    EXPECT_LT(steady_clock::now() - begun, 5s);
}

TEST(LongPoll, deadline__does_not_run_while_waiting) {
    const TestServer server;
    EXPECT_EQ(server.once(get("/poll?after=0&wait_ms=80", "X-Deadline-Ms: 40\r\n")).status, 200);
}

TEST(LongPoll, raise__racing_with_arrival_and_time_out_loses_nobody) {
    TestServerOptions options;
    options.queue_length_max = 1'000;
    TestServer server(options);
    std::atomic<bool> stop = false;
    std::thread raiser([&] {
        for (std::uint64_t value = 1; !stop; ++value) {
            server.signal->raise(value);
            std::this_thread::sleep_for(200us);
        }
    });
    std::vector<std::thread> clients;
    std::atomic<int> failed = 0;
    for (int c = 0; c < 4; ++c) {
        clients.emplace_back([&] {
            RawClient client = server.connect();
            std::uint64_t seen = 0;
            for (int i = 0; i < 200; ++i) {
                client.send(get("/poll?wait_ms=" + std::to_string(i % 3) +
                                "&after=" + std::to_string(seen)));
                const Answer answer = client.answer();
                if (answer.status != 200) {
                    ++failed;
                    return;
                }
                seen = value_of(answer).get<std::uint64_t>();
            }
        });
    }
    for (auto& client : clients)
        client.join();
    stop = true;
    raiser.join();
    EXPECT_EQ(failed, 0);
}

TEST(LongPoll, server__may_end_while_polls_wait_and_the_signal_outlives_it) {
    std::shared_ptr<Signal> signal;
    {
        TestServer server;
        signal = server.signal;
        RawClient client = server.connect();
        client.send(get("/poll?after=0&wait_ms=20000"));
        std::this_thread::sleep_for(20ms);
    }
    signal->raise(1);
}

}  // namespace
}  // namespace preau::net
