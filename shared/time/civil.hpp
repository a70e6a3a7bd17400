#pragma once
// Civil time without a zone: dates, weekdays, minutes of the day.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preau::time {

/// ISO 8601 weekdays.
enum class Weekday : std::uint8_t { mon, tue, wed, thu, fri, sat, sun };
std::string_view to_string(Weekday day);  // "mon"
std::optional<Weekday> weekday_from(std::string_view text);

/// A day of the proleptic Gregorian calendar, as days since 1970-01-01.
struct Date {
    std::int32_t days = 0;

    static std::optional<Date> parse(std::string_view iso);  // "2026-12-01", years 1900 to 2999
    static Date of(int year, unsigned month, unsigned day);  // must be a real date (asserted)
    std::string iso() const;
    int year() const;
    unsigned month() const;
    unsigned day() const;
    Weekday weekday() const;
    Date monday() const;  // of the same ISO week
    /// The same day n months later, or nothing where the month has no such day (31 January + 1).
    std::optional<Date> plus_months(int n) const;

    auto operator<=>(const Date&) const = default;
    friend Date operator+(Date d, std::int32_t n) { return {d.days + n}; }
    friend Date operator-(Date d, std::int32_t n) { return {d.days - n}; }
    friend std::int32_t operator-(Date a, Date b) { return a.days - b.days; }
};

/// Minutes after midnight; an end may be up to 2,880 (the next day's midnight and beyond).
using Minute = std::int32_t;
inline constexpr Minute minutes_per_day = 1440;

std::optional<Minute> parse_minute(std::string_view text);  // "18:00", "24:00"
/// "18:00"; 1440 is "24:00"; more is the time on the next day ("01:00").
std::string format_minute(Minute minute);

}  // namespace preau::time
