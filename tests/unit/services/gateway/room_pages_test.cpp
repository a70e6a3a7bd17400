// The pages of one room: its week, a slot in it, a season with what could stand in for its dates.
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/room.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;
using test::form_of;
using test::request_of;

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
    // The request for the whole series, with this choice for the date.
    EXPECT_SAYS(html, "offer_id=01OFFER&amp;mode=weekly&amp;capacity=25");
    EXPECT_SAYS(html, "&amp;instead=2026-12-08~");
    EXPECT_SAYS(html, "~2026-12-08~20%3A00~22%3A00");
    EXPECT_SAYS(html, "Le jeudi, même horaire");
    EXPECT_SAYS(html, "34 sur 34");
    EXPECT_SAYS(html, "prépare la demande de toute la série");
}

}  // namespace
}  // namespace preau::gateway
