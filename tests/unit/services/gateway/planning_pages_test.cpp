// The planning and the closures of a college, from sample answers of inventory, booking and search.
#include "services/gateway/pages/bulk_closures.hpp"
#include "services/gateway/pages/closures.hpp"
#include "services/gateway/pages/planning.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway::test {
namespace {

using nlohmann::json;

json offer(const char* id, const char* name, json parts, int capacity) {
    return {{"offer_id", id},
            {"name", name},
            {"part_ids", std::move(parts)},
            {"capacity", capacity},
            {"active", true}};
}

json part(const char* id) {
    return {{"part_id", id}, {"name", id}};
}

json gym() {
    return {
        {"space_id", "S"},
        {"site_id", "SITE"},
        {"name", "Gymnase"},
        {"parts", {part("A"), part("B"), part("C")}},
        {"offers",
         {offer("oA", "Tiers A", {"A"}, 40), offer("oAB", "Tiers A et B", {"A", "B"}, 80),
          offer("oW", "Gymnase entier", {"A", "B", "C"}, 120), offer("oB", "Tiers B", {"B"}, 40)}}};
}

json booked(const char* offer_id, const char* offer_name, json parts, const char* date,
            const char* state = "confirmed") {
    return {{"booking_id", "01B"},
            {"state", state},
            {"organisation_id", "01ORG"},
            {"offer_id", offer_id},
            {"offer_name", offer_name},
            {"part_ids", std::move(parts)},
            {"headcount", 25},
            {"occurrences",
             {{{"slot", {{"date", date}, {"start_time", "18:00"}, {"end_time", "20:00"}}}}}}};
}

PostScope scope() {
    School school;
    school.id = "01E";
    school.name = "Collège La Garenne";
    school.commune = "Voiron";
    return {{school}, "01E"};
}

PlanningWeek week_of(json bookings, json closures = json::array()) {
    PlanningWeek week;
    week.monday = *time::Date::parse("2026-11-23");
    week.spaces = {{"items", {gym()}}};
    week.planning = {{"zone", "Europe/Paris"},
                     {"items", std::move(bookings)},
                     {"closures", std::move(closures)}};
    week.organisations = {{"01ORG", "Les Tatamis du Voironnais"}};
    return week;
}

json view_of(const PlanningWeek& week) {
    const net::Request request;
    return planning_view(visit(request), scope(), week);
}

const json& items_at(const json& view, std::size_t row, std::size_t day) {
    return view.at("rows").at("items").at(row).at("cells").at(day).at("items");
}

TEST(Planning, rows__whole_before_its_parts_and_none_for_a_combination) {
    const net::Request request;
    const auto rows = planning_rows(visit(request), {{"items", {gym()}}});
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].name, "Gymnase");
    EXPECT_EQ(rows[1].name, "Tiers A");
    EXPECT_EQ(rows[2].name, "Tiers B");
    EXPECT_TRUE(rows[2].is_part);
}

TEST(Planning, whole_gym_booked__is_a_card_there_and_a_word_at_its_parts) {
    const auto view = view_of(
        week_of(json::array({booked("oW", "Gymnase entier", {"A", "B", "C"}, "2026-11-24")})));
    EXPECT_EQ(items_at(view, 0, 1).at(0).at("tone"), "taken");
    EXPECT_EQ(items_at(view, 0, 1).at(0).at("title"), "Les Tatamis du Voironnais");
    EXPECT_EQ(items_at(view, 1, 1).at(0).at("tone"), "other");
    EXPECT_EQ(items_at(view, 1, 1).at(0).at("title"), "Gymnase entier");
    EXPECT_TRUE(items_at(view, 0, 2).empty());
}

TEST(Planning, combination_booked__is_a_card_at_each_of_its_parts) {
    const auto view = view_of(week_of(
        json::array({booked("oAB", "Tiers A et B", {"A", "B"}, "2026-11-24", "submitted")})));
    EXPECT_EQ(items_at(view, 0, 1).at(0).at("tone"), "other");
    EXPECT_EQ(items_at(view, 1, 1).at(0).at("tone"), "pending");
    EXPECT_EQ(items_at(view, 2, 1).at(0).at("tone"), "pending");
}

