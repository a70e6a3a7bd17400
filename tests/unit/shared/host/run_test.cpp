// The frame as operators see it: a process with exit codes, messages and signals.

#include <csignal>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process.hpp"
#include "shared/net/client.hpp"
#include "shared/security/token.hpp"

namespace preau::host {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class RunTest : public testing::Test {
protected:
    RunTest() {
        environment["PREAU_DATA_DIR"] = scratch.path("data");
        environment["PREAU_LISTEN"] = "127.0.0.1:" + std::to_string(port);
    }

    std::unique_ptr<Process> start(const std::vector<std::string>& arguments) {
        return std::make_unique<Process>(PREAU_PROBE, arguments, environment, scratch);
    }
    std::string keygen() {
        auto process = start({"keygen"});
        EXPECT_EQ(process->wait(), 0) << process->err();
        std::string key = process->out();
        if (!key.empty()) key.pop_back();
        return key;
    }
    std::unique_ptr<Process> serve() {
        keygen();
        auto process = start({"serve"});
        const auto until = std::chrono::steady_clock::now() + 20s;
        while (get("/healthz").status != 200 && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(5ms);
        return process;
    }
    net::ClientResponse get(const std::string& target,
                            std::vector<std::pair<std::string, std::string>> headers = {}) const {
        net::ClientRequest request;
        request.url = "http://127.0.0.1:" + std::to_string(port) + target;
        request.headers = std::move(headers);
        return net::Client().send(request).value_or(net::ClientResponse{});
    }
    void configure(const std::string& toml) {
        scratch.write("config.toml", toml);
        environment["PREAU_CONFIG"] = scratch.path("config.toml");
    }

    Scratch scratch;
    int port = free_port();
    std::map<std::string, std::string> environment;
};

TEST_F(RunTest, serve__answers_health_and_ends_with_0_on_sigterm) {
    const auto process = serve();
    EXPECT_EQ(get("/readyz").status, 200);
    const auto ready = get("/readyz").json().value();
    EXPECT_EQ(ready["conditions"], (nlohmann::json{{"serving", true}, {"database", true}}));
    EXPECT_THAT(get("/metrics").body, HasSubstr("process_resident_memory_bytes"));
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait(), 0) << process->err();
    EXPECT_THAT(process->err(), HasSubstr("\"event\":\"service.stopped\""));
}

TEST_F(RunTest, request_under_way__is_answered_before_the_end) {
    const auto process = serve();
    auto answer = std::async(std::launch::async, [&] { return get("/sleep?ms=400"); });
    std::this_thread::sleep_for(150ms);
    process->signal(SIGINT);
    EXPECT_EQ(answer.get().status, 200);
    EXPECT_EQ(process->wait(), 0);
}

TEST_F(RunTest, second_signal__ends_at_once_with_1) {
    const auto process = serve();
    auto answer = std::async(std::launch::async, [&] { return get("/sleep?ms=3000"); });
    std::this_thread::sleep_for(150ms);
    process->signal(SIGTERM);
    std::this_thread::sleep_for(100ms);
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait(2s), 1);
    EXPECT_THAT(process->err(), HasSubstr("service.stop_forced"));
}

TEST_F(RunTest, drain__that_overruns_ends_with_1) {
    configure("[server]\ndrain_ms_max = 100\n");
    const auto process = serve();
    auto answer = std::async(std::launch::async, [&] { return get("/sleep?ms=3000"); });
    std::this_thread::sleep_for(150ms);
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait(2s), 1);
}

