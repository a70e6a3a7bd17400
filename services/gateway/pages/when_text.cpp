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

/// "le 15", "le premier mardi"
std::string month_day(const Visit& visit, const nlohmann::json& when) {
    const auto week = integer_of(when, "week_of_month");
    if (week == 0) {
        const auto from = time::Date::parse(text_of(when, "from"));
        return visit.words.fill("month_day.same",
                                {{"day", from ? std::to_string(from->day()) : ""}});
    }
    return visit.words.fill("month_day." + std::to_string(week),
                            {{"weekday", weekday_names(visit, when)}});
}

/// A rule that repeats, with its first and last day and whether it goes on in the holidays.
std::string repeating_long(const Visit& visit, const nlohmann::json& when,
                           const std::string& hours) {
    const auto from = time::Date::parse(text_of(when, "from"));
    const auto until = time::Date::parse(text_of(when, "until"));
    const auto weeks = integer_of(when, "interval_weeks", 1);
    const std::vector<words::Fill> values{
        {"weekday", weekdays_on(visit, when)},
        {"day", month_day(visit, when)},
        {"weeks", std::to_string(weeks)},
        {"hours", hours},
        {"from", from ? visit.format.day_month_year(*from) : ""},
        {"until", until ? visit.format.day_month_year(*until) : ""}};
    std::string text;
    if (kind_of(when) == "monthly") {
        text = visit.words.count("search.summary_monthly", integer_of(when, "interval_months", 1),
                                 values);
    } else {
        text = visit.words.fill(weeks > 1 ? "search.summary_fortnight" : "search.summary_weekly",
                                values);
    }
    if (text_of(when, "school_holidays") != "skip") return text;
    return visit.words.fill("search.summary_skipping", {{"when", text}});
}

bool repeats(const std::string& kind) {
    return kind == "weekly" || kind == "monthly";
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
    if (repeats(kind)) return repeating_long(visit, when, hours);
    const auto list = list_of(when, "dates");
    const auto day = kind == "dates" ? visit.words.count("series.dates", std::ssize(list))
                                     : visit.format.date_text(text_of(when, "date"));
    return day + ", " + hours;
}

std::string when_short(const Visit& visit, const nlohmann::json& when) {
    const auto kind = kind_of(when);
    const auto hours = visit.format.range(text_of(when, "start_time"), text_of(when, "end_time"));
    if (kind == "weekly") return weekdays_on(visit, when) + " " + hours;
    if (kind == "monthly") return month_day(visit, when) + " " + hours;
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