TEST(Planning, closure__whole_days_and_hours_stand_on_their_days) {
    const json whole = {{"reason", "Neige"},
                        {"intervals",
                         {{{"part_id", "A"},
                           {"start", "2026-11-24T00:00:00+01:00"},
                           {"end", "2026-11-26T00:00:00+01:00"}}}}};
    const json hours = {{"reason", "UNSS"},
                        {"intervals",
                         {{{"part_id", "A"},
                           {"start", "2026-11-27T13:00:00+01:00"},
                           {"end", "2026-11-27T17:00:00+01:00"}}}}};
    const auto view = view_of(week_of(json::array(), {whole, hours}));
    EXPECT_TRUE(items_at(view, 1, 0).empty());
    for (const std::size_t day : {1U, 2U}) {
        EXPECT_EQ(items_at(view, 1, day).at(0).at("title"), "Neige");
        EXPECT_EQ(items_at(view, 1, day).at(0).at("time_text"), "toute la journée");
    }
    EXPECT_TRUE(items_at(view, 1, 3).empty());
    EXPECT_EQ(plain(items_at(view, 1, 4).at(0).at("time_text")), "13 h–17 h");
    EXPECT_TRUE(items_at(view, 2, 1).empty()) << "part B is open";
}

TEST(Planning, free_time__shorter_than_an_hour_is_not_offered) {
    auto week = week_of(json::array());
    week.weeks["oW"] = {
        {"days",
         {{{"date", "2026-11-24"},
           {"segments",
            {{{"start_time", "18:00"}, {"end_time", "22:00"}, {"state", "free"}},
             {{"start_time", "08:00"}, {"end_time", "08:45"}, {"state", "free"}},
             {{"start_time", "09:00"}, {"end_time", "12:00"}, {"state", "taken"}}}}}}}};
    const auto view = view_of(week);
    ASSERT_EQ(items_at(view, 0, 1).size(), 1U);
    EXPECT_EQ(plain(items_at(view, 0, 1).at(0).at("time_text")), "18 h–22 h");
}

TEST(Planning, page__says_how_much_is_booked_and_asked) {
    const net::Request request;
    const auto html =
        page(visit(request), "planning",
             view_of(week_of({booked("oW", "Gymnase entier", {"A", "B", "C"}, "2026-11-24"),
                              booked("oA", "Tiers A", {"A"}, "2026-11-25", "submitted")})));
    EXPECT_NE(html.find("1 occupation"), std::string::npos);
    EXPECT_NE(html.find("1 demande en attente"), std::string::npos);
}

TEST(Closures, form__one_day_is_from_and_until) {
    ClosureForm form;
    form.where = "space:01S";
    form.reason = "Neige";
    form.from = "2026-12-01";
    const auto body = closure_body(form);
    EXPECT_EQ(body.at("until"), "2026-12-01");
    EXPECT_EQ(body.at("space_id"), "01S");
    EXPECT_FALSE(body.contains("site_id"));
    EXPECT_FALSE(body.contains("start_time"));
    EXPECT_EQ(body.at("force"), false);
}

TEST(Closures, touched_bookings__are_told_and_the_form_kept) {
    const net::Request request;
    ClosuresPage shown;
    shown.spaces = {{"items", {gym()}}};
    shown.closures = json::array();
    shown.form.reason = "Neige";
    shown.form.error = base::Error{"closure_touches_bookings", {}, {}};
    shown.form.problem = {{"bookings",
                           {{{"id", "01B"},
                             {"reference", "PR-AAAA-A"},
                             {"organisation_id", "01ORG"},
                             {"dates", {{{"start", "2026-12-01T18:00:00+01:00"}}}}}}}};
    shown.organisations = {{"01ORG", "Les Tatamis du Voironnais"}};
    const auto html =
        page(visit(request), "closures", closures_view(visit(request), scope(), shown));
    EXPECT_NE(html.find("1 réservation est touchée"), std::string::npos);
    EXPECT_NE(html.find("Les Tatamis du Voironnais"), std::string::npos);
    EXPECT_NE(html.find("value=\"Neige\""), std::string::npos);
    EXPECT_NE(html.find("name=\"force\""), std::string::npos);
}

