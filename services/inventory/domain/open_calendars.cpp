#include <algorithm>
#include <map>

#include "services/inventory/domain/open_data.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory {
namespace {

struct ReadPeriod {
    rules::HolidayPeriod period;
    bool open_ended = false;
};

rules::SchoolCalendar calendar_of(const std::string& zone, std::vector<ReadPeriod> periods) {
    std::ranges::sort(periods, {}, [](const ReadPeriod& read) { return read.period.first_free; });
    rules::SchoolCalendar out;
    out.zone = zone;
    out.known_from = periods.front().period.first_free;
    for (ReadPeriod& read : periods) {
        out.known_until = read.period.last_free;
        out.periods.push_back(std::move(read.period));
        if (read.open_ended) break;  // nothing is known after it
    }
    return out;
}

/// Drops a period that overlaps the one before it, which would leave a day with two answers.
void refuse_overlaps(rules::SchoolCalendar& calendar, std::vector<text::SheetFault>& faults) {
    auto& periods = calendar.periods;
    for (std::size_t i = 1; i < periods.size();) {
        if (periods[i].first_free > periods[i - 1].last_free) {
            ++i;
            continue;
        }
        faults.push_back({0, "period_overlaps", calendar.zone,
                          periods[i].name + " (" + periods[i].first_free.iso() + ")"});
        periods.erase(periods.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

}  // namespace

base::Result<SchoolCalendars> read_school_holidays(const text::CsvTable& table) {
    const auto zone = table.column({"zone"});
    const auto name = table.column({"nom"});
    const auto first = table.column({"premier_jour_libre"});
    const auto last = table.column({"dernier_jour_libre"});
    if (!zone || !name || !first || !last) {
        return base::fail("invalid",
                          "no column zone, nom, premier_jour_libre or dernier_jour_libre");
    }
    SchoolCalendars out;
    std::map<std::string, std::vector<ReadPeriod>> by_zone;
    for (const text::CsvRow& row : table.rows) {
        if (!row.fault.empty()) {
            out.faults.push_back(text::fault_of(row, table.header.size()));
            continue;
        }
        const std::string zone_name = text::collapsed(row.fields[*zone]);
        const auto first_free = time::Date::parse(text::collapsed(row.fields[*first]));
        const std::string last_text = text::collapsed(row.fields[*last]);
        const auto last_free = last_text.empty() ? first_free : time::Date::parse(last_text);
        text::SheetFault fault{row.line, {}};
        if (zone_name.empty() || zone_name.size() > 8) {
            fault = {row.line, "unknown_word", "zone", zone_name};
        }
        if (!first_free || !last_free) {
            fault = {row.line, "date", "premier_jour_libre", row.fields[*first]};
        }
        if (first_free && last_free && *last_free < *first_free) {
            fault = {row.line, "order", "dernier_jour_libre"};
        }
        if (!fault.code.empty()) {
            out.faults.push_back(std::move(fault));
            continue;
        }
        const std::string title = text::collapsed(row.fields[*name]);
        const bool summer = text::folded(title).ends_with("d ete");
        by_zone[zone_name].push_back(
            {{title, summer ? rules::Period::summer : rules::Period::small_holidays, *first_free,
              *last_free},
             last_text.empty()});
    }
    for (auto& [zone_name, periods] : by_zone) {
        out.zones.push_back(calendar_of(zone_name, std::move(periods)));
        refuse_overlaps(out.zones.back(), out.faults);
    }
    return out;
}

base::Result<HolidayCalendars> read_public_holidays(const text::CsvTable& table) {
    const auto date = table.column({"date"});
    const auto name = table.column({"nom", "nom_jour_ferie"});
    const auto zones = table.column({"zones"});
    if (!date || !name || !zones) return base::fail("invalid", "no column date, nom or zones");
    HolidayCalendars out;
    std::map<std::string, rules::PublicHolidays> by_territory;
    std::optional<int> first_year;
    int last_year = 0;
    for (const text::CsvRow& row : table.rows) {
        if (!row.fault.empty()) {
            out.faults.push_back(text::fault_of(row, table.header.size()));
            continue;
        }
        const auto day = time::Date::parse(text::collapsed(row.fields[*date]));
        const std::string title = text::collapsed(row.fields[*name]);
        if (!day || title.empty()) {
            out.faults.push_back(
                {row.line, day ? "required" : "date", day ? "nom" : "date", row.fields[*date]});
            continue;
        }
        first_year = std::min(first_year.value_or(day->year()), day->year());
        last_year = std::max(last_year, day->year());
        std::string_view rest = row.fields[*zones];
        while (!rest.empty()) {
            const std::size_t end = rest.find('|');
            const std::string territory = text::slug(rest.substr(0, end));
            if (!territory.empty()) by_territory[territory].days.push_back({*day, title});
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
    }
    for (auto& [territory, holidays] : by_territory) {
        holidays.territory = territory;
        holidays.known_from = time::Date::of(*first_year, 1, 1);
        holidays.known_until = time::Date::of(last_year, 12, 31);
        std::ranges::sort(holidays.days, {}, &rules::PublicHoliday::date);
        const auto twice = std::ranges::unique(holidays.days, {}, &rules::PublicHoliday::date);
        holidays.days.erase(twice.begin(), twice.end());
        out.territories.push_back(std::move(holidays));
    }
    return out;
}

}  // namespace preau::inventory
