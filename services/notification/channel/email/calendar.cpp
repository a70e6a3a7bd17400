#include "services/notification/channel/email/calendar.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace preau::notification::email {

namespace {

constexpr std::size_t kLineBytes = 75;
constexpr std::int64_t kDay_s = 86'400;

class Writer {
public:
    void line(std::string_view text) {
        // The blank that begins a folded line counts.
        std::size_t room = kLineBytes;
        while (text.size() > room) {
            std::size_t cut = room;
            while (cut > 1 && (static_cast<std::uint8_t>(text[cut]) & 0xc0U) == 0x80U)
                --cut;
            out_ += text.substr(0, cut);
            out_ += "\r\n ";
            text.remove_prefix(cut);
            room = kLineBytes - 1;
        }
        out_ += text;
        out_ += "\r\n";
    }
    void text(std::string_view name, std::string_view value) {
        std::string escaped(name);
        escaped += ':';
        for (const char c : value) {
            if (c == '\n') {
                escaped += "\\n";
            } else if (c == '\\' || c == ';' || c == ',') {
                escaped += '\\';
                escaped += c;
            } else if (static_cast<std::uint8_t>(c) >= 0x20 && c != 0x7f) {
                escaped += c;
            }
        }
        line(escaped);
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

/// A parameter's value between quotes: no quote, no control character.
std::string parameter(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (static_cast<std::uint8_t>(c) >= 0x20 && c != '"' && c != 0x7f) out += c;
    }
    return out;
}

/// For values that are no text (UID, URL): what could end the line is left out.
std::string bare(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c > ' ' && c < '\x7f') out += c;
    }
    return out;
}

std::string stamp_of(const time::LocalTime& local) {
    std::array<char, 32> out{};
    const int s = local.second_of_day;
    std::snprintf(out.data(), out.size(), "%04d%02u%02uT%02d%02d%02d", local.date.year(),
                  local.date.month(), local.date.day(), s / 3600, s / 60 % 60, s % 60);
    return out.data();
}

const time::Zone& utc() {
    static const time::Zone zone = *time::Zone::find("UTC");
    return zone;
}

std::string utc_stamp(base::Instant at) {
    return stamp_of(utc().local(at)) + "Z";
}

std::string offset_text(std::int32_t offset_s) {
    std::array<char, 16> out{};
    const int minutes = std::abs(offset_s) / 60;
    std::snprintf(out.data(), out.size(), "%c%02d%02d", offset_s < 0 ? '-' : '+', minutes / 60,
                  minutes % 60);
    return out.data();
}

/// The local text names this instant and no other.
bool is_unambiguous(base::Instant at, const time::Zone& zone) {
    const auto local = zone.local(at);
    const auto back = zone.instant(local.date, local.minute());
    return back && back->seconds == at.seconds - local.second_of_day % 60;
}

void when(Writer& out, const CalendarEvent& event, const time::Zone& zone) {
    if (is_unambiguous(event.start, zone) && is_unambiguous(event.end, zone)) {
        const auto name = ";TZID=" + zone.name() + ":";
        out.line("DTSTART" + name + stamp_of(zone.local(event.start)));
        out.line("DTEND" + name + stamp_of(zone.local(event.end)));
    } else {
        out.line("DTSTART:" + utc_stamp(event.start));
        out.line("DTEND:" + utc_stamp(event.end));
    }
}

void observance(Writer& out, std::string_view kind, const std::string& start, std::int32_t from_s,
                std::int32_t to_s, std::string_view name, std::string_view rule = {}) {
    out.line("BEGIN:" + std::string(kind));
    out.line("DTSTART:" + start);
    out.line("TZOFFSETFROM:" + offset_text(from_s));
    out.line("TZOFFSETTO:" + offset_text(to_s));
    if (!name.empty()) out.line("TZNAME:" + std::string(name));
    if (!rule.empty()) out.line("RRULE:" + std::string(rule));
    out.line("END:" + std::string(kind));
}

/// Since 1996: last Sundays of March and October, at 01:00 UTC.
void paris(Writer& out) {
    observance(out, "DAYLIGHT", "19960331T020000", 3'600, 7'200, "CEST",
               "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU");
    observance(out, "STANDARD", "19961027T030000", 7'200, 3'600, "CET",
               "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU");
}

/// Other zones: the offset at the beginning, then each change up to the last event.
void observed(Writer& out, const time::Zone& zone, base::Instant from, base::Instant until) {
    auto offset = zone.local(from).offset_s;
    observance(out, "STANDARD", stamp_of(zone.local(from)), offset, offset, {});
    for (auto day = from; day < until; day = day + kDay_s) {
        const auto next = zone.local(day + kDay_s).offset_s;
        if (next == offset) continue;
        std::int64_t low = day.seconds;
        std::int64_t high = day.seconds + kDay_s;
        while (high - low > 1) {
            const auto middle = low + (high - low) / 2;
            (zone.local({middle}).offset_s == offset ? low : high) = middle;
        }
        // The onset is written in the local time that ends.
        const auto onset = utc().local(base::Instant{high} + offset);
        observance(out, next > offset ? "DAYLIGHT" : "STANDARD", stamp_of(onset), offset, next, {});
        offset = next;
    }
}

void zone_of(Writer& out, const Calendar& calendar) {
    out.line("BEGIN:VTIMEZONE");
    out.line("TZID:" + calendar.zone.name());
    if (calendar.zone.name() == "Europe/Paris") {
        paris(out);
    } else {
        auto from = calendar.events.front().start;
        auto until = calendar.events.front().end;
        for (const auto& event : calendar.events) {
            from = std::min(from, event.start);
            until = std::max(until, event.end);
        }
        observed(out, calendar.zone, from + -kDay_s, until + kDay_s);
    }
    out.line("END:VTIMEZONE");
}

}  // namespace

std::string to_ics(const Calendar& calendar) {
    Writer out;
    out.line("BEGIN:VCALENDAR");
    out.line("PRODID:-//Preau//Booking//FR");
    out.line("VERSION:2.0");
    out.line("CALSCALE:GREGORIAN");
    out.line("METHOD:PUBLISH");
    if (!calendar.events.empty()) zone_of(out, calendar);
    for (const auto& event : calendar.events) {
        out.line("BEGIN:VEVENT");
        out.line("UID:" + bare(event.uid));
        out.line("DTSTAMP:" + utc_stamp(calendar.stamp));
        when(out, event, calendar.zone);
        out.line("SEQUENCE:" + std::to_string(calendar.sequence));
        out.line("STATUS:CONFIRMED");
        out.text("SUMMARY", calendar.summary);
        if (!calendar.location.empty()) out.text("LOCATION", calendar.location);
        if (!calendar.description.empty()) out.text("DESCRIPTION", calendar.description);
        if (!calendar.url.empty()) out.line("URL:" + bare(calendar.url));
        out.line("ORGANIZER;CN=\"" + parameter(calendar.organiser_name) +
                 "\":mailto:" + bare(calendar.organiser_address));
        out.line("END:VEVENT");
    }
    out.line("END:VCALENDAR");
    return out.take();
}

}  // namespace preau::notification::email
