#include "services/gateway/pages/format.hpp"

#include <charconv>
#include <cmath>

namespace preau::gateway {

namespace {

/// `text` as a number of exactly its own length.
std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
        return std::nullopt;
    }
    return value;
}

std::string two_digits(std::int64_t n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

}  // namespace

std::optional<base::Instant> parse_moment(std::string_view text) {
    // 2026-12-01T18:00:00[.fff](Z|±hh:mm)
    if (text.size() < 20 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
    const auto date = time::Date::parse(text.substr(0, 10));
    const auto hour = digits(text.substr(11, 2));
    const auto minute = digits(text.substr(14, 2));
    const auto second = digits(text.substr(17, 2));
    if (!date || !hour || !minute || !second) return std::nullopt;
    auto zone = text.substr(19);
    if (zone.front() == '.') {
        const auto end = zone.find_first_not_of("0123456789", 1);
        if (end == std::string_view::npos) return std::nullopt;
        zone.remove_prefix(end);
    }
    std::int64_t offset_s = 0;
    if (zone != "Z" && zone != "z") {
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
        const auto offset_h = digits(zone.substr(1, 2));
        const auto offset_m = digits(zone.substr(4, 2));
        if (!offset_h || !offset_m) return std::nullopt;
        offset_s = (zone[0] == '-' ? -60 : 60) * (*offset_h * 60 + *offset_m);
    }
    const std::int64_t local =
        date->days * std::int64_t{86'400} + *hour * 3'600 + *minute * 60 + *second;
    return base::Instant{local - offset_s};
}

std::string Format::day(time::Date date) const {
    return date.day() == 1 ? words_.text("format.first") : std::to_string(date.day());
}

std::string Format::month(time::Date date) const {
    return words_.text("format.month." + std::to_string(date.month()));
}

std::string Format::weekday(time::Weekday day) const {
    return words_.text("format.weekday." + std::string(time::to_string(day)));
}

std::string Format::weekday_short(time::Weekday day) const {
    return words_.text("format.weekday_short." + std::string(time::to_string(day)));
}

std::string Format::month_short(unsigned month) const {
    return words_.text("format.month_short." + std::to_string(month));
}

std::string Format::date(time::Date date) const {
    return words_.fill("format.date", {{"weekday", weekday(date.weekday())},
                                       {"day", day(date)},
                                       {"month", month(date)},
                                       {"year", std::to_string(date.year())}});
}

std::string Format::date_short(time::Date date) const {
    return words_.fill("format.date", {{"weekday", weekday_short(date.weekday())},
                                       {"day", day(date)},
                                       {"month", month_short(date.month())},
                                       {"year", std::to_string(date.year())}});
}

std::string Format::date_without_year(time::Date date) const {
    return words_.fill(
        "format.date_without_year",
        {{"weekday", weekday(date.weekday())}, {"day", day(date)}, {"month", month(date)}});
}

std::string Format::day_month_year(time::Date date) const {
    return words_.fill(
        "format.day_month_year",
        {{"day", day(date)}, {"month", month(date)}, {"year", std::to_string(date.year())}});
}

std::string Format::month_year(time::Date date) const {
    return words_.fill("format.month_year",
                       {{"month", month(date)}, {"year", std::to_string(date.year())}});
}

std::string Format::week(time::Date monday) const {
    const auto sunday = monday + 6;
    std::string from = day(monday);
    if (monday.month() != sunday.month()) {
        from = words_.fill("format.day_month", {{"day", day(monday)}, {"month", month(monday)}});
    }
    if (monday.year() != sunday.year()) from = day_month_year(monday);
    return words_.fill("format.week", {{"from", from}, {"to", day_month_year(sunday)}});
}

std::string Format::time(time::Minute minute) const {
    const auto within = minute > time::minutes_per_day ? minute - time::minutes_per_day : minute;
    const auto hour = within / 60;
    const auto rest = within % 60;
    return words_.fill(
        rest == 0 ? "format.hour" : "format.hour_minute",
        {{"h", std::to_string(hour)}, {"hh", two_digits(hour)}, {"mm", two_digits(rest)}});
}

std::string Format::range(time::Minute start, time::Minute end) const {
    return words_.fill(end > time::minutes_per_day ? "format.range_next_day" : "format.range",
                       {{"from", time(start)}, {"to", time(end)}});
}

std::string Format::range(std::string_view start, std::string_view end) const {
    const auto from = time::parse_minute(start);
    const auto to = time::parse_minute(end);
    if (!from || !to) return std::string(start) + "–" + std::string(end);
    // An end at or before its start lies on the next day.
    return range(*from, *to <= *from ? *to + time::minutes_per_day : *to);
}

std::string Format::moment(base::Instant at, const time::Zone& zone) const {
    const auto local = zone.local(at);
    return words_.fill("format.moment",
                       {{"date", day_month_year(local.date)}, {"time", time(local.minute())}});
}

std::string Format::moment_date(base::Instant at, const time::Zone& zone) const {
    return day_month_year(zone.local(at).date);
}

std::string Format::ago(base::Instant at, base::Instant now, const time::Zone& zone) const {
    const auto days = zone.local(now).date - zone.local(at).date;
    if (days <= 0) return words_.text("format.today");
    if (days == 1) return words_.text("format.yesterday");
    return words_.count("format.days_ago", days);
}

std::string Format::number(std::int64_t n) const {
    std::string plain = std::to_string(n < 0 ? -n : n);
    const auto separator = words_.text("format.group");
    for (auto at = static_cast<std::ptrdiff_t>(plain.size()) - 3; at > 0; at -= 3) {
        plain.insert(static_cast<std::size_t>(at), separator);
    }
    return (n < 0 ? "−" : "") + plain;
}

std::string Format::money(std::int64_t cents) const {
    const auto magnitude = cents < 0 ? -cents : cents;
    const auto amount =
        number(magnitude / 100) + words_.text("format.decimal") + two_digits(magnitude % 100);
    return (cents < 0 ? "−" : "") + words_.fill("format.money", {{"amount", amount}});
}

std::string Format::tariff(std::int64_t cents) const {
    if (cents % 100 != 0) return money(cents);
    return words_.fill("format.money", {{"amount", number(cents / 100)}});
}

std::string Format::distance(double km) const {
    const auto tenths = static_cast<std::int64_t>(std::llround(km * 10.0));
    const auto amount =
        std::to_string(tenths / 10) + words_.text("format.decimal") + std::to_string(tenths % 10);
    return words_.fill("format.distance", {{"n", amount}});
}

std::string Format::date_text(std::string_view iso) const {
    const auto parsed = time::Date::parse(iso);
    return parsed ? date(*parsed) : std::string(iso);
}

std::string Format::moment_text(std::string_view rfc3339) const {
    const auto at = parse_moment(rfc3339);
    return at ? moment(*at) : std::string(rfc3339);
}

}  // namespace preau::gateway
