// The results page.
#include <algorithm>
#include <cmath>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/search_cards.hpp"
#include "services/gateway/pages/search_criteria.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr int kPageSize = 20;

Found describe(const Visit& visit, const SearchForm& form, const json& answer) {
    Found found{visit, form, answer, member_of(answer, "when"), {}, {}, {}, 0};
    found.dates = dates_of(found.when, list_of(answer, "skipped"));
    found.place = text_of(member_of(answer, "place"), "name");
    found.radius = visit.words.fill("format.distance", {{"km", form.radius_km}});
    found.total = integer_of(answer, "dates_total");
    return found;
}

std::string kind_key(const SearchForm& form) {
    return "kind." + (form.kind.empty() ? std::string("any") : form.kind);
}

std::string title_of(const Found& found) {
    const auto& visit = found.visit;
    const auto kinds =
        visit.words.text_or(kind_key(found.form) + ".plural", visit.text("kind.any.plural"));
    const auto hours = visit.format.range(found.form.start_time, found.form.end_time);
    const std::string suffix = found.place.empty() ? "_anywhere" : "";
    if (found.form.weekly) {
        return visit.words.fill("search.title_weekly" + suffix,
                                {{"kinds", kinds},
                                 {"place", found.place},
                                 {"weekday", weekdays_on(visit, found.when)},
                                 {"hours", hours}});
    }
    const auto date =
        visit.words.fill("format.date_on", {{"date", visit.format.date_text(found.form.date)}});
    return visit.words.fill(
        "search.title_single" + suffix,
        {{"kinds", kinds}, {"place", found.place}, {"date", date}, {"hours", hours}});
}

json summary_of(const Found& found) {
    const auto& visit = found.visit;
    const auto& form = found.form;
    const auto kind = visit.words.text_or(kind_key(form) + ".name", visit.text("kind.any.name"));
    std::int64_t people = 1;
    if (!form.capacity.empty() && form.capacity.size() < 6) {
        people = std::atoll(form.capacity.c_str());
    }
    auto what = kind;
    if (!form.capacity.empty()) {
        what = visit.words.fill(
            found.place.empty() ? "search.summary_what_anywhere" : "search.summary_what",
            {{"kind", kind},
             {"people", visit.words.count("search.people", people)},
             {"place", found.place}});
    } else if (!found.place.empty()) {
        what += visit.text("format.list") + found.place;
    }
    return {{"what_text", what}, {"when_text", when_long(visit, found.when)}};
}

json status_of(const Found& found, std::int64_t rooms, std::int64_t full) {
    const auto& visit = found.visit;
    const std::string suffix = found.place.empty() ? "_anywhere" : "";
    if (rooms == 0) {
        return visit.words.fill("search.status_none" + suffix, {{"radius", found.radius}});
    }
    const auto key = kind_key(found.form) + ".count";
    const auto named = visit.words.count(
        visit.words.has(key + ".one") ? key : std::string("kind.any.count"), rooms);
    const auto free = found.form.weekly
                          ? visit.words.count("search.status_free_weekly", full,
                                              {{"dates", visit.format.number(found.total)}})
                          : visit.words.count("search.status_free_single", full);
    return visit.words.fill("search.status" + suffix,
                            {{"rooms", named}, {"radius", found.radius}, {"free", free}});
}

/// The numbers of rooms that search counted without a filter, or false.
json without_count(const Found& found, const std::string& filter) {
    for (const auto& one : list_of(member_of(found.answer, "facets"), "without")) {
        if (text_of(one, "filter") == filter) {
            return found.visit.words.count("kind.any.count", integer_of(one, "rooms_count"));
        }
    }
    return false;
}

