#include "tests/property/rules/naive.hpp"

#include <cstdlib>
#include <string>

namespace preau::rules::naive {
namespace {

constexpr std::int64_t kDay_min = 1'440;

bool leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/// Days since 1970-01-01 of the first of the month, counted year by year and month by month.
std::int64_t first_of(int year, int month) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::int64_t days = 0;
    for (int y = 1970; y < year; ++y)
        days += leap(y) ? 366 : 365;
    for (int m = 1; m < month; ++m)
        days += lengths[m - 1] + (m == 2 && leap(year) ? 1 : 0);
    return days;
}

bool is_sunday(std::int64_t day) {
    return day % 7 == 3;  // 1970-01-04
}

std::int64_t change_utc_min(int year, int month) {
    std::int64_t day = first_of(year, month) + 30;  // March and October have 31 days
    while (!is_sunday(day))
        --day;
    return day * kDay_min + 60;
}

struct Changes {
    std::int64_t spring = 0;
    std::int64_t autumn = 0;
};

/// Of each year from 2020 to 2039, worked out once.
const std::vector<Changes>& all_changes() {
    static const std::vector<Changes> known = [] {
        std::vector<Changes> out;
        for (int year = 2020; year < 2040; ++year) {
            out.push_back({change_utc_min(year, 3), change_utc_min(year, 10)});
        }
        return out;
    }();
    return known;
}

bool closed_by_calendar(const Opening& opening, const Calendar& calendar, time::Date date) {
    if (opening.open_on_public_holidays) return false;
    for (const auto& day : calendar.holidays->days) {
        if (day.date == date) return true;
    }
    return false;
}

Period period_of(const Calendar& calendar, time::Date date) {
    for (const auto& period : calendar.school->periods) {
        if (period.first_free <= date && date <= period.last_free) return period.kind;
    }
    return Period::term;
}

/// The hours of one day as pairs of wall minutes.
std::vector<MinuteRange> hours_of(const Opening& opening, const Calendar& calendar,
                                  time::Date date) {
    for (const auto& exception : opening.exceptions) {
        if (exception.date == date) return exception.ranges;
    }
    std::vector<MinuteRange> out;
    if (closed_by_calendar(opening, calendar, date)) return out;
    for (const auto& frame : opening.frames) {
        bool applies = false;
        for (const auto period : frame.periods)
            applies |= period == period_of(calendar, date);
        bool weekday = false;
        for (const auto day : frame.weekdays) {
            weekday |= (date.days + 3) % 7 == static_cast<std::int32_t>(day);
        }
        const bool valid = (!frame.valid_from || *frame.valid_from <= date) &&
                           (!frame.valid_until || date <= *frame.valid_until);
        if (applies && weekday && valid) out.push_back({frame.start_minute, frame.end_minute});
    }
    return out;
}

std::int64_t minute_of(base::Instant t) {
    return t.seconds / 60;
}

}  // namespace

Civil civil(std::int32_t days) {
    Civil out;
    while (first_of(out.year + 1, 1) <= days)
        ++out.year;
    while (out.month < 12 && first_of(out.year, out.month + 1) <= days)
        ++out.month;
    out.day = static_cast<int>(days - first_of(out.year, out.month)) + 1;
    return out;
}

std::int64_t paris_offset_min(std::int64_t utc_min) {
    for (const Changes& year : all_changes()) {
        if (year.spring <= utc_min && utc_min < year.autumn) return 120;
    }
    return 60;
}

std::int64_t reached(std::int32_t day, std::int64_t minute) {
    const std::int64_t wanted = day * kDay_min + minute;
    std::int64_t utc = wanted - 240;
    while (utc + paris_offset_min(utc) < wanted)
        ++utc;
    return utc;
}

bool shown(std::int32_t day, std::int64_t minute) {
    const std::int64_t utc = reached(day, minute);
    return utc + paris_offset_min(utc) == day * kDay_min + minute;
}

