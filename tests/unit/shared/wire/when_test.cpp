#include "shared/wire/when.hpp"

#include <random>

#include <gmock/gmock.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::wire {
namespace {

using nlohmann::json;
using rules::RecurrenceKind;
using rules::testing::day;
using ::testing::Contains;
using ::testing::ElementsAre;

json weekly() {
    return {{"kind", "weekly"},        {"weekdays", {"thu", "tue"}}, {"interval_weeks", 2},
            {"from", "2026-09-01"},    {"until", "2027-06-29"},      {"start_time", "18:00"},
            {"end_time", "20:00"},     {"school_holidays", "skip"},  {"public_holidays", "keep"},
            {"except", {"2026-12-08"}}};
}

json single(const char* start, const char* end, bool next_day = false) {
    return {{"kind", "single"},
            {"date", "2026-12-01"},
            {"start_time", start},
            {"end_time", end},
            {"end_next_day", next_day}};
}

/// The pointers of all faults, or the code where no field is named.
std::vector<std::string> faults(const base::Result<rules::Recurrence>& result) {
    if (result) return {};
    std::vector<std::string> out;
    for (const auto& field : result.error().fields)
        out.push_back(field.pointer + " " + field.code);
    return out;
}

net::Pairs query(std::initializer_list<std::pair<const char*, const char*>> pairs) {
    net::Pairs out;
    for (const auto& [name, value] : pairs)
        out.add(name, value);
    return out;
}

TEST(When, single__is_read) {
    const auto when = when_from_json(single("18:00", "20:00")).value();
    EXPECT_EQ(when.kind, RecurrenceKind::single);
    EXPECT_EQ(when.from, day("2026-12-01"));
    EXPECT_EQ(when.start_minute, 1080);
    EXPECT_EQ(when.end_minute, 1200);
}

TEST(When, ends__at_midnight_and_beyond) {
    EXPECT_EQ(when_from_json(single("18:00", "24:00"))->end_minute, 1440);
    EXPECT_EQ(when_from_json(single("18:00", "00:00", true))->end_minute, 1440);
    EXPECT_EQ(when_from_json(single("23:00", "01:00", true))->end_minute, 1500);
    EXPECT_EQ(when_from_json(single("20:00", "21:00", true))->end_minute, 2700)
        << "read as it stands: the rules say whether a slot may be that long (S58)";
}

// S06
TEST(When, end_not_after_start__is_invalid_interval_at_the_end) {
    for (const auto& [start, end] :
         {std::pair{"18:00", "18:00"}, {"18:00", "17:00"}, {"18:00", "00:00"}}) {
        const auto out = when_from_json(single(start, end));
        ASSERT_FALSE(out);
        EXPECT_EQ(out.error().code, "invalid_interval");
        EXPECT_THAT(faults(out), ElementsAre("/when/end_time invalid_interval"));
    }
    EXPECT_THAT(faults(when_from_json(single("24:00", "01:00", true))),
                ElementsAre("/when/start_time range"));
}

TEST(When, weekly__is_read_sorted) {
    const auto when = when_from_json(weekly()).value();
    EXPECT_EQ(when.kind, RecurrenceKind::weekly);
    EXPECT_THAT(when.weekdays, ElementsAre(time::Weekday::tue, time::Weekday::thu));
    EXPECT_EQ(when.interval_weeks, 2);
    EXPECT_TRUE(when.skip_school_holidays);
    EXPECT_FALSE(when.skip_public_holidays);
    EXPECT_THAT(when.except, ElementsAre(day("2026-12-08")));
}

TEST(When, weekly__until_before_from__names_until) {
    auto value = weekly();
    value["until"] = "2026-08-31";
    EXPECT_THAT(faults(when_from_json(value)), ElementsAre("/when/until invalid_interval"));
}

TEST(When, dates__sorted_and_distinct) {
    const auto when = when_from_json({{"kind", "dates"},
                                      {"dates", {"2026-12-03", "2026-12-01", "2026-12-03"}},
                                      {"start_time", "18:00"},
                                      {"end_time", "20:00"}})
                          .value();
    EXPECT_THAT(when.dates, ElementsAre(day("2026-12-01"), day("2026-12-03")));
}

TEST(When, wrong_members__all_are_named) {
    EXPECT_THAT(faults(when_from_json({{"kind", "weekly"},
                                       {"weekdays", {"tue", "mardi"}},
                                       {"interval_weeks", 9},
                                       {"from", "2026-02-29"},
                                       {"start_time", "18h"},
                                       {"end_time", 20},
                                       {"school_holidays", "perhaps"}})),
                ::testing::UnorderedElementsAre(
                    "/when/weekdays unknown", "/when/interval_weeks range", "/when/from format",
                    "/when/until required", "/when/start_time format", "/when/end_time format",
                    "/when/school_holidays unknown"));
    EXPECT_THAT(faults(when_from_json({{"kind", "yearly"}})), Contains("/when/kind unknown"));
    EXPECT_THAT(faults(when_from_json(json::array())), Contains("/when format"));
    EXPECT_THAT(faults(when_from_json(nullptr)), Contains("/when format"));
    auto value = weekly();
    value["weekdays"] = json::array();
    EXPECT_THAT(faults(when_from_json(value)), ElementsAre("/when/weekdays format"));
    value["weekdays"] = "tue";
    EXPECT_THAT(faults(when_from_json(value)), ElementsAre("/when/weekdays format"));
}

TEST(When, json__both_ways_is_the_same) {
    for (const auto& value : {weekly(), single("18:00", "20:00"), single("23:00", "01:00", true),
                              single("18:00", "24:00"), single("20:00", "24:00", true),
                              json{{"kind", "dates"},
                                   {"dates", {"2026-12-01"}},
                                   {"start_time", "08:00"},
                                   {"end_time", "09:00"}}}) {
        const auto when = when_from_json(value).value();
        const auto again = when_from_json(to_json(when)).value();
        EXPECT_EQ(to_json(again), to_json(when));
        EXPECT_EQ(again.end_minute, when.end_minute);
        EXPECT_EQ(again.weekdays, when.weekdays);
    }
}

TEST(When, query__single_and_weekly) {
    const auto one = when_from_query(
        query({{"date", "2026-12-01"}, {"start_time", "18:00"}, {"end_time", "20:00"}}));
    EXPECT_EQ(one->kind, RecurrenceKind::single);
    const auto series = when_from_query(query({{"weekdays", "tue,thu"},
                                               {"weekdays", "fri"},
                                               {"from", "2026-09-01"},
                                               {"until", "2027-06-29"},
                                               {"interval_weeks", "2"},
                                               {"school_holidays", "skip"},
                                               {"public_holidays", "skip"},
                                               {"start_time", "22:00"},
                                               {"end_time", "01:00"},
                                               {"end_next_day", "1"}}))
                            .value();
    EXPECT_EQ(series.weekdays.size(), 3U);
    EXPECT_EQ(series.interval_weeks, 2);
    EXPECT_EQ(series.end_minute, 1500);
    EXPECT_TRUE(series.skip_public_holidays);
}

TEST(When, monthly__both_forms_and_back) {
    const json same_day{{"kind", "monthly"},     {"interval_months", 3},  {"from", "2026-09-15"},
                        {"until", "2027-06-15"}, {"start_time", "18:00"}, {"end_time", "20:00"}};
    const auto every_quarter = when_from_json(same_day).value();
    EXPECT_EQ(every_quarter.kind, RecurrenceKind::monthly);
    EXPECT_EQ(every_quarter.interval_months, 3);
    EXPECT_EQ(every_quarter.week_of_month, 0);
    EXPECT_EQ(to_json(every_quarter)["interval_months"], 3);
    EXPECT_FALSE(to_json(every_quarter).contains("weekdays"));

    auto nth = same_day;
    nth["weekdays"] = {"tue"};
    nth["week_of_month"] = -1;
    nth["public_holidays"] = "skip";
    const auto last_tuesday = when_from_json(nth).value();
    EXPECT_EQ(last_tuesday.week_of_month, rules::last_week_of_month);
    EXPECT_EQ(last_tuesday.weekdays, std::vector{time::Weekday::tue});
    const auto again = when_from_json(to_json(last_tuesday)).value();
    EXPECT_EQ(to_json(again), to_json(last_tuesday));
    EXPECT_TRUE(again.skip_public_holidays);

    const auto asked = when_from_query(query({{"interval_months", "1"},
                                              {"week_of_month", "2"},
                                              {"weekdays", "wed"},
                                              {"from", "2026-09-01"},
                                              {"until", "2027-06-30"},
                                              {"start_time", "18:00"},
                                              {"end_time", "20:00"}}))
                           .value();
    EXPECT_EQ(asked.kind, RecurrenceKind::monthly);
    EXPECT_EQ(asked.week_of_month, 2);
    EXPECT_EQ(to_json(rules::SkippedDate{day("2027-02-28"), rules::SkipReason::no_such_day, {}}),
              (json{{"date", "2027-02-28"}, {"reason", "no_such_day"}}));
}

TEST(When, monthly__faults_name_the_field) {
    const auto of = [](std::initializer_list<std::pair<const char*, json>> members) {
        json value{{"kind", "monthly"},
                   {"from", "2026-09-15"},
                   {"until", "2027-06-15"},
                   {"start_time", "18:00"},
                   {"end_time", "20:00"}};
        for (const auto& [name, member] : members)
            value[name] = member;
        return faults(when_from_json(value));
    };
    EXPECT_THAT(of({{"interval_months", 13}}), ElementsAre("/when/interval_months range"));
    EXPECT_THAT(of({{"week_of_month", 6}, {"weekdays", {"tue"}}}),
                ElementsAre("/when/week_of_month range"));
    EXPECT_THAT(of({{"week_of_month", 0}, {"weekdays", {"tue"}}}),
                ElementsAre("/when/week_of_month range"));
    EXPECT_THAT(of({{"weekdays", {"tue"}}}), ElementsAre("/when/week_of_month required"));
    EXPECT_THAT(of({{"week_of_month", 1}}), ElementsAre("/when/weekdays required"));
    EXPECT_THAT(of({{"week_of_month", 1}, {"weekdays", {"tue", "wed"}}}),
                ElementsAre("/when/weekdays range"));
    EXPECT_THAT(of({{"until", "2026-09-14"}}), ElementsAre("/when/until invalid_interval"));
}

// S143
TEST(When, query__faults_name_the_parameter) {
    const auto of = [](auto... pairs) { return faults(when_from_query(query({pairs...}))); };
    using P = std::pair<const char*, const char*>;
    const P start{"start_time", "18:00"};
    const P end{"end_time", "20:00"};
    EXPECT_THAT(of(start, end), ElementsAre("/query/date required"));
    EXPECT_THAT(of(P{"date", "2026-02-30"}, start, end), ElementsAre("/query/date format"));
    EXPECT_THAT(of(P{"date", "2026-12-01"}, start, P{"end_time", "18:00"}),
                ElementsAre("/query/end_time invalid_interval"));
    EXPECT_THAT(of(P{"date", "2026-12-01"}, P{"start_time", "25:00"}, P{"end_time", "26:00"}),
                ElementsAre("/query/start_time format", "/query/end_time format"));
    EXPECT_THAT(of(P{"date", "2026-12-01"}, P{"weekdays", "tue"}, start, end),
                ElementsAre("/query/date invalid"));
    EXPECT_THAT(
        of(P{"weekdays", "noday"}, P{"from", "2026-12-01"}, P{"until", "2027-02-01"}, start, end),
        ElementsAre("/query/weekdays unknown"));
    EXPECT_THAT(
        of(P{"weekdays", "tue"}, P{"from", "2027-06-01"}, P{"until", "2026-09-01"}, start, end),
        ElementsAre("/query/until invalid_interval"));
    EXPECT_THAT(of(P{"weekdays", "tue"}, P{"interval_weeks", "two"}, P{"from", "2026-12-01"},
                   P{"until", "2027-02-01"}, start, end),
                ElementsAre("/query/interval_weeks format"));
}

TEST(When, slot_and_skipped__as_in_answers) {
    const auto slot = rules::testing::slot("2026-12-01", "18:00", "20:00");
    EXPECT_EQ(to_json(slot, time::Zone::paris()), (json{{"date", "2026-12-01"},
                                                        {"start_time", "18:00"},
                                                        {"end_time", "20:00"},
                                                        {"start", "2026-12-01T18:00:00+01:00"},
                                                        {"end", "2026-12-01T20:00:00+01:00"},
                                                        {"zone", "Europe/Paris"}}));
    EXPECT_EQ(
        to_json(rules::SkippedDate{day("2026-12-22"), rules::SkipReason::school_holiday, "Noël"}),
        (json{{"date", "2026-12-22"}, {"reason", "school_holiday"}, {"name", "Noël"}}));
}

// Whatever is sent, an answer comes back and nothing breaks.
TEST(When, mutilated_json__never_throws) {
    std::mt19937_64 random(38);
    const std::vector<json> junk{
        nullptr,        true,   -1,      1e300, "",           "2026-12-01", json::array(),
        json::object(), {1, 2}, "24:00", "tue", {{"a", "b"}}, {"tue"},      {"2026-12-01"}};
    for (int round = 0; round < 5'000; ++round) {
        json value = round % 2 == 0 ? weekly() : single("18:00", "20:00");
        if (round % 3 == 0) {
            value = weekly();
            value["kind"] = "monthly";
            value["week_of_month"] = 1;
            value["interval_months"] = 1;
        }
        for (auto& member : value) {
            if (random() % 4 == 0) member = junk[random() % junk.size()];
        }
        const auto when = when_from_json(value);
        if (!when) ASSERT_FALSE(when.error().code.empty());
        if (when) (void)rules::expand(*when, time::Zone::paris(), rules::testing::isere());
    }
}

}  // namespace
}  // namespace preau::wire
