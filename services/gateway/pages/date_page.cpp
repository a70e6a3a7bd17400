#include "services/gateway/pages/date_page.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::array<const char*, 3> kScopes{"one", "following", "future"};
constexpr time::Minute kLastStart = 23 * 60 + 45;
constexpr time::Minute kQuarter = 15;

bool may(const json& of, std::string_view act) {
    const auto acts = list_of(of, "acts");
    return std::find(acts.begin(), acts.end(), act) != acts.end();
}

/// A typed value where the form was sent, else the stored one.
std::string typed(const Visit& visit, const char* name, const std::string& stored) {
    const auto value = visit.form.find(name);
    return value ? std::string(*value) : stored;
}

json scopes_view(const Visit& visit, const json& booking) {
    const bool single = integer_of(booking, "dates_count") <= 1;
    if (single) return false;
    const auto chosen = typed(visit, "scope", "one");
    auto items = json::array();
    for (const auto* scope : kScopes) {
        items.push_back({{"value", scope},
                         {"label", visit.text(std::string("date.scope_") + scope)},
                         {"checked", chosen == scope},
                         {"first", items.empty()}});
    }
    return {{"items", items}};
}

json weekdays_view(const Visit& visit) {
    const auto chosen = typed(visit, "weekday", "");
    auto options = json::array();
    options.push_back(option_view("", visit.text("date.same_weekday"), chosen.empty()));
    for (int n = 0; n < 7; ++n) {
        const auto day = static_cast<time::Weekday>(n);
        const std::string code(time::to_string(day));
        options.push_back(option_view(code, visit.format.weekday(day), chosen == code));
    }
    return options;
}

json move_view(const Visit& visit, const json& booking, const json& slot, const std::string& action,
               const base::Error* error) {
    const auto faults = error != nullptr ? error->fields : std::vector<base::FieldError>{};
    const auto state = text_of(booking, "state");
    const bool granted = state == "accepted" || state == "confirmed";
    const bool staff = visit.me && !list_of(*visit.me, "posts").empty();
    const auto* text = !granted ? "date.move_request"
                       : staff  ? "date.move_college"
                                : "date.move_ask";
    const auto start = typed(visit, "start_time", text_of(slot, "start_time"));
    const auto end = typed(visit, "end_time", text_of(slot, "end_time"));
    // A slot over midnight keeps its end on the next day.
    const bool next_day = text_of(slot, "end").substr(0, 10) != text_of(slot, "date") &&
                          text_of(slot, "end_time") != "24:00";
    return {{"action", action + "/deplacer"},
            {"version", text_of(booking, "version")},
            {"text", visit.text(text)},
            {"scopes", scopes_view(visit, booking)},
            {"date",
             {{"value", typed(visit, "date", text_of(slot, "date"))},
              {"error", field_error(visit, faults, "date")}}},
            {"weekday_options", weekdays_view(visit)},
            {"start_time",
             {{"options", time_options(visit, 0, kLastStart, start)},
              {"error", field_error(visit, faults, "start_time")}}},
            {"end_time",
             {{"options", time_options(visit, kQuarter, time::minutes_per_day, end)},
              {"error", field_error(visit, faults, "end_time")}}},
            {"end_next_day", next_day}};
}

json clashes_view(const Visit& visit, const json& clashes) {
    if (!clashes.is_array() || clashes.empty()) return false;
    auto items = json::array();
    for (const auto& one : clashes) {
        items.push_back({{"text", slot_text(visit, one)},
                         {"tone", slot_tone(text_of(one, "state"))},
                         {"reason_text", reason_text(visit, one)}});
    }
    return {{"title_text", visit.words.count("date.clashes", std::ssize(clashes))},
            {"items", items}};
}

const json* occurrence_of(const json& booking, std::string_view id) {
    const auto all = booking.find("occurrences");
    if (all == booking.end() || !all->is_array()) return nullptr;
    for (const auto& one : *all) {
        if (text_of(one, "id") == id) return &one;
    }
    return nullptr;
}

std::string booking_path(const Visit& visit) {
    return "/v1/bookings/" + percent_encode(visit.request.params.get("id"));
}

