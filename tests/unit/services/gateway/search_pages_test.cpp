// The pages that look for a room, from sample answers of search and inventory.
#include <gmock/gmock.h>

#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/request_form.hpp"
#include "services/gateway/pages/room.hpp"
#include "services/gateway/pages/when_text.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;
using test::form_of;
using test::request_of;
json item(const char* name, int free, int total, const char* strip) {
    return {{"space_id", "01SPACE"},
            {"slug", "gymnase-la-garenne"},
            {"name", name},
            {"kind", "gym"},
            {"establishment_name", "Collège La Garenne"},
            {"commune_name", "Voiron"},
            {"distance_km", 0.7},
            {"offer", {{"offer_id", "01OFFER"}, {"name", "Gymnase entier"}, {"capacity", 120}}},
            {"free_dates", free},
            {"dates_total", total},
            {"strip", strip},
            {"problems", json::array()},
            {"capacity_seated", 80},
            {"capacity_standing", 120},
            {"area_m2", 840},
            {"step_free", true},
            {"equipment", {"showers"}},
            {"demonstration", true},
            {"hold_policy", "hold"}};
}

json single_answer() {
    auto taken = item("Salle prise", 0, 1, "t");
    taken["problems"] = {{{"date", "2026-12-01"}, {"state", "taken"}, {"reason", "taken"}}};
    return {{"when",
             {{"kind", "single"},
              {"date", "2026-12-01"},
              {"start_time", "18:00"},
              {"end_time", "20:00"}}},
            {"place", {{"insee", "38563"}, {"name", "Voiron"}, {"lat", 45.366}, {"lon", 5.59}}},
            {"dates_total", 1},
            {"skipped", json::array()},
            {"full_count", 1},
            {"partial_count", 1},
            {"as_of", {{"lag_s", 0}}},
            {"items", {item("Salle polyvalente du collège La Garenne", 1, 1, "f"), taken}},
            {"next", "cursor-2"}};
}

json weekly_answer() {
    return {
        {"when",
         {{"kind", "weekly"},
          {"weekdays", {"tue"}},
          {"interval_weeks", 1},
          {"from", "2026-12-01"},
          {"until", "2027-01-12"},
          {"start_time", "18:00"},
          {"end_time", "20:00"},
          {"school_holidays", "skip"}}},
        {"place", {{"name", "Voiron"}, {"lat", 45.366}, {"lon", 5.59}}},
        {"dates_total", 5},
        {"skipped",
         {{{"date", "2026-12-22"}, {"reason", "school_holiday"}, {"name", "Vacances de Noël"}},
          {{"date", "2026-12-29"}, {"reason", "school_holiday"}, {"name", "Vacances de Noël"}}}},
        {"full_count", 1},
        {"partial_count", 1},
        {"items",
         {item("Gymnase du collège Plan Menu", 5, 5, "fffff"),
          item("Gymnase du collège La Garenne", 3, 5, "ftfcf")}},
        {"next", nullptr},
        {"other_weekdays",
         {{{"weekday", "mon"}, {"full_count", 3}}, {{"weekday", "tue"}, {"full_count", 1}}}}};
}

TEST(SearchForm, search_form_of__bare_address__proposes_a_season) {
    const auto request = request_of("/");
    const auto visit = test::visit(request);
    const auto form = form_of("", visit);
    EXPECT_FALSE(form.asked);
    EXPECT_TRUE(form.weekly);
    EXPECT_EQ(form.until, "2027-06-30");
    EXPECT_EQ(time::Date::parse(form.date)->weekday(), time::Weekday::tue);
    EXPECT_GT(*time::Date::parse(form.date), visit.today());
}

TEST(SearchForm, search_form_of__reads_only_the_fields_of_its_mode) {
    const auto request = request_of("/");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=single&kind=polyvalente&capacity=40&near=Voiron&date=2026-12-01&weekdays=tue&"
        "from=2026-12-01&until=2027-06-30&start_time=18:00&end_time=20:00",
        visit);
    const auto question = search_question(form);
    const auto has = [&](const std::string& name) {
        return std::any_of(question.begin(), question.end(),
                           [&](const auto& pair) { return pair.first == name; });
    };
    EXPECT_TRUE(has("date"));
    EXPECT_FALSE(has("weekdays"));
    EXPECT_FALSE(has("from"));
    // A box that is not ticked asks for the holidays to be kept.
    const auto weekly = form_of("mode=weekly&weekdays=tue&from=2026-12-01&until=2027-06-30", visit);
    EXPECT_FALSE(weekly.skip_school_holidays);
    EXPECT_EQ(form_of(search_href(form).substr(11), visit).capacity, "40");
}

