#include "shared/observe/metrics.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <limits>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace preau::observe {
namespace {

using testing::HasSubstr;

TEST(Metrics, counter__same_name_and_labels_is_the_same_instrument) {
    Registry registry;
    Counter& one = registry.counter("preau_things_total", "Things", {{"kind", "a"}});
    one.add();
    registry.counter("preau_things_total", "Things", {{"kind", "a"}}).add(2);
    registry.counter("preau_things_total", "Things", {{"kind", "b"}}).add(5);
    EXPECT_EQ(one.value(), 3U);
    EXPECT_EQ(registry.expose(),
              "# HELP preau_things_total Things\n# TYPE preau_things_total counter\n"
              "preau_things_total{kind=\"a\"} 3\npreau_things_total{kind=\"b\"} 5\n");
}

TEST(Metrics, name__of_two_kinds_is_a_programmers_error) {
    Registry registry;
    registry.counter("preau_x", "X");
    EXPECT_THROW(registry.gauge("preau_x", "X", [] { return 1.0; }), std::logic_error);
}

TEST(Metrics, histogram__buckets_are_cumulative_and_a_bound_belongs_to_its_bucket) {
    Registry registry;
    Histogram& h = registry.histogram("preau_t_seconds", "T", {0.5, 0.25}, {{"op", "x"}});
    for (const double value : {0.25, 0.3, 0.5, 7.0})
        h.observe(value);
    EXPECT_EQ(registry.expose(),
              "# HELP preau_t_seconds T\n# TYPE preau_t_seconds histogram\n"
              "preau_t_seconds_bucket{op=\"x\",le=\"0.25\"} 1\n"
              "preau_t_seconds_bucket{op=\"x\",le=\"0.5\"} 3\n"
              "preau_t_seconds_bucket{op=\"x\",le=\"+Inf\"} 4\n"
              "preau_t_seconds_sum{op=\"x\"} 8.05\npreau_t_seconds_count{op=\"x\"} 4\n");
}

TEST(Metrics, gauge__is_asked_at_each_scrape) {
    Registry registry;
    double value = 1.5;
    registry.gauge("preau_g", "G", [&value] { return value; });
    EXPECT_THAT(registry.expose(), HasSubstr("preau_g 1.5\n"));
    value = std::numeric_limits<double>::infinity();
    EXPECT_THAT(registry.expose(), HasSubstr("preau_g +Inf\n"));
    value = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(registry.expose(), HasSubstr("preau_g NaN\n"));
}

// A gauge that asks the database comes back here to count that: it once stopped a whole service.
TEST(Metrics, gauge__that_counts_in_the_same_registry__is_answered) {
    Registry registry;
    registry.gauge("preau_g", "G", [&registry] {
        registry.counter("preau_asked_total", "Asked").add();
        return 1.0;
    });
    auto answer = std::async(std::launch::async, [&registry] { return registry.expose(); });
    if (answer.wait_for(std::chrono::seconds(10)) != std::future_status::ready) {
        std::fputs("expose() never came back\n", stderr);
        std::_Exit(1);  // its thread cannot be joined
    }
    const std::string text = answer.get();
    EXPECT_THAT(text, HasSubstr("preau_g 1\n"));
    EXPECT_THAT(text, HasSubstr("preau_asked_total 1\n"));
}

TEST(Metrics, labels__are_escaped) {
    Registry registry;
    registry.counter("preau_c_total", "line\nand \\ slash", {{"l", "a\"b\\c\nd"}}).add();
    const std::string text = registry.expose();
    EXPECT_THAT(text, HasSubstr("# HELP preau_c_total line\\nand \\\\ slash\n"));
    EXPECT_THAT(text, HasSubstr("preau_c_total{l=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

}  // namespace
}  // namespace preau::observe
