// The page of a room: facts, week, the slot that was chosen.
#include "services/gateway/pages/room.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

json room_facts(const Visit& visit, const json& space, const json& offer) {
    auto facts = json::array();
    const auto add = [&](const char* icon, const char* key, const json& text) {
        if (text.is_string() && !text.get_ref<const std::string&>().empty()) {
            facts.push_back({{"icon", icon}, {"label", visit.text(key)}, {"text", text}});
        }
    };
    const auto seated = integer_of(space, "capacity_seated");
    const auto standing = integer_of(space, "capacity_standing");
    if (seated > 0 && standing > seated) {
        add("people", "room.capacity",
            visit.words.fill("room.capacity_both", {{"seated", visit.format.number(seated)},
                                                    {"standing", visit.format.number(standing)}}));
    } else {
        add("people", "room.capacity", visit.words.count("search.people", capacity_of(space)));
    }
    add("area", "room.area", area_text(visit, space));
    std::vector<std::string> parts;
    for (const auto& part : list_of(space, "parts"))
        parts.push_back(text_of(part, "name"));
    if (parts.size() > 1) add("divide", "room.parts", visit.format.list(parts));
    add("shower", "room.equipment", words_text(visit, list_of(space, "equipment"), "equipment"));
    add("wheelchair", "room.access",
        visit.text(is_step_free(space) ? "access.step_free_long" : "access.steps_long"));

    const auto shortest = static_cast<int>(integer_of(offer, "duration_min_min"));
    const auto longest = static_cast<int>(integer_of(offer, "duration_max_min"));
    if (shortest > 0 && longest > 0) {
        const auto grid = static_cast<int>(integer_of(offer, "grid_min", 30));
        add("clock", "room.duration",
            visit.words.fill("room.duration_text", {{"min", visit.format.duration(shortest)},
                                                    {"max", visit.format.duration(longest)},
                                                    {"grid", visit.format.duration(grid)}}));
    }
    constexpr std::int64_t kDaysPerMonth = 30;
    const auto horizon = integer_of(offer, "horizon_days", 548) / kDaysPerMonth;
    add("calendar", "room.when_to_ask",
        visit.words.count("room.when_to_ask_text", integer_of(offer, "notice_days"),
                          {{"months", std::to_string(horizon)}}));
    return facts;
}

json offers_view(const Visit& visit, const RoomQuestion& question, const json& space) {
    auto items = json::array();
    for (const auto& offer : list_of(space, "offers")) {
        if (!flag_of(offer, "active", true)) continue;
        const auto id = text_of(offer, "offer_id");
        QueryPairs pairs{{"offer_id", id}, {"date", question.shown.iso()}};
        if (question.chosen) {
            pairs.emplace_back("start_time", time::format_minute(question.chosen->start));
            pairs.emplace_back("end_time", time::format_minute(question.chosen->end));
        }
        items.push_back(
            {{"name", text_of(offer, "name")},
             {"detail_text", visit.words.count("search.people", integer_of(offer, "capacity"))},
             {"href", question.path + "?" + query_string(pairs)},
             {"current", id == question.offer_id}});
    }
    if (items.size() < 2) return false;
    return {{"items", items}};
}

/// "11-01" → "1er novembre".
std::string month_day(const Visit& visit, const json& modifier, const char* name) {
    const auto date = time::Date::parse("2000-" + text_of(modifier, name));
    return date ? visit.format.day_month(*date) : std::string{};
}

/// What the vote adds on certain dates, what can be had with the room, and the tax.
std::string price_notes(const Visit& visit, const json& tariff) {
    std::string out = text_of(tariff, "vat_note");
    const auto add = [&out](const std::string& sentence) {
        out += (out.empty() ? "" : out.ends_with('.') ? " " : ". ") + sentence;
    };
    for (const auto& modifier : list_of(tariff, "modifiers")) {
        const auto percent = integer_of(modifier, "percent");
        const auto per_date = visit.format.tariff(integer_of(modifier, "per_date_cents"));
        add(visit.words.fill(
            "room.modifier." + text_of(modifier, "kind"),
            {{"from", month_day(visit, modifier, "from")},
             {"until", month_day(visit, modifier, "until")},
             {"what",
              percent > 0
                  ? visit.words.fill("room.modifier.percent", {{"n", std::to_string(percent)}})
                  : visit.words.fill("room.modifier.per_date", {{"amount", per_date}})}}));
    }
    std::vector<std::string> extras;
    for (const auto& extra : list_of(tariff, "extras")) {
        const auto price = visit.format.tariff(cents_of(extra, "price"));
        const auto unit = visit.words.text_or("unit." + text_of(extra, "per"), "");
        extras.push_back(text_of(extra, "label") + " (" +
                         visit.words.fill("price.unit_price", {{"price", price}, {"unit", unit}}) +
                         ")");
    }
    if (!extras.empty()) {
        add(visit.words.fill("room.extras", {{"list", visit.format.list(extras)}}));
    }
    return out;
}

