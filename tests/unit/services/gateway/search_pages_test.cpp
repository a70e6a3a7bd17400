// The pages that look for a room, from sample answers of search and inventory.
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/room.hpp"
#include "services/gateway/pages/when_text.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

net::Request request_of(const std::string& target) {
    net::Request request;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    return request;
}

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

SearchForm form_of(const std::string& query, const Visit& visit) {
    net::Pairs pairs;
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        pairs.add(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return search_form_of(pairs, visit.today());
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

json week() {
    auto days = json::array();
    for (int i = 0; i < 7; ++i) {
        const auto date = time::Date::of(2026, 11, 30) + i;
        days.push_back({{"date", date.iso()},
                        {"segments",
                         {{{"start_time", "00:00"},
                           {"end_time", "18:00"},
                           {"state", "closed"},
                           {"reason", "frames"}},
                          {{"start_time", "18:00"},
                           {"end_time", "20:00"},
                           {"state", i == 0 ? "taken" : "free"},
                           {"reason", nullptr}},
                          {{"start_time", "20:00"}, {"end_time", "21:30"}, {"state", "pending"}},
                          {{"start_time", "21:30"},
                           {"end_time", "24:00"},
                           {"state", "closed"},
                           {"reason", "frames"}}}}});
    }
    return {{"days", days}};
}

RoomQuestion tuesday() {
    RoomQuestion question;
    question.path = "/salles/gymnase";
    question.offer_id = "01OFFER";
    question.room_name = "Gymnase";
    question.shown = time::Date::of(2026, 12, 1);
    question.horizon = time::Date::of(2028, 5, 22);
    return question;
}

json space() {
    return {
        {"space_id", "01SPACE"},
        {"slug", "gymnase"},
        {"body_id", "01BODY"},
        {"name", "Gymnase du collège La Garenne"},
        {"kind", "gym"},
        {"commune_name", "Voiron"},
        {"capacity_seated", 80},
        {"capacity_standing", 120},
        {"area_m2", 840},
        {"floor_step_free", true},
        {"equipment", {"showers"}},
        {"purposes", {"sport", "dance"}},
        {"demonstration", true},
        {"hold_policy", "hold"},
        {"parts", {{{"name", "Tiers A"}}, {{"name", "Tiers B"}}}},
        {"offers",
         {{{"offer_id", "01OFFER"},
           {"name", "Gymnase entier"},
           {"capacity", 120},
           {"tariff_kind", "gym"},
           {"duration_min_min", 60},
           {"duration_max_min", 240},
           {"grid_min", 30},
           {"notice_days", 2},
           {"horizon_days", 548},
           {"active", true}},
          {{"offer_id", "01THIRD"},
           {"name", "Tiers A"},
           {"capacity", 40},
           {"tariff_kind", "gym_part"},
           {"active", true}}}},
        {"establishment", {{"slug", "college-la-garenne-voiron"}, {"name", "Collège La Garenne"}}},
        {"site",
         {{"address", "Avenue Marie-Curie"}, {"postcode", "38500"}, {"commune_name", "Voiron"}}},
        {"tariffs",
         {{{"tariff_kind", "gym"},
           {"vat_note", "TVA non applicable."},
           {"categories",
            {{{"category", "A"},
              {"prices",
               {{{"unit", "hour"}, {"price", {{"amount", 0}}}},
                {{"unit", "season"}, {"price", {{"amount", 0}}}}}}},
             {{"category", "B"},
              {"prices",
               {{{"unit", "hour"}, {"price", {{"amount", 900}}}},
                {{"unit", "season"}, {"price", {{"amount", 50'000}}}}}}}}}}}}};
}

TEST(WeekTable, week_view__every_row_covers_every_day) {
    const auto request = request_of("/salles/gymnase");
    const auto visit = test::visit(request);
    const auto model = week_view(visit, tuesday(), week());
    // 8 h–18 h closed, 18 h, 19 h, 20 h–21 h 30, 21 h 30–22 h: five rows.
    ASSERT_EQ(model["rows"].size(), 5U);
    std::size_t covered = 0;
    for (const auto& row : model["rows"]) {
        for (const auto& cell : row["cells"]) {
            covered += cell["span"].is_string() ? std::stoul(cell["span"].get<std::string>()) : 1U;
        }
    }
    EXPECT_EQ(covered, 5U * 7U);
    EXPECT_EQ(model["rows"][0]["cells"].size(), 7U);
    EXPECT_EQ(model["rows"][1]["cells"][0]["span"], "2");  // Monday's booking
    EXPECT_EQ(model["rows"][2]["cells"].size(), 6U);
    EXPECT_EQ(model["days"][1]["free_text"], visit.format.duration(120));
    EXPECT_EQ(model["previous_href"].get<std::string>().find("2026-11-24") != std::string::npos,
              true);
}

TEST(WeekTable, week_view__what_went_by__is_said_once) {
    const auto request = request_of("/salles/gymnase");
    const auto visit = test::visit(request);
    auto past = week();
    past["days"][0]["segments"] = {
        {{"start_time", "00:00"}, {"end_time", "24:00"}, {"state", "past"}, {"reason", "past"}}};
    const auto model = week_view(visit, tuesday(), past);
    const auto& monday = model["rows"][0]["cells"][0];
    EXPECT_EQ(monday["text"], "passé");
    EXPECT_EQ(monday["detail"], false);
}

TEST(WeekTable, week_view__a_second_click_lengthens_the_slot) {
    const auto request = request_of("/salles/gymnase");
    const auto visit = test::visit(request);
    auto question = tuesday();
    question.chosen = Slot{question.shown, 18 * 60, 19 * 60};
    const auto model = week_view(visit, question, week());
    const auto& segments = model["days"][1]["segments"];
    EXPECT_EQ(segments[1]["chosen"], true);
    EXPECT_EQ(segments[1]["href"], false);
    EXPECT_NE(segments[2]["href"].get<std::string>().find("start_time=18%3A00&end_time=20%3A00"),
              std::string::npos);
    EXPECT_EQ(segments[3]["href"], false);  // pending, and the space keeps it
    question.pending_may_be_asked = true;
    const auto open = week_view(visit, question, week());
    EXPECT_NE(open["days"][1]["segments"][3]["href"], false);
}

TEST(RoomPage, room__facts_week_price_and_choice) {
    const auto request =
        request_of("/salles/gymnase?date=2026-12-01&start_time=18:00&end_time=20:00");
    const auto visit = test::visit(request);
    auto question = tuesday();
    question.chosen = Slot{question.shown, 18 * 60, 20 * 60};
    const json verdict = {{"state", "free"}, {"reason", nullptr}};
    const auto html =
        test::page(visit, "room", room_view(visit, question, space(), week(), verdict, nullptr));
    EXPECT_SAYS(html, "Gymnase du collège La Garenne, Voiron – Préau</title>");
    EXPECT_SAYS(html, "Avenue Marie-Curie, 38500 Voiron");
    EXPECT_SAYS(html, "Semaine du 30 novembre au 6 décembre 2026");
    EXPECT_SAYS(html, "Mardi 1ᵉʳ décembre 2026, de 18 h à 20 h");
    EXPECT_SAYS(html, "/demande/nouvelle?offer_id=01OFFER&amp;space=gymnase&amp;date=2026-12-01");
    EXPECT_SAYS(html, "gratuit");
    EXPECT_SAYS(html, "500 €");
    EXPECT_SAYS(html, "De 1 h à 4 h");
}

TEST(RoomPage, room__taken_slot__cannot_be_asked_and_says_why) {
    const auto request = request_of("/salles/gymnase");
    const auto visit = test::visit(request);
    auto question = tuesday();
    question.chosen = Slot{question.shown, 18 * 60, 20 * 60};
    const json verdict = {{"state", "taken"}, {"reason", "taken"}};
    const auto html =
        test::page(visit, "room", room_view(visit, question, space(), week(), verdict, nullptr));
    EXPECT_EQ(html.find("/demande/nouvelle"), std::string::npos);
    EXPECT_SAYS(html, "Réservé par une autre association");
}

TEST(SeriesPage, series__names_each_missing_date_with_its_reason) {
    const auto request = request_of("/recherche/serie");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=weekly&weekdays=tue&from=2026-12-01&until=2026-12-15&"
        "school_holidays=skip&start_time=18:00&end_time=20:00",
        visit);
    const auto date = [](const char* iso, const char* state, const char* reason) -> json {
        return {{"slot", {{"date", iso}, {"start_time", "18:00"}, {"end_time", "20:00"}}},
                {"state", state},
                {"reason", reason}};
    };
    const json availability = {
        {"dates",
         {date("2026-12-01", "free", ""), date("2026-12-08", "closed", "Conseils de classe"),
          date("2026-12-15", "free", "")}},
        {"skipped", {{{"date", "2026-12-22"}, {"reason", "school_holiday"}, {"name", "Noël"}}}}};
    const auto html =
        test::page(visit, "series", series_view(visit, form, space(), "01OFFER", availability));
    EXPECT_SAYS(html, "sur 3");
    EXPECT_SAYS(html, "Mardi 8 décembre 2026");
    EXPECT_SAYS(html, "Conseils de classe");
    EXPECT_SAYS(html, "Demander ces 2 dates");
    EXPECT_SAYS(html, "2 dates, 4 h");
    EXPECT_SAYS(html, "Noël");
}

json proposal(const char* kind, const char* space_id, const char* name, const char* from,
              const char* to, bool whole) {
    return {{"kind", kind},
            {"slot", {{"date", "2026-12-08"}, {"start_time", from}, {"end_time", to}}},
            {"price", {{"amount", 1'800}, {"currency", "EUR"}}},
            {"room",
             {{"space_id", space_id},
              {"slug", "autre"},
              {"name", name},
              {"commune_name", "Coublevie"},
              {"distance_km", 2.5},
              {"offer", {{"offer_id", "01OTHER"}, {"name", "Tiers B"}, {"whole", whole}}}}}};
}

TEST(SeriesPage, series__proposes_other_solutions_as_links__with_their_prices) {
    const auto request = request_of("/recherche/serie");
    const auto visit = test::visit(request);
    const auto form = form_of(
        "mode=weekly&weekdays=tue&from=2026-12-01&until=2026-12-15&capacity=25&"
        "start_time=18:00&end_time=20:00",
        visit);
    const json taken = {
        {"slot", {{"date", "2026-12-08"}, {"start_time", "18:00"}, {"end_time", "20:00"}}},
        {"state", "taken"},
        {"reason", "taken"}};
    auto missing = taken;
    missing["alternatives"] = {
        proposal("other_hours", "01SPACE", "Gymnase", "20:00", "22:00", true),
        proposal("same_site", "01SPACE", "Gymnase", "18:00", "20:00", false),
        proposal("nearby", "01FAR", "Gymnase du collège Plan Menu", "18:00", "20:00", false)};
    auto thursday = proposal("", "01SPACE", "Gymnase", "", "", true);
    thursday["weekday"] = "thu";
    thursday["free_count"] = thursday["total_count"] = 34;
    const json alternatives = {
        {"dates", {missing}}, {"other_weekdays", {thursday}}, {"other_rooms", json::array()}};
    const auto html = test::page(
        visit, "series",
        series_view(visit, form, space(), "01OFFER", {{"dates", {taken}}}, alternatives));
    EXPECT_SAYS(html, "3 autres solutions pour cette date");
    EXPECT_SAYS(html, "Décaler à 20 h–22 h");
    EXPECT_SAYS(html, "même salle, 2 h plus tard");
    EXPECT_SAYS(html, "même salle, autre partie, 18 h–20 h");
    EXPECT_SAYS(html, "à 2,5 km, 18 h–20 h, Tiers B");
    EXPECT_SAYS(html, "18,00 €");
    EXPECT_SAYS(html,
                "date=2026-12-08&amp;start_time=20%3A00&amp;end_time=22%3A00&amp;capacity=25");
    EXPECT_SAYS(html, "Le jeudi, même horaire");
    EXPECT_SAYS(html, "34 sur 34");
    EXPECT_SAYS(html, "Chaque solution est une demande à part");
}

TEST(HomePage, home__map_figures_and_form) {
    const auto request = request_of("/");
    const auto visit = test::visit(request);
    const std::vector<School> schools{
        {"1", "a", "Collège A", "Grenoble", "38000", 45.18, 5.72, 8, false},
        {"2", "b", "Collège B", "Grenoble", "38000", 45.19, 5.73, 8, false},
        {"3", "c", "Collège C", "Voiron", "38500", 45.36, 5.59, 8, false}};
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

}  // namespace
}  // namespace preau::gateway
