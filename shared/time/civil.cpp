#include "shared/time/civil.hpp"

#include <array>
#include <cassert>
#include <cstdio>

#include <date/date.h>

namespace preau::time {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};

date::year_month_day parts(Date date) {
    return date::year_month_day(date::sys_days(date::days(date.days)));
}

Date from_parts(date::year_month_day day) {
    return {static_cast<std::int32_t>(date::sys_days(day).time_since_epoch().count())};
}

/// The number that `text` is made of, digits only.
std::optional<int> digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

std::string_view to_string(Weekday day) {
    return kWeekdays[static_cast<std::size_t>(day)];
}

std::optional<Weekday> weekday_from(std::string_view text) {
    for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
        if (kWeekdays[i] == text) return static_cast<Weekday>(i);
    }
    return std::nullopt;
}

std::optional<Date> Date::parse(std::string_view iso) {
    if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
    const auto year = digits(iso.substr(0, 4));
    const auto month = digits(iso.substr(5, 2));
    const auto day = digits(iso.substr(8, 2));
    if (!year || !month || !day || *year < 1900 || *year > 2999) return std::nullopt;
    const date::year_month_day ymd{date::year(*year), date::month(static_cast<unsigned>(*month)),
                                   date::day(static_cast<unsigned>(*day))};
    if (!ymd.ok()) return std::nullopt;
    return from_parts(ymd);
}

Date Date::of(int year, unsigned month, unsigned day) {
    const date::year_month_day ymd{date::year(year), date::month(month), date::day(day)};
    assert(ymd.ok());
    return from_parts(ymd);
}

std::string Date::iso() const {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", year(), month(), day());
    return text.data();
}

int Date::year() const {
    return static_cast<int>(parts(*this).year());
}
unsigned Date::month() const {
    return static_cast<unsigned>(parts(*this).month());
}
unsigned Date::day() const {
    return static_cast<unsigned>(parts(*this).day());
}

Weekday Date::weekday() const {
    // 1970-01-01 was a Thursday, the fourth day.
    const std::int32_t from_monday = ((days + 3) % 7 + 7) % 7;
    return static_cast<Weekday>(from_monday);
}

Date Date::monday() const {
    return *this - static_cast<std::int32_t>(weekday());
}

std::optional<Date> Date::plus_months(int n) const {
    const auto ymd = parts(*this) + date::months(n);
    if (!ymd.ok()) return std::nullopt;
    return from_parts(ymd);
}

std::optional<Minute> parse_minute(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = digits(text.substr(0, 2));
    const auto minute = digits(text.substr(3, 2));
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const Minute total = *hour * 60 + *minute;
    if (total > minutes_per_day) return std::nullopt;
    return total;
}

std::string format_minute(Minute minute) {
    if (minute > minutes_per_day) minute -= minutes_per_day;
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d", minute / 60, minute % 60);
    return text.data();
}

}  // namespace preau::time
