#include <algorithm>

#include <gtest/gtest.h>

#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

constexpr int kRounds = 500;

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
    if (random.chance(20)) {  // often enough on the Sunday whose clocks jump
        out.weekdays = {time::Weekday::sun};
        out.start_minute = 150;
    }
    out.end_minute = out.start_minute + static_cast<time::Minute>(15 * (1 + random.below(40)));
    out.skip_school_holidays = random.chance(50);
    out.skip_public_holidays = random.chance(50);
    if (random.chance(30)) out.except.push_back(out.from + 7);
    if (random.chance(50)) return out;
    out.kind = RecurrenceKind::monthly;
    out.interval_months = static_cast<int>(1 + random.below(3));
    out.until = std::min(out.from + static_cast<std::int32_t>(random.below(500)),
                         testing::day("2028-06-30"));  // what is published
    if (random.chance(40)) {
        out.weekdays.clear();
    } else {
        out.weekdays = {static_cast<time::Weekday>(random.below(7))};
        out.week_of_month = static_cast<int>(random.below(6));
        if (out.week_of_month == 0) out.week_of_month = last_week_of_month;
    }
    return out;
}

/// Whether a monthly rule names this day: its month is in the rhythm, and it is the same day as the
/// first, or the n-th or last of its weekday, counted over the days of the month one by one.
bool named_monthly(const Recurrence& rule, std::int32_t day) {
    const auto first = naive::civil(rule.from.days);
    const auto here = naive::civil(day);
    const int months = 12 * (here.year - first.year) + here.month - first.month;
    if (months % rule.interval_months != 0) return false;
    if (rule.week_of_month == 0) return here.day == first.day;
    if ((day + 3) % 7 != static_cast<std::int32_t>(rule.weekdays.front())) return false;
    if (rule.week_of_month == last_week_of_month) return naive::civil(day + 7).month != here.month;
    int nth = 0;
    for (std::int32_t other = day; other > day - here.day; other -= 7)
        ++nth;
    return nth == rule.week_of_month;
}

struct Naive {
    std::vector<Slot> slots;
    std::vector<time::Date> skipped;
    bool nonexistent = false;
    int months_missing = 0;
};

/// Months in the rhythm, complete within the rule, in which no day is named.
int missing_months(const Recurrence& rule) {
    int out = 0;
    std::int32_t day = rule.from.days - naive::civil(rule.from.days).day + 1;
    while (true) {
        const auto first = naive::civil(day);
        std::int32_t next = day;
        bool named = false;
        while (naive::civil(next).month == first.month)
            named |= named_monthly(rule, next++);
        if (next - 1 > rule.until.days) return out;
        const auto begin = naive::civil(rule.from.days);
        const int months = 12 * (first.year - begin.year) + first.month - begin.month;
        if (months % rule.interval_months == 0 && !named) ++out;
        day = next;
    }
}

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
        if (day < rule.from.days) continue;
        bool wanted = false;
        if (rule.kind == RecurrenceKind::monthly) {
            wanted = named_monthly(rule, day);
        } else if (week % rule.interval_weeks == 0) {
            for (const auto one : rule.weekdays)
                wanted |= static_cast<int>(one) == weekday;
        }
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
    if (rule.kind == RecurrenceKind::monthly) out.months_missing = missing_months(rule);
    return out;
}

TEST(RecurrenceProperty, expand__agrees_with_walking_day_by_day) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    int fine = 0;
    int jumped = 0;
    int monthly = 0;
    int missed = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto rule = random_series(random);
        const auto expected = walk(rule, testing::isere());
        auto found = expand(rule, time::Zone::paris(), testing::isere(), {10'000, 550});
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
        monthly += rule.kind == RecurrenceKind::monthly ? 1 : 0;
        ASSERT_EQ(found->slots.size(), expected.slots.size());
        for (std::size_t i = 0; i < expected.slots.size(); ++i) {
            ASSERT_EQ(found->slots[i].local_date, expected.slots[i].local_date);
            ASSERT_EQ(found->slots[i].interval, expected.slots[i].interval)
                << expected.slots[i].local_date.iso();
        }
        ASSERT_TRUE(std::ranges::is_sorted(found->skipped, {}, &SkippedDate::date));
        const auto missing = std::erase_if(found->skipped, [](const SkippedDate& one) {
            return one.reason == SkipReason::no_such_day;
        });
        ASSERT_EQ(static_cast<int>(missing), expected.months_missing);
        missed += missing > 0 ? 1 : 0;
        ASSERT_EQ(found->skipped.size(), expected.skipped.size());
        for (std::size_t i = 0; i < expected.skipped.size(); ++i) {
            ASSERT_EQ(found->skipped[i].date, expected.skipped[i]);
        }
    }
    // The generator reaches both outcomes, or the test shows nothing.
    EXPECT_GT(fine, kRounds / 2);
    EXPECT_GT(jumped, 0);
    EXPECT_GT(monthly, kRounds / 8);
    EXPECT_GT(missed, 10);
}

}  // namespace
}  // namespace preau::rules