/// The page of one date; with what was wrong of a form that was sent.
base::Result<Reply> show(Visit& visit, const base::Error* error, const json& clashes, int status) {
    const auto booking = visit.backend->get("booking", booking_path(visit));
    if (!booking) return std::unexpected(booking.error());
    const auto* occurrence = occurrence_of(*booking, visit.request.params.get("date"));
    if (occurrence == nullptr) return base::fail("not_found", "date");
    return Reply::page("date", date_view(visit, *booking, *occurrence, error, clashes), status);
}

base::Result<Reply> date_page(Visit& visit) {
    return show(visit, nullptr, json::array(), 200);
}

/// One act on a date; success leads back to the booking.
base::Result<Reply> act_on_date(Visit& visit, const char* operation, json body, const char* done) {
    body["version"] = version_of(visit);
    const auto answer = visit.backend->post("booking", booking_path(visit) + "/" + operation, body,
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) {
        return Reply::see("/suivi/" + percent_encode(visit.request.params.get("id")) +
                          "?fait=" + done);
    }
    const auto error = answer->error();
    if (answer->status == 409 || answer->status == 412 || answer->status == 422) {
        const auto clashes = answer->body.find("conflicts");
        return show(visit, &error, clashes != answer->body.end() ? *clashes : json::array(),
                    answer->status == 422 ? 422 : 409);
    }
    return std::unexpected(error);
}

base::Result<Reply> give_back(Visit& visit) {
    return act_on_date(visit, "give-back",
                       {{"occurrence_ids", {std::string(visit.request.params.get("date"))}}},
                       "rendue");
}

base::Result<Reply> add_again(Visit& visit) {
    return act_on_date(visit, "add-date",
                       {{"occurrence_id", std::string(visit.request.params.get("date"))}},
                       "reprise");
}

base::Result<Reply> move(Visit& visit) {
    const auto scope = visit.form.get("scope", "one");
    json body = {{"occurrence_id", std::string(visit.request.params.get("date"))},
                 {"scope", std::string(scope)},
                 {"start_time", std::string(visit.form.get("start_time"))},
                 {"end_time", std::string(visit.form.get("end_time"))},
                 {"end_next_day", visit.form.get("end_next_day") == "1"}};
    // The form shows both: a date is of one date, a weekday of several.
    const auto* where = scope == "one" ? "date" : "weekday";
    if (const auto value = visit.form.get(where); !value.empty()) body[where] = std::string(value);
    return act_on_date(visit, "move", std::move(body), "deplacee");
}

/// An act on the whole booking; what is wrong is said above it.
base::Result<Reply> act_on_series(Visit& visit, const char* operation, json body,
                                  const char* done) {
    body["version"] = version_of(visit);
    const auto answer = visit.backend->post("booking", booking_path(visit) + "/" + operation, body,
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    const auto page = "/suivi/" + percent_encode(visit.request.params.get("id"));
    if (answer->ok()) return Reply::see(page + "?fait=" + done);
    const auto error = answer->error();
    if (answer->status == 409 || answer->status == 412 || answer->status == 422) {
        return Reply::see(page + "?probleme=" + percent_encode(error.code));
    }
    return std::unexpected(error);
}

base::Result<Reply> end_series(Visit& visit) {
    return act_on_series(visit, "end", {{"from", std::string(visit.form.get("from"))}}, "terminee");
}

/// The form's number, or its text where it is none: booking then says what is wrong with it.
json number_of(std::string_view text) {
    const bool digits = !text.empty() && text.size() < 7 &&
                        text.find_first_not_of("0123456789") == std::string_view::npos;
    return digits ? json(std::stoll(std::string(text))) : json(std::string(text));
}

base::Result<Reply> edit(Visit& visit) {
    return act_on_series(visit, "edit",
                         {{"headcount", number_of(visit.form.get("headcount"))},
                          {"purpose", std::string(visit.form.get("purpose"))}},
                         "corrigee");
}

base::Result<Reply> shorten(Visit& visit) {
    return act_on_series(visit, "buffers",
                         {{"buffer_before_min", number_of(visit.form.get("buffer_before_min"))},
                          {"buffer_after_min", number_of(visit.form.get("buffer_after_min"))}},
                         "tampons");
}

}  // namespace

