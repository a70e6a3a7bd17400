// The planning and the closures of a college, from sample answers of inventory, booking and search.
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

}  // namespace
}  // namespace preau::gateway::test