/// Criteria that would narrow the list, each with what it would leave.
json further_of(const Found& found) {
    const auto facets = member_of(found.answer, "facets");
    const auto rooms = integer_of(found.answer, "rooms_count");
    auto items = json::array();
    const auto add = [&](const std::string& text, std::int64_t count, SearchForm narrower) {
        if (count == 0 || count == rooms) return;
        narrower.after.clear();
        items.push_back({{"text", text},
                         {"href", search_href(narrower)},
                         {"count_text", found.visit.format.number(count)}});
    };
    if (!found.form.step_free) {
        auto narrower = found.form;
        narrower.step_free = true;
        add(found.visit.text("search.filter_step_free"),
            integer_of(member_of(facets, "step_free"), "rooms_count"), narrower);
    }
    if (!found.form.instant) {
        auto narrower = found.form;
        narrower.instant = true;
        add(found.visit.text("search.filter_instant"),
            integer_of(member_of(facets, "instant"), "rooms_count"), narrower);
    }
    constexpr std::size_t kItemsMax = 5;
    for (const auto& one : list_of(facets, "equipment")) {
        const auto word = text_of(one, "value");
        const auto& chosen = found.form.equipment;
        if (items.size() == kItemsMax || std::ranges::find(chosen, word) != chosen.end()) continue;
        auto narrower = found.form;
        narrower.equipment.push_back(word);
        add(found.visit.words.text_or("equipment." + word, word), integer_of(one, "rooms_count"),
            narrower);
    }
    return items;
}

json tags_of(const Found& found) {
    auto items = json::array();
    SearchForm bare = found.form;
    for (const auto& one : criteria_in_force(found.visit, found.form))
        items.push_back({{"text", one.text}, {"href", search_href(one.without)}});
    auto further = further_of(found);
    if (items.empty() && further.empty()) return false;
    for (auto* text : {&bare.capacity, &bare.posture, &bare.purpose, &bare.duration_min,
                       &bare.or_weekday, &bare.rhythm, &bare.price_max, &bare.after}) {
        text->clear();
    }
    bare.instant = bare.step_free = false;
    bare.equipment.clear();
    return {{"clear_href", items.empty() ? json(false) : json(search_href(bare))},
            {"items", items},
            {"further", further}};
}

json sorts_of(const Visit& visit, const SearchForm& form) {
    std::vector<std::string> choices{"fit", "free_dates", "distance", "capacity", "price"};
    if (!form.weekly) std::erase(choices, "free_dates");
    if (form.near.empty()) std::erase(choices, "distance");
    const auto current = form.sort.empty() ? std::string("fit") : form.sort;
    auto items = json::array();
    json current_text = visit.text("search.sort.fit");
    for (const auto& choice : choices) {
        auto sorted = form;
        sorted.sort = choice;
        sorted.after.clear();
        const auto label = visit.text("search.sort." + choice);
        if (choice == current) current_text = label;
        items.push_back(
            {{"label", label}, {"href", search_href(sorted)}, {"current", choice == current}});
    }
    return {{"current_text", current_text}, {"items", items}};
}

/// Whose prices the cards show, and the other categories.
json price_note_of(const Found& found) {
    const auto& visit = found.visit;
    const auto shown = text_of(found.answer, "price_category");
    if (shown.empty()) return false;
    auto items = json::array();
    for (const std::string category : {"A", "B", "C", "D", "E"}) {
        auto other = found.form;
        other.category = category;
        other.after.clear();
        items.push_back({{"label", visit.text("category." + category)},
                         {"href", search_href(other)},
                         {"current", category == shown}});
    }
    return {{"text", visit.words.fill("search.price_note",
                                      {{"category", visit.text("category." + shown)}})},
            {"items", items}};
}

/// Communes whose names are like the unknown one, each with the same search there.
json suggestions_of(const Visit& visit, const SearchForm& form, const json& problem) {
    auto items = json::array();
    for (const auto& place : list_of(problem, "suggestions")) {
        auto there = form;
        there.near = text_of(place, "name");
        const auto postcode = text_of(place, "postcode");
        there.after.clear();
        // The postcode tells two communes of one name apart.
        items.push_back({{"href", search_href(there)},
                         {"text", postcode.empty() ? there.near
                                                   : visit.words.fill("search.suggestion",
                                                                      {{"name", there.near},
                                                                       {"postcode", postcode}})}});
    }
    if (items.empty()) return false;
    return {{"title_text", visit.text("search.suggestions")}, {"items", items}};
}