PostScope two_schools() {
    School one;
    one.id = "01E";
    one.site_id = "01S";
    one.name = "Collège La Garenne";
    one.commune = "Voiron";
    School two = one;
    two.id = "02E";
    two.site_id = "02S";
    two.name = "Collège Champollion";
    return {{one, two}, ""};
}

TEST(BulkClosures, body__names_the_sites_that_are_ticked_or_all) {
    BulkClosureForm form;
    form.sites = {"02S"};
    EXPECT_EQ(bulk_closure_body(form, two_schools()).at("site_ids"), json::array({"02S"}));
    form.all = true;
    EXPECT_EQ(bulk_closure_body(form, two_schools()).at("site_ids"), json::array({"01S", "02S"}));
    EXPECT_FALSE(bulk_closure_body(form, two_schools()).contains("site_id"));
}

TEST(BulkClosures, touched_bookings__stand_under_their_site) {
    const net::Request request;
    BulkClosuresPage shown;
    shown.closures = json::array();
    shown.form.sites = {"01S"};
    shown.form.rest.error = base::Error{"closure_touches_bookings", {}, {}};
    const auto booking = [](const char* site, const char* reference) {
        return json{{"id", "01B"},
                    {"site_id", site},
                    {"reference", reference},
                    {"organisation_id", "01ORG"},
                    {"dates", {{{"start", "2026-12-01T18:00:00+01:00"}}}}};
    };
    shown.form.rest.problem = {
        {"bookings", {booking("02S", "PR-AAAA-A"), booking("01S", "PR-BBBB-B")}},
        {"bookings_total", 5}};
    const auto html = page(visit(request), "closures_many",
                           bulk_closures_view(visit(request), two_schools(), shown));
    EXPECT_SAYS(html, "5 réservations sont touchées");
    EXPECT_SAYS(html, "Et 3 autres réservations.");
    const auto first = html.find("<h4>Collège Champollion");
    const auto second = html.find("<h4>Collège La Garenne");
    ASSERT_NE(first, std::string::npos);
    ASSERT_LT(first, second);
    EXPECT_LT(first, html.find("PR-AAAA-A"));
    EXPECT_LT(second, html.find("PR-BBBB-B"));
    EXPECT_NE(html.find("name=\"force\""), std::string::npos);
}

TEST(BulkClosures, undo__only_while_its_window_is_open) {
    const net::Request request;
    BulkClosuresPage shown;
    json closure{{"id", "01B"},
                 {"state", "open"},
                 {"kind", "closure"},
                 {"reason", "Vent"},
                 {"from", "2026-12-08"},
                 {"until", "2026-12-08"},
                 {"undo_until", "2026-11-22T11:15:00+01:00"},
                 {"sites",
                  {{{"site_id", "01S"},
                    {"state", "closed"},
                    {"bookings_touched", 2},
                    {"bookings_restored", 0}}}}};
    shown.closures = json::array({closure});
    shown.machine_now = noon();
    const auto open = page(visit(request), "closures_many",
                           bulk_closures_view(visit(request), two_schools(), shown));
    EXPECT_NE(open.find("/gestion/fermetures/plusieurs/01B/annuler"), std::string::npos);
    EXPECT_SAYS(open, "fermé, 2 réservations touchées");
    shown.machine_now = noon() + 900;
    const auto over = page(visit(request), "closures_many",
                           bulk_closures_view(visit(request), two_schools(), shown));
    EXPECT_EQ(over.find("/gestion/fermetures/plusieurs/01B/annuler"), std::string::npos);
}

}  // namespace
}  // namespace preau::gateway::test
