// The counter's pages and the letter, from sample answers.
#include "services/gateway/pages/counter.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway::test {
namespace {

using nlohmann::json;

json amicale() {
    return {{"id", "01O"},
            {"name", "Amicale des jardiniers"},
            {"rna", "W381000001"},
            {"affiliations",
             json::array({json{{"category", "C"}, {"insurance_valid_until", "2027-03-31"}}})}};
}

TEST(CounterPages, found__each_with_its_number_category_and_insurance) {
    const net::Request request;
    CounterPage shown;
    shown.query = "jardiniers";
    shown.found = json::array({amicale()});
    const auto html = page(visit(request), "counter", counter_view(visit(request), shown));
    EXPECT_SAYS(html, "1 association trouvée");
    EXPECT_SAYS(html, "RNA W381000001, tarif C, assurance jusqu’au 31 mars 2027");
    EXPECT_SAYS(html, "href=\"/guichet/01O\"");
}

TEST(CounterPages, nothing_asked__counts_nothing) {
    const net::Request request;
    const auto html = page(visit(request), "counter", counter_view(visit(request), {}));
    EXPECT_EQ(html.find("trouvée"), std::string::npos);
}

TEST(CounterPages, rooms__only_what_can_be_asked_for) {
    const net::Request request;
    School school;
    school.id = "01E";
    school.name = "Collège La Garenne";
    school.commune = "Voiron";
    const auto space = [](const char* name, bool published) {
        return json{{"name", name},
                    {"published", published},
                    {"offers", json::array({json{{"offer_id", std::string("of ") + name},
                                                 {"name", name},
                                                 {"active", true}}})}};
    };
    const json spaces{{"items", json::array({space("Gymnase", true), space("Réserve", false)})}};
    const auto html = page(visit(request), "counter_ask",
                           counter_ask_view(visit(request), {{school}, "01E"}, amicale(), spaces));
    EXPECT_NE(html.find("of Gymnase"), std::string::npos);
    EXPECT_EQ(html.find("of Réserve"), std::string::npos);
    EXPECT_SAYS(html, "name=\"organisation_id\" value=\"01O\"");
}

TEST(CounterPages, letter__says_what_the_mail_would) {
    const net::Request request;
    const json booking{
        {"id", "01B"},
        {"reference", "PR-7F3K-2"},
        {"state", "submitted"},
        {"space_name", "Salle polyvalente"},
        {"offer_name", "Entière"},
        {"establishment_name", "Collège La Garenne"},
        {"purpose", "meeting"},
        {"headcount", 12},
        {"answer_by", "2026-11-30T18:00:00+01:00"},
        {"requirement", {{"payment", "before"}, {"pay_by", nullptr}}},
        {"price", {{"total", {{"amount", 4'800}, {"currency", "EUR"}}}}},
        {"terms", {{"version", "2026-1"}}},
        {"dates_count", 1},
        {"occurrences",
         json::array(
             {json{{"id", "01X"},
                   {"state", "planned"},
                   {"slot",
                    {{"date", "2026-12-08"}, {"start_time", "18:00"}, {"end_time", "20:00"}}}}})}};
    const auto html =
        page(visit(request), "letter", letter_view(visit(request), booking, amicale()));
    EXPECT_SAYS(html, "PR-7F3K-2");
    EXPECT_SAYS(html, "Amicale des jardiniers");
    EXPECT_SAYS(html, "Réponse du collège au plus tard le 30 novembre 2026.");
    EXPECT_SAYS(html, "mardi 8 décembre 2026");
    EXPECT_SAYS(html, "48,00 €");
    EXPECT_SAYS(html, "version 2026-1");
}

}  // namespace
}  // namespace preau::gateway::test
