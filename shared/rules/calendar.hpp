#pragma once
// School calendars and public holidays: data with the dates between which they are published, never
// computed. A question outside these dates is `calendar_unknown`, never a guess (standards.md).

#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/time/civil.hpp"

namespace preau::rules {

/// The kind of period that a day belongs to; opening frames are given by kind (rule R-06).
enum class Period { term, small_holidays, summer };
std::string_view to_string(Period period);
std::optional<Period> period_from(std::string_view text);

struct HolidayPeriod {
    std::string name;  // "Vacances de la Toussaint"
    Period kind = Period::small_holidays;
    time::Date first_free;  // first day without class
    time::Date last_free;   // last day without class, inclusive
};

/// One school zone. Sorted by date; known_from and known_until inclusive.
struct SchoolCalendar {
    std::string zone;  // "A"
    time::Date known_from;
    time::Date known_until;
    std::vector<HolidayPeriod> periods;

    bool knows(time::Date date) const { return known_from <= date && date <= known_until; }
    const HolidayPeriod* holiday(time::Date date) const;
};

struct PublicHoliday {
    time::Date date;
    std::string name;
};

/// The public holidays of one territory. Sorted by date.
struct PublicHolidays {
    std::string territory;  // "metropole"
    time::Date known_from;
    time::Date known_until;
    std::vector<PublicHoliday> days;

    bool knows(time::Date date) const { return known_from <= date && date <= known_until; }
    const PublicHoliday* holiday(time::Date date) const;
};

/// What a site goes by. A site may have no school zone (`school` null): every day is then `term`.
struct Calendar {
    const SchoolCalendar* school = nullptr;
    const PublicHolidays* holidays = nullptr;

    /// `calendar_unknown` beyond what is published.
    base::Result<Period> period(time::Date date) const;
    const PublicHoliday* public_holiday(time::Date date) const;
};

}  // namespace preau::rules