TEST(SearchPage, single_date__says_what_is_free_and_how_far) {
    const auto request =
        request_of("/recherche?mode=single&kind=polyvalente&near=Voiron&date=2026-12-01");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=single&kind=polyvalente&capacity=40&near=Voiron&"
        "date=2026-12-01&start_time=18:00&end_time=20:00",
        visit);
    const auto model = search_view(visit, form, single_answer(), {});
    const auto html = test::page(visit, "search", model);
    EXPECT_SAYS(html, "Salles polyvalentes près de Voiron, le mardi 1ᵉʳ décembre 2026, 18 h–20 h");
    EXPECT_SAYS(html, "à 0,7 km");
    EXPECT_SAYS(html, "dont 1 libre à ces heures");
    EXPECT_SAYS(html, "réservé par une autre association");
    EXPECT_SAYS(html, "/salles/gymnase-la-garenne?date=2026-12-01&amp;start_time=18%3A00");
    EXPECT_SAYS(html, "after=cursor-2");
    EXPECT_SAYS(html, test::plain(test::words().text("demo.room")));
}

// S42: the fraction and the reasons of a weekly question
TEST(SearchPage, weekly__counts_dates_and_draws_the_strip_by_month) {
    const auto request = request_of("/recherche?mode=weekly");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=weekly&kind=gym&capacity=25&near=Voiron&weekdays=tue&"
        "from=2026-12-01&until=2027-01-12&school_holidays=skip&"
        "start_time=18:00&end_time=20:00",
        visit);
    const auto model = search_view(visit, form, weekly_answer(), {});
    const auto& partial = model["partial"]["items"][0]["weekly"];
    EXPECT_EQ(partial["free"], "3");
    ASSERT_EQ(partial["strip"]["months"].size(), 2U);
    EXPECT_EQ(partial["strip"]["months"][0]["label"], "D");
    EXPECT_EQ(partial["strip"]["months"][0]["ticks"].size(), 3U);
    const auto html = test::page(visit, "search", model);
    EXPECT_SAYS(html, "Gymnases près de Voiron, le mardi 18 h–20 h");
    EXPECT_SAYS(html, "dates sur 5");
    EXPECT_SAYS(html, "1 déjà prise, 1 fermeture");
    EXPECT_SAYS(html, "Vacances de Noël");
    EXPECT_SAYS(html, "/recherche/serie?space=gymnase-la-garenne");
    EXPECT_SAYS(html, "Et un autre jour");
}

TEST(SearchPage, weekly__room_without_a_free_date__is_named_and_no_nearly) {
    const auto request = request_of("/recherche?mode=weekly");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=weekly&weekdays=tue&from=2026-12-01&until=2027-01-12&start_time=18:00&"
        "end_time=20:00",
        visit);
    auto answer = weekly_answer();
    answer["items"].push_back(item("Gymnase du collège Le Grand Som", 0, 5, "ttttt"));
    const auto model = search_view(visit, form, answer, {});
    EXPECT_EQ(model["partial"]["items"].size(), 1U);
    EXPECT_SAYS(test::page(visit, "search", model),
                "1 salle n’a aucune date libre à ces heures : Gymnase du collège Le Grand Som, "
                "Voiron.");
}

TEST(SearchPage, unknown_commune__is_named_beside_the_field) {
    const auto request = request_of("/recherche?near=Voirron");
    auto visit = test::visit(request);
    const_cast<net::Request&>(request).query.add("near", "Voirron");
    const auto form = search_form_of(request.query, visit.today());
    const base::Error error{"unknown_place", {}, {{"/query/near", "unknown_place", {}}}};
    const auto html = test::page(visit, "search", search_errors_view(visit, form, error));
    EXPECT_SAYS(html, "<title>Erreur : ");
    EXPECT_SAYS(html, "Aucune commune ne s’appelle « Voirron »");
    EXPECT_SAYS(html, "href=\"#f-near\"");
    EXPECT_SAYS(html, "aria-describedby=\"e-near\"");
}

TEST(When, dates_of__leaves_out_skipped_and_other_weeks) {
    const auto answer = weekly_answer();
    EXPECT_EQ(dates_of(answer["when"], answer["skipped"]).size(), 5U);
    auto fortnight = answer["when"];
    fortnight["interval_weeks"] = 2;
    EXPECT_EQ(dates_of(fortnight, json::array()).size(), 4U);
    EXPECT_TRUE(dates_of({{"kind", "weekly"}}, json::array()).empty());
}

