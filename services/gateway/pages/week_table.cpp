#include "services/gateway/pages/week_table.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

constexpr time::Minute kDayStart = 8 * 60;
constexpr time::Minute kDayEnd = 22 * 60;
constexpr time::Minute kHour = 60;

struct Segment {
    time::Minute start = 0;
    time::Minute end = 0;
    std::string state;
    std::string reason;
};

struct Day {
    time::Date date;
    std::vector<Segment> segments;
};

std::vector<Day> days_of(const nlohmann::json& week) {
    std::vector<Day> days;
    for (const auto& one : list_of(week, "days")) {
        const auto date = time::Date::parse(text_of(one, "date"));
        if (!date) continue;
        Day day{*date, {}};
        for (const auto& part : list_of(one, "segments")) {
            const auto start = time::parse_minute(text_of(part, "start_time"));
            const auto end = time::parse_minute(text_of(part, "end_time"));
            if (!start || !end || *end <= *start) continue;
            day.segments.push_back({*start, *end, text_of(part, "state"), text_of(part, "reason")});
        }
        std::sort(day.segments.begin(), day.segments.end(),
                  [](const Segment& a, const Segment& b) { return a.start < b.start; });
        days.push_back(std::move(day));
    }
    return days;
}

bool is_shut(const Segment& segment) {
    return segment.state != "free" && segment.state != "taken" && segment.state != "pending" &&
           segment.state != "buffer";
}

/// The hours to show: 8 h to 22 h, and whatever is not shut before or after.
std::pair<time::Minute, time::Minute> shown_hours(const std::vector<Day>& days) {
    auto first = kDayStart;
    auto last = kDayEnd;
    for (const auto& day : days) {
        for (const auto& segment : day.segments) {
            if (is_shut(segment)) continue;
            first = std::min(first, segment.start / kHour * kHour);
            last = std::max(last, segment.end);
        }
    }
    return {first, last};
}

/// The day cut to the shown hours, without holes, free time in hours.
std::vector<Segment> pieces_of(const Day& day, time::Minute first, time::Minute last) {
    std::vector<Segment> pieces;
    auto at = first;
    const auto fill_until = [&](time::Minute until) {
        if (until > at) pieces.push_back({at, until, "closed", "frames"});
        at = std::max(at, until);
    };
    for (const auto& segment : day.segments) {
        const auto start = std::max(segment.start, at);
        const auto end = std::min(segment.end, last);
        if (end <= start) continue;
        fill_until(start);
        if (segment.state != "free") {
            pieces.push_back({start, end, segment.state, segment.reason});
        } else {
            for (auto from = start; from < end;) {
                const auto to = std::min((from / kHour + 1) * kHour, end);
                pieces.push_back({from, to, segment.state, segment.reason});
                from = to;
            }
        }
        at = end;
    }
    fill_until(last);
    return pieces;
}

/// The hours of the chosen slot as one piece: what was chosen is one thing.
std::vector<Segment> with_choice(std::vector<Segment> pieces, const Slot& chosen) {
    std::vector<Segment> out;
    for (auto& piece : pieces) {
        const bool inside =
            piece.state == "free" && piece.start >= chosen.start && piece.end <= chosen.end;
        if (inside && !out.empty() && out.back().state == "free" &&
            out.back().start >= chosen.start && out.back().end == piece.start) {
            out.back().end = piece.end;
        } else {
            out.push_back(std::move(piece));
        }
    }
    return out;
}

std::string slot_href(const WeekQuestion& question, const Slot& slot) {
    return question.path + "?" +
           query_string({{"offer_id", question.offer_id},
                         {"date", slot.date.iso()},
                         {"start_time", time::format_minute(slot.start)},
                         {"end_time", time::format_minute(slot.end)}}) +
           "#creneau";
}

/// The slot that a click on a free piece chooses: with the chosen one when they touch.
Slot clicked(const WeekQuestion& question, time::Date date, const Segment& piece) {
    Slot slot{date, piece.start, piece.end};
    if (question.chosen && question.chosen->date == date) {
        if (question.chosen->end == piece.start) slot.start = question.chosen->start;
        if (question.chosen->start == piece.end) slot.end = question.chosen->end;
    }
    return slot;
}

