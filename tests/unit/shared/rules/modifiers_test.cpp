#include <gmock/gmock.h>

#include "shared/rules/pricing.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::day;
using testing::slot;
using testing::weekly;
using enum time::Weekday;

/// R-29 in percent for halls, by date for auditoriums; Sundays and public holidays dearer in the IT
/// room; nothing for the gym.
TariffVersion grid() {
    TariffVersion out;
    out.id = "grid-1";
    out.number = 1;
    out.voted_on = day("2026-05-01");
    out.executory_from = day("2026-06-01");
    out.vat_note = "TVA non applicable";
    out.lines = {
        {"hall", 'C', Unit::hour, {1'200}},           {"hall", 'C', Unit::day, {9'000}},
        {"hall", 'C', Unit::weekend, {16'000}},       {"hall", 'C', Unit::season, {80'000}},
        {"auditorium", 'C', Unit::half_day, {6'000}}, {"auditorium", 'C', Unit::hour, {2'000}},
        {"it_room", 'C', Unit::hour, {999}},          {"gym", 'C', Unit::hour, {1'370}}};
    out.modifiers = {{ModifierKind::heating, "hall", 15, {}, {11, 1}, {3, 31}},
                     {ModifierKind::heating, "auditorium", 0, {2'000}, {11, 1}, {3, 31}},
                     {ModifierKind::weekend, "it_room", 25, {}}};
    return out;
}

const time::Date kAsked = day("2026-06-15");

base::Result<Price> cost(const std::vector<Slot>& slots, const char* kind) {
    return price(slots, kind, 'C', {grid()}, kAsked, testing::isere());
}

std::string lines_of(const base::Result<Price>& price) {
    std::string out;
    for (const auto& line : price.value().lines) {
        if (!out.empty()) out += " + ";
        out += std::to_string(line.quantity_quarters) + "q " + std::string(to_string(line.unit)) +
               " " + std::to_string(line.amount.value);
        for (const auto& one : line.supplements) {
            out += " (" + std::string(to_string(one.kind)) + " " +
                   std::to_string(one.amount.value) + " of " + std::to_string(one.dates.size()) +
                   ")";
        }
    }
    return out;
}

//
TEST(Modifiers, heating__adds_its_part_to_the_hours_of_its_dates_only) {
    EXPECT_EQ(lines_of(cost({slot("2026-12-01", "18:00", "20:00")}, "hall")),
              "8q hour 2760 (heating 360 of 1)");
    EXPECT_EQ(lines_of(cost({slot("2026-10-06", "18:00", "20:00")}, "hall")), "8q hour 2400");
    const std::vector<Slot> mixed{slot("2026-10-27", "18:00", "20:00"),
                                  slot("2026-11-03", "18:00", "20:00")};
    EXPECT_EQ(lines_of(cost(mixed, "hall")), "16q hour 5160 (heating 360 of 1)");
    EXPECT_EQ(cost(mixed, "hall")->lines[0].supplements[0].dates, std::vector{day("2026-11-03")});
    EXPECT_EQ(cost(mixed, "hall")->lines[0].base_amount().value, 4'800);
}

TEST(Modifiers, heating_season__runs_over_new_year_and_includes_both_ends) {
    const auto heated = [](const char* date) {
        return !cost({slot(date, "18:00", "19:00")}, "hall")->lines[0].supplements.empty();
    };
    EXPECT_FALSE(heated("2026-10-31"));
    EXPECT_TRUE(heated("2026-11-01"));
    EXPECT_TRUE(heated("2026-12-31"));
    EXPECT_TRUE(heated("2027-01-01"));
    EXPECT_TRUE(heated("2027-03-31"));
    EXPECT_FALSE(heated("2027-04-01"));
    Modifier summer{ModifierKind::heating, "hall", 10, {}, {6, 1}, {8, 31}};
    EXPECT_FALSE(touches(summer, day("2027-05-31"), {}).value());
    EXPECT_TRUE(touches(summer, day("2027-07-14"), {}).value());
}

TEST(Modifiers, by_date__is_added_once_for_a_date_of_half_day_and_hours) {
    EXPECT_EQ(lines_of(cost({slot("2026-12-05", "08:00", "14:00")}, "auditorium")),
              "4q half_day 8000 (heating 2000 of 1) + 4q hour 2000");
}

TEST(Modifiers, heating__is_in_proportion_of_the_heated_dates_of_a_season) {
    auto rule = weekly({tue}, "2026-09-08", "2027-06-29", "18:00", "20:00");
    rule.skip_school_holidays = true;
    const auto slots = expand(rule, time::Zone::paris(), testing::isere())->slots;
    ASSERT_EQ(slots.size(), 35U);
    // 18 of the 35 dates are heated: 800.00 × 15 % × 18 / 35 = 61.7142…
    EXPECT_EQ(lines_of(cost(slots, "hall")), "4q season 86171 (heating 6171 of 18)");
}

TEST(Modifiers, heating__on_a_weekend_that_it_touches_in_part) {
    const std::vector<Slot> feast{slot("2026-10-30", "18:00", "23:00"),
                                  slot("2026-10-31", "09:00", "24:00"),
                                  slot("2026-11-01", "09:00", "22:00")};
    EXPECT_EQ(lines_of(cost(feast, "hall")), "4q weekend 16800 (heating 800 of 1)");
}

TEST(Modifiers, weekend_factor__on_saturdays_sundays_and_public_holidays) {
    EXPECT_EQ(lines_of(cost({slot("2026-12-04", "18:00", "20:00")}, "it_room")), "8q hour 1998");
    EXPECT_EQ(lines_of(cost({slot("2026-12-05", "18:00", "20:00")}, "it_room")),
              "8q hour 2498 (weekend 500 of 1)")
        << "499.5 is rounded up, once";
    EXPECT_EQ(lines_of(cost({slot("2026-11-11", "18:00", "20:00")}, "it_room")),
              "8q hour 2498 (weekend 500 of 1)");
}

TEST(Modifiers, weekend_factor__is_not_added_to_a_unit_that_is_voted_for_weekends) {
    auto vote = grid();
    vote.modifiers = {{ModifierKind::weekend, "hall", 50, {}}};
    const std::vector<Slot> feast{slot("2026-12-04", "18:00", "23:00"),
                                  slot("2026-12-05", "09:00", "24:00"),
                                  slot("2026-12-06", "09:00", "22:00")};
    EXPECT_EQ(lines_of(price(feast, "hall", 'C', {vote}, kAsked, testing::isere())),
              "4q weekend 16000");
}

TEST(Modifiers, several__add_up_and_none_works_on_another) {
    auto vote = grid();
    vote.modifiers = {{ModifierKind::heating, "hall", 15, {}, {11, 1}, {3, 31}},
                      {ModifierKind::weekend, "hall", 10, {}},
                      {ModifierKind::heating, "hall", 0, {100}, {12, 1}, {12, 31}}};
    EXPECT_EQ(lines_of(price({slot("2026-12-05", "18:00", "20:00")}, "hall", 'C', {vote}, kAsked,
                             testing::isere())),
              "8q hour 3100 (heating 360 of 1) (weekend 240 of 1) (heating 100 of 1)");
}

TEST(Modifiers, cheaper_combination__is_found_with_what_is_added) {
    // The day is 90.00 × 1.3 = 117.00; so are 7 h 30 of 12.00 × 1.3.
    auto vote = grid();
    vote.modifiers = {{ModifierKind::heating, "hall", 30, {}, {11, 1}, {3, 31}}};
    EXPECT_EQ(lines_of(price({slot("2026-12-01", "08:00", "15:00")}, "hall", 'C', {vote}, kAsked)),
              "28q hour 10920 (heating 2520 of 1)");
    EXPECT_EQ(lines_of(price({slot("2026-12-01", "08:00", "16:00")}, "hall", 'C', {vote}, kAsked)),
              "4q day 11700 (heating 2700 of 1)");
}

TEST(Modifiers, vote_of_the_slots_date__decides_what_is_added) {
    auto before = grid();
    before.modifiers.clear();
    auto after = grid();
    after.id = "grid-2";
    after.number = 2;
    after.executory_from = day("2026-12-15");
    const std::vector<TariffVersion> both{before, after};
    const std::vector<Slot> two{slot("2026-12-08", "18:00", "20:00"),
                                slot("2026-12-15", "18:00", "20:00")};
    EXPECT_EQ(lines_of(price(two, "hall", 'C', both, kAsked)),
              "8q hour 2400 + 8q hour 2760 (heating 360 of 1)");
}

TEST(Modifiers, unknown_public_holidays__are_never_guessed) {
    const std::vector<Slot> tuesday{slot("2026-12-01", "18:00", "20:00")};
    EXPECT_EQ(price(tuesday, "it_room", 'C', {grid()}, kAsked).error().code, "calendar_unknown");
    EXPECT_EQ(price({slot("2026-12-05", "18:00", "20:00")}, "it_room", 'C', {grid()}, kAsked)
                  ->total.value,
              2'498)
        << "a Saturday is one without any calendar";
    EXPECT_EQ(price(tuesday, "hall", 'C', {grid()}, kAsked)->total.value, 2'760);
}

TEST(Modifiers, kind_of_room_without_any__is_priced_as_before) {
    EXPECT_EQ(lines_of(cost({slot("2026-12-05", "18:00", "20:00")}, "gym")), "8q hour 2740");
}

TEST(Modifiers, words_both_ways) {
    for (const auto kind : {ModifierKind::heating, ModifierKind::weekend}) {
        EXPECT_EQ(modifier_kind_from(to_string(kind)), kind);
    }
    EXPECT_FALSE(modifier_kind_from("summer"));
    EXPECT_EQ((MonthDay{11, 1}.text()), "11-01");
    EXPECT_EQ(MonthDay::parse("03-31"), (MonthDay{3, 31}));
    for (const auto* wrong : {"", "3-31", "13-01", "00-10", "02-32", "02-00", "ab-01", "01-1x"}) {
        EXPECT_FALSE(MonthDay::parse(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace preau::rules