/// Two units, an hour and a season where there is one, else the first two of the grid.
json prices_view(const Visit& visit, const json& space, const json& offer) {
    const auto kind = text_of(offer, "tariff_kind");
    for (const auto& tariff : list_of(space, "tariffs")) {
        if (text_of(tariff, "tariff_kind") != kind) continue;
        const auto categories = list_of(tariff, "categories");
        if (categories.empty()) return false;
        std::vector<std::string> units;
        for (const auto& category : categories) {
            for (const auto& price : list_of(category, "prices")) {
                const auto unit = text_of(price, "unit");
                if (std::find(units.begin(), units.end(), unit) == units.end()) {
                    units.push_back(unit);
                }
            }
        }
        const auto chosen = [&units](std::string_view wanted, std::size_t otherwise) {
            const auto at = std::find(units.begin(), units.end(), wanted);
            if (at != units.end()) return *at;
            return otherwise < units.size() ? units[otherwise] : std::string{};
        };
        const auto first = chosen("hour", 0);
        const auto second = chosen("season", 1);
        if (first.empty() || second.empty()) return false;
        const auto own = own_category(visit, text_of(space, "body_id"));
        auto rows = json::array();
        for (const auto& category : categories) {
            const auto letter = text_of(category, "category");
            const auto amount = [&](const std::string& unit) -> std::string {
                for (const auto& price : list_of(category, "prices")) {
                    if (text_of(price, "unit") == unit) {
                        return visit.format.tariff(cents_of(price, "price"));
                    }
                }
                return "–";
            };
            const bool yours = !own.empty() && letter == own;
            rows.push_back(
                {{"name", visit.words.text_or("category." + letter, letter)},
                 {"amount_1", amount(first)},
                 {"amount_2", amount(second)},
                 {"yours_text", yours ? json(visit.text("room.your_price")) : json(false)}});
        }
        return {{"title_text", visit.text("room.prices")},
                {"caption_text",
                 visit.words.fill("room.prices_caption", {{"offer", text_of(offer, "name")}})},
                {"unit_1", capitalised(visit.text("unit." + first))},
                {"unit_2", capitalised(visit.text("unit." + second))},
                {"items", rows},
                {"note_text", price_notes(visit, tariff)}};
    }
    return false;
}

json crumbs_view(const Visit& visit) {
    const auto referer = visit.request.headers.get("referer");
    const auto at = referer.find("/recherche");
    if (at == std::string_view::npos) return false;
    const auto host = visit.request.headers.get("host");
    const auto origin = referer.substr(0, at);
    if (host.empty() || !origin.ends_with(host)) return false;
    return {{"back_href", std::string(referer.substr(at))}, {"back_text", visit.text("room.back")}};
}

json slot_form(const Visit& visit, const RoomQuestion& question,
               const std::vector<base::FieldError>& faults) {
    constexpr time::Minute kFirst = 8 * 60;
    constexpr time::Minute kLast = 22 * 60;
    const auto start = question.chosen ? time::format_minute(question.chosen->start) : "18:00";
    const auto end = question.chosen ? time::format_minute(question.chosen->end) : "20:00";
    return {{"date",
             {{"value", question.typed_date.empty() ? question.shown.iso() : question.typed_date},
              {"error", field_error(visit, faults, "date")}}},
            {"date_min", visit.today().iso()},
            {"date_max", question.horizon.iso()},
            {"start_time",
             {{"error", field_error(visit, faults, "start_time")},
              {"options", time_options(visit, kFirst, kLast, start)}}},
            {"end_time",
             {{"error", field_error(visit, faults, "end_time")},
              {"options", time_options(visit, kFirst + 30, kLast + 120, end)}}}};
}

