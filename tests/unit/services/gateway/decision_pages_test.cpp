// The manager's answers and what the hirer is asked, from sample answers of booking.
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/inbox.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

json person() {
    return {{"person", {{"id", "01P"}, {"name", "Marc Blanc"}}},
            {"memberships", json::array()},
            {"posts", json::array()}};
}

json occurrence(const std::string& id, const std::string& date) {
    return {{"id", id},
            {"slot",
             {{"date", date},
              {"start_time", "18:00"},
              {"end_time", "20:00"},
              {"start", date + "T18:00:00+01:00"}}},
            {"state", "planned"},
            {"reason", nullptr}};
}

json price(std::int64_t cents) {
    return {{"total", {{"amount", cents}, {"currency", "EUR"}}},
            {"lines", json::array()},
            {"by_the_hour", {{"amount", cents}, {"currency", "EUR"}}},
            {"vat_note", ""},
            {"tariff_id", nullptr}};
}

json booking(const std::string& state) {
    return {{"id", "01B"},
            {"reference", "PR-7F3K-2"},
            {"state", state},
            {"version", 3},
            {"organisation_id", "01ORG"},
            {"space_id", "01SPACE"},
            {"offer_id", "01OFFER"},
            {"space_name", "Gymnase"},
            {"offer_name", "Gymnase entier"},
            {"purpose", "sport"},
            {"headcount", 25},
            {"dates_count", 2},
            {"when",
             {{"kind", "dates"},
              {"dates", {"2026-12-01", "2026-12-08"}},
              {"start_time", "18:00"},
              {"end_time", "20:00"}}},
            {"price", price(2'000)},
            {"requirement", {{"payment", "before"}, {"pay_by", nullptr}}},
            {"submitted_at", "2026-11-20T10:00:00+01:00"},
            {"answer_by", "2026-11-27T18:00:00+01:00"},
            {"first_start", "2026-12-01T18:00:00+01:00"},
            {"last_end", "2026-12-08T20:00:00+01:00"},
            {"decision", nullptr},
            {"asked", nullptr},
            {"answered", nullptr},
            {"proposal", nullptr},
            {"undo_until", nullptr},
            {"occurrences", {occurrence("01O1", "2026-12-01"), occurrence("01O2", "2026-12-08")}}};
}

json proposal() {
    return {{"id", "01PROP"},
            {"space_id", "01SPACE2"},
            {"offer_id", "01OFFER2"},
            {"space_name", "Salle polyvalente"},
            {"offer_name", "Salle entière"},
            {"when",
             {{"kind", "single"},
              {"date", "2026-12-03"},
              {"start_time", "18:00"},
              {"end_time", "20:00"}}},
            {"message", "Le gymnase est pris ce soir-là."},
            {"by_role", "manager"},
            {"made_at", "2026-11-22T10:00:00+01:00"},
            {"deadline", "2026-11-29T18:00:00+01:00"},
            {"price", price(1'500)},
            {"requirement", {{"payment", "before"}}},
            {"occurrences", {occurrence("01P1", "2026-12-03")}}};
}

Inbox inbox(const std::string& state) {
    Inbox out;
    out.bookings = {{"items", {booking(state)}}, {"next", nullptr}};
    out.selected = booking(state);
    out.organisations = {{"01ORG", "Les Tatamis"}};
    out.machine_now = test::noon();
    out.checks = {{"dates_total", 2},
                  {"conflicts", json::array()},
                  {"refusal_codes", {"school_need", "no_staff", "other"}},
                  {"acts", json::array()}};
    if (state == "submitted") {
        out.checks["acts"] = {"accept", "ask_documents", "propose", "refuse"};
    }
    out.rooms = {{{"space_id", "01SPACE"},
                  {"name", "Gymnase"},
                  {"offers",
                   {{{"offer_id", "01OFFER"}, {"name", "Gymnase entier"}},
                    {{"offer_id", "01THIRD"}, {"name", "Tiers A"}}}}}};
    return out;
}

net::Request get(const std::string& target) {
    net::Request request;
    request.target = target;
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) {
        const auto pair = target.substr(mark + 1);
        request.query.add(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    return request;
}

std::string inbox_page(const Visit& visit, const Inbox& inbox) {
    return test::page(visit, "inbox", inbox_view(visit, inbox));
}

TEST(InboxDecide, two_levels__the_college_gives_an_opinion_and_the_body_decides) {
    const auto request = get("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, person());
    auto one = inbox("submitted");
    one.checks["acts"] = {"endorse", "ask_documents", "refuse"};
    const auto college = inbox_page(visit, one);
    EXPECT_SAYS(college, "action=\"/gestion/a-traiter/01B/favorable\"");
    EXPECT_SAYS(college, "action=\"/gestion/a-traiter/01B/refuser\"");
    EXPECT_EQ(college.find("action=\"/gestion/a-traiter/01B/accepter\""), std::string::npos);
    EXPECT_EQ(college.find("action=\"/gestion/a-traiter/01B/proposer\""), std::string::npos);
    EXPECT_EQ(college.find("etat=a-valider"), std::string::npos);

    auto passed = inbox("endorsed");
    passed.selected["decision"] = {{"by_role", "manager"},
                                   {"at", "2026-11-20T10:00:00+01:00"},
                                   {"reason_code", nullptr},
                                   {"reason_text", "Bon accueil l'an passé."}};
    const auto waits = inbox_page(visit, passed);
    EXPECT_SAYS(waits, "Bon accueil l");
    EXPECT_EQ(waits.find("action=\"/gestion/a-traiter/01B/accepter\""), std::string::npos);
    passed.authority = true;
    passed.checks["acts"] = {"accept", "ask_documents", "propose", "refuse"};
    const auto body = inbox_page(visit, passed);
    EXPECT_SAYS(body, "action=\"/gestion/a-traiter/01B/accepter\"");
    EXPECT_SAYS(body, "etat=a-valider");
    EXPECT_EQ(body.find("favorable\""), std::string::npos);
}

TEST(InboxDecide, request__offers_the_four_answers_and_ticks_the_free_dates) {
    const auto request = get("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, person());
    auto one = inbox("submitted");
    one.checks["conflicts"] = {
        {{"slot", {{"start", "2026-12-08T18:00:00+01:00"}}}, {"state", "taken"}}};
    const auto html = inbox_page(visit, one);
    EXPECT_SAYS(html, "action=\"/gestion/a-traiter/01B/accepter\"");
    EXPECT_SAYS(html, "action=\"/gestion/a-traiter/01B/demander\"");
    EXPECT_SAYS(html, "action=\"/gestion/a-traiter/01B/proposer\"");
    EXPECT_SAYS(html, "action=\"/gestion/a-traiter/01B/refuser\"");
    EXPECT_SAYS(html, "value=\"01O1\" checked>");
    EXPECT_SAYS(html, "value=\"01O2\">");
    EXPECT_SAYS(html, "<option value=\"01THIRD\">Gymnase, Tiers A</option>");
    EXPECT_SAYS(html, "Toutes les dates");
}

TEST(InboxDecide, one_date__cannot_be_granted_in_part_and_is_the_one_to_replace) {
    const auto request = get("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, person());
    auto one = inbox("submitted");
    one.selected["occurrences"] = json::array({occurrence("01O1", "2026-12-01")});
    const auto model = inbox_view(visit, one)["detail"]["decide"];
    EXPECT_EQ(model["part"], false);
    EXPECT_EQ(model["propose"]["only_id"], "01O1");
    EXPECT_EQ(model["propose"]["date"]["value"], "2026-12-01");
}

TEST(InboxDecide, form_refused__opens_again_with_what_was_typed) {
    const auto request = get("/gestion/a-traiter/01B/accepter");
    auto visit = test::signed_in(request, person());
    visit.form.add("form", "part");
    visit.form.add("occurrence_ids", "01O2");
    visit.form.add("reason_text", "Conseils de classe <b>");
    auto one = inbox("submitted");
    one.error = base::Error{"reason_required", {}, {{"/reason_code", "required", {}}}};
    const auto html = inbox_page(visit, one);
    EXPECT_SAYS(html, "<details open><summary class=\"btn big\">Accepter en partie…");
    EXPECT_SAYS(html, "href=\"#f-reason_code\"");
    EXPECT_SAYS(html, "value=\"01O2\" checked>");
    EXPECT_SAYS(html, "value=\"01O1\">");
    EXPECT_SAYS(html, "Conseils de classe &lt;b&gt;");
}

TEST(InboxDecide, waiting__says_for_what_and_offers_no_answer) {
    const auto request = get("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, person());
    auto asked = inbox("awaiting_documents");
    asked.tab = Inbox::Tab::waiting;
    asked.selected["asked"] = "L’attestation de 2027.";
    asked.selected["decision"] = {{"by_role", "manager"}, {"at", "2026-11-22T10:00:00+01:00"}};
    const auto html = inbox_page(visit, asked);
    EXPECT_SAYS(html, "L’attestation de 2027.");
    EXPECT_SAYS(html, "En attente de l’association <b>1</b>");
    EXPECT_EQ(inbox_view(visit, asked)["detail"]["decide"], false);

    auto proposed = inbox("counter_proposed");
    proposed.selected["proposal"] = proposal();
    EXPECT_SAYS(inbox_page(visit, proposed), "29 novembre 2026 à 18 h");
    auto answered = inbox("submitted");
    answered.selected["answered"] = "Envoyée hier.";
    EXPECT_SAYS(inbox_page(visit, answered), "Réponse de l’association : Envoyée hier.");
}

// S20
TEST(InboxDecide, somebody_was_faster__says_who_in_which_role_and_when) {
    const auto request = get("/gestion/a-traiter/01B?probleme=already_decided");
    const auto visit = test::signed_in(request, person());
    auto decided = inbox("accepted");
    decided.selected["decision"] = {{"by_role", "admin"}, {"at", "2026-11-22T11:00:00+01:00"}};
    const auto html = inbox_page(visit, decided);
    EXPECT_SAYS(html,
                "L’administration du propriétaire a décidé avant vous, le 22 novembre 2026 à 11 h");
}

TEST(InboxDecide, granted_in_part__says_why_the_others_were_left_out) {
    const auto request = get("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, person());
    auto part = inbox("confirmed");
    part.selected["decision"] = {{"by_role", "manager"},
                                 {"at", "2026-11-22T11:00:00+01:00"},
                                 {"reason_code", "school_need"},
                                 {"reason_text", "Conseils"}};
    part.selected["occurrences"][1]["state"] = "left_out";
    part.selected["occurrences"][1]["reason"] = "no_staff";
    const auto html = inbox_page(visit, part);
    EXPECT_SAYS(html, "Acceptée en partie");
    EXPECT_SAYS(html, "aucun agent n’est en service à ces heures");
}

std::string hirer_page(const Visit& visit, const json& one, bool may_act,
                       const std::optional<base::Error>& error = {}) {
    return test::page(visit, "request",
                      request_view(visit, one, {{"items", json::array()}}, "Les Tatamis", may_act,
                                   json::object(), error));
}

TEST(RequestPage, question__is_shown_with_the_form_of_the_answer) {
    const auto request = get("/suivi/01B");
    auto visit = test::signed_in(request, person());
    auto one = booking("awaiting_documents");
    one["asked"] = "L’attestation de 2027 <i>";
    const auto html = hirer_page(visit, one, true);
    EXPECT_SAYS(html, "L’attestation de 2027 &lt;i&gt;");
    EXPECT_SAYS(html, "action=\"/suivi/01B/repondre\"");
    EXPECT_SAYS(html, "action=\"/suivi/01B/retirer\"");
    EXPECT_EQ(hirer_page(visit, one, false).find("/repondre"), std::string::npos);

    visit.form.add("text", "Ici");
    const base::Error error{"invalid", {}, {{"/text", "required", {}}}};
    const auto again = hirer_page(visit, one, true, error);
    EXPECT_SAYS(again, "href=\"#f-text\"");
    EXPECT_SAYS(again, ">Ici</textarea>");
}

TEST(RequestPage, proposal__shows_place_date_both_prices_and_the_answers_until_its_deadline) {
    const auto request = get("/suivi/01B");
    auto visit = test::signed_in(request, person());
    auto one = booking("counter_proposed");
    one["proposal"] = proposal();
    const auto html = hirer_page(visit, one, true);
    EXPECT_SAYS(html, "Le gymnase est pris ce soir-là.");
    EXPECT_SAYS(html, "Salle polyvalente, Salle entière");
    EXPECT_SAYS(html, "3 décembre 2026");
    EXPECT_SAYS(html, "au lieu de");
    EXPECT_SAYS(html, "action=\"/suivi/01B/accepter-proposition\"");
    EXPECT_SAYS(html, "action=\"/suivi/01B/decliner-proposition\"");
    one["proposal"]["deadline"] = "2026-11-21T18:00:00+01:00";
    const auto late = hirer_page(visit, one, true);
    EXPECT_EQ(late.find("/accepter-proposition"), std::string::npos);
    EXPECT_SAYS(late, "Le délai de cette proposition est passé.");
}

TEST(RequestPage, declined__is_not_told_as_a_refusal_by_the_school) {
    const auto request = get("/suivi/01B");
    const auto visit = test::signed_in(request, person());
    auto one = booking("refused");
    one["decision"] = {{"by_role", "hirer"},
                       {"at", "2026-11-22T11:00:00+01:00"},
                       {"reason_code", "declined"},
                       {"reason_text", nullptr}};
    const auto html = hirer_page(visit, one, true);
    EXPECT_SAYS(html, "Vous avez décliné la proposition du collège.");
    EXPECT_EQ(html.find("Le collège n’a pas pu accepter"), std::string::npos);
}

}  // namespace
}  // namespace preau::gateway
