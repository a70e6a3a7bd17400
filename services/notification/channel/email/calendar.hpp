#pragma once
// The calendar file of a confirmed booking (RFC 5545, published by RFC 5546's METHOD:PUBLISH): one
// VEVENT a date. UIDs stay the same for the life of a date, SEQUENCE is the booking's version, so
// that a later file replaces an earlier one in the reader's calendar.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/time/zone.hpp"

namespace preau::notification::email {

struct CalendarEvent {
    std::string uid;  // "<occurrence id>@<domain>"
    base::Instant start;
    base::Instant end;
};

struct Calendar {
    std::vector<CalendarEvent> events;
    time::Zone zone = time::Zone::paris();
    base::Instant stamp;  // when the file was made
    std::int64_t sequence = 0;
    std::string summary;
    std::string location;
    std::string description;
    std::string url;
    std::string organiser_name;
    std::string organiser_address;
};

/// Lines folded at 75 bytes between characters, ended by CRLF. Times are local with their
/// VTIMEZONE; where the clock shows a time twice and ours is the second, that event is in UTC.
std::string to_ics(const Calendar& calendar);

}  // namespace preau::notification::email
