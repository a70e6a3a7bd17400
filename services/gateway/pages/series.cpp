// A weekly series in one room: every date judged one by one.
#include <algorithm>
#include <map>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/room.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/series_alternatives.hpp"
#include "services/gateway/pages/strip.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

/// A date of the answer: {slot:{date,…},state,reason} or the same flat.
std::string date_of(const json& date) {
    const auto slot = member_of(date, "slot");
    return slot.empty() ? text_of(date, "date") : text_of(slot, "date");
}

json badges_of(const Visit& visit, std::string_view letters) {
    struct Kind {
        char letter;
        const char* tone;
        const char* key;
    };
    static constexpr Kind kKinds[] = {{'t', "taken", "search.problem_taken"},
                                      {'p', "pending", "search.problem_pending"},
                                      {'c', "closed", "search.problem_closed"},
                                      {'b', "closed", "search.problem_buffer"},
                                      {'x', "closed", "search.problem_other"}};
    auto items = json::array();
    for (const auto& kind : kKinds) {
        const auto count = std::count(letters.begin(), letters.end(), kind.letter);
        if (count > 0) {
            items.push_back({{"tone", kind.tone}, {"text", visit.words.count(kind.key, count)}});
        }
    }
    if (items.empty()) return false;
    return {{"items", items}};
}

std::string month_id(time::Date date) {
    return "m-" + date.iso().substr(0, 7);
}

json strip_of(const Visit& visit, std::string_view letters, const std::vector<time::Date>& dates) {
    auto months = json::array();
    for (const auto& month : strip_months(letters, dates)) {
        auto ticks = json::array();
        for (const char letter : month.ticks)
            ticks.push_back(std::string(1, letter));
        const auto name = visit.format.month_year(month.first);
        months.push_back(
            {{"label", visit.format.month_short(month.first)},
             {"name", name},
             {"href", "#" + (month.free > 0 ? month_id(month.first) : std::string("contenu"))},
             {"href_text",
              visit.words.count("series.month_link", month.free,
                                {{"month", name}, {"total", std::to_string(ticks.size())}})},
             {"ticks", ticks}});
    }
    return {{"text", strip_sentence(visit, letters)}, {"months", months}};
}

json free_dates_of(const Visit& visit, const std::vector<time::Date>& free) {
    if (free.empty()) return false;
    auto months = json::array();
    for (const auto date : free) {
        const auto id = month_id(date);
        if (months.empty() || months.back()["id"] != id) {
            months.push_back({{"id", id},
                              {"name", capitalised(visit.format.month_year(date))},
                              {"count_text", ""},
                              {"dates", json::array()}});
        }
        auto& month = months.back();
        month["dates"].push_back({{"id", "d-" + date.iso()}, {"text", visit.format.date(date)}});
        month["count_text"] = visit.words.count("series.free_dates", std::ssize(month["dates"]));
    }
    return {{"title_text", visit.words.count("series.free_dates", std::ssize(free))},
            {"months", months}};
}

json skipped_of(const Visit& visit, const json& skipped) {
    if (skipped.empty()) return false;
    std::vector<std::pair<std::string, std::vector<std::string>>> groups;
    for (const auto& one : skipped) {
        const auto reason = reason_text(visit, one);
        if (groups.empty() || groups.back().first != reason) groups.push_back({reason, {}});
        const auto date = time::Date::parse(date_of(one));
        groups.back().second.push_back(date ? visit.format.day_month_year(*date) : date_of(one));
    }
    auto items = json::array();
    for (const auto& [reason, dates] : groups) {
        items.push_back({{"text", visit.format.list(dates)}, {"reason_text", reason}});
    }
    return {{"title_text", visit.words.count("series.skipped", std::ssize(skipped))},
            {"items", items}};
}