TEST(HomePage, home__map_figures_and_form) {
    const auto request = request_of("/");
    const auto visit = test::visit(request);
    const std::vector<School> schools{
        {"1", "site 1", "body", "a", "Collège A", "Grenoble", "38000", 45.18, 5.72, 8, false},
        {"2", "site 2", "body", "b", "Collège B", "Grenoble", "38000", 45.19, 5.73, 8, false},
        {"3", "site 3", "body", "c", "Collège C", "Voiron", "38500", 45.36, 5.59, 8, false}};
    const auto html = test::page(visit, "home", home_view(visit, schools));
    EXPECT_SAYS(html, "3 collèges publics, 2 communes");
    EXPECT_SAYS(html, "action=\"/recherche\"");
    const auto list = test::page(visit, "colleges", colleges_view(visit, schools, schools, ""));
    EXPECT_SAYS(list, "8 salles");
    const auto none = test::page(visit, "colleges", colleges_view(visit, schools, {}, "zz"));
    EXPECT_SAYS(none, "« zz »");
}

TEST(HomePage, pages__in_english__say_nothing_in_french) {
    const auto request = request_of("/");
    const auto visit = test::visit(request, Language::en);
    const auto html = test::page(visit, "home", home_view(visit, {}));
    EXPECT_SAYS(html, "<html lang=\"en\">");
    EXPECT_EQ(html.find("Chercher une salle"), std::string::npos);
}

TEST(SearchErrors, unknown_commune__proposes_its_neighbours_by_name_as_links) {
    net::Request request;
    request.target = "/recherche?near=Voirno";
    request.path = "/recherche";
    const auto visit = test::visit(request);
    SearchForm form;
    form.near = "Voirno";
    form.from = "2026-12-01";
    form.until = "2027-06-29";
    const base::Error error{"invalid", {}, {{"/query/near", "unknown_place", {}}}};
    const json problem = {{"suggestions", {{{"name", "Voiron"}, {"postcode", "38500"}}}}};
    const auto view = search_errors_view(visit, form, error, problem);
    EXPECT_EQ(view["suggestions"]["items"][0]["text"], "Voiron (38500)");
    const auto href = view["suggestions"]["items"][0]["href"].get<std::string>();
    EXPECT_NE(href.find("near=Voiron&"), std::string::npos);
    EXPECT_NE(href.find("from=2026-12-01"), std::string::npos);
    EXPECT_SAYS(test::page(visit, "search", view), "Vous cherchiez peut-être");
    EXPECT_EQ(search_errors_view(visit, form, error)["suggestions"], false);
}

TEST(ResultFrame, inset__stands_in_a_corner_without_a_point) {
    const ResultFrame frame(45.36, 5.59, 15);
    EXPECT_EQ(frame.inset({})["dx"], "10.0");
    EXPECT_EQ(frame.inset({})["dy"], "380.0");
    // A point at the bottom left moves it to the bottom right, another there to the top.
    const MapPoint left{90, 470};
    const MapPoint right{380, 400};
    EXPECT_EQ(frame.inset({left})["dx"], "312.0");
    EXPECT_EQ(frame.inset({left})["dy"], "380.0");
    EXPECT_EQ(frame.inset({left, right})["dx"], "10.0");
    EXPECT_EQ(frame.inset({left, right})["dy"], "10.0");
}

/// The pairs of a question as "name=value".
std::vector<std::string> pairs_of(const QueryPairs& question) {
    std::vector<std::string> out;
    for (const auto& [name, value] : question)
        out.push_back(name + "=" + value);
    return out;
}

TEST(SearchForm, further_criteria__become_the_parameters_of_search_and_survive_a_link) {
    const auto request = request_of("/");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=weekly&kind=gym&weekdays=tue&or_weekday=thu&rhythm=2&from=2026-12-01&"
        "until=2027-06-30&start_time=17:00&end_time=22:00&duration_min=120&posture=seated&"
        "purpose=dance&price_max=12,5&instant=1",
        visit);
    using ::testing::IsSupersetOf;
    EXPECT_THAT(
        pairs_of(search_question(form)),
        IsSupersetOf({"weekdays=tue,thu", "any_weekday=1", "interval_weeks=2", "duration_min=120",
                      "posture=seated", "purpose=dance", "price_max=1250", "instant=1"}));
    EXPECT_SAYS(search_href(form), "weekdays=tue&or_weekday=thu&rhythm=2");
    EXPECT_SAYS(search_href(form),
                "duration_min=120&posture=seated&purpose=dance&price_max=12%2C5");
    // One room's dates are those of one day and one time: no choice is left.
    EXPECT_THAT(pairs_of(when_question(form)), ::testing::Contains("weekdays=tue"));
    auto monthly = form;
    monthly.rhythm = "m-1";
    EXPECT_THAT(pairs_of(when_question(monthly)),
                IsSupersetOf({"interval_months=1", "week_of_month=-1", "weekdays=tue"}));
    // What is no amount is search's to refuse, by its name.
    auto odd = form;
    odd.price_max = "beaucoup";
    EXPECT_THAT(pairs_of(search_question(odd)), ::testing::Contains("price_max=beaucoup"));
    // For one date neither weekdays nor rhythm mean anything.
    auto single = form;
    single.weekly = false;
    const auto asked = pairs_of(search_question(single));
    EXPECT_THAT(asked, ::testing::Not(::testing::Contains("any_weekday=1")));
    EXPECT_THAT(asked, ::testing::Not(::testing::Contains("interval_weeks=2")));
}

