#include "shared/host/peers.hpp"

#include <gtest/gtest.h>

#include "process.hpp"
#include "shared/net/server.hpp"

namespace preau::host {
namespace {

using namespace std::chrono_literals;

class PeersTest : public testing::Test {
protected:
    PeersTest() {
        const auto mirror = [](const net::Request& request) {
            nlohmann::json headers;
            for (const auto& [name, value] : request.headers.list())
                headers[name] = value;
            return net::Response::json(
                {{"target", request.target}, {"body", request.body}, {"headers", headers}});
        };
        router.add(net::Method::get, "/v1/mirror", "mirror", mirror);
        router.add(net::Method::post, "/v1/mirror", "mirror", mirror);
        router.add(net::Method::get, "/v1/conflict", "conflict",
                   [](const net::Request&) { return net::Response::problem({"overlap", "", {}}); });
        router.add(net::Method::get, "/v1/broken", "broken", [](const net::Request&) {
            return net::Response::problem({"internal", "", {}});
        });
        net::ServerOptions options;
        options.access_log = false;
        server = std::make_unique<net::Server>(options, router, pool, metrics);
        EXPECT_TRUE(server->start());
        peers = std::make_unique<Peers>(
            std::map<std::string, Peer>{
                {"inventory", {"http://127.0.0.1:" + std::to_string(server->port()), ""}},
                {"gone", {"http://127.0.0.1:" + std::to_string(free_port()), ""}}},
            &signer, &clock);
    }

    base::MachineClock clock;
    security::KeyPair keys = security::new_key_pair();
    security::Signer signer{"booking", keys.secret_key};
    net::Router router;
    exec::WorkerPool pool{{.threads = 2}};
    observe::Registry metrics;
    std::unique_ptr<net::Server> server;
    std::unique_ptr<Peers> peers;
};

TEST_F(PeersTest, call__is_signed_as_this_service_for_that_one_alone) {
    const auto answer =
        peers->call("inventory", net::Method::get, "/v1/mirror?a=b", nullptr, nullptr);
    ASSERT_TRUE(answer);
    const auto json = answer->json().value();
    EXPECT_EQ(json["target"], "/v1/mirror?a=b");
    const auto bearer = json["headers"]["authorization"].get<std::string>();
    ASSERT_TRUE(bearer.starts_with("Bearer "));
    const std::string token = bearer.substr(7);
    const std::map<std::string, std::string> issuers{{"booking", keys.public_key}};
    const auto identity = security::Verifier("inventory", issuers).verify(token, clock.now());
    ASSERT_TRUE(identity);
    EXPECT_TRUE(identity->is_service("booking"));
    EXPECT_FALSE(security::Verifier("accounts", issuers).verify(token, clock.now()));
}

TEST_F(PeersTest, call__carries_body_key_and_the_causes_trace_and_deadline) {
    net::Request cause;
    cause.trace = observe::new_trace();
    cause.request_id = "req-1";
    cause.deadline = std::chrono::steady_clock::now() + 3s;
    const nlohmann::json body{{"a", 1}};
    const auto answer = peers->call("inventory", net::Method::post, "/v1/mirror", &body, &cause,
                                    "person-token", "key-12345678");
    ASSERT_TRUE(answer);
    const auto json = answer->json().value();
    EXPECT_EQ(json["body"], "{\"a\":1}");
    EXPECT_EQ(json["headers"]["authorization"], "Bearer person-token");
    EXPECT_EQ(json["headers"]["idempotency-key"], "key-12345678");
    EXPECT_EQ(json["headers"]["traceparent"], cause.trace.traceparent());
    EXPECT_EQ(json["headers"]["x-request-id"], "req-1");
    EXPECT_LE(std::stoi(json["headers"]["x-deadline-ms"].get<std::string>()), 3'000);
}

TEST_F(PeersTest, call__tells_an_answer_from_a_failure) {
    EXPECT_EQ(peers->call("inventory", net::Method::get, "/v1/conflict", nullptr, nullptr)->status,
              409);
    for (const char* service : {"gone", "unknown"}) {
        const auto answer = peers->call(service, net::Method::get, "/v1/mirror", nullptr, nullptr);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, "upstream_unavailable");
    }
    const auto broken = peers->call("inventory", net::Method::get, "/v1/broken", nullptr, nullptr);
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, "upstream_unavailable");
}

}  // namespace
}  // namespace preau::host