json other_weekdays_of(const Found& found) {
    const auto days = list_of(found.answer, "other_weekdays");
    if (!found.form.weekly || days.empty()) return false;
    const auto& visit = found.visit;
    std::int64_t most = 1;
    for (const auto& day : days)
        most = std::max(most, integer_of(day, "full_count"));
    auto items = json::array();
    for (const auto& day : days) {
        const auto name = text_of(day, "weekday");
        const auto weekday = time::weekday_from(name);
        if (!weekday) continue;
        const auto count = integer_of(day, "full_count");
        const bool current = name == found.form.weekdays;
        auto other = found.form;
        other.weekdays = name;
        other.after.clear();
        const auto shown = capitalised(visit.format.weekday(*weekday));
        items.push_back({{"name", shown},
                         {"count", visit.format.number(count)},
                         {"width", std::to_string(100 * count / most) + "%"},
                         {"current", current},
                         {"href", current ? json(false) : json(search_href(other))},
                         {"label_text", visit.words.count("search.other_weekday_label", count,
                                                          {{"weekday", shown}})}});
    }
    const auto time_of = [&](const std::string& text) {
        const auto minute = time::parse_minute(text);
        return minute ? visit.format.time(*minute) : text;
    };
    return {{"title_text",
             visit.words.fill("search.other_weekdays", {{"start", time_of(found.form.start_time)},
                                                        {"end", time_of(found.form.end_time)}})},
            {"lead_text", visit.text("search.other_weekdays_lead")},
            {"items", items}};
}

/// What would change the answer, each with the rooms that it would find where search counted them.
json empty_of(const Found& found) {
    const auto& visit = found.visit;
    const auto& form = found.form;
    auto items = json::array();
    const auto add = [&](const std::string& text, const char* filter, SearchForm other) {
        other.after.clear();
        items.push_back({{"text", text},
                         {"href", search_href(other)},
                         {"count_text", without_count(found, filter)}});
    };
    for (const auto& one : criteria_in_force(visit, form)) {
        add(visit.words.fill("search.relax", {{"criterion", one.text}}), one.filter.c_str(),
            one.without);
    }
    const auto km = std::atof(form.radius_km.c_str());
    if (!form.near.empty() && km > 0 && km < 100) {
        auto other = form;
        other.radius_km = std::to_string(std::min<std::int64_t>(2 * std::llround(km), 100));
        add(visit.words.fill(
                "search.relax_radius",
                {{"radius", visit.words.fill("format.distance", {{"km", other.radius_km}})}}),
            "radius_km", other);
    }
    if (form.kind != "any") {
        auto other = form;
        other.kind = "any";
        add(visit.text("search.relax_kind"), "kind", other);
    }
    return {{"title_text", visit.text("search.empty_title")},
            {"lead_text", visit.text("search.empty_lead")},
            {"items", items}};
}

json skipped_of(const Found& found) {
    const auto skipped = list_of(found.answer, "skipped");
    if (skipped.empty()) return false;
    std::vector<std::string> reasons;
    for (const auto& one : skipped) {
        auto name = text_of(one, "name");
        if (name.empty()) name = reason_text(found.visit, one);
        if (std::find(reasons.begin(), reasons.end(), name) == reasons.end()) {
            reasons.push_back(name);
        }
    }
    return found.visit.words.count("search.skipped", std::ssize(skipped),
                                   {{"reasons", found.visit.format.list(reasons)}});
}

json as_of_text(const Found& found) {
    const auto as_of = member_of(found.answer, "as_of");
    if (flag_of(as_of, "stale")) {
        const auto seen = found.visit.now + -integer_of(as_of, "lag_s");
        return found.visit.words.fill("search.as_of_late",
                                      {{"time", found.visit.format.clock_time(seen)}});
    }
    return found.visit.words.fill("search.as_of",
                                  {{"time", found.visit.format.clock_time(found.visit.now)}});
}

json list_or_false(const json& items, const std::string& title, const json& lead) {
    if (items.empty()) return false;
    return {{"title_text", title}, {"lead_text", lead}, {"items", items}};
}

/// "2 salles complètes à ces heures : …", or nothing.
json none_of(const Visit& visit, const Cards& cards) {
    if (cards.none.empty()) return false;
    return visit.words.count("search.none", std::ssize(cards.none),
                             {{"rooms", visit.format.list(cards.none)}});
}

}  // namespace

