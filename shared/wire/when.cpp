#include "shared/wire/when.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

using rules::Recurrence;
using rules::RecurrenceKind;
using time::Date;

/// A list of dates, sorted and distinct; empty when absent.
std::vector<Date> dates_of(json::Fields& in, const nlohmann::json& object, std::string_view name) {
    std::vector<Date> out;
    for (const auto& text : texts_of(in, object, name)) {
        const auto date = Date::parse(text);
        if (date) {
            out.push_back(*date);
        } else {
            in.refuse(name, "format", "YYYY-MM-DD");
        }
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

bool skips(json::Fields& in, std::string_view name) {
    return in.optional_choice(name, {"keep", "skip"}).value_or(0) == 1;
}

/// What every repeating rule has besides its rhythm.
void read_span_of_days(json::Fields& in, const nlohmann::json& value, Recurrence& out) {
    out.from = date_of(in, "from");
    out.until = date_of(in, "until");
    out.skip_school_holidays = skips(in, "school_holidays");
    out.skip_public_holidays = skips(in, "public_holidays");
    out.except = dates_of(in, value, "except");
}

void read_weekly(json::Fields& in, const nlohmann::json& value, Recurrence& out) {
    out.weekdays = choices_of(in, value, "weekdays", time::weekday_from);
    out.interval_weeks =
        static_cast<int>(in.optional_integer("interval_weeks", {.min = 1, .max = 8}).value_or(1));
    read_span_of_days(in, value, out);
}

/// With `weekdays` and `week_of_month` the n-th such day of the month, without both the day of the
/// month of `from`.
void read_monthly(json::Fields& in, const nlohmann::json& value, Recurrence& out) {
    out.interval_months =
        static_cast<int>(in.optional_integer("interval_months", {.min = 1, .max = 12}).value_or(1));
    const auto week =
        in.optional_integer("week_of_month", {.min = rules::last_week_of_month, .max = 5});
    if (week || in.has("weekdays")) {
        out.week_of_month = static_cast<int>(week.value_or(0));
        if (out.week_of_month == 0) in.refuse("week_of_month", week ? "range" : "required");
        out.weekdays = choices_of(in, value, "weekdays", time::weekday_from);
        if (out.weekdays.size() > 1) in.refuse("weekdays", "range", "one");
    }
    read_span_of_days(in, value, out);
}

nlohmann::json iso_list(const std::vector<Date>& dates) {
    nlohmann::json out = nlohmann::json::array();
    for (const Date date : dates)
        out.push_back(date.iso());
    return out;
}

nlohmann::json weekday_list(const std::vector<time::Weekday>& weekdays) {
    nlohmann::json out = nlohmann::json::array();
    for (const auto day : weekdays)
        out.push_back(time::to_string(day));
    return out;
}

void put_span_of_days(nlohmann::json& out, const Recurrence& when) {
    out["from"] = when.from.iso();
    out["until"] = when.until.iso();
    out["school_holidays"] = when.skip_school_holidays ? "skip" : "keep";
    out["public_holidays"] = when.skip_public_holidays ? "skip" : "keep";
    out["except"] = iso_list(when.except);
}

/// "tue,thu" or the parameter twice, as a JSON list.
nlohmann::json query_list(const net::Pairs& query, std::string_view name) {
    nlohmann::json out = nlohmann::json::array();
    for (std::string_view rest : query.all(name)) {
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            out.push_back(std::string(rest.substr(0, comma)));
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        }
    }
    return out;
}

nlohmann::json query_integer(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::string(text);
    return number;
}

nlohmann::json query_boolean(std::string_view text) {
    if (text == "1" || text == "true") return true;
    if (text == "0" || text == "false") return false;
    return std::string(text);
}

/// The parameters as the JSON form, so that both have one reader.
nlohmann::json when_of_query(const net::Pairs& query) {
    nlohmann::json out = nlohmann::json::object();
    for (const char* name : {"date", "from", "until", "start_time", "end_time", "school_holidays",
                             "public_holidays"}) {
        const auto value = query.get(name);
        if (!value.empty()) out[name] = std::string(value);
    }
    for (const char* name : {"weekdays", "dates", "except"}) {
        auto list = query_list(query, name);
        if (!list.empty()) out[name] = std::move(list);
    }
    for (const char* name : {"interval_weeks", "interval_months", "week_of_month"}) {
        if (const auto text = query.get(name); !text.empty()) out[name] = query_integer(text);
    }
    if (const auto text = query.get("end_next_day"); !text.empty()) {
        out["end_next_day"] = query_boolean(text);
    }
    const bool monthly = out.contains("interval_months") || out.contains("week_of_month");
    out["kind"] = monthly                    ? "monthly"
                  : out.contains("weekdays") ? "weekly"
                  : out.contains("dates")    ? "dates"
                                             : "single";
    return out;
}

}  // namespace