/// "2 h, gymnase entier", and whose price it is.
std::string selection_detail(const Visit& visit, const json& space, const json& offer,
                             const std::string& hours, bool priced) {
    auto detail = visit.words.fill("room.selection_detail",
                                   {{"hours", hours}, {"offer", text_of(offer, "name")}});
    if (!priced) return detail;
    const auto category = price_category(visit, space);
    return detail + visit.text("format.list") +
           visit.words.fill("price.category", {{"category", visit.text("category." + category)}});
}

json selection_view(const Visit& visit, const RoomQuestion& question, const json& space,
                    const json& offer, const json& verdict) {
    if (!question.chosen || !verdict.is_object()) return false;
    const auto& slot = *question.chosen;
    const auto state = text_of(verdict, "state");
    const bool free = state == "free";
    const bool open = free || (state == "pending" && question.pending_may_be_asked);
    const auto start = time::format_minute(slot.start);
    const auto end = time::format_minute(slot.end);
    const auto hours = visit.format.duration(slot.end - slot.start);
    auto season = default_search(slot.date);
    season.weekdays = std::string(time::to_string(slot.date.weekday()));
    season.from = slot.date.iso();
    season.start_time = start;
    season.end_time = end;
    QueryPairs repeat{
        {"space", text_of(space, "slug")}, {"offer_id", question.offer_id}, {"mode", "weekly"}};
    for (auto& pair : when_question(season))
        repeat.push_back(std::move(pair));
    return {
        {"tone", slot_tone(state)},
        {"state_text", visit.words.text_or("state." + state, state)},
        {"title_text",
         capitalised(visit.words.fill("room.selection", {{"date", visit.format.date(slot.date)},
                                                         {"start", visit.format.time(slot.start)},
                                                         {"end", visit.format.time(slot.end)}}))},
        {"detail_text", selection_detail(visit, space, offer, hours, question.price.has_value())},
        {"price_text", question.price ? json(visit.format.money(*question.price)) : json(false)},
        {"request_href",
         open ? json("/demande/nouvelle?" + query_string({{"offer_id", question.offer_id},
                                                          {"space", text_of(space, "slug")},
                                                          {"date", slot.date.iso()},
                                                          {"start_time", start},
                                                          {"end_time", end}}))
              : json(false)},
        {"repeat_href", "/recherche/serie?" + query_string(repeat)},
        {"refusal_text", open ? json(false) : json(capitalised(reason_text(visit, verdict)))}};
}

}  // namespace

json offer_of(const json& space, std::string_view offer_id) {
    const auto offers = list_of(space, "offers");
    for (const auto& offer : offers) {
        if (text_of(offer, "offer_id") == offer_id) return offer;
    }
    for (const auto& offer : offers) {
        if (flag_of(offer, "active", true)) return offer;
    }
    return json::object();
}

json room_view(const Visit& visit, const RoomQuestion& question, const json& space,
               const json& week, const json& verdict, const base::Error* error) {
    const auto offer = offer_of(space, question.offer_id);
    const auto school = member_of(space, "establishment");
    const auto site = member_of(space, "site");
    const auto kind = text_of(space, "kind");
    const auto name = text_of(space, "name");
    const auto faults = error != nullptr ? error->fields : std::vector<base::FieldError>{};
    const auto commune = text_of(space, "commune_name");
    return {
        {"title", commune.empty()
                      ? name
                      : visit.words.fill("room.title", {{"room", name}, {"commune", commune}})},
        {"errors", error != nullptr ? errors_view(visit, *error, "date") : json(false)},
        {"crumbs", crumbs_view(visit)},
        {"name", name},
        {"place_text", address_of(site)},
        {"college_href", "/etablissements/" + text_of(school, "slug")},
        {"college_name", text_of(school, "name")},
        {"kind", kind},
        {"drawing", kind},
        {"drawing_text",
         visit.words.fill("room.drawing_text",
                          {{"kind", visit.words.text_or("kind." + kind + ".article", kind)}})},
        {"demonstration", flag_of(space, "demonstration")},
        {"facts", room_facts(visit, space, offer)},
        {"purposes_text", words_text(visit, list_of(space, "purposes"), "purpose")},
        {"offers", offers_view(visit, question, space)},
        {"offer_id", question.offer_id},
        {"week", week_view(visit, question, week)},
        {"form", slot_form(visit, question, faults)},
        {"selection", selection_view(visit, question, space, offer, verdict)},
        {"prices", prices_view(visit, space, offer)},
        {"decides",
         {{"text", visit.text("room.decides")},
          {"contact_label", false},
          {"phone_text", false},
          {"phone_href", false}}},
        // The room's own hours, wherever its reader sits.
        {"zone_text", visit.words.fill("room.zone", {{"zone", text_of(site, "zone")}})},
        {"hold_text", visit.text(question.pending_may_be_asked ? "room.no_hold" : "room.hold")},
    };
}