/// "Chaque mardi de 18 h à 20 h, du … au …, hors vacances scolaires : 36 dates."
std::string sentence_of(const Visit& visit, const SearchForm& form, const json& asked,
                        std::int64_t total) {
    if (!form.rhythm.empty()) {
        return visit.words.count("series.sentence_rhythm", total,
                                 {{"when", capitalised(when_long(visit, asked))}});
    }
    const json when = {{"kind", "weekly"}, {"weekdays", {form.weekdays}}};
    const auto from = time::Date::parse(form.from);
    const auto until = time::Date::parse(form.until);
    return visit.words.count(
        form.skip_school_holidays ? "series.sentence_skipping" : "series.sentence", total,
        {{"weekday", weekday_names(visit, when)},
         {"hours", visit.format.range_words(form.start_time, form.end_time)},
         {"from", from ? visit.format.day_month_year(*from) : form.from},
         {"until", until ? visit.format.day_month_year(*until) : form.until}});
}

json recap_of(const Visit& visit, const SearchForm& form, const json& space,
              const std::string& offer_id, std::int64_t free, std::int64_t left_out,
              std::optional<std::int64_t> price) {
    const auto minutes = minutes_of({{"start_time", form.start_time}, {"end_time", form.end_time}});
    const auto hours = visit.format.duration(minutes * static_cast<int>(free));
    auto lines = json::array();
    lines.push_back(
        {{"label", text_of(space, "name")},
         {"detail_text", visit.words.count("series.dates_hours", free, {{"hours", hours}})},
         {"amount", false}});
    json total = false;
    if (price && free > 0) {
        const auto category = visit.text("category." + price_category(visit, space));
        total = {{"label", visit.words.fill("price.category", {{"category", category}})},
                 {"amount", visit.format.money(*price)}};
    }
    if (left_out > 0) {
        lines.push_back({{"label", visit.words.count("series.left_out", left_out)},
                         {"detail_text", visit.words.count("series.dates", left_out)},
                         {"amount", false}});
    }
    json href = false;
    if (free > 0) {
        href = "/demande/nouvelle?" +
               query_string(series_question(text_of(space, "slug"), offer_id, form));
    }
    return {{"title_text", visit.text("series.recap")},
            {"lines", lines},
            {"total", total},
            {"continue_href", href},
            {"continue_text", visit.words.count("series.continue", free)},
            {"note_text", visit.text(free > 0 ? "series.note" : "series.none_free")}};
}

}  // namespace

