#include "services/gateway/pages/when_text.hpp"

#include <algorithm>
#include <set>

#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

/// Longest question: 18 months.
constexpr int kDaysMax = 600;

std::vector<time::Weekday> weekdays_of(const nlohmann::json& when) {
    std::vector<time::Weekday> days;
    for (const auto& name : list_of(when, "weekdays")) {
        if (!name.is_string()) continue;
        if (const auto day = time::weekday_from(name.get<std::string>())) days.push_back(*day);
    }
    return days;
}

std::string range_of(const Visit& visit, const nlohmann::json& when) {
    return visit.format.range(text_of(when, "start_time"), text_of(when, "end_time"));
}

/// "de 18 h à 20 h"
std::string from_to_of(const Visit& visit, const nlohmann::json& when) {
    const auto start = time::parse_minute(text_of(when, "start_time"));
    const auto end = time::parse_minute(text_of(when, "end_time"));
    if (!start || !end) return range_of(visit, when);
    const bool next_day = flag_of(when, "end_next_day") || *end <= *start;
    return visit.words.fill(next_day ? "when.from_to_next_day" : "when.from_to",
                            {{"from", visit.format.time(*start)}, {"to", visit.format.time(*end)}});
}

std::string period_of(const Visit& visit, const nlohmann::json& when) {
    const auto from = time::Date::parse(text_of(when, "from"));
    const auto until = time::Date::parse(text_of(when, "until"));
    if (!from || !until) return {};
    return visit.words.fill("when.period", {{"from", visit.format.day_month_year(*from)},
                                            {"to", visit.format.day_month_year(*until)}});
}

std::string kind_of(const nlohmann::json& when) {
    return text_of(when, "kind");
}

}  // namespace

std::string joined(const Visit& visit, const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += i + 1 == parts.size() ? visit.text("format.and") : std::string(", ");
        out += parts[i];
    }
    return out;
}

std::string weekday_names(const Visit& visit, const nlohmann::json& when) {
    std::vector<std::string> names;
    for (const auto day : weekdays_of(when)) names.push_back(visit.format.weekday(day));
    return joined(visit, names);
}

std::string when_long(const Visit& visit, const nlohmann::json& when) {
    const auto kind = kind_of(when);
    if (kind == "weekly") {
        const auto interval = integer_of(when, "interval_weeks", 1);
        auto text = visit.words.fill(
            interval == 2 ? "when.every_other" : "when.every",
            {{"weekdays", weekday_names(visit, when)}, {"hours", from_to_of(visit, when)}});
        if (const auto period = period_of(visit, when); !period.empty()) text += ", " + period;
        if (text_of(when, "school_holidays") == "skip") {
            text += ", " + visit.text("when.without_school_holidays");
        }
        return text;
    }
    if (kind == "dates") {
        const auto count = static_cast<std::int64_t>(list_of(when, "dates").size());
        return visit.words.count("count.dates", count) + ", " + from_to_of(visit, when);
    }
    return capitalised(visit.format.date_text(text_of(when, "date"))) + ", " +
           from_to_of(visit, when);
}

std::string when_short(const Visit& visit, const nlohmann::json& when) {
    const auto kind = kind_of(when);
    if (kind == "weekly") {
        return visit.words.fill("when.every", {{"weekdays", weekday_names(visit, when)},
                                               {"hours", range_of(visit, when)}});
    }
    if (kind == "dates") {
        const auto count = static_cast<std::int64_t>(list_of(when, "dates").size());
        return visit.words.count("count.dates", count) + ", " + range_of(visit, when);
    }
    return capitalised(visit.format.date_text(text_of(when, "date"))) + ", " +
           range_of(visit, when);
}

std::string when_title(const Visit& visit, const nlohmann::json& when) {
    const auto day = kind_of(when) == "weekly" ? weekday_names(visit, when)
                                               : visit.format.date_text(text_of(when, "date"));
    return visit.words.fill(kind_of(when) == "weekly" ? "when.title_weekly" : "when.title_single",
                            {{"day", day}, {"hours", range_of(visit, when)}});
}

int minutes_of(const nlohmann::json& when) {
    const auto start = time::parse_minute(text_of(when, "start_time"));
    const auto end = time::parse_minute(text_of(when, "end_time"));
    if (!start || !end) return 0;
    const auto length = *end - *start;
    return length <= 0 || flag_of(when, "end_next_day") ? length + time::minutes_per_day : length;
}

std::string hours_text(const Visit& visit, int minutes) {
    return visit.words.fill(minutes % 60 == 0 ? "format.duration_hours" : "format.duration",
                            {{"h", visit.format.number(minutes / 60)},
                             {"mm", (minutes % 60 < 10 ? "0" : "") + std::to_string(minutes % 60)}});
}

std::vector<time::Date> dates_of(const nlohmann::json& when, const nlohmann::json& skipped) {
    std::vector<time::Date> dates;
    const auto kind = kind_of(when);
    std::set<std::string> left_out;
    for (const auto& one : skipped) left_out.insert(text_of(one, "date"));
    for (const auto& one : list_of(when, "except")) {
        if (one.is_string()) left_out.insert(one.get<std::string>());
    }
    if (kind == "single") {
        if (const auto date = time::Date::parse(text_of(when, "date"))) dates.push_back(*date);
    } else if (kind == "dates") {
        for (const auto& one : list_of(when, "dates")) {
            const auto date = time::Date::parse(one.is_string() ? one.get<std::string>() : "");
            if (date && !left_out.contains(date->iso())) dates.push_back(*date);
        }
    } else if (kind == "weekly") {
        const auto from = time::Date::parse(text_of(when, "from"));
        const auto until = time::Date::parse(text_of(when, "until"));
        const auto interval = std::max<std::int64_t>(1, integer_of(when, "interval_weeks", 1));
        if (!from || !until || *until - *from > kDaysMax) return dates;
        const auto days = weekdays_of(when);
        for (auto date = *from; date <= *until; date = date + 1) {
            const auto week = (date.monday() - from->monday()) / 7;
            if (week % interval != 0) continue;
            if (std::find(days.begin(), days.end(), date.weekday()) == days.end()) continue;
            if (!left_out.contains(date.iso())) dates.push_back(date);
        }
    }
    return dates;
}

}  // namespace preau::gateway