namespace {

RoomQuestion question_of(const Visit& visit, const json& space) {
    RoomQuestion question;
    question.path = "/salles/" + text_of(space, "slug");
    question.room_name = text_of(space, "name");
    const auto offer = offer_of(space, visit.query("offer_id"));
    question.offer_id = text_of(offer, "offer_id");
    question.pending_may_be_asked = text_of(space, "hold_policy") == "no_hold";
    const auto today = visit.today();
    question.horizon = today + static_cast<int>(integer_of(offer, "horizon_days", 548));
    question.typed_date = std::string(visit.query("date"));
    const auto date = time::Date::parse(question.typed_date);
    // Who names no day wants to see what he can still ask for.
    question.shown = date.value_or(today + static_cast<int>(integer_of(offer, "notice_days", 0)));
    // The week of a far or past date is not asked for; the slot itself is judged all the same.
    constexpr int kBackDays = 366;
    if (question.shown > question.horizon + 7 || question.shown < today - kBackDays) {
        question.shown = today;
    }
    const auto start = time::parse_minute(visit.query("start_time"));
    auto end = time::parse_minute(visit.query("end_time"));
    if (date && start && end) {
        if (*end <= *start && visit.query("end_next_day") == "true") {
            *end += time::minutes_per_day;
        }
        question.chosen = Slot{*date, *start, *end};
    }
    return question;
}

base::Result<Reply> room_page(Visit& visit) {
    const auto& backend = *visit.backend;
    const auto slug = percent_encode(visit.request.params.get("slug"));
    const auto space = backend.get("inventory", "/v1/spaces/" + slug);
    if (!space) return std::unexpected(space.error());
    auto question = question_of(visit, *space);
    const auto target = "/v1/spaces/" + text_of(*space, "space_id");

    const auto week = backend.get("search", target + "/week?" +
                                                query_string({{"date", question.shown.iso()},
                                                              {"offer_id", question.offer_id}}));
    // Search is an index: without it the room is shown without its week, rather than not at all.
    if (!week && week.error().code != "upstream_unavailable" && week.error().code != "not_found" &&
        week.error().code != "invalid") {
        return std::unexpected(week.error());
    }
    json verdict;
    std::optional<base::Error> refused;
    const bool date_given = !question.typed_date.empty();
    if (date_given && !time::Date::parse(question.typed_date)) {
        refused = base::Error{"invalid", {}, {{"/query/date", "format", {}}}};
    } else if (question.chosen) {
        const QueryPairs when{{"date", question.chosen->date.iso()},
                              {"start_time", std::string(visit.query("start_time"))},
                              {"end_time", std::string(visit.query("end_time"))}};
        auto asked = when;
        asked.emplace_back("offer_id", question.offer_id);
        const auto judged =
            backend.send("search", net::Method::get,
                         target + "/availability?" + query_string(asked), nullptr, {});
        if (judged && judged->ok()) {
            const auto dates = list_of(judged->body, "dates");
            if (!dates.empty()) verdict = dates.front();
            question.price = list_price(visit, *space, offer_of(*space, question.offer_id), when,
                                        price_category(visit, *space));
        } else if (judged) {
            refused = judged->error();
        }
    }
    auto reply = Reply::page("room", room_view(visit, question, *space, week ? *week : json{},
                                               verdict, refused ? &*refused : nullptr));
    if (refused) reply.status = 422;
    return reply;
}

}  // namespace

void add_room_pages(Site& site, net::Router& router) {
    site.add(router, net::Method::get, "/salles/{slug}", "page_room", room_page, Access::everyone,
             "search");
    site.add(router, net::Method::get, "/recherche/serie", "page_series", series_page,
             Access::everyone, "search");
}

}  // namespace preau::gateway
