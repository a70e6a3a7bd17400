// When the rooms of a college are free, from a sample answer of search.
#include "services/gateway/pages/availability.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway::test {
namespace {

using nlohmann::json;

json school() {
    return {{"name", "Collège La Garenne"}, {"slug", "college-la-garenne-voiron"}};
}

json day(const std::string& date, json ranges, int minutes) {
    return {{"date", date}, {"free_min", minutes}, {"free", std::move(ranges)}};
}

json found(std::vector<json> days) {
    json room{{"space_id", "S"},
              {"slug", "gymnase-voiron"},
              {"name", "Gymnase"},
              {"offer_id", "O"},
              {"days", std::move(days)}};
    return {{"spaces", json::array({std::move(room)})}};
}

AvailabilityQuestion question(DaysShown shown, const char* date) {
    return {"college-la-garenne-voiron", shown, *time::Date::parse(date)};
}

std::string render(const AvailabilityQuestion& asked, const json& answer,
                   Language language = Language::fr) {
    const net::Request request;
    const auto here = visit(request, language);
    return page(here, "availability", availability_view(here, asked, school(), answer));
}

json evening() {
    return json::array({json{{"start_time", "18:00"}, {"end_time", "22:00"}}});
}

TEST(AvailabilityPage, week__free_hours__lead_to_the_room_with_two_hours_chosen) {
    const auto html =
        render(question(DaysShown::week, "2026-11-25"),
               found({day("2026-11-23", json::array(), 0), day("2026-11-24", evening(), 240)}));
    EXPECT_NE(html.find("Semaine du 23 au 29"), std::string::npos);
    EXPECT_NE(plain(html).find("18 h–22 h<span class=\"vh\">, mardi 24 novembre"),
              std::string::npos)
        << plain(html);
    EXPECT_NE(html.find("/salles/gymnase-voiron?offer_id=O&amp;date=2026-11-24&amp;start_time=18%3A"
                        "00&amp;end_time=20%3A00#creneau"),
              std::string::npos)
        << html;
    EXPECT_NE(html.find("rien de libre"), std::string::npos);
    EXPECT_NE(html.find("vue=semaine&amp;date=2026-12-02"), std::string::npos);  // the next week
    EXPECT_NE(html.find("vue=mois&amp;date=2026-11-25"), std::string::npos);
}

TEST(AvailabilityPage, week__that_runs__has_none_before_it) {
    const auto html = render(question(DaysShown::week, "2026-11-22"), found({}));
    EXPECT_EQ(html.find("rel=\"prev\""), std::string::npos);
    EXPECT_NE(html.find("rel=\"next\""), std::string::npos);
}

TEST(AvailabilityPage, day__a_short_time__is_chosen_as_it_is) {
    const auto html = render(
        question(DaysShown::day, "2026-12-01"),
        found({day("2026-12-01",
                   json::array({json{{"start_time", "18:00"}, {"end_time", "19:00"}}}), 60)}));
    EXPECT_NE(html.find("end_time=19%3A00#creneau"), std::string::npos);
    EXPECT_NE(html.find("Mardi 1"), std::string::npos);
    EXPECT_NE(html.find("vue=jour&amp;date=2026-11-30"), std::string::npos);
}

TEST(AvailabilityPage, month__hours_of_a_day__lead_to_that_day) {
    const auto html = render(question(DaysShown::month, "2026-12-09"),
                             found({day("2026-12-01", evening(), 240)}));
    EXPECT_NE(html.find("Décembre 2026"), std::string::npos);
    EXPECT_NE(plain(html).find("4 h<span class=\"vh\">, mardi 1ᵉʳ décembre"), std::string::npos)
        << plain(html);
    EXPECT_NE(html.find("vue=jour&amp;date=2026-12-01"), std::string::npos);
    EXPECT_NE(html.find("vue=mois&amp;date=2026-11-30"), std::string::npos);
    EXPECT_NE(html.find("vue=mois&amp;date=2027-01-01"), std::string::npos);
}

TEST(AvailabilityPage, no_room_in_search__is_said) {
    const auto html = render(question(DaysShown::week, "2026-12-01"), nullptr);
    EXPECT_NE(html.find("ne prête pas encore de salle"), std::string::npos);
    EXPECT_EQ(html.find("<table"), std::string::npos);
}

TEST(AvailabilityPage, in_english__has_its_own_words) {
    const auto html = render(question(DaysShown::week, "2026-12-01"),
                             found({day("2026-12-01", evening(), 240)}), Language::en);
    EXPECT_NE(html.find("When the rooms are free"), std::string::npos);
}

}  // namespace
}  // namespace preau::gateway::test
