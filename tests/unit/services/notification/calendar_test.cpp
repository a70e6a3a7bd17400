#include "services/notification/channel/email/calendar.hpp"

#include <cstdlib>
#include <ctime>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>

namespace preau::notification::email {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

base::Instant at(const char* date, int hour, int minute = 0, const char* zone = "Europe/Paris") {
    return *time::Zone::find(zone)->instant(*time::Date::parse(date), hour * 60 + minute);
}

Calendar with(std::vector<CalendarEvent> events) {
    Calendar out;
    out.events = std::move(events);
    out.stamp = {1'795'336'200};
    out.sequence = 4;
    out.summary = "Basket; \"éveil\", débutants – Gymnase\nligne";
    out.location = "Gymnase, collège La Garenne";
    out.url = "https://preau.example/suivi/01JD0000000000000000000002";
    out.organiser_name = "Collège \"La Garenne\"";
    out.organiser_address = "preau@example.org";
    return out;
}

struct Free {
    void operator()(icalcomponent* c) const { icalcomponent_free(c); }
};
using Parsed = std::unique_ptr<icalcomponent, Free>;

/// As another program reads it, with its own rules of RFC 5545 and RFC 5546.
Parsed read(const std::string& ics) {
    Parsed parsed(icalparser_parse_string(ics.c_str()));
    if (!parsed) throw std::runtime_error("libical cannot read it");
    icalrestriction_check(parsed.get());
    if (icalcomponent_count_errors(parsed.get()) != 0) {
        throw std::runtime_error("libical: " +
                                 std::string(icalcomponent_as_ical_string(parsed.get())));
    }
    return parsed;
}

struct Span {
    long long start;
    long long end;
    bool operator==(const Span&) const = default;
};

std::vector<Span> spans(icalcomponent* calendar) {
    std::vector<Span> out;
    for (auto* event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != nullptr;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        const auto start = icalcomponent_get_dtstart(event);
        const auto end = icalcomponent_get_dtend(event);
        // The zone that the file itself carries, not libical's own.
        auto* zone = const_cast<icaltimezone*>(start.zone);
        out.push_back({icaltime_as_timet_with_zone(start, zone),
                       icaltime_as_timet_with_zone(end, const_cast<icaltimezone*>(end.zone))});
    }
    return out;
}

TEST(Calendar, series_over_both_clock_changes__is_read_at_the_right_instants) {  // S124
    Calendar calendar = with({});
    std::vector<Span> expected;
    for (auto date = *time::Date::parse("2026-09-01"); date <= *time::Date::parse("2027-06-29");
         date = date + 7) {
        const auto start = *time::Zone::paris().instant(date, 18 * 60);
        calendar.events.push_back({date.iso() + "@example.org", start, start + 7'200});
        expected.push_back({start.seconds, start.seconds + 7'200});
    }
    ASSERT_EQ(expected.size(), 44U);
    EXPECT_EQ(spans(read(to_ics(calendar)).get()), expected);
}

TEST(Calendar, nights_of_the_clock_changes__keep_their_elapsed_time) {
    const std::vector<CalendarEvent> events{
        {"a@x", at("2026-10-24", 22), {at("2026-10-25", 0).seconds + 4 * 3'600}},  // ends 03:00 CET
        {"b@x", at("2026-10-25", 2, 30), {at("2026-10-25", 2, 30).seconds + 3'600}},  // 02:30 again
        {"c@x", at("2027-03-27", 22), at("2027-03-28", 4)},
    };
    const auto ics = to_ics(with(events));
    std::vector<Span> expected;
    for (const auto& event : events)
        expected.push_back({event.start.seconds, event.end.seconds});
    EXPECT_EQ(spans(read(ics).get()), expected);
    // The end that the clock shows for the second time can only be said in UTC.
    EXPECT_THAT(ics, HasSubstr("DTEND:20261025T013000Z"));
}

TEST(Calendar, zone_overseas_and_zone_with_changes__are_read_at_the_right_instants) {
    for (const auto* name : {"America/Martinique", "Indian/Reunion", "America/Miquelon"}) {
        auto calendar =
            with({{"a@x", at("2026-12-01", 18, 0, name), at("2026-12-01", 20, 0, name)},
                  {"b@x", at("2027-06-01", 18, 0, name), at("2027-06-01", 20, 0, name)},
                  {"c@x", at("2027-12-01", 18, 0, name), at("2027-12-01", 20, 0, name)}});
        calendar.zone = *time::Zone::find(name);
        std::vector<Span> expected;
        for (const auto& event : calendar.events)
            expected.push_back({event.start.seconds, event.end.seconds});
        EXPECT_EQ(spans(read(to_ics(calendar)).get()), expected) << name;
    }
}

TEST(Calendar, lines__are_folded_between_characters_and_end_with_crlf) {
    auto calendar = with({{"a@x", at("2026-12-01", 18), at("2026-12-01", 20)}});
    for (int i = 0; i < 80; ++i) {
        calendar.summary = std::string(static_cast<std::size_t>(i), 'a') + "ééé🏀🏀€€" +
                           std::string(90, 'b') + "é";
        const auto ics = to_ics(calendar);
        std::string_view rest = ics;
        while (!rest.empty()) {
            const auto end = rest.find("\r\n");
            ASSERT_NE(end, std::string_view::npos);
            EXPECT_LE(end, 75U);
            EXPECT_EQ(rest.substr(0, end).find('\n'), std::string_view::npos);
            // No line begins in the middle of a character.
            if (rest.starts_with(' ') && end > 1) {
                EXPECT_NE(static_cast<unsigned char>(rest[1]) & 0xc0U, 0x80U);
            }
            rest.remove_prefix(end + 2);
        }
        const auto parsed = read(ics);
        auto* event = icalcomponent_get_first_component(parsed.get(), ICAL_VEVENT_COMPONENT);
        EXPECT_EQ(icalcomponent_get_summary(event), calendar.summary);
    }
}

TEST(Calendar, text_of_people__ends_no_line_and_no_quotes) {
    auto calendar = with({{"a@x\r\nX-EVIL:1", at("2026-12-01", 18), at("2026-12-01", 20)}});
    calendar.url = "https://x/\r\nX-EVIL:1";
    calendar.organiser_name = "a\":mailto:evil@x\r\nX-EVIL:1";
    const auto ics = to_ics(calendar);
    EXPECT_THAT(ics, Not(HasSubstr("\nX-EVIL")));
    const auto parsed = read(ics);
    auto* event = icalcomponent_get_first_component(parsed.get(), ICAL_VEVENT_COMPONENT);
    EXPECT_STREQ(icalcomponent_get_summary(event), calendar.summary.c_str());
    auto* organiser = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    EXPECT_STREQ(icalproperty_get_organizer(organiser), "mailto:preau@example.org");
}

TEST(Calendar, method_sequence_and_uid__replace_an_earlier_file) {
    const auto ics =
        to_ics(with({{"01A@example.org", at("2026-12-01", 18), at("2026-12-01", 20)}}));
    const auto parsed = read(ics);
    EXPECT_EQ(icalcomponent_get_method(parsed.get()), ICAL_METHOD_PUBLISH);
    auto* event = icalcomponent_get_first_component(parsed.get(), ICAL_VEVENT_COMPONENT);
    EXPECT_EQ(icalcomponent_get_sequence(event), 4);
    EXPECT_STREQ(icalcomponent_get_uid(event), "01A@example.org");
    EXPECT_THAT(ics, HasSubstr("BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\n"));
    EXPECT_THAT(ics, HasSubstr("DTSTART;TZID=Europe/Paris:20261201T180000\r\n"));
}

TEST(Calendar, zone_of_the_process__does_not_matter) {
    const char* before = std::getenv("TZ");
    const std::string kept = before != nullptr ? before : "";
    std::string first;
    for (const auto* zone : {"UTC", "America/New_York", "Pacific/Kiritimati"}) {
        ::setenv("TZ", zone, 1);
        ::tzset();
        const auto ics = to_ics(with({{"a@x", at("2026-10-25", 2, 30), at("2026-10-25", 4)}}));
        if (first.empty()) first = ics;
        EXPECT_EQ(ics, first) << zone;
    }
    if (kept.empty()) {
        ::unsetenv("TZ");
    } else {
        ::setenv("TZ", kept.c_str(), 1);
    }
    ::tzset();
}

}  // namespace
}  // namespace preau::notification::email
