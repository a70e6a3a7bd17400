#pragma once
// The real calendars of data/, as the import reads them, and short spellings for tests of the
// rules.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "shared/rules/availability.hpp"
#include "shared/rules/calendar.hpp"
#include "shared/rules/recurrence.hpp"
#include "shared/time/zone.hpp"

namespace preau::rules::testing {

/// School holidays of `zone` out of data/vacances_scolaires.csv; known until the day before the
/// first period whose end is not published.
const SchoolCalendar& school(char zone);
/// Metropolitan public holidays out of data/jours_feries.csv.
const PublicHolidays& metropole();
/// Zone A with the metropolitan holidays: Isère.
Calendar isere();

time::Date day(std::string_view iso);
time::Minute at(std::string_view hhmm);
/// "2026-12-01 18:00" in Paris.
base::Instant instant(std::string_view date_and_time);

Recurrence single(std::string_view date, std::string_view start, std::string_view end,
                  bool end_next_day = false);
Recurrence weekly(std::initializer_list<time::Weekday> weekdays, std::string_view from,
                  std::string_view until, std::string_view start, std::string_view end);
/// The one slot of `single`, which must exist.
Slot slot(std::string_view date, std::string_view start, std::string_view end,
          bool end_next_day = false);
std::vector<std::string> dates_of(const Expansion& expansion);

template <class Id>
Id id(std::string_view seed) {
    return Id::seeded(1, seed);
}

/// Every weekday of every kind of period from `start` to `end`.
Frame always(std::string_view start, std::string_view end, bool end_next_day = false);

}  // namespace preau::rules::testing