nlohmann::json cell_of(const Visit& visit, const WeekQuestion& question, time::Date date,
                       const Segment& piece) {
    const bool chosen = question.chosen && question.chosen->date == date && piece.state == "free" &&
                        piece.start >= question.chosen->start && piece.end <= question.chosen->end;
    const bool free = piece.state == "free";
    const bool open = free || (piece.state == "pending" && question.pending_may_be_asked);
    const auto range = visit.format.range(piece.start, piece.end);
    nlohmann::json href = false;
    if (open && !chosen) href = slot_href(question, clicked(question, date, piece));
    auto text = visit.words.text_or("state." + piece.state, visit.text("state.closed"));
    nlohmann::json detail = false;
    if (piece.state == "closed" && !piece.reason.empty()) {
        const auto reason = reason_text(visit, {{"state", piece.state}, {"reason", piece.reason}});
        // "cours" says it all; "fermé, hors des heures de prêt" needs both.
        if (piece.reason == "course") {
            text = reason;
        } else if (reason != text) {
            detail = reason;
        }
    }
    return {{"span", false},
            {"tone", slot_tone(piece.state)},
            {"text", chosen ? visit.text("room.chosen") : text},
            {"detail", detail},
            {"href", href},
            {"label_text",
             visit.words.fill("room.cell_label",
                              {{"date", visit.format.date_without_year(date)}, {"range", range}})},
            {"chosen", chosen},
            {"time_text", range}};
}

/// One day as phones show it.
nlohmann::json day_view(const Visit& visit, const WeekQuestion& question, time::Date date,
                        std::size_t index, int free_minutes, nlohmann::json segments) {
    return {{"id", "j" + std::to_string(index + 1)},
            {"name_text", visit.format.date_without_year(date)},
            {"short_text", visit.format.weekday_short(date.weekday())},
            {"number", std::to_string(date.day())},
            {"free_text", visit.words.count("format.hours", free_minutes / kHour)},
            {"current", date == question.shown},
            {"segments", std::move(segments)}};
}

}  // namespace

nlohmann::json week_view(const Visit& visit, const WeekQuestion& question,
                         const nlohmann::json& week) {
    const auto days = days_of(week);
    if (days.empty()) return false;
    const auto [first, last] = shown_hours(days);
    const auto monday = question.shown.monday();

    std::set<time::Minute> bounds{first, last};
    std::vector<std::vector<Segment>> pieces;
    for (const auto& day : days) {
        pieces.push_back(pieces_of(day, first, last));
        if (question.chosen && question.chosen->date == day.date) {
            pieces.back() = with_choice(std::move(pieces.back()), *question.chosen);
        }
        for (const auto& piece : pieces.back()) {
            bounds.insert(piece.start);
            bounds.insert(piece.end);
        }
    }
    const std::vector<time::Minute> lines(bounds.begin(), bounds.end());
    auto rows = nlohmann::json::array();
    std::map<time::Minute, std::size_t> row_at;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        row_at[lines[i]] = i;
        rows.push_back(
            {{"time_text", visit.format.time(lines[i])}, {"cells", nlohmann::json::array()}});
    }
    row_at[last] = rows.size();

    auto day_views = nlohmann::json::array();
    for (std::size_t i = 0; i < days.size(); ++i) {
        auto segments = nlohmann::json::array();
        int free_minutes = 0;
        for (const auto& piece : pieces[i]) {
            auto cell = cell_of(visit, question, days[i].date, piece);
            segments.push_back(cell);
            const auto span = row_at[piece.end] - row_at[piece.start];
            if (span > 1) cell["span"] = std::to_string(span);
            rows[row_at[piece.start]]["cells"].push_back(std::move(cell));
            if (piece.state == "free") free_minutes += piece.end - piece.start;
        }
        day_views.push_back(
            day_view(visit, question, days[i].date, i, free_minutes, std::move(segments)));
    }

    const auto week_href = [&](time::Date date) -> nlohmann::json {
        return question.path + "?" +
               query_string({{"offer_id", question.offer_id}, {"date", date.iso()}});
    };
    const bool past = monday <= visit.today();
    const bool beyond = monday + 7 > question.horizon;
    const auto first_day = visit.format.span_start(monday, monday + 6);
    const auto last_day = visit.format.day_month_year(monday + 6);
    return {
        {"title_text", visit.words.fill("room.week", {{"first", first_day}, {"last", last_day}})},
        {"caption_text", visit.words.fill("room.week_caption", {{"room", question.room_name},
                                                                {"first", first_day},
                                                                {"last", last_day}})},
        {"previous_href", past ? nlohmann::json(false) : week_href(question.shown - 7)},
        {"next_href", beyond ? nlohmann::json(false) : week_href(question.shown + 7)},
        {"next_free", false},
        {"days", day_views},
        {"rows", rows},
        {"truncated_text", false}};
}

}  // namespace preau::gateway
