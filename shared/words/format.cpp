#include "shared/words/format.hpp"

#include <charconv>
#include <cmath>

namespace preau::words {

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
    if (date.day() == 1) return words_.text("format.first_day");
    return words_.fill("format.day", {{"day", std::to_string(date.day())}});
}

std::string Format::month(time::Date date) const {
    return words_.text("month." + two_digits(date.month()));
}

std::string Format::weekday(time::Weekday day) const {
    return words_.text("weekday." + std::string(time::to_string(day)));
}

std::string Format::weekday_on(time::Weekday day) const {
    return words_.text("weekday_on." + std::string(time::to_string(day)));
}

std::string Format::weekday_short(time::Weekday day) const {
    return words_.text("weekday_short." + std::string(time::to_string(day)));
}

std::string Format::month_short(time::Date date) const {
    return words_.text("month_short." + two_digits(date.month()));
}

std::string Format::month_initial(time::Date date) const {
    return words_.text("month_initial." + two_digits(date.month()));
}

std::string Format::date(time::Date date) const {
    return words_.fill("format.date_weekday", {{"weekday", weekday(date.weekday())},
                                               {"day", day(date)},
                                               {"month", month(date)},
                                               {"year", std::to_string(date.year())}});
}

std::string Format::date_without_year(time::Date date) const {
    return words_.fill(
        "format.date_weekday_no_year",
        {{"weekday", weekday(date.weekday())}, {"day", day(date)}, {"month", month(date)}});
}

std::string Format::day_month_year(time::Date date) const {
    return words_.fill(
        "format.date",
        {{"day", day(date)}, {"month", month(date)}, {"year", std::to_string(date.year())}});
}

std::string Format::day_month_year_short(time::Date date) const {
    return words_.fill(
        "format.date",
        {{"day", day(date)}, {"month", month_short(date)}, {"year", std::to_string(date.year())}});
}

std::string Format::day_month(time::Date date) const {
    return words_.fill("format.date_no_year", {{"day", day(date)}, {"month", month(date)}});
}

std::string Format::month_year(time::Date date) const {
    return words_.fill("format.month_year",
                       {{"month", month(date)}, {"year", std::to_string(date.year())}});
}

std::string Format::span_start(time::Date first, time::Date last) const {
    if (first.year() != last.year()) return day_month_year(first);
    return first.month() == last.month() ? day(first) : day_month(first);
}

std::string Format::time(time::Minute minute) const {
    const auto within = minute > time::minutes_per_day ? minute - time::minutes_per_day : minute;
    const auto hour = within / 60;
    const auto rest = within % 60;
    return words_.fill(rest == 0 ? "format.hour" : "format.hour_minute",
                       {{"hour", std::to_string(hour)}, {"minute", two_digits(rest)}});
}

std::string Format::range(time::Minute start, time::Minute end) const {
    return words_.fill(end > time::minutes_per_day ? "format.range_next_day" : "format.range",
                       {{"start", time(start)}, {"end", time(end)}});
}

std::string Format::range(std::string_view start, std::string_view end) const {
    const auto from = time::parse_minute(start);
    const auto to = time::parse_minute(end);
    if (!from || !to) return std::string(start) + "–" + std::string(end);
    // An end at or before its start lies on the next day.
    return range(*from, *to <= *from ? *to + time::minutes_per_day : *to);
}

std::string Format::range_words(std::string_view start, std::string_view end) const {
    const auto from = time::parse_minute(start);
    const auto to = time::parse_minute(end);
    if (!from || !to) return range(start, end);
    if (*to <= *from) return range(*from, *to + time::minutes_per_day);
    return words_.fill("format.range_words", {{"start", time(*from)}, {"end", time(*to)}});
}

std::string Format::moment(base::Instant at, const time::Zone& zone) const {
    const auto local = zone.local(at);
    return words_.fill("format.moment",
                       {{"date", day_month_year(local.date)}, {"time", time(local.minute())}});
}

std::string Format::clock_time(base::Instant at, const time::Zone& zone) const {
    return time(zone.local(at).minute());
}

std::string Format::duration(int minutes) const {
    if (minutes % 60 == 0) return words_.count("format.hours", minutes / 60);
    if (minutes < 60) return words_.count("format.minutes", minutes);
    return words_.fill("format.hours_minutes",
                       {{"hours", number(minutes / 60)}, {"minutes", two_digits(minutes % 60)}});
}

std::string Format::number(std::int64_t n) const {
    std::string plain = std::to_string(n < 0 ? -n : n);
    const auto separator = words_.text("format.thousands");
    for (auto at = static_cast<std::ptrdiff_t>(plain.size()) - 3; at > 0; at -= 3) {
        plain.insert(static_cast<std::size_t>(at), separator);
    }
    return (n < 0 ? "−" : "") + plain;
}

std::string Format::money(std::int64_t cents) const {
    const auto magnitude = cents < 0 ? -cents : cents;
    const auto amount =
        number(magnitude / 100) + words_.text("format.decimal") + two_digits(magnitude % 100);
    if (cents < 0) return words_.fill("format.money_sign", {{"sign", "−"}, {"amount", amount}});
    return words_.fill("format.money", {{"amount", amount}});
}

std::string Format::tariff(std::int64_t cents) const {
    if (cents == 0) return words_.text("format.free_of_charge");
    if (cents % 100 != 0) return money(cents);
    return words_.fill("format.money", {{"amount", number(cents / 100)}});
}

std::string Format::distance(double km) const {
    const auto tenths = static_cast<std::int64_t>(std::llround(km * 10.0));
    const auto amount =
        std::to_string(tenths / 10) + words_.text("format.decimal") + std::to_string(tenths % 10);
    return words_.fill("format.distance", {{"km", amount}});
}

std::string Format::list(const std::vector<std::string>& items) const {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i == 0) {
            out = items[0];
        } else if (i + 1 == items.size()) {
            out = words_.fill("format.and", {{"list", out}, {"last", items[i]}});
        } else {
            out += words_.text("format.list") + items[i];
        }
    }
    return out;
}

std::string Format::date_text(std::string_view iso) const {
    const auto parsed = time::Date::parse(iso);
    return parsed ? date(*parsed) : std::string(iso);
}

std::string Format::moment_text(std::string_view rfc3339) const {
    const auto at = parse_moment(rfc3339);
    return at ? moment(*at) : std::string(rfc3339);
}

}  // namespace preau::words
