// Dates, times and sums as people read them.
#include "shared/words/format.hpp"

#include <gtest/gtest.h>

#include "tests/unit/shared/words/spoken.hpp"

namespace preau::words {
namespace {

using test::plain;
using test::words;

time::Date day(const char* iso) {
    return *time::Date::parse(iso);
}

TEST(Format, french__dates) {
    const Format f(words());
    EXPECT_EQ(plain(f.date(day("2026-10-06"))), "mardi 6 octobre 2026");
    EXPECT_EQ(plain(f.date(day("2026-12-01"))), "mardi 1ᵉʳ décembre 2026");
    EXPECT_EQ(plain(f.day_month_year(day("2027-06-29"))), "29 juin 2027");
    EXPECT_EQ(plain(f.day_month_year_short(day("2026-09-01"))), "1ᵉʳ sept. 2026");
    EXPECT_EQ(plain(f.month_year(day("2026-08-15"))), "août 2026");
    EXPECT_EQ(f.month_initial(day("2026-08-15")), "A");
    EXPECT_EQ(f.weekday_on(time::Weekday::tue), "le mardi");
    EXPECT_EQ(plain(f.span_start(day("2026-09-14"), day("2026-09-20"))), "14");
    EXPECT_EQ(plain(f.span_start(day("2026-09-28"), day("2026-10-04"))), "28 septembre");
    EXPECT_EQ(plain(f.span_start(day("2026-12-28"), day("2027-01-03"))), "28 décembre 2026");
}

TEST(Format, french__times_use_narrow_spaces_and_half_hours) {
    const Format f(words());
    EXPECT_EQ(plain(f.time(18 * 60)), "18 h");
    EXPECT_EQ(plain(f.time(13 * 60 + 30)), "13 h 30");
    EXPECT_EQ(plain(f.time(24 * 60)), "24 h");
    EXPECT_EQ(plain(f.range("18:00", "20:00")), "18 h–20 h");
    EXPECT_EQ(plain(f.range("22:00", "02:00")), "22 h–2 h le lendemain");
    EXPECT_EQ(plain(f.range_words("18:00", "20:00")), "de 18 h à 20 h");
    EXPECT_NE(f.time(18 * 60), "18 h");  // the space never breaks
    EXPECT_EQ(f.range("nonsense", "20:00"), "nonsense–20:00");
    EXPECT_EQ(plain(f.duration(66 * 60)), "66 h");
    EXPECT_EQ(plain(f.duration(90)), "1 h 30");
    EXPECT_EQ(plain(f.duration(45)), "45 minutes");
}

TEST(Format, french__sums_and_numbers) {
    const Format f(words());
    EXPECT_EQ(plain(f.money(51'800)), "518,00 €");
    EXPECT_EQ(plain(f.money(123'456'789)), "1 234 567,89 €");
    EXPECT_EQ(plain(f.tariff(900)), "9 €");
    EXPECT_EQ(plain(f.tariff(1'370)), "13,70 €");
    EXPECT_EQ(plain(f.tariff(0)), "gratuit");
    EXPECT_EQ(plain(f.distance(4.24)), "4,2 km");
    EXPECT_EQ(plain(f.distance(0.0)), "0,0 km");
    EXPECT_EQ(plain(f.number(1'250)), "1 250");
    EXPECT_EQ(f.list({"a", "b", "c"}), "a, b et c");
    EXPECT_EQ(f.list({"a"}), "a");
}

TEST(Format, english__has_its_own_typography) {
    const Format f(words(Language::en));
    EXPECT_EQ(plain(f.date(day("2026-10-06"))), "Tuesday 6 October 2026");
    EXPECT_EQ(f.range("18:00", "20:00"), "18:00–20:00");
    EXPECT_EQ(f.money(51'800), "€518.00");
    EXPECT_EQ(f.list({"a", "b"}), "a and b");
}

TEST(Format, moments__follow_the_zone) {
    const Format f(words());
    const auto at = parse_moment("2026-06-26T17:04:00Z");
    ASSERT_TRUE(at);
    EXPECT_EQ(plain(f.moment(*at)), "26 juin 2026 à 19 h 04");
    EXPECT_EQ(parse_moment("2026-12-01T18:00:00+01:00")->seconds,
              parse_moment("2026-12-01T17:00:00.123Z")->seconds);
    for (const auto* text : {"", "2026-12-01", "2026-12-01T18:00:00", "2026-13-01T18:00:00Z",
                             "2026-12-01T18:00:00+1:00", "2026-12-01Taa:00:00Z"}) {
        EXPECT_FALSE(parse_moment(text)) << text;
    }
    EXPECT_EQ(f.moment_text("nonsense"), "nonsense");
}

TEST(Catalogue, count__zero_is_singular_in_french_only) {
    EXPECT_EQ(plain(words().count("colleges.rooms", 0)), "0 salle");
    EXPECT_EQ(plain(words().count("colleges.rooms", 1)), "1 salle");
    EXPECT_EQ(plain(words().count("colleges.rooms", 2)), "2 salles");
    EXPECT_EQ(words(Language::en).count("colleges.rooms", 0),
              fill_pattern(words(Language::en).text("colleges.rooms.other"), {{"count", "0"}}));
}

TEST(Catalogue, fill__replaces_known_names_once) {
    EXPECT_EQ(fill_pattern("{a} {b} {c}", {{"a", "{b}"}, {"b", "2"}}), "{b} 2 {c}");
    EXPECT_EQ(fill_pattern("{open", {}), "{open");
    EXPECT_EQ(words().text("no.such.key"), "[no.such.key]");
}

}  // namespace
}  // namespace preau::words
