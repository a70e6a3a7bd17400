#pragma once
// What the rules need to know of a space: its parts, what can be booked of it, when it is open.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/id.hpp"
#include "shared/rules/calendar.hpp"
#include "shared/time/civil.hpp"

namespace preau::rules {

/// The words for what a room is lent for; their sentences stand in frontend/messages.
std::span<const std::string_view> purpose_words();

/// Whether a room with these purposes may be asked for this one. Free words are for a person to
/// judge, and a room that names none is open to all.
bool purpose_allowed(std::string_view purpose, std::span<const std::string> allowed);

/// A bookable set of parts with its rules. Days are local calendar days.
struct Offer {
    base::OfferId id;
    std::string name;
    std::vector<base::PartId> parts;  // sorted, at least one
    int capacity = 0;                 // persons
    std::string tariff_kind;          // "gym_part"
    int grid_min = 30;                // starts and durations are multiples, counted from midnight
    int duration_min_min = 60;
    int duration_max_min = 720;
    int notice_days = 2;
    int horizon_days = 548;
    int buffer_before_min = 0;
    int buffer_after_min = 0;
    bool instant = false;  // books without a decision
    bool active = true;
};

/// Open on these weekdays of these kinds of period, between two minutes of the day; the end may
/// pass midnight (up to 2,880) and counts on the day of the start.
struct Frame {
    std::vector<Period> periods;
    std::vector<time::Weekday> weekdays;
    time::Minute start_minute = 0;
    time::Minute end_minute = 0;
    std::optional<time::Date> valid_from;
    std::optional<time::Date> valid_until;  // inclusive
};

struct MinuteRange {
    time::Minute start_minute = 0;
    time::Minute end_minute = 0;
};

/// A day that has hours of its own; it beats the frames and the public-holiday rule.
struct DayException {
    time::Date date;
    std::vector<MinuteRange> ranges;  // empty: closed
    std::string reason;
};

struct Opening {
    std::vector<Frame> frames;
    std::vector<DayException> exceptions;  // sorted by date
    bool open_on_public_holidays = false;
};

}  // namespace preau::rules
