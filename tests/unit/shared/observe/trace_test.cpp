#include "shared/observe/trace.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace preau::observe {
namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kGood = "00-" + kTrace + "-b7ad6b7169203331-01";

TEST(Trace, continue_trace__keeps_the_trace_and_makes_a_span_of_its_own) {
    const auto trace = continue_trace(kGood);
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->trace_id, kTrace);
    EXPECT_NE(trace->span_id, "b7ad6b7169203331");
    EXPECT_TRUE(trace->sampled);
    EXPECT_EQ(trace->traceparent(), "00-" + kTrace + "-" + trace->span_id + "-01");
}

TEST(Trace, continue_trace__reads_the_sampled_bit_alone) {
    EXPECT_FALSE(continue_trace("00-" + kTrace + "-b7ad6b7169203331-00")->sampled);
    EXPECT_FALSE(continue_trace("00-" + kTrace + "-b7ad6b7169203331-fe")->sampled);
    EXPECT_TRUE(continue_trace("00-" + kTrace + "-b7ad6b7169203331-0b")->sampled);
}

TEST(Trace, continue_trace__takes_a_later_version_with_more_behind) {
    EXPECT_TRUE(continue_trace("cc" + kGood.substr(2) + "-what-comes"));
    EXPECT_TRUE(continue_trace("cc" + kGood.substr(2)));
    EXPECT_FALSE(continue_trace("cc" + kGood.substr(2) + "what-comes"));
}

TEST(Trace, continue_trace__refuses_what_is_malformed) {
    for (const std::string& bad :
         {std::string(), std::string("00"), kGood.substr(0, 54), kGood + "-00",
          "ff" + kGood.substr(2), "00-" + std::string(32, '0') + "-b7ad6b7169203331-01",
          "00-" + kTrace + "-0000000000000000-01", "00-" + kTrace + "-B7AD6B7169203331-01",
          "00_" + kGood.substr(3), "0g" + kGood.substr(2)}) {
        EXPECT_FALSE(continue_trace(bad)) << bad;
    }
}

TEST(Trace, new_trace__is_well_formed_and_does_not_repeat) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const Trace trace = new_trace();
        EXPECT_TRUE(continue_trace(trace.traceparent()));
        EXPECT_TRUE(seen.insert(trace.trace_id).second);
        EXPECT_TRUE(seen.insert(trace.span_id).second);
    }
}

}  // namespace
}  // namespace preau::observe
