#include <gtest/gtest.h>

#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

constexpr int kRounds = 400;

Recurrence random_series(naive::Random& random) {
    Recurrence out;
    out.kind = RecurrenceKind::weekly;
    out.from = testing::day("2026-09-01") + static_cast<std::int32_t>(random.below(300));
    out.until = out.from + static_cast<std::int32_t>(random.below(260));
    for (std::int64_t day = 0; day < 7; ++day) {
        if (random.chance(30)) out.weekdays.push_back(static_cast<time::Weekday>(day));
    }
    out.interval_weeks = static_cast<int>(1 + random.below(3));
    out.start_minute = static_cast<time::Minute>(15 * random.below(96));
    out.end_minute = out.start_minute + static_cast<time::Minute>(15 * (1 + random.below(40)));
    out.skip_school_holidays = random.chance(50);
    out.skip_public_holidays = random.chance(50);
    if (random.chance(30)) out.except.push_back(out.from + 7);
    return out;
}

struct Naive {
    std::vector<Slot> slots;
    std::vector<time::Date> skipped;
    bool nonexistent = false;
};

/// Walks from the Monday of the first week day by day, counting weeks by hand.
Naive walk(const Recurrence& rule, const Calendar& calendar) {
    Naive out;
    std::int32_t day = rule.from.days;
    while ((day + 3) % 7 != 0)
        --day;
    int week = 0;
    for (; day <= rule.until.days; ++day) {
        const int weekday = (day + 3) % 7;
        if (weekday == 0 && day > rule.from.days) ++week;
        if (day < rule.from.days || week % rule.interval_weeks != 0) continue;
        bool wanted = false;
        for (const auto one : rule.weekdays)
            wanted |= static_cast<int>(one) == weekday;
        if (!wanted) continue;
        bool skip = false;
        for (const auto date : rule.except)
            skip |= date.days == day;
        for (const auto& period : calendar.school->periods) {
            skip |= rule.skip_school_holidays && period.first_free.days <= day &&
                    day <= period.last_free.days;
        }
        for (const auto& holiday : calendar.holidays->days) {
            skip |= rule.skip_public_holidays && holiday.date.days == day;
        }
        if (skip) {
            out.skipped.push_back({day});
            continue;
        }
        out.nonexistent |=
            !naive::shown(day, rule.start_minute) || !naive::shown(day, rule.end_minute);
        out.slots.push_back({{day},
                             rule.start_minute,
                             rule.end_minute,
                             {{naive::reached(day, rule.start_minute) * 60},
                              {naive::reached(day, rule.end_minute) * 60}}});
    }
    return out;
}

TEST(RecurrenceProperty, expand__agrees_with_walking_day_by_day) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    int fine = 0;
    int jumped = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto rule = random_series(random);
        const auto expected = walk(rule, testing::isere());
        const auto found = expand(rule, time::Zone::paris(), testing::isere(), {10'000, 550});
        if (expected.nonexistent) {
            ASSERT_FALSE(found) << rule.from.iso();
            ASSERT_EQ(found.error().code, "nonexistent_local_time");
            ++jumped;
            continue;
        }
        if (expected.slots.empty()) {
            ASSERT_EQ(found.error().code, "no_occurrence");
            continue;
        }
        ASSERT_TRUE(found) << found.error().code << " " << rule.from.iso() << " "
                           << rule.start_minute;
        ++fine;
        ASSERT_EQ(found->slots.size(), expected.slots.size());
        for (std::size_t i = 0; i < expected.slots.size(); ++i) {
            ASSERT_EQ(found->slots[i].local_date, expected.slots[i].local_date);
            ASSERT_EQ(found->slots[i].interval, expected.slots[i].interval)
                << expected.slots[i].local_date.iso();
        }
        ASSERT_EQ(found->skipped.size(), expected.skipped.size());
        for (std::size_t i = 0; i < expected.skipped.size(); ++i) {
            ASSERT_EQ(found->skipped[i].date, expected.skipped[i]);
        }
    }
    // The generator reaches both outcomes, or the test shows nothing.
    EXPECT_GT(fine, kRounds / 2);
    EXPECT_GT(jumped, 0);
}

}  // namespace
}  // namespace preau::rules