TEST_F(RunTest, readiness__says_no_before_the_door_closes) {
    configure("[server]\ndrain_notice_ms = 500\n");
    const auto process = serve();
    process->signal(SIGTERM);
    std::this_thread::sleep_for(100ms);
    const auto ready = get("/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(ready.json().value()["conditions"]["serving"], false);
    EXPECT_EQ(get("/healthz").status, 200);
    EXPECT_EQ(process->wait(), 0);
}

TEST_F(RunTest, readiness__waits_for_every_condition) {
    configure("[probe]\nnever_ready = true\n");
    const auto process = serve();
    const auto ready = get("/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(ready.json().value()["conditions"]["never"], false);
}

TEST_F(RunTest, metrics__are_not_shown_through_a_proxy) {
    const auto process = serve();
    EXPECT_EQ(get("/metrics", {{"X-Forwarded-For", "203.0.113.9"}}).status, 404);
    EXPECT_EQ(get("/metrics", {{"Forwarded", "for=203.0.113.9"}}).status, 404);
}

TEST_F(RunTest, data_directory__of_a_running_instance_is_refused) {
    const auto first = serve();
    environment["PREAU_LISTEN"] = "127.0.0.1:" + std::to_string(free_port());
    const auto second = start({});
    EXPECT_EQ(second->wait(), 1);
    EXPECT_THAT(second->err(), HasSubstr("already runs on"));
}

TEST_F(RunTest, port__in_use_is_refused) {
    const auto first = serve();
    environment["PREAU_DATA_DIR"] = scratch.path("other");
    keygen();
    const auto second = start({});
    EXPECT_EQ(second->wait(), 1);
    EXPECT_THAT(second->err(), HasSubstr("is in use by another program"));
}

TEST_F(RunTest, key__must_be_there_and_be_the_one_that_the_others_know) {
    const auto without = start({"serve"});
    EXPECT_EQ(without->wait(), 1);
    EXPECT_THAT(without->err(), HasSubstr("run keygen first"));
    const std::string key = keygen();
    EXPECT_EQ(keygen(), key);
    scratch.write("run.json", R"({"services":{"probe":{"url":"http://127.0.0.1:1","public_key":")" +
                                  security::new_key_pair().public_key + "\"}}}");
    environment["PREAU_RUN_FILE"] = scratch.path("run.json");
    const auto stranger = start({"serve"});
    EXPECT_EQ(stranger->wait(), 1);
    EXPECT_THAT(stranger->err(), HasSubstr("is not the one that the others know"));
}

TEST_F(RunTest, identity__is_checked_and_services_know_each_other_by_the_run_file) {
    const std::string key = keygen();
    scratch.write("run.json", R"({"services":{"probe":{"url":"http://127.0.0.1:)" +
                                  std::to_string(port) + R"(","public_key":")" + key + "\"}}}");
    environment["PREAU_RUN_FILE"] = scratch.path("run.json");
    const auto process = serve();
    EXPECT_EQ(get("/who").status, 401);
    EXPECT_EQ(get("/who", {{"Authorization", "Bearer nonsense"}}).status, 401);
    EXPECT_EQ(get("/who", {{"Authorization", "Basic eDp5"}}).status, 401);
    EXPECT_EQ(get("/services").status, 401);
    const auto self = get("/self");
    EXPECT_EQ(self.status, 200);
    EXPECT_EQ(self.json().value()["actor"], "service:probe");
}

TEST_F(RunTest, clock__is_moved_by_its_file_except_in_production) {
    scratch.write("clock", "86400");
    environment["PREAU_CLOCK_FILE"] = scratch.path("clock");
    {
        const auto process = serve();
        const auto now = get("/now").json().value();
        const auto ahead = now["business"].get<long long>() - now["machine"].get<long long>();
        EXPECT_NEAR(static_cast<double>(ahead), 86'400, 2);
        process->signal(SIGTERM);
        EXPECT_EQ(process->wait(), 0);
    }
    configure("[instance]\nproduction = true\n");
    const auto refused = start({});
    EXPECT_EQ(refused->wait(), 1);
    EXPECT_THAT(refused->err(), HasSubstr("PREAU_CLOCK_FILE is refused in production"));
    environment.erase("PREAU_CONFIG");
    environment["STRIPE_SECRET_KEY"] = "sk_live_x";
    const auto real_money = start({});
    EXPECT_EQ(real_money->wait(), 1);
    EXPECT_THAT(real_money->err(), HasSubstr("real Stripe key"));
}

TEST_F(RunTest, command__gets_its_arguments_and_gives_the_exit_code) {
    const auto say = start({"say", "--one", "two"});
    EXPECT_EQ(say->wait(), 7);
    EXPECT_EQ(say->out(), "--one\ntwo\n");
    EXPECT_EQ(start({"migrate"})->wait(), 0);
    EXPECT_EQ(start({"nonsense"})->wait(), 2);
    EXPECT_EQ(start({"--nonsense"})->wait(), 2);
    EXPECT_EQ(start({"--config"})->wait(), 2);
    EXPECT_EQ(start({"--config", scratch.path("none.toml")})->wait(), 1);
    const auto help = start({"--help"});
    EXPECT_EQ(help->wait(), 0);
    EXPECT_THAT(help->out(), HasSubstr("say"));
}

TEST_F(RunTest, renew_feed__gives_a_new_id_each_time) {
    const auto first = start({"renew-feed"});
    EXPECT_EQ(first->wait(), 0);
    const auto second = start({"renew-feed"});
    EXPECT_EQ(second->wait(), 0);
    EXPECT_FALSE(first->out().empty());
    EXPECT_NE(first->out(), second->out());
}

TEST_F(RunTest, listen__address_that_cannot_be_meant_is_refused) {
    keygen();
    for (const char* listen : {"nowhere", "127.0.0.1:", "127.0.0.1:99999", "256.0.0.1:80"}) {
        environment["PREAU_LISTEN"] = listen;
        const auto process = start({});
        EXPECT_EQ(process->wait(), 1) << listen;
    }
}

}  // namespace
}  // namespace preau::host
