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

std::string kind_of(const nlohmann::json& when) {
    return text_of(when, "kind");
}

}  // namespace

std::string weekday_names(const Visit& visit, const nlohmann::json& when) {
    std::vector<std::string> names;
    for (const auto day : weekdays_of(when))
        names.push_back(visit.format.weekday(day));
    return visit.format.list(names);
}

std::string weekdays_on(const Visit& visit, const nlohmann::json& when) {
    std::vector<std::string> names;
    for (const auto day : weekdays_of(when))
        names.push_back(visit.format.weekday_on(day));
    return visit.format.list(names);
}

std::string when_long(const Visit& visit, const nlohmann::json& when) {
    const auto kind = kind_of(when);
    const auto hours =
        visit.format.range_words(text_of(when, "start_time"), text_of(when, "end_time"));
    if (kind == "weekly") {
        const auto from = time::Date::parse(text_of(when, "from"));
        const auto until = time::Date::parse(text_of(when, "until"));
        auto text = visit.words.fill("search.summary_weekly",
                                     {{"weekday", weekdays_on(visit, when)},
                                      {"hours", hours},
                                      {"from", from ? visit.format.day_month_year(*from) : ""},
                                      {"until", until ? visit.format.day_month_year(*until) : ""}});
        if (text_of(when, "school_holidays") == "skip") {
            text = visit.words.fill("search.summary_skipping", {{"when", text}});
        }
        return text;
    }
    const auto list = list_of(when, "dates");
    const auto day = kind == "dates" ? visit.words.count("series.dates", std::ssize(list))
                                     : visit.format.date_text(text_of(when, "date"));
    return day + ", " + hours;
}

std::string when_short(const Visit& visit, const nlohmann::json& when) {
    const auto kind = kind_of(when);
    const auto hours = visit.format.range(text_of(when, "start_time"), text_of(when, "end_time"));
    if (kind == "weekly") return weekdays_on(visit, when) + " " + hours;
    const auto list = list_of(when, "dates");
    const auto day = kind == "dates" ? visit.words.count("series.dates", std::ssize(list))
                                     : visit.format.date_text(text_of(when, "date"));
    return day + ", " + hours;
}

int minutes_of(const nlohmann::json& when) {
    const auto start = time::parse_minute(text_of(when, "start_time"));
    const auto end = time::parse_minute(text_of(when, "end_time"));
    if (!start || !end) return 0;
    const auto length = *end - *start;
    return length <= 0 || flag_of(when, "end_next_day") ? length + time::minutes_per_day : length;
}

std::vector<time::Date> dates_of(const nlohmann::json& when, const nlohmann::json& skipped) {
    std::vector<time::Date> dates;
    const auto kind = kind_of(when);
    std::set<std::string> left_out;
    for (const auto& one : skipped)
        left_out.insert(text_of(one, "date"));
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