base::Result<Recurrence> when_from_json(const nlohmann::json& value, const std::string& pointer) {
    Recurrence out;
    json::Fields in(value, pointer);
    if (auto bad = in.errors()) return std::unexpected(*bad);
    const std::size_t kind = in.choice("kind", {"single", "weekly", "dates", "monthly"});
    out.kind = static_cast<RecurrenceKind>(kind);
    if (!in.errors()) {
        if (out.kind == RecurrenceKind::single) {
            out.from = out.until = date_of(in, "date");
        } else if (out.kind == RecurrenceKind::weekly) {
            read_weekly(in, value, out);
        } else if (out.kind == RecurrenceKind::monthly) {
            read_monthly(in, value, out);
        } else {
            out.dates = dates_of(in, value, "dates");
            if (out.dates.empty()) in.refuse("dates", "required");
        }
    }
    const MinuteSpan span = span_of(in);
    out.start_minute = span.start;
    out.end_minute = span.end;
    if (auto bad = in.errors()) return std::unexpected(*bad);
    if (out.until < out.from) return base::fail_field("invalid_interval", pointer + "/until");
    if (span.end <= span.start) return base::fail_field("invalid_interval", pointer + "/end_time");
    return out;
}

base::Result<Recurrence> when_from_query(const net::Pairs& query) {
    const nlohmann::json value = when_of_query(query);
    const bool repeats = value["kind"] == "weekly" || value["kind"] == "monthly";
    const int named = int{value.contains("date")} + int{repeats} + int{value.contains("dates")};
    if (named > 1) {
        return base::fail_field("invalid", "/query/date",
                                "one of date, dates, weekdays, interval_months");
    }
    return when_from_json(value, "/query");
}

nlohmann::json to_json(const Recurrence& when) {
    nlohmann::json out = nlohmann::json::object();
    switch (when.kind) {
        case RecurrenceKind::single:
            out["kind"] = "single";
            out["date"] = when.from.iso();
            break;
        case RecurrenceKind::weekly:
            out["kind"] = "weekly";
            out["weekdays"] = weekday_list(when.weekdays);
            out["interval_weeks"] = when.interval_weeks;
            put_span_of_days(out, when);
            break;
        case RecurrenceKind::monthly:
            out["kind"] = "monthly";
            out["interval_months"] = when.interval_months;
            if (when.week_of_month != 0) {
                out["week_of_month"] = when.week_of_month;
                out["weekdays"] = weekday_list(when.weekdays);
            }
            put_span_of_days(out, when);
            break;
        case RecurrenceKind::dates:
            out["kind"] = "dates";
            out["dates"] = iso_list(when.dates);
            break;
    }
    put_span(out, when.start_minute, when.end_minute);
    return out;
}

nlohmann::json to_json(const rules::Slot& slot, const time::Zone& zone) {
    return {{"date", slot.local_date.iso()},
            {"start_time", time::format_minute(slot.start_minute)},
            {"end_time", time::format_minute(slot.end_minute)},
            {"start", zone.rfc3339(slot.interval.start)},
            {"end", zone.rfc3339(slot.interval.end)},
            {"zone", zone.name()}};
}

nlohmann::json to_json(const rules::SkippedDate& skipped) {
    nlohmann::json out = {{"date", skipped.date.iso()},
                          {"reason", rules::to_string(skipped.reason)}};
    if (!skipped.name.empty()) out["name"] = skipped.name;
    return out;
}

}  // namespace preau::wire