nlohmann::json search_view(const Visit& visit, const SearchForm& form, const json& answer,
                           const std::vector<School>& schools) {
    const auto found = describe(visit, form, answer);
    const auto cards = cards_of(found, schools);
    const auto full = integer_of(answer, "full_count", std::ssize(cards.full));
    const auto rooms =
        integer_of(answer, "rooms_count",
                   full + integer_of(answer, "partial_count", std::ssize(cards.partial)));
    const bool nothing =
        cards.full.empty() && cards.partial.empty() && cards.none.empty() && form.after.empty();
    json more = false;
    if (const auto next = text_of(answer, "next"); !next.empty()) {
        auto following = form;
        following.after = next;
        more = {{"href", search_href(following)}, {"text", visit.text("search.more")}};
    }
    json legend = false;
    if (form.weekly && !nothing) {
        legend = {{"title_text", visit.words.count("search.legend", found.total)}};
    }
    const bool weekly = form.weekly;
    return {
        {"title", title_of(found)},
        {"form", search_form_view(visit, form, {})},
        {"places", false},
        {"summary", summary_of(found)},
        {"status_text", status_of(found, nothing ? 0 : rooms, full)},
        {"tags", tags_of(found)},
        {"suggestions", false},
        {"sorts", nothing ? json(false) : sorts_of(visit, form)},
        {"price_note", nothing ? json(false) : price_note_of(found)},
        {"is_weekly", weekly},
        {"full", list_or_false(cards.full,
                               weekly ? visit.words.count("search.full_weekly", found.total)
                                      : visit.text("search.full_single"),
                               false)},
        {"partial",
         list_or_false(
             cards.partial, visit.text(weekly ? "search.partial_weekly" : "search.partial_single"),
             visit.text(weekly ? "search.partial_weekly_lead" : "search.partial_single_lead"))},
        {"none_text", none_of(visit, cards)},
        {"none_href", false},
        {"more", more},
        {"empty", nothing ? empty_of(found) : json(false)},
        {"skipped_text", skipped_of(found)},
        {"map", result_map(found, cards)},
        {"legend", legend},
        {"other_weekdays", other_weekdays_of(found)},
        {"as_of_text", as_of_text(found)},
    };
}

nlohmann::json search_errors_view(const Visit& visit, const SearchForm& form,
                                  const base::Error& error, const json& problem) {
    auto shown = error;
    if (shown.fields.empty()) {
        shown.fields.push_back({form.weekly ? "/query/from" : "/query/date", error.code, {}});
    }
    json model = {{"title", visit.text("search.title")},
                  {"form", search_form_view(visit, form, shown.fields)},
                  {"errors", errors_view(visit, shown, "near")},
                  {"is_weekly", form.weekly}};
    for (const auto* absent :
         {"places", "summary", "status_text", "tags", "sorts", "price_note", "suggestions", "full",
          "partial", "none_text", "none_href", "more", "empty", "skipped_text", "map", "legend",
          "other_weekdays", "as_of_text"}) {
        model[absent] = false;
    }
    model["suggestions"] = suggestions_of(visit, form, problem);
    return model;
}

void add_search_pages(Site& site, net::Router& router, Directory& directory) {
    site.add(
        router, net::Method::get, "/recherche", "page_search",
        [&directory](Visit& visit) -> base::Result<Reply> {
            const auto form = search_form_of(visit.request.query, visit.today());
            if (!form.asked) {
                auto model = search_errors_view(visit, form, {"invalid", {}, {}});
                model["errors"] = false;
                model["form"] = search_form_view(visit, form, {});
                return Reply::page("search", std::move(model));
            }
            auto question = search_question(form);
            // A member sees their own prices unless they ask for others'.
            if (form.category.empty()) {
                if (const auto own = own_category(visit, {}); !own.empty()) {
                    question.emplace_back("category", own);
                }
            }
            question.emplace_back("limit", std::to_string(kPageSize));
            question.emplace_back("facets", "1");
            if (!form.after.empty()) question.emplace_back("after", form.after);
            const auto answer = visit.backend->send(
                "search", net::Method::get, "/v1/search?" + query_string(question), nullptr, {});
            if (!answer) return std::unexpected(answer.error());
            if (answer->status == 422 || answer->status == 400) {
                return Reply::page(
                    "search", search_errors_view(visit, form, answer->error(), answer->body), 422);
            }
            if (!answer->ok()) return std::unexpected(answer->error());
            return Reply::page(
                "search", search_view(visit, form, answer->body, *directory.all(*visit.backend)));
        },
        Access::everyone, "search");
}

}  // namespace preau::gateway