json date_view(const Visit& visit, const json& booking, const json& occurrence,
               const base::Error* error, const json& clashes) {
    const auto slot = member_of(occurrence, "slot");
    const auto href = "/suivi/" + text_of(booking, "id");
    const auto action = href + "/dates/" + text_of(occurrence, "id");
    const auto state = text_of(occurrence, "state");
    const auto reference = text_of(booking, "reference");
    const auto version = text_of(booking, "version");
    const auto day = visit.format.date_text(text_of(slot, "date"));
    const bool granted =
        text_of(booking, "state") == "accepted" || text_of(booking, "state") == "confirmed";
    json give = false;
    if (may(occurrence, "give_back")) {
        const auto* text = !granted                          ? "date.give_back_request"
                           : flag_of(occurrence, "credited") ? "date.give_back_credited"
                                                             : "date.give_back_late";
        give = {{"action", action + "/rendre"}, {"version", version}, {"text", visit.text(text)}};
    }
    json again = false;
    if (may(occurrence, "add_again")) {
        again = {{"action", action + "/reprendre"}, {"version", version}};
    }
    json moving = false;
    if (may(occurrence, "move")) moving = move_view(visit, booking, slot, action, error);
    const auto list = clashes_view(visit, clashes);
    return {
        {"title", visit.words.fill("date.title_full", {{"date", day}, {"reference", reference}})},
        {"errors", error != nullptr ? errors_view(visit, *error, "date") : json(false)},
        {"clashes", list},
        {"booking_href", href},
        {"reference", reference},
        {"name", text_of(booking, "space_name")},
        {"date_text", capitalised(day)},
        {"time_text", visit.format.range(text_of(slot, "start_time"), text_of(slot, "end_time"))},
        {"tone", occurrence_tone(booking, state)},
        {"state_text", occurrence_text(visit, booking, state)},
        {"nothing", give == false && again == false && moving == false},
        {"give_back", give},
        {"add_again", again},
        {"move", moving}};
}

json series_acts_view(const Visit& visit, const json& booking) {
    const auto action = "/suivi/" + text_of(booking, "id");
    const auto version = text_of(booking, "version");
    json end = false;
    if (may(booking, "end_series")) {
        const auto from = text_of(booking, "end_series_from");
        end = {
            {"action", action + "/terminer"},
            {"version", version},
            {"from", from},
            {"text", visit.words.fill("date.end_text", {{"date", visit.format.date_text(from)}})}};
    }
    json edit_form = false;
    if (may(booking, "edit")) {
        edit_form = {{"action", action + "/corriger"},
                     {"version", version},
                     {"headcount", text_of(booking, "headcount")},
                     {"purpose", text_of(booking, "purpose")}};
    }
    json buffers = false;
    if (may(booking, "shorten_buffers")) {
        const auto now = member_of(booking, "buffers");
        buffers = {{"action", action + "/tampons"},
                   {"version", version},
                   {"before", text_of(now, "before_min")},
                   {"after", text_of(now, "after_min")}};
    }
    if (end == false && edit_form == false && buffers == false) return false;
    return {{"end", end}, {"edit", edit_form}, {"buffers", buffers}};
}

void add_date_pages(Site& site, net::Router& router) {
    const std::string section = "requests";
    const std::string date = "/suivi/{id}/dates/{date}";
    using net::Method;
    site.add(router, Method::get, date, "page_date", date_page, Access::signed_in, section);
    site.add(router, Method::post, date + "/rendre", "give_date_back", give_back, Access::signed_in,
             section);
    site.add(router, Method::post, date + "/reprendre", "add_date_again", add_again,
             Access::signed_in, section);
    site.add(router, Method::post, date + "/deplacer", "move_dates", move, Access::signed_in,
             section);
    site.add(router, Method::post, "/suivi/{id}/terminer", "end_series", end_series,
             Access::signed_in);
    site.add(router, Method::post, "/suivi/{id}/corriger", "edit_booking", edit, Access::signed_in);
    site.add(router, Method::post, "/suivi/{id}/tampons", "shorten_buffers", shorten,
             Access::signed_in);
}

}  // namespace preau::gateway
