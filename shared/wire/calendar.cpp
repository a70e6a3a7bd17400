#include "shared/wire/calendar.hpp"

#include <algorithm>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

using time::Date;

/// A calendar that is named but not (yet) known: it knows no day, so every question about it is
/// `calendar_unknown`.
const rules::SchoolCalendar& unknown_school() {
    static const rules::SchoolCalendar calendar{{}, Date{1}, Date{0}, {}};
    return calendar;
}

const rules::PublicHolidays& unknown_holidays() {
    static const rules::PublicHolidays holidays{{}, Date{1}, Date{0}, {}};
    return holidays;
}

rules::SchoolCalendar school_from(json::Fields& in, const nlohmann::json& value) {
    rules::SchoolCalendar out;
    out.zone = in.text("school_zone", {.length_min = 1, .length_max = 40});
    each(in, value, "", "periods", [&](json::Fields& item, const nlohmann::json&) {
        rules::HolidayPeriod period;
        period.name = item.text("name", {.length_min = 1});
        period.kind = choice_of(item, "kind", rules::period_from, rules::Period::small_holidays);
        period.first_free = date_of(item, "first_free");
        period.last_free = date_of(item, "last_free");
        if (period.last_free < period.first_free) item.refuse("last_free", "invalid_interval");
        out.periods.push_back(std::move(period));
    });
    std::ranges::sort(out.periods, {}, &rules::HolidayPeriod::first_free);
    return out;
}

rules::PublicHolidays holidays_from(json::Fields& in, const nlohmann::json& value) {
    rules::PublicHolidays out;
    out.territory = in.text("territory", {.length_min = 1, .length_max = 40});
    each(in, value, "", "days", [&](json::Fields& item, const nlohmann::json&) {
        rules::PublicHoliday day;
        day.date = date_of(item, "date");
        day.name = item.text("name", {.length_min = 1});
        out.days.push_back(std::move(day));
    });
    std::ranges::sort(out.days, {}, &rules::PublicHoliday::date);
    return out;
}

}  // namespace

nlohmann::json to_json(const rules::SchoolCalendar& calendar) {
    nlohmann::json periods = nlohmann::json::array();
    for (const auto& period : calendar.periods) {
        periods.push_back({{"name", period.name},
                           {"kind", rules::to_string(period.kind)},
                           {"first_free", period.first_free.iso()},
                           {"last_free", period.last_free.iso()}});
    }
    return {{"kind", "school"},
            {"school_zone", calendar.zone},
            {"known_from", calendar.known_from.iso()},
            {"known_until", calendar.known_until.iso()},
            {"periods", std::move(periods)}};
}

nlohmann::json to_json(const rules::PublicHolidays& holidays) {
    nlohmann::json days = nlohmann::json::array();
    for (const auto& day : holidays.days) {
        days.push_back({{"date", day.date.iso()}, {"name", day.name}});
    }
    return {{"kind", "public"},
            {"territory", holidays.territory},
            {"known_from", holidays.known_from.iso()},
            {"known_until", holidays.known_until.iso()},
            {"days", std::move(days)}};
}

base::Result<std::variant<rules::SchoolCalendar, rules::PublicHolidays>> calendar_from_json(
    const nlohmann::json& value) {
    std::variant<rules::SchoolCalendar, rules::PublicHolidays> out;
    json::Fields in(value);
    const bool school = in.choice("kind", {"school", "public"}) == 0;
    if (value.is_object()) {
        if (school) {
            out = school_from(in, value);
        } else {
            out = holidays_from(in, value);
        }
    }
    const Date from = date_of(in, "known_from");
    const Date until = date_of(in, "known_until");
    if (auto bad = in.errors()) return std::unexpected(*bad);
    std::visit(
        [&](auto& calendar) {
            calendar.known_from = from;
            calendar.known_until = until;
        },
        out);
    return out;
}

void Calendars::put(std::variant<rules::SchoolCalendar, rules::PublicHolidays> calendar) {
    if (auto* school = std::get_if<rules::SchoolCalendar>(&calendar)) {
        schools[school->zone] = std::move(*school);
    } else if (auto* holidays = std::get_if<rules::PublicHolidays>(&calendar)) {
        territories[holidays->territory] = std::move(*holidays);
    }
}

rules::Calendar Calendars::of(const std::string& school_zone, const std::string& territory) const {
    rules::Calendar out;
    if (!school_zone.empty()) {
        const auto school = schools.find(school_zone);
        out.school = school == schools.end() ? &unknown_school() : &school->second;
    }
    if (!territory.empty()) {
        const auto holidays = territories.find(territory);
        out.holidays = holidays == territories.end() ? &unknown_holidays() : &holidays->second;
    }
    return out;
}

}  // namespace preau::wire
