#include "shared/observe/log.hpp"

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace preau::observe {
namespace {

class Log : public testing::Test {
protected:
    Log() { configure_log("test", Level::info); }
    template <class Write>
    static std::string written(Write write) {
        testing::internal::CaptureStderr();
        write();
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(Log, line__is_one_json_object_with_time_service_and_fields) {
    const std::string line = written([] {
        log(Level::warn, "thing.done",
            {{"text", "a"}, {"n", 3}, {"big", 4'000'000'000UL}, {"x", 0.5}, {"yes", true}});
    });
    ASSERT_TRUE(line.ends_with("}\n"));
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["level"], "warn");
    EXPECT_EQ(json["service"], "test");
    EXPECT_EQ(json["event"], "thing.done");
    EXPECT_EQ(json["text"], "a");
    EXPECT_EQ(json["n"], 3);
    EXPECT_EQ(json["big"], 4'000'000'000UL);
    EXPECT_EQ(json["x"], 0.5);
    EXPECT_EQ(json["yes"], true);
    EXPECT_FALSE(json.contains("trace_id"));
    EXPECT_EQ(json["time"].get<std::string>().size(), 24U);
}

TEST_F(Log, line__stays_json_whatever_the_text_holds) {
    const std::vector<std::string> texts{"quote \" back \\ slash",
                                         "line\nbreak\ttab\r",
                                         std::string("nul\0x", 5),
                                         "\x7f\x1b[31m",
                                         "caf\xC3\xA9",
                                         "broken \xC3",
                                         "\xFF\xFE",
                                         "overlong \xC0\x80",
                                         "surrogate \xED\xA0\x80",
                                         "\xF0\x9F\x98\x80",
                                         "cut \xF0\x9F\x98"};
    for (const auto& text : texts) {
        const std::string line = written([&] { log(Level::info, "e", {{"t", text}}); });
        EXPECT_TRUE(nlohmann::json::accept(line)) << line;
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    }
    const std::string line = written([] { log(Level::info, "e", {{"t", "caf\xC3\xA9"}}); });
    EXPECT_EQ(nlohmann::json::parse(line)["t"], "caf\xC3\xA9");
}

TEST_F(Log, number__that_json_cannot_write_is_null) {
    const std::string line =
        written([] { log(Level::info, "e", {{"x", std::numeric_limits<double>::quiet_NaN()}}); });
    EXPECT_TRUE(nlohmann::json::parse(line)["x"].is_null());
}

TEST_F(Log, level__below_the_lowest_is_not_written) {
    EXPECT_EQ(written([] { log(Level::debug, "e"); }), "");
    EXPECT_FALSE(enabled(Level::debug));
    EXPECT_TRUE(enabled(Level::error));
}

TEST_F(Log, scope__ties_lines_to_the_request_and_nests_and_ends) {
    const Trace outer = new_trace();
    const Trace inner = new_trace();
    const std::string lines = written([&] {
        const LogScope one(outer, "req-1");
        {
            const LogScope two(inner, "req-2");
            log(Level::info, "inner");
        }
        log(Level::info, "outer");
        std::thread([] { log(Level::info, "elsewhere"); }).join();
    });
    std::vector<nlohmann::json> read;
    for (std::size_t from = 0; from < lines.size();) {
        const auto end = lines.find('\n', from);
        read.push_back(nlohmann::json::parse(lines.substr(from, end - from)));
        from = end + 1;
    }
    ASSERT_EQ(read.size(), 3U);
    EXPECT_EQ(read[0]["trace_id"], inner.trace_id);
    EXPECT_EQ(read[0]["request_id"], "req-2");
    EXPECT_EQ(read[1]["trace_id"], outer.trace_id);
    EXPECT_EQ(read[1]["request_id"], "req-1");
    EXPECT_FALSE(read[2].contains("trace_id"));
}

}  // namespace
}  // namespace preau::observe
