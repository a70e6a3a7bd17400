#include "services/gateway/pages/planning.hpp"

#include <algorithm>
#include <tuple>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr int kDays = 7;
constexpr time::Minute kFreeShownMin = 60;  // a shorter gap is of no use to anybody

/// Something in a day of a row; `after`, then the order of finding, orders what begins together.
struct Item {
    time::Minute start = 0;
    int after = 0;
    json view;
    std::size_t found = 0;
};

struct Hours {
    time::Minute start = 0;
    time::Minute end = 0;
};

json item_view(const std::string& tone, const std::string& time, const std::string& title,
               json detail = false, json href = false) {
    return {{"tone", tone},
            {"time_text", time},
            {"title", title.empty() ? json(false) : json(title)},
            {"detail", std::move(detail)},
            {"href", std::move(href)},
            {"plain", tone == "other"}};
}

std::set<std::string> texts_of(const json& object, std::string_view name) {
    std::set<std::string> out;
    for (const auto& one : list_of(object, name)) {
        if (one.is_string()) out.insert(one.get<std::string>());
    }
    return out;
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::ranges::any_of(a, [&](const auto& one) { return b.contains(one); });
}

/// Whether the booking is this row's own: made through its offer, or through one that has no row.
bool is_own(const PlanningRow& row, const std::set<std::string>& shown, const json& booking) {
    const auto offer = text_of(booking, "offer_id");
    return offer == row.offer_id || (!shown.contains(offer) && row.is_part);
}

bool waits(const json& booking) {
    const auto state = text_of(booking, "state");
    return state != "accepted" && state != "confirmed";
}

void add_bookings(const Visit& visit, const PlanningWeek& week, const PlanningRow& row,
                  const std::set<std::string>& shown, time::Date day, std::vector<Item>& out) {
    for (const auto& booking : list_of(week.planning, "items")) {
        if (!meet(row.parts, texts_of(booking, "part_ids"))) continue;
        for (const auto& occurrence : list_of(booking, "occurrences")) {
            const auto slot = member_of(occurrence, "slot");
            if (text_of(slot, "date") != day.iso()) continue;
            const auto range =
                visit.format.range(text_of(slot, "start_time"), text_of(slot, "end_time"));
            const auto start = time::parse_minute(text_of(slot, "start_time")).value_or(0);
            if (!is_own(row, shown, booking)) {
                const auto offer = text_of(booking, "offer_name");
                out.push_back({start, 1,
                               item_view("other", range, offer,
                                         visit.words.fill("planning.through",
                                                          {{"range", range}, {"offer", offer}}))});
                continue;
            }
            const auto at = week.organisations.find(text_of(booking, "organisation_id"));
            const auto who =
                at == week.organisations.end() ? text_of(booking, "purpose") : at->second;
            out.push_back(
                {start, 0,
                 item_view(waits(booking) ? "pending" : "taken", range, who,
                           visit.words.count("planning.people", integer_of(booking, "headcount")),
                           "/gestion/a-traiter/" + text_of(booking, "booking_id"))});
        }
    }
}

/// The hours of a closure's interval on one local day, if any; a whole day is 0 to 24 h.
std::optional<Hours> hours_on(const json& interval, const std::string& zone_name, time::Date day) {
    const auto start = parse_moment(text_of(interval, "start"));
    const auto end = parse_moment(text_of(interval, "end"));
    const auto zone = time::Zone::find(zone_name);
    if (!start || !end || !zone) return std::nullopt;
    const auto day_start = zone->instant_or_jump(day, 0);
    const auto day_end = zone->instant_or_jump(day + 1, 0);
    if (*end <= day_start || *start >= day_end) return std::nullopt;
    Hours out{0, 24 * 60};
    if (*start > day_start) out.start = zone->local(*start).minute();
    if (*end < day_end) out.end = zone->local(*end).minute();
    return out;
}

void add_closures(const Visit& visit, const PlanningWeek& week, const PlanningRow& row,
                  time::Date day, std::vector<Item>& out) {
    for (const auto& closure : list_of(week.planning, "closures")) {
        for (const auto& interval : list_of(closure, "intervals")) {
            if (!row.parts.contains(text_of(interval, "part_id"))) continue;
            const auto hours = hours_on(interval, text_of(week.planning, "zone"), day);
            if (!hours) continue;
            const bool whole = hours->start == 0 && hours->end == 24 * 60;
            const auto time = whole ? visit.text("planning.all_day")
                                    : visit.format.range(hours->start, hours->end);
            out.push_back({hours->start, 0, item_view("closed", time, text_of(closure, "reason"))});
            break;  // the parts of one row are closed together
        }
    }
}

void add_free(const Visit& visit, const PlanningWeek& week, const PlanningRow& row, time::Date day,
              std::vector<Item>& out) {
    const auto at = week.weeks.find(row.offer_id);
    if (at == week.weeks.end()) return;
    for (const auto& one : list_of(at->second, "days")) {
        if (text_of(one, "date") != day.iso()) continue;
        for (const auto& segment : list_of(one, "segments")) {
            const auto start = time::parse_minute(text_of(segment, "start_time"));
            const auto end = time::parse_minute(text_of(segment, "end_time"));
            if (text_of(segment, "state") != "free" || !start || !end) continue;
            if (*end - *start < kFreeShownMin) continue;
            out.push_back(
                {*start, 2,
                 item_view("free", visit.format.range(*start, *end), visit.text("state.free"))});
        }
    }
}