json series_view(const Visit& visit, const SearchForm& form, const json& space,
                 const std::string& offer_id, const json& availability, const json& alternatives,
                 std::optional<std::int64_t> price) {
    const auto judged = list_of(availability, "dates");
    std::string letters;
    std::vector<time::Date> dates;
    std::vector<time::Date> free;
    auto problems = json::array();
    for (const auto& one : judged) {
        const auto date = time::Date::parse(date_of(one));
        if (!date) continue;
        const auto state = text_of(one, "state");
        letters.push_back(letter_of(state));
        dates.push_back(*date);
        if (state == "free") {
            free.push_back(*date);
            continue;
        }
        problems.push_back(
            {{"id", "d-" + date->iso()},
             {"alternatives",
              date_alternatives(visit, form, space, offer_id, alternatives, date->iso())},
             {"date_text", capitalised(visit.format.date(*date))},
             {"tone", slot_tone(state)},
             {"state_text", visit.words.text_or("state." + state, state)},
             {"reason_text", capitalised(reason_text(visit, one))},
             {"week_href", "/salles/" + text_of(space, "slug") + "?" +
                               query_string({{"offer_id", offer_id}, {"date", date->iso()}})}});
    }
    const auto total = std::ssize(dates);
    const auto free_count = std::ssize(free);
    const auto name = name_and_commune(space);
    json problem_box = false;
    if (!problems.empty()) {
        const bool instead = std::ranges::any_of(
            problems, [](const json& problem) { return problem["alternatives"].is_object(); });
        problem_box = {
            {"note_text", instead ? json(visit.text("series.alternatives_note")) : json(false)},
            {"title_text", visit.words.count("series.problems", std::ssize(problems))},
            {"lead_text", free_count > 0
                              ? json(visit.words.count("series.problems_lead", free_count))
                              : json(false)},
            {"items", problems}};
    }
    auto edit = form;
    edit.kind = text_of(space, "kind");
    if (edit.near.empty()) edit.near = text_of(space, "commune_name");
    return {
        {"title", visit.words.fill("series.title",
                                   {{"room", name}, {"fraction", strip_sentence(visit, letters)}})},
        {"errors", false},
        {"crumbs", {{"back_href", search_href(edit)}, {"back_text", visit.text("room.back")}}},
        {"name", name},
        {"room_href", "/salles/" + text_of(space, "slug") + "?" +
                          query_string({{"offer_id", offer_id}, {"date", form.from}})},
        {"sentence_text", sentence_of(visit, form, member_of(availability, "when"), total)},
        {"edit_href", search_href(edit)},
        {"free", std::to_string(free_count)},
        {"free_label_text", visit.words.count("series.free_label", free_count)},
        {"of_text", visit.words.fill("series.of", {{"total", std::to_string(total)}})},
        {"badges", badges_of(visit, letters)},
        {"strip", strip_of(visit, letters, dates)},
        {"checked_text",
         visit.words.fill("series.checked", {{"time", visit.format.clock_time(visit.now)}})},
        {"problems", problem_box},
        {"free_dates", free_dates_of(visit, free)},
        {"skipped", skipped_of(visit, list_of(availability, "skipped"))},
        {"recap", recap_of(visit, form, space, offer_id, free_count, total - free_count, price)},
        {"others", other_series(visit, form, alternatives)},
    };
}

namespace {

/// What search proposes instead, for as many people and at the price of the visitor's category;
/// null where it does not answer: the page goes without.
json alternatives_of(const Visit& visit, const SearchForm& form, const json& space,
                     const std::string& offer_id) {
    auto question = when_question(form);
    question.emplace_back("offer_id", offer_id);
    if (!form.capacity.empty()) question.emplace_back("capacity", form.capacity);
    question.emplace_back("category", price_category(visit, space));
    const auto answer = visit.backend->get("search", "/v1/spaces/" + text_of(space, "space_id") +
                                                         "/alternatives?" + query_string(question));
    return answer ? *answer : json();
}

}  // namespace

base::Result<Reply> series_page(Visit& visit) {
    auto form = search_form_of(visit.request.query, visit.today());
    form.weekly = true;
    const auto slug = visit.query("space");
    if (slug.empty()) return Reply::see(search_href(form));
    const auto space = visit.backend->get("inventory", "/v1/spaces/" + percent_encode(slug));
    if (!space) return std::unexpected(space.error());
    const auto offer_id = text_of(offer_of(*space, visit.query("offer_id")), "offer_id");
    auto question = when_question(form);
    question.emplace_back("offer_id", offer_id);
    const auto answer = visit.backend->send(
        "search", net::Method::get,
        "/v1/spaces/" + text_of(*space, "space_id") + "/availability?" + query_string(question),
        nullptr, {});
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 422) {
        // The question itself is wrong: the search form shows its fields.
        form.kind = text_of(*space, "kind");
        return Reply::page("search", search_errors_view(visit, form, answer->error(), answer->body),
                           422);
    }
    if (!answer->ok()) return std::unexpected(answer->error());
    const auto price = list_price(visit, *space, offer_of(*space, offer_id), when_question(form),
                                  price_category(visit, *space));
    const auto dates = list_of(answer->body, "dates");
    const bool missing = std::ranges::any_of(
        dates, [](const json& date) { return text_of(date, "state") != "free"; });
    const auto instead = missing ? alternatives_of(visit, form, *space, offer_id) : json();
    return Reply::page("series",
                       series_view(visit, form, *space, offer_id, answer->body, instead, price));
}

}  // namespace preau::gateway
