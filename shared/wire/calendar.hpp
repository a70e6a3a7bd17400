#pragma once
// The JSON form of school calendars and public holidays, as in calendar_changed.v1, and the set of
// them that a reader keeps.

#include <map>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"
#include "shared/rules/calendar.hpp"

namespace preau::wire {

nlohmann::json to_json(const rules::SchoolCalendar& calendar);
nlohmann::json to_json(const rules::PublicHolidays& holidays);
base::Result<std::variant<rules::SchoolCalendar, rules::PublicHolidays>> calendar_from_json(
    const nlohmann::json& value);

/// All calendars known to a reader. Calendars handed out point into it: keep it alive and
/// unchanged.
struct Calendars {
    std::map<std::string, rules::SchoolCalendar> schools;  // by zone
    std::map<std::string, rules::PublicHolidays> territories;

    void put(std::variant<rules::SchoolCalendar, rules::PublicHolidays> calendar);
    /// A name that is empty stands for a site without such a calendar; one that is not known here
    /// gives a calendar that knows no day, so that its questions answer `calendar_unknown`.
    rules::Calendar of(const std::string& school_zone, const std::string& territory) const;
};

}  // namespace preau::wire
