#include "services/gateway/pages/availability.hpp"

#include <algorithm>
#include <array>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

// The names in the address, in the order of DaysShown, and those that search knows.
constexpr std::array<std::string_view, 3> kShown{"jour", "semaine", "mois"};
constexpr std::array<std::string_view, 3> kAsked{"day", "week", "month"};
// What a click on free time chooses at first; the room's page makes it longer or shorter.
constexpr time::Minute kChosenMin = 120;
constexpr std::int32_t kHorizonDays = 548;

std::size_t number(DaysShown shown) {
    return static_cast<std::size_t>(shown);
}

std::string page_href(const AvailabilityQuestion& question, DaysShown shown, time::Date date) {
    return "/etablissements/" + percent_encode(question.slug) + "/disponibilites?" +
           query_string({{"vue", std::string(kShown.at(number(shown)))}, {"date", date.iso()}});
}

struct Days {
    time::Date first;
    time::Date last;
    time::Date before;  // a day of the time before, and of the time behind
    time::Date behind;
};

Days days_of(const AvailabilityQuestion& question) {
    const time::Date date = question.date;
    switch (question.shown) {
        case DaysShown::day:
            return {date, date, date - 1, date + 1};
        case DaysShown::week:
            return {date.monday(), date.monday() + 6, date - 7, date + 7};
        case DaysShown::month:
            break;
    }
    const time::Date first = date - static_cast<std::int32_t>(date.day()) + 1;
    const time::Date behind = first.plus_months(1).value_or(first + 31);
    return {first, behind - 1, first - 1, behind};
}

std::string title_of(const Visit& visit, const AvailabilityQuestion& question, const Days& days) {
    switch (question.shown) {
        case DaysShown::day:
            return capitalised(visit.format.date(days.first));
        case DaysShown::week:
            return visit.words.fill("planning.week",
                                    {{"first", visit.format.span_start(days.first, days.last)},
                                     {"last", visit.format.day_month_year(days.last)}});
        case DaysShown::month:
            break;
    }
    return capitalised(visit.format.month_year(days.first));
}

std::string room_href(const json& room, const std::string& date) {
    return "/salles/" + percent_encode(text_of(room, "slug")) + "?" +
           query_string({{"offer_id", text_of(room, "offer_id")}, {"date", date}});
}

/// The free hours of a day, each a link to the room with that time chosen.
json ranges_view(const Visit& visit, const json& room, const json& day) {
    auto out = json::array();
    for (const auto& range : list_of(day, "free")) {
        const auto start = time::parse_minute(text_of(range, "start_time"));
        const auto end = time::parse_minute(text_of(range, "end_time"));
        if (!start || !end) continue;
        const auto chosen_end = std::min(*end, *start + kChosenMin);
        out.push_back({{"text", visit.format.range(*start, *end)},
                       {"href", room_href(room, text_of(day, "date")) + "&" +
                                    query_string({{"start_time", time::format_minute(*start)},
                                                  {"end_time", time::format_minute(chosen_end)}}) +
                                    "#creneau"}});
    }
    return out;
}

/// A month tells how long a room is free on a day, and leads to that day.
json hours_view(const Visit& visit, const AvailabilityQuestion& question, const json& day,
                time::Date date) {
    const auto minutes = static_cast<int>(integer_of(day, "free_min"));
    auto out = json::array();
    if (minutes > 0) {
        out.push_back({{"text", visit.format.duration(minutes)},
                       {"href", page_href(question, DaysShown::day, date)}});
    }
    return out;
}

json row_view(const Visit& visit, const AvailabilityQuestion& question, const json& room) {
    auto cells = json::array();
    for (const auto& day : list_of(room, "days")) {
        const auto date = time::Date::parse(text_of(day, "date"));
        if (!date) continue;
        const auto items = question.shown == DaysShown::month
                               ? hours_view(visit, question, day, *date)
                               : ranges_view(visit, room, day);
        const auto empty = items.empty();
        cells.push_back({{"items", items},
                         {"none", empty},
                         {"today", *date == visit.today()},
                         {"day_text", visit.format.date_without_year(*date)}});
    }
    return {{"name", text_of(room, "name")},
            {"href", room_href(room, question.date.iso())},
            {"cells", std::move(cells)}};
}