json cell_view(const Visit& visit, const PlanningWeek& week, const PlanningRow& row,
               const std::set<std::string>& shown, time::Date day) {
    std::vector<Item> items;
    add_bookings(visit, week, row, shown, day, items);
    add_closures(visit, week, row, day, items);
    add_free(visit, week, row, day, items);
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i].found = i;
    std::ranges::sort(items, [](const Item& a, const Item& b) {
        return std::tie(a.start, a.after, a.found) < std::tie(b.start, b.after, b.found);
    });
    auto views = json::array();
    for (auto& one : items)
        views.push_back(std::move(one.view));
    return {{"items", views},
            {"today", day == visit.today()},
            {"day_text", visit.format.date_without_year(day)}};
}

/// "14 occupations, 2 demandes en attente" of the dates that are shown.
std::string count_text(const Visit& visit, const json& planning) {
    std::int64_t taken = 0;
    std::int64_t waiting = 0;
    for (const auto& booking : list_of(planning, "items")) {
        const auto dates = static_cast<std::int64_t>(list_of(booking, "occurrences").size());
        (waits(booking) ? waiting : taken) += dates;
    }
    return visit.words.fill("planning.counts",
                            {{"taken", visit.words.count("planning.taken", taken)},
                             {"waiting", visit.words.count("planning.waiting", waiting)}});
}

std::string week_href(const PostScope& scope, time::Date monday) {
    return "/gestion/planning?" +
           query_string({{"etablissement", scope.chosen}, {"semaine", monday.iso()}});
}

json days_view(const Visit& visit, time::Date monday) {
    auto days = json::array();
    for (int i = 0; i < kDays; ++i) {
        const auto day = monday + i;
        days.push_back({{"name_text", capitalised(visit.format.weekday(day.weekday()))},
                        {"number", std::to_string(day.day())},
                        {"today", day == visit.today()}});
    }
    return days;
}

}  // namespace

json office_frame(const Visit& visit, const PostScope& scope, const std::string& path) {
    auto tabs = json::array();
    for (const auto& [name, href] :
         {std::pair{"inbox", "/gestion/a-traiter"}, std::pair{"planning", "/gestion/planning"},
          std::pair{"closures", "/gestion/fermetures"}, std::pair{"rooms", "/gestion/salles"}}) {
        const bool own = std::string_view(name) != "inbox";  // the inbox is of all his schools
        tabs.push_back({{"text", visit.text(std::string("nav.") + name)},
                        {"href", href + (own ? scope_query(scope) : "")},
                        {"current", path == href}});
    }
    return {{"tabs", tabs},
            {"scope_id", scope.chosen},
            {"scope_text", scope.name_of(scope.chosen)},
            {"chooser", chooser_view(visit, scope, path, false)}};
}

std::vector<PlanningRow> planning_rows(const Visit& visit, const json& spaces) {
    std::vector<PlanningRow> out;
    for (const auto& space : list_of(spaces, "items")) {
        const auto all = list_of(space, "parts").size();
        for (const bool parts : {false, true}) {
            for (const auto& offer : list_of(space, "offers")) {
                auto its = texts_of(offer, "part_ids");
                const bool whole = its.size() == all;
                if (!flag_of(offer, "active", true) || whole == parts) continue;
                if (!whole && its.size() != 1) continue;
                PlanningRow row{text_of(space, "space_id"),
                                text_of(offer, "offer_id"),
                                std::move(its),
                                text_of(space, "name"),
                                {},
                                !whole};
                if (!whole) row.name = text_of(offer, "name");
                row.detail = visit.words.count("planning.people", integer_of(offer, "capacity"));
                out.push_back(std::move(row));
            }
        }
    }
    return out;
}

json planning_view(const Visit& visit, const PostScope& scope, const PlanningWeek& week) {
    const auto rows = planning_rows(visit, week.spaces);
    std::set<std::string> shown;
    for (const auto& row : rows)
        shown.insert(row.offer_id);
    auto row_views = json::array();
    for (const auto& row : rows) {
        auto cells = json::array();
        for (int i = 0; i < kDays; ++i)
            cells.push_back(cell_view(visit, week, row, shown, week.monday + i));
        row_views.push_back({{"name", row.name},
                             {"detail", row.detail},
                             {"is_part", row.is_part},
                             {"cells", std::move(cells)}});
    }
    const auto sunday = week.monday + (kDays - 1);
    const auto title =
        visit.words.fill("planning.week", {{"first", visit.format.span_start(week.monday, sunday)},
                                           {"last", visit.format.day_month_year(sunday)}});
    auto model = office_frame(visit, scope, "/gestion/planning");
    model.update(
        {{"title", visit.words.fill("planning.title_full",
                                    {{"week", title}, {"school", scope.name_of(scope.chosen)}})},
         {"title_text", title},
         {"count_text", count_text(visit, week.planning)},
         {"previous_href", week_href(scope, week.monday - kDays)},
         {"next_href", week_href(scope, week.monday + kDays)},
         {"today_href", week_href(scope, visit.today().monday())},
         {"close_href", "/gestion/fermetures" + scope_query(scope)},
         {"days", days_view(visit, week.monday)},
         {"rows", row_views.empty() ? json(false) : json{{"items", row_views}}}});
    return model;
}

}  // namespace preau::gateway
