#include "shared/rules/pricing.hpp"

#include <gmock/gmock.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::day;
using testing::slot;
using testing::weekly;
using enum time::Weekday;

TariffVersion grid() {
    TariffVersion out;
    out.id = "grid-1";
    out.number = 1;
    out.voted_on = day("2026-05-01");
    out.executory_from = day("2026-06-01");
    out.lines = {{"gym", 'A', Unit::hour, {0}},
                 {"gym", 'C', Unit::hour, {1370}},
                 {"gym", 'C', Unit::season, {80'000}},
                 {"gym_part", 'C', Unit::hour, {500}},
                 {"classroom", 'C', Unit::hour, {500}},
                 {"classroom", 'C', Unit::half_day, {1'800}},
                 {"polyvalente", 'C', Unit::hour, {1'200}},
                 {"polyvalente", 'C', Unit::day, {9'000}},
                 {"polyvalente", 'C', Unit::weekend, {16'000}},
                 {"auditorium", 'C', Unit::half_day, {6'000}},
                 {"hall", 'C', Unit::hour, {1'000}},
                 {"hall", 'C', Unit::weekend, {5'000}},
                 {"hall", 'C', Unit::season, {20'000}}};
    out.vat_note = "TVA non applicable";
    return out;
}

const time::Date kAsked = day("2026-06-15");

base::Result<Price> cost(const std::vector<Slot>& slots, const char* kind, char category = 'C') {
    return price(slots, kind, category, {grid()}, kAsked);
}

std::string lines_of(const Price& price) {
    std::string out;
    for (const auto& line : price.lines) {
        if (!out.empty()) out += " + ";
        out += std::to_string(line.quantity_quarters) + "q " + std::string(to_string(line.unit)) +
               " " + std::to_string(line.amount.value);
    }
    return out;
}

std::vector<Slot> tuesdays(const char* until, const char* end = "20:00") {
    auto rule = weekly({tue}, "2026-09-08", until, "18:00", end);
    rule.skip_school_holidays = rule.skip_public_holidays = true;
    return expand(rule, time::Zone::paris(), testing::isere())->slots;
}

// Golden case 14
TEST(Pricing, season__wins_over_the_hours_and_says_so) {
    const auto year = cost(tuesdays("2027-06-29"), "gym").value();
    EXPECT_EQ(year.by_the_hour.value, 95'900);
    EXPECT_EQ(year.total.value, 80'000);
    ASSERT_EQ(year.lines.size(), 1U);
    EXPECT_EQ(year.lines[0].unit, Unit::season);
    EXPECT_EQ(year.lines[0].dates.size(), 35U);
    EXPECT_EQ(year.lines[0].tariff_id, "grid-1");
    EXPECT_EQ(year.vat_note, "TVA non applicable");

    const auto slots33 = tuesdays("2027-06-15");
    ASSERT_EQ(slots33.size(), 33U);
    EXPECT_EQ(cost(slots33, "gym")->by_the_hour.value, 90'420);
    EXPECT_EQ(cost(slots33, "gym")->total.value, 80'000);
    EXPECT_EQ(lines_of(*cost(slots33, "gym_part")), "264q hour 33000");
}

TEST(Pricing, season__covers_a_36th_date) {
    auto rule = weekly({tue}, "2026-09-01", "2027-06-29", "18:00", "20:00");
    rule.skip_school_holidays = true;
    const auto slots = expand(rule, time::Zone::paris(), testing::isere())->slots;
    ASSERT_EQ(slots.size(), 36U);
    EXPECT_EQ(cost(slots, "gym")->total.value, 80'000);
}

TEST(Pricing, few_dates__stay_by_the_hour) {
    EXPECT_EQ(lines_of(*cost(tuesdays("2026-12-15"), "gym")), "104q hour 35620");
}

TEST(Pricing, season__hours_beyond_two_are_paid_by_the_hour) {
    const auto long_evening = cost(tuesdays("2027-06-29", "20:30"), "gym").value();
    EXPECT_EQ(lines_of(long_evening), "4q season 80000 + 70q hour 23975");
    EXPECT_EQ(long_evening.by_the_hour.value, 119'875);
}

TEST(Pricing, season__one_for_each_weekly_slot_and_school_year) {
    auto rule = weekly({tue, thu}, "2026-09-08", "2027-06-29", "18:00", "20:00");
    rule.skip_school_holidays = true;
    const auto two = expand(rule, time::Zone::paris(), testing::isere())->slots;
    EXPECT_EQ(lines_of(*cost(two, "gym")), "8q season 160000");
    auto next = weekly({tue}, "2027-03-02", "2028-02-01", "18:00", "20:00");
    next.skip_school_holidays = true;
    // 15 dates of one year stay hourly, 17 of the next too: no season bridges the summer.
    const auto price =
        cost(expand(next, time::Zone::paris(), testing::isere())->slots, "gym").value();
    EXPECT_EQ(price.total, price.by_the_hour);
}

// Golden case 4, S77
TEST(Pricing, hours__follow_elapsed_time) {
    EXPECT_EQ(cost({slot("2026-10-25", "01:00", "04:00")}, "gym")->total.value, 4 * 1'370);
    EXPECT_EQ(cost({slot("2027-03-28", "01:00", "04:00")}, "gym")->total.value, 2 * 1'370);
}

// S78
TEST(Pricing, day__of_23_or_25_hours_is_one_day) {
    EXPECT_EQ(lines_of(*cost({slot("2026-10-25", "00:00", "24:00")}, "polyvalente")),
              "4q day 9000");
    EXPECT_EQ(lines_of(*cost({slot("2027-03-28", "00:00", "24:00")}, "polyvalente")),
              "4q day 9000");
}

// S93
TEST(Pricing, line__is_rounded_once_half_up) {
    auto tariff = grid();
    tariff.lines.push_back({"r2", 'C', Unit::hour, {1'250}});
    const auto one = price({slot("2026-12-01", "18:00", "19:45")}, "r2", 'C', {tariff}, kAsked);
    EXPECT_EQ(one->total.value, 2'188);
    const auto two =
        price({slot("2026-12-01", "18:00", "19:45"), slot("2026-12-02", "18:00", "19:45")}, "r2",
              'C', {tariff}, kAsked);
    EXPECT_EQ(two->total.value, 4'375) << "one line of 3 h 30";
}

TEST(Pricing, half_days__with_hours_where_that_is_cheaper) {
    const auto of = [](const char* end) {
        return lines_of(*cost({slot("2026-12-05", "08:00", end)}, "classroom"));
    };
    EXPECT_EQ(of("11:00"), "12q hour 1500");
    EXPECT_EQ(of("12:00"), "4q half_day 1800");
    EXPECT_EQ(of("13:00"), "4q half_day 1800");
    EXPECT_EQ(of("14:00"), "4q half_day 1800 + 4q hour 500");
    EXPECT_EQ(of("18:00"), "8q half_day 3600");
    EXPECT_EQ(lines_of(*cost({slot("2026-12-05", "14:00", "20:00")}, "auditorium")),
              "8q half_day 12000")
        << "no hourly line: two half-days";
}

TEST(Pricing, weekend__from_friday_18_h_to_sunday_22_h) {
    const std::vector<Slot> feast{slot("2026-12-04", "18:00", "23:00"),
                                  slot("2026-12-05", "09:00", "24:00"),
                                  slot("2026-12-06", "09:00", "22:00")};
    const auto price = cost(feast, "polyvalente").value();
    EXPECT_EQ(lines_of(price), "4q weekend 16000");
    EXPECT_EQ(price.lines[0].dates.size(), 3U);
    // Outside by a quarter of an hour at either end: that date is paid by itself.
    EXPECT_EQ(
        lines_of(*cost({slot("2026-12-04", "17:45", "23:00"), feast[1], feast[2]}, "polyvalente")),
        "21q hour 6300 + 4q weekend 16000");
    EXPECT_EQ(lines_of(*cost({feast[1], slot("2026-12-06", "09:00", "22:15")}, "polyvalente")),
              "8q day 18000");
}

TEST(Pricing, weekend_and_season__the_cheaper_of_both_for_each_date) {
    auto rule = weekly({sat, sun}, "2026-12-05", "2026-12-27", "10:00", "13:00");
    const auto slots = expand(rule, time::Zone::paris(), testing::isere())->slots;
    // Four weekends: by the hour 240.00, by weekends 200.00, with a season (200.00 + hours) more.
    EXPECT_EQ(lines_of(*cost(slots, "hall")), "16q weekend 20000");
    rule = weekly({sat}, "2026-09-05", "2026-12-26", "10:00", "12:00");
    const auto saturdays = expand(rule, time::Zone::paris(), testing::isere())->slots;
    EXPECT_EQ(lines_of(*cost(saturdays, "hall")), "4q season 20000");
}

TEST(Pricing, category_a__is_free_of_charge_by_plain_hours) {
    EXPECT_EQ(lines_of(*cost({slot("2026-12-01", "18:00", "20:00")}, "gym", 'A')), "8q hour 0");
}

TEST(Pricing, no_line_for_kind_or_category__is_not_bookable) {
    const std::vector<Slot> evening{slot("2026-12-01", "18:00", "20:00")};
    EXPECT_EQ(cost(evening, "gym", 'E').error().code, "not_bookable");
    EXPECT_EQ(cost(evening, "dojo").error().code, "not_bookable");
    EXPECT_EQ(price(evening, "gym", 'C', {}, kAsked).error().code, "not_bookable");
}

// S91, R-27
TEST(Pricing, version__that_of_the_slots_date_if_voted_at_the_request) {
    auto dearer = grid();
    dearer.id = "grid-2";
    dearer.number = 2;
    dearer.voted_on = day("2026-08-10");
    dearer.executory_from = day("2026-09-01");
    for (auto& line : dearer.lines)
        line.amount = line.amount * 2;
    const std::vector<TariffVersion> both{dearer, grid()};
    const std::vector<Slot> september{slot("2026-09-10", "18:00", "20:00")};
    EXPECT_EQ(price(september, "gym", 'C', both, day("2026-08-15"))->total.value, 5'480);
    EXPECT_EQ(price(september, "gym", 'C', both, day("2026-08-09"))->total.value, 2'740)
        << "not voted yet at the request";
    const std::vector<Slot> across{slot("2026-08-31", "18:00", "20:00"), september[0]};
    const auto mixed = price(across, "gym", 'C', both, day("2026-08-15")).value();
    EXPECT_EQ(lines_of(mixed), "8q hour 2740 + 8q hour 5480");
    EXPECT_EQ(mixed.lines[1].tariff_id, "grid-2");
    EXPECT_EQ(price({slot("2026-05-20", "18:00", "20:00")}, "gym", 'C', both, kAsked)->total.value,
              2'740)
        << "a date before any grid goes by the date of the request";
}

// S91: a vote may say that the day of the request counts.
TEST(Pricing, version__by_creation__prices_every_date_that_is_asked_for_under_it) {
    auto cheap = grid();
    cheap.by_creation = true;
    auto dearer = grid();
    dearer.id = "grid-2";
    dearer.number = 2;
    dearer.voted_on = day("2026-06-01");
    dearer.executory_from = day("2026-09-01");
    for (auto& line : dearer.lines)
        line.amount = line.amount * 2;
    const std::vector<Slot> september{slot("2026-09-10", "18:00", "20:00")};
    const auto asked = [&](const std::vector<TariffVersion>& votes, const char* on) {
        return price(september, "gym", 'C', votes, day(on))->total.value;
    };
    EXPECT_EQ(asked({dearer, cheap}, "2026-08-15"), 2'740);
    EXPECT_EQ(asked({dearer, grid()}, "2026-08-15"), 5'480) << "the control: by_start";
    EXPECT_EQ(asked({dearer, cheap}, "2026-09-01"), 5'480) << "the new vote is in force";
}

TEST(Pricing, units__words_both_ways) {
    for (const auto unit : {Unit::hour, Unit::half_day, Unit::day, Unit::weekend, Unit::season}) {
        EXPECT_EQ(unit_from(to_string(unit)), unit);
    }
    EXPECT_FALSE(unit_from("night"));
}

}  // namespace
}  // namespace preau::rules