bool Minutes::at(std::int64_t utc_min) const {
    const std::int64_t i = utc_min - first_utc_min;
    return i >= 0 && i < static_cast<std::int64_t>(open.size()) &&
           open[static_cast<std::size_t>(i)];
}

Minutes open_minutes(const Opening& opening, const Calendar& calendar, std::int32_t first,
                     int days) {
    Minutes out;
    out.first_utc_min = reached(first, 0);
    out.open.resize(static_cast<std::size_t>(reached(first + days, 1'440) - out.first_utc_min));
    for (std::int32_t day = first - 1; day < first + days; ++day) {
        for (const auto& range : hours_of(opening, calendar, {day})) {
            const std::int64_t end = reached(day, range.end_minute);
            for (std::int64_t utc = reached(day, range.start_minute); utc < end; ++utc) {
                const std::int64_t i = utc - out.first_utc_min;
                if (i >= 0 && i < static_cast<std::int64_t>(out.open.size())) {
                    out.open[static_cast<std::size_t>(i)] = true;
                }
            }
        }
    }
    return out;
}

SlotState judge(const Slot& slot, const Offer& offer, const SpaceFacts& facts, const Asker& asker,
                const std::vector<Occupation>& occupations, base::Instant now) {
    const std::int64_t now_min = minute_of(now);
    std::int64_t today = now_min / kDay_min - 1;
    while ((today + 1) * kDay_min <= now_min + paris_offset_min(now_min))
        ++today;
    if (slot.interval.start < now) return SlotState::past;
    if (slot.local_date.days < today + offer.notice_days) return SlotState::notice;
    if (slot.local_date.days > today + offer.horizon_days) return SlotState::horizon;

    const auto open = open_minutes(*facts.opening, *facts.calendar, slot.local_date.days - 1, 4);
    const std::int64_t start = minute_of(slot.interval.start);
    const std::int64_t end = minute_of(slot.interval.end);
    bool closure = false;
    bool taken = false;
    bool pending = false;
    bool buffer = false;
    for (std::int64_t minute = start; minute < end; ++minute) {
        if (!open.at(minute)) return SlotState::closed;
    }
    for (std::int64_t minute = start - kDay_min; minute < end + kDay_min; ++minute) {
        const bool inside = start <= minute && minute < end;
        const bool in_ours =
            start - offer.buffer_before_min <= minute && minute < end + offer.buffer_after_min;
        for (const auto& other : occupations) {
            bool part = false;
            for (const auto& mine : offer.parts)
                part |= mine == other.part;
            if (!part) continue;
            if (other.kind == OccupationKind::pending && !facts.pending_holds) continue;
            const std::int64_t from = minute_of(other.interval.start);
            const std::int64_t until = minute_of(other.interval.end);
            const bool in_event = from <= minute && minute < until;
            const bool in_theirs = from - other.buffer_before_s / 60 <= minute &&
                                   minute < until + other.buffer_after_s / 60;
            if (other.kind == OccupationKind::closure) {
                closure |= inside && in_event;
                continue;
            }
            taken |= inside && in_event && other.kind == OccupationKind::taken;
            pending |= inside && in_event && other.kind == OccupationKind::pending;
            const bool same = !asker.organisation.empty() &&
                              asker.organisation == other.organisation && offer.id == other.offer;
            if (!same) buffer |= (in_ours && in_event) || (inside && in_theirs);
        }
    }
    if (closure) return SlotState::closed;
    if (taken) return SlotState::taken;
    if (pending) return SlotState::pending;
    return buffer ? SlotState::buffer : SlotState::free;
}

Random::Random() {
    const char* wanted = std::getenv("PREAU_SEED");
    seed_ = wanted != nullptr ? std::stoull(wanted) : std::random_device{}();
    engine_.seed(seed_);
}

std::int64_t Random::below(std::int64_t bound) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(bound));
}

}  // namespace preau::rules::naive