json heads_view(const Visit& visit, const AvailabilityQuestion& question, const Days& days) {
    auto out = json::array();
    for (time::Date date = days.first; date <= days.last; date = date + 1) {
        const bool month = question.shown == DaysShown::month;
        out.push_back({{"name", month ? visit.format.weekday_short(date.weekday())
                                      : visit.format.weekday(date.weekday())},
                       {"number", std::to_string(date.day())},
                       {"href", question.shown == DaysShown::day
                                    ? json(false)
                                    : json(page_href(question, DaysShown::day, date))},
                       {"label", visit.format.date(date)},
                       {"today", date == visit.today()}});
    }
    return out;
}

json tabs_view(const Visit& visit, const AvailabilityQuestion& question) {
    auto out = json::array();
    for (std::size_t n = 0; n < kShown.size(); ++n) {
        out.push_back({{"text", visit.text("availability.view." + std::string(kShown.at(n)))},
                       {"href", page_href(question, static_cast<DaysShown>(n), question.date)},
                       {"current", n == number(question.shown)}});
    }
    return out;
}

base::Result<Reply> availability_page(Visit& visit) {
    AvailabilityQuestion question;
    question.slug = std::string(visit.request.params.get("slug"));
    const auto shown = std::ranges::find(kShown, visit.query("vue"));
    if (shown != kShown.end()) {
        question.shown = static_cast<DaysShown>(shown - kShown.begin());
    }
    const auto today = visit.today();
    question.date = std::clamp(time::Date::parse(visit.query("date")).value_or(today), today,
                               today + kHorizonDays);
    const auto school =
        visit.backend->get("inventory", "/v1/establishments/" + percent_encode(question.slug));
    if (!school) return std::unexpected(school.error());
    const auto site = text_of(*school, "site_id");
    auto found = visit.backend->get(
        "search", "/v1/sites/" + percent_encode(site) + "/availability?" +
                      query_string({{"view", std::string(kAsked.at(number(question.shown)))},
                                    {"date", question.date.iso()}}));
    if (!found && found.error().code != "not_found") return std::unexpected(found.error());
    return Reply::page("availability",
                       availability_view(visit, question, *school, found ? *found : json(nullptr)));
}

}  // namespace

json availability_view(const Visit& visit, const AvailabilityQuestion& question, const json& school,
                       const json& found) {
    const Days days = days_of(question);
    const auto name = text_of(school, "name");
    const auto title = title_of(visit, question, days);
    auto rows = json::array();
    for (const auto& room : list_of(found, "spaces"))
        rows.push_back(row_view(visit, question, room));
    const bool past = days.first <= visit.today();
    const bool beyond = days.behind > visit.today() + kHorizonDays;
    return {{"title", visit.words.fill("availability.title", {{"name", name}, {"when", title}})},
            {"name", visit.words.fill("availability.heading", {{"name", name}})},
            {"when_text", title},
            {"school_href", "/etablissements/" + percent_encode(question.slug)},
            {"path", "/etablissements/" + percent_encode(question.slug) + "/disponibilites"},
            {"vue", kShown.at(number(question.shown))},
            {"date", question.date.iso()},
            {"tabs", tabs_view(visit, question)},
            {"previous_href",
             past ? json(false) : json(page_href(question, question.shown, days.before))},
            {"next_href",
             beyond ? json(false) : json(page_href(question, question.shown, days.behind))},
            {"heads", heads_view(visit, question, days)},
            {"month", question.shown == DaysShown::month},
            {"rows", rows.empty() ? json(false) : json{{"items", std::move(rows)}}}};
}

void add_availability_pages(Site& site, net::Router& router) {
    site.add(router, net::Method::get, "/etablissements/{slug}/disponibilites", "page_availability",
             availability_page, Access::everyone, "colleges");
}

}  // namespace preau::gateway