// S136
TEST(SearchPage, choice__each_card_says_its_day_and_time_and_asks_for_them) {
    const auto request = request_of("/recherche?mode=weekly");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=weekly&kind=gym&weekdays=tue&or_weekday=thu&from=2026-12-01&until=2027-01-12&"
        "start_time=17:00&end_time=22:00&duration_min=120",
        visit);
    auto answer = weekly_answer();
    answer["when"]["weekdays"] = {"tue", "thu"};
    auto own = answer["when"];
    own["weekdays"] = {"thu"};
    own["start_time"] = "18:30";
    own["end_time"] = "20:30";
    answer["items"][0]["when"] = own;
    const auto html = test::page(visit, "search", search_view(visit, form, answer, {}));
    EXPECT_SAYS(html, "Le jeudi 18 h 30–20 h 30");
    EXPECT_SAYS(html, "weekdays=thu&amp;from=2026-12-01");
    EXPECT_SAYS(html, "start_time=18%3A30&amp;end_time=20%3A30");
    EXPECT_SAYS(html, "ou le jeudi");
    EXPECT_SAYS(html, "2 h dans ces heures");
}

TEST(SearchPage, facets__narrow_with_counts_and_lead_out_of_a_dead_end) {
    const auto request = request_of("/recherche?mode=single");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=single&kind=gym&capacity=400&near=Voiron&radius_km=15&date=2026-12-01&"
        "start_time=18:00&end_time=20:00&step_free=1",
        visit);
    auto answer = single_answer();
    const auto count = [](int rooms) { return json{{"rooms_count", rooms}, {"full_count", 0}}; };
    answer["rooms_count"] = 2;
    answer["facets"] = {{"without",
                         {{{"filter", "step_free"}, {"rooms_count", 6}, {"full_count", 3}},
                          {{"filter", "radius_km"}, {"rooms_count", 9}, {"radius_km", 30}}}},
                        {"equipment",
                         {{{"value", "stage"}, {"rooms_count", 1}, {"full_count", 1}},
                          {{"value", "chairs"}, {"rooms_count", 2}, {"full_count", 1}}}},
                        {"instant", count(1)},
                        {"step_free", count(2)}};
    const auto model = search_view(visit, form, answer, {});
    // What every room has narrows nothing.
    ASSERT_EQ(model["tags"]["further"].size(), 2U);
    EXPECT_EQ(model["tags"]["further"][0]["text"], "Réservation immédiate");
    EXPECT_EQ(model["tags"]["further"][1]["text"], "Scène");
    EXPECT_SAYS(test::page(visit, "search", model), "equipment=stage");

    answer["items"] = json::array();
    answer["rooms_count"] = answer["full_count"] = answer["partial_count"] = 0;
    const auto empty = test::page(visit, "search", search_view(visit, form, answer, {}));
    EXPECT_SAYS(empty, "Sans « Accessible en fauteuil »");
    EXPECT_SAYS(empty, "6 salles");
    EXPECT_SAYS(empty, "Plus loin : à moins de 30 km");
    EXPECT_SAYS(empty, "9 salles");
}

TEST(SearchPage, index_that_lags__says_so) {
    const auto request = request_of("/recherche?mode=single");
    const auto visit = test::visit(request);
    const auto form = form_of("mode=single&date=2026-12-01", visit);
    auto answer = single_answer();
    EXPECT_SAYS(test::page(visit, "search", search_view(visit, form, answer, {})),
                "Disponibilités vérifiées à");
    answer["as_of"] = {{"lag_s", 11}, {"stale", true}};
    EXPECT_SAYS(test::page(visit, "search", search_view(visit, form, answer, {})),
                "les dernières réservations peuvent manquer");
}

TEST(When, when_of__keeps_the_rhythm) {
    net::Pairs query;
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"weekdays", "tue"}, {"interval_weeks", "2"}, {"from", "2026-12-01"}}) {
        query.add(name, value);
    }
    EXPECT_EQ(when_of(query)["interval_weeks"], 2);
    query.add("interval_months", "1");
    query.add("week_of_month", "-1");
    EXPECT_EQ(when_of(query)["kind"], "monthly");
    EXPECT_EQ(when_of(query)["week_of_month"], -1);
}

}  // namespace
}  // namespace preau::gateway
