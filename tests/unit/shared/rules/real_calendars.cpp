#include "tests/unit/shared/rules/real_calendars.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace preau::rules::testing {
namespace {

constexpr std::string_view kSummer = "été";

std::vector<std::vector<std::string>> rows_of(const std::string& file) {
    std::ifstream in(std::string(PREAU_TEST_DATA) + "/" + file);
    if (!in) throw std::runtime_error("cannot read " + file);
    std::vector<std::vector<std::string>> out;
    std::string line;
    std::getline(in, line);  // the header
    while (std::getline(in, line)) {
        std::vector<std::string> cells;
        std::istringstream cut(line);
        for (std::string cell; std::getline(cut, cell, ',');)
            cells.push_back(cell);
        out.push_back(std::move(cells));
    }
    return out;
}

SchoolCalendar read_school(char zone) {
    SchoolCalendar out;
    out.zone = zone;
    for (const auto& row : rows_of("vacances_scolaires.csv")) {
        if (row.at(1) != out.zone) continue;
        const auto first = day(row.at(3));
        if (row.at(4).empty()) {
            out.known_until = first - 1;
            break;
        }
        const bool summer = row.at(2).find(kSummer) != std::string::npos;
        out.periods.push_back(
            {row.at(2), summer ? Period::summer : Period::small_holidays, first, day(row.at(4))});
    }
    out.known_from = out.periods.front().first_free;
    return out;
}

PublicHolidays read_metropole() {
    PublicHolidays out;
    out.territory = "metropole";
    for (const auto& row : rows_of("jours_feries.csv")) {
        if (row.at(2).find("Métropole") == std::string::npos) continue;
        out.days.push_back({day(row.at(0)), row.at(1)});
    }
    std::ranges::sort(out.days, {}, &PublicHoliday::date);
    out.known_from = time::Date::of(out.days.front().date.year(), 1, 1);
    out.known_until = time::Date::of(out.days.back().date.year(), 12, 31);
    return out;
}

}  // namespace

const SchoolCalendar& school(char zone) {
    static std::map<char, SchoolCalendar> known;
    const auto at = known.find(zone);
    return at != known.end() ? at->second : known.emplace(zone, read_school(zone)).first->second;
}

const PublicHolidays& metropole() {
    static const PublicHolidays holidays = read_metropole();
    return holidays;
}

Calendar isere() {
    return {&school('A'), &metropole()};
}

time::Date day(std::string_view iso) {
    return time::Date::parse(iso).value();
}

time::Minute at(std::string_view hhmm) {
    return time::parse_minute(hhmm).value();
}

base::Instant instant(std::string_view date_and_time) {
    return time::Zone::paris()
        .instant(day(date_and_time.substr(0, 10)), at(date_and_time.substr(11)))
        .value();
}

Recurrence single(std::string_view date, std::string_view start, std::string_view end,
                  bool end_next_day) {
    Recurrence out;
    out.from = out.until = day(date);
    out.start_minute = at(start);
    out.end_minute = at(end) + (end_next_day ? time::minutes_per_day : 0);
    return out;
}

Recurrence weekly(std::initializer_list<time::Weekday> weekdays, std::string_view from,
                  std::string_view until, std::string_view start, std::string_view end) {
    Recurrence out = single(from, start, end);
    out.kind = RecurrenceKind::weekly;
    out.weekdays = weekdays;
    out.until = day(until);
    return out;
}

Slot slot(std::string_view date, std::string_view start, std::string_view end, bool end_next_day) {
    return expand(single(date, start, end, end_next_day), time::Zone::paris(), {})
        .value()
        .slots.front();
}

std::vector<std::string> dates_of(const Expansion& expansion) {
    std::vector<std::string> out;
    for (const Slot& one : expansion.slots)
        out.push_back(one.local_date.iso());
    return out;
}

Frame always(std::string_view start, std::string_view end, bool end_next_day) {
    using enum time::Weekday;
    return {{Period::term, Period::small_holidays, Period::summer},
            {mon, tue, wed, thu, fri, sat, sun},
            at(start),
            at(end) + (end_next_day ? time::minutes_per_day : 0),
            {},
            {}};
}

}  // namespace preau::rules::testing
