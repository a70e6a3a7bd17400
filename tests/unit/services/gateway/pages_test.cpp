// Asking, following and deciding, from sample answers of booking.
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/inbox.hpp"
#include "services/gateway/pages/request_instead.hpp"
#include "services/gateway/pages/when_text.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;
using test::request_of;

json member() {
    return {{"person", {{"id", "01P"}, {"name", "Claire Roussel"}}},
            {"memberships",
             {{{"organisation", {{"id", "01ORG"}, {"name", "Les Tatamis du Voironnais"}}},
               {"role", "president"}}}},
            {"posts", json::array()}};
}

json space() {
    return {{"space_id", "01SPACE"},
            {"slug", "gymnase"},
            {"body_id", "01BODY"},
            {"name", "Gymnase du collège La Garenne"},
            {"commune_name", "Voiron"},
            {"capacity_standing", 120},
            {"purposes", {"sport", "dance"}},
            {"offers", {{{"offer_id", "01OFFER"}, {"name", "Gymnase entier"}, {"capacity", 120}}}}};
}

json weekly() {
    return {{"kind", "weekly"},     {"weekdays", {"tue"}},       {"interval_weeks", 1},
            {"from", "2026-12-01"}, {"until", "2026-12-15"},     {"start_time", "18:00"},
            {"end_time", "20:00"},  {"school_holidays", "skip"}, {"public_holidays", "skip"}};
}

json quote() {
    const auto date = [](const char* iso, const char* state) -> json {
        return {{"slot", {{"date", iso}, {"start_time", "18:00"}, {"end_time", "20:00"}}},
                {"state", state},
                {"reason", nullptr}};
    };
    return {{"dates",
             {date("2026-12-01", "free"), date("2026-12-08", "taken"), date("2026-12-15", "free")}},
            {"skipped", json::array()},
            {"free_count", 2},
            {"total_count", 3},
            {"terms", {{"version", "2026-1"}, {"hash", "abc"}}},
            {"category", "B"},
            {"price", nullptr},
            {"decision", {{"who", "college"}, {"expected_by", "2026-11-30T18:00:00+01:00"}}}};
}

RequestForm form() {
    RequestForm form;
    form.space = "gymnase";
    form.offer_id = "01OFFER";
    form.when = weekly();
    form.organisation_id = "01ORG";
    return form;
}

TEST(RequestForm, when_of__reads_both_forms_of_the_link) {
    net::Pairs weekly_link;
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, const char*>>{{"weekdays", "tue,thu"},
                                                                    {"from", "2026-12-01"},
                                                                    {"until", "2027-06-30"},
                                                                    {"start_time", "18:00"},
                                                                    {"end_time", "20:00"},
                                                                    {"school_holidays", "keep"}}) {
        weekly_link.add(name, value);
    }
    const auto when = when_of(weekly_link);
    EXPECT_EQ(when["kind"], "weekly");
    EXPECT_EQ(when["weekdays"].size(), 2U);
    EXPECT_EQ(when["school_holidays"], "keep");
    EXPECT_EQ(when["public_holidays"], "skip");
    net::Pairs single_link;
    single_link.add("date", "2026-12-01");
    EXPECT_EQ(when_of(single_link)["kind"], "single");
}

TEST(RequestForm, page__shows_quote_conflicts_terms_and_keys) {
    const auto request = request_of("/demande/nouvelle?offer_id=01OFFER");
    const auto visit = test::signed_in(request, member());
    const auto html =
        test::page(visit, "request_form",
                   request_form_view(visit, form(), space(), quote(), nullptr, nullptr, {}));
    EXPECT_SAYS(html, "2 dates libres sur 3, 4 h");
    EXPECT_SAYS(html, "1 date n’est pas libre");
    EXPECT_SAYS(html, "mardi 8 décembre 2026");
    EXPECT_SAYS(html, "Les Tatamis du Voironnais");
    EXPECT_SAYS(html, "/conditions/01BODY?version=2026-1");
    EXPECT_SAYS(html, "Au plus tard le 30 novembre 2026");
    EXPECT_SAYS(html, "name=\"idempotency_key\" value=\"01KEY\"");
    EXPECT_SAYS(html, "name=\"csrf\" value=\"token\"");
    EXPECT_SAYS(html, "Envoyer la demande de 2 dates");
}

constexpr const char* kGym = "01JD0000000000000000000GYM";
constexpr const char* kHall = "01JD000000000000000000HA11";

/// What search proposes for the date that is taken: later in the gym, or the hall.
InsteadFacts proposals() {
    const auto one = [](const char* kind, const char* offer, const char* start, const char* end) {
        return json{{"kind", kind},
                    {"slot", {{"date", "2026-12-08"}, {"start_time", start}, {"end_time", end}}},
                    {"room",
                     {{"space_id", offer},
                      {"name", "Salle polyvalente"},
                      {"commune_name", "Voiron"},
                      {"distance_km", 0},
                      {"offer", {{"offer_id", offer}, {"name", "Entière"}, {"whole", true}}}}},
                    {"price", {{"amount", 1'000}, {"currency", "EUR"}}}};
    };
    InsteadFacts out;
    out.alternatives = {{"dates",
                         {{{"slot", {{"date", "2026-12-08"}}},
                           {"state", "taken"},
                           {"alternatives",
                            {one("other_hours", kGym, "20:00", "22:00"),
                             one("same_site", kHall, "18:00", "20:00")}}}}}};
    return out;
}

RequestForm in_the_gym() {
    auto out = form();
    out.offer_id = kGym;
    return out;
}

// S54
TEST(RequestForm, date_that_is_taken__has_its_choices_with_prices_and_none_is_made) {
    const auto request = request_of("/demande/nouvelle");
    const auto visit = test::signed_in(request, member());
    const auto html = test::page(
        visit, "request_form",
        request_form_view(visit, in_the_gym(), space(), quote(), nullptr, nullptr, proposals()));
    EXPECT_SAYS(html, "name=\"instead_2026-12-08\" value=\"\" checked");
    EXPECT_SAYS(html, "Laisser cette date de côté");
    EXPECT_SAYS(html, "Décaler à 20 h–22 h");
    EXPECT_SAYS(html, "10,00 €");
    EXPECT_SAYS(html, "name=\"choices_seen\" value=\"\"");
}

TEST(RequestForm, choices__other_hours_stay_here_and_another_room_is_beside) {
    auto chosen = in_the_gym();
    chosen.instead = {{"2026-12-08", kGym, "2026-12-08", "20:00", "22:00"},
                      {"2026-12-15", kHall, "2026-12-15", "18:00", "20:00"},
                      {"2026-12-22", kHall, "2026-12-22", "18:00", "20:00"}};
    ASSERT_EQ(instead_body(chosen).size(), 1U);
    EXPECT_EQ(instead_body(chosen)[0]["of"], "2026-12-08");
    chosen.elsewhere_quotes = {"01QUOTE"};
    const auto elsewhere = elsewhere_body(chosen);
    ASSERT_EQ(elsewhere.size(), 1U) << "the same hours in the same room are one booking";
    EXPECT_EQ(elsewhere[0]["of"], json::array({"2026-12-15", "2026-12-22"}));
    EXPECT_EQ(elsewhere[0]["when"]["dates"], json::array({"2026-12-15", "2026-12-22"}));
    EXPECT_EQ(elsewhere[0]["quote_id"], "01QUOTE");
    EXPECT_EQ(when_here(chosen)["except"], json::array({"2026-12-15", "2026-12-22"}));
}

TEST(RequestForm, choice_in_an_address__is_read_back_and_nonsense_is_not) {
    const InsteadChoice choice{"2026-12-08", kGym, "2026-12-09", "23:00", "01:00"};
    net::Pairs pairs;
    pairs.add("instead_2026-12-08", instead_token(choice));
    pairs.add("instead", instead_token(choice));
    for (const auto* odd : {"", "2026-12-08", "~~~~", "2026-13-08~x~2026-12-08~18:00~20:00",
                            "2026-12-09~<b>~2026-12-08~18:00~20:00"}) {
        pairs.add("instead", odd);
    }
    const auto read = chosen_instead(pairs);
    ASSERT_EQ(read.size(), 1U) << "one a date";
    EXPECT_EQ(instead_token(read.front()), instead_token(choice));
    auto form = in_the_gym();
    form.instead = read;
    EXPECT_EQ(instead_body(form)[0]["end_next_day"], true);
}

TEST(RequestForm, chosen_room__stands_beside_with_its_price_and_the_sum) {
    const auto request = request_of("/demande/nouvelle");
    const auto visit = test::signed_in(request, member());
    auto chosen = in_the_gym();
    chosen.instead = {{"2026-12-08", kHall, "2026-12-08", "18:00", "20:00"}};
    auto here = quote();
    here["dates"].erase(1);
    here["total_count"] = 2;
    here["price"] = {{"total", {{"amount", 2'000}, {"currency", "EUR"}}},
                     {"lines", json::array()},
                     {"vat_note", ""}};
    auto facts = proposals();
    json hall{{"free_count", 1},
              {"quote_id", "01QUOTE"},
              {"price", {{"total", {{"amount", 1'000}, {"currency", "EUR"}}}}}};
    facts.elsewhere = {{elsewhere_groups(chosen).front(),
                        hall,
                        {{"name", "Salle polyvalente"}, {"commune_name", "Voiron"}}}};
    const auto html =
        test::page(visit, "request_form",
                   request_form_view(visit, chosen, space(), here, nullptr, nullptr, facts));
    EXPECT_SAYS(html, "Dans une autre salle");
    EXPECT_SAYS(html, "30,00 €");
    EXPECT_SAYS(html, "name=\"elsewhere_quote\" value=\"01QUOTE\"");
    EXPECT_SAYS(html, "Envoyer la demande de 3 dates");
    facts.elsewhere.front().quote["free_count"] = 0;
    const auto gone =
        test::page(visit, "request_form",
                   request_form_view(visit, chosen, space(), here, nullptr, nullptr, facts));
    EXPECT_SAYS(gone, "n’est plus libre");
}

TEST(RequestForm, page__refused__keeps_what_was_typed_and_names_the_fields) {
    const auto request = request_of("/demande/nouvelle");
    const auto visit = test::signed_in(request, member());
    auto typed = form();
    typed.headcount = "250";
    typed.message = "Bonjour <b>";
    const base::Error error{
        "invalid", {}, {{"/headcount", "capacity", {}}, {"/terms_accepted", "required", {}}}};
    const auto html =
        test::page(visit, "request_form",
                   request_form_view(visit, typed, space(), quote(), nullptr, &error, {}));
    EXPECT_SAYS(html, "<title>Erreur : ");
    EXPECT_SAYS(html, "Il y a 2 points à corriger");
    EXPECT_SAYS(html, "href=\"#f-headcount\"");
    EXPECT_SAYS(html, "value=\"250\"");
    EXPECT_SAYS(html, "Bonjour &lt;b&gt;");
    EXPECT_SAYS(html, "cochez la case pour l’accepter");
}

TEST(RequestForm, page__refused_quote__is_blocked_with_the_way_out) {
    const auto request = request_of("/demande/nouvelle");
    const auto visit = test::signed_in(request, member());
    const base::Error refused{"invalid_start", {}, {{"/when/start_time", "invalid_start", {}}}};
    const auto html =
        test::page(visit, "request_form",
                   request_form_view(visit, form(), space(), json{}, &refused, nullptr, {}));
    EXPECT_SAYS(html, "Commencez à l’heure pile ou à la demie");
    EXPECT_SAYS(html, "/recherche/serie?space=gymnase");
}

json booking(const char* state) {
    const auto occurrence = [](const char* iso, const char* what) -> json {
        return {{"id", "01O"},
                {"slot", {{"date", iso}, {"start_time", "18:00"}, {"end_time", "20:00"}}},
                {"state", what},
                {"reason", what == std::string("left_out") ? "taken" : ""}};
    };
    return {{"id", "01B"},
            {"reference", "PR-7F3K-2"},
            {"state", state},
            {"version", 3},
            {"organisation_id", "01ORG"},
            {"requester_id", "01P"},
            {"space_id", "01SPACE"},
            {"offer_id", "01OFFER"},
            {"space_name", "Gymnase du collège La Garenne"},
            {"offer_name", "Gymnase entier"},
            {"purpose", "sport"},
            {"headcount", 25},
            {"message", "Nos tapis"},
            {"when", weekly()},
            {"occurrences",
             {occurrence("2026-12-01", "planned"), occurrence("2026-12-08", "left_out")}},
            {"dates_count", 1},
            {"category", "A"},
            {"free_ground", "Association liée au collège"},
            {"submitted_at", "2026-11-20T19:04:00+01:00"},
            {"answer_by", "2026-11-23T19:04:00+01:00"},
            {"last_end", "2026-12-01T20:00:00+01:00"},
            {"decision", nullptr},
            {"undo_until", nullptr},
            {"terms", {{"version", "2026-1"}, {"accepted_at", "2026-11-20T19:04:00+01:00"}}}};
}

json history() {
    return {{"items",
             {{{"at", "2026-11-20T19:04:00+01:00"},
               {"by_role", "hirer"},
               {"act", "submit"},
               {"from", nullptr},
               {"to", "submitted"}}}}};
}

TEST(WhenText, every_rhythm__has_its_sentence) {
    const auto request = request_of("/");
    const auto visit = test::visit(request);
    auto when = weekly();
    when["school_holidays"] = "keep";
    EXPECT_EQ(test::plain(when_long(visit, when)),
              "le mardi de 18 h à 20 h, du 1ᵉʳ décembre 2026 au 15 décembre 2026");
    when["interval_weeks"] = 2;
    EXPECT_EQ(test::plain(when_long(visit, when)),
              "le mardi une semaine sur 2, de 18 h à 20 h, du 1ᵉʳ décembre 2026 au 15 décembre "
              "2026");
    when = {{"kind", "monthly"},        {"interval_months", 1},  {"from", "2026-09-15"},
            {"until", "2027-06-15"},    {"start_time", "18:00"}, {"end_time", "20:00"},
            {"school_holidays", "keep"}};
    EXPECT_EQ(test::plain(when_long(visit, when)),
              "le 15 de chaque mois de 18 h à 20 h, du 15 septembre 2026 au 15 juin 2027");
    EXPECT_EQ(test::plain(when_short(visit, when)), "le 15 18 h–20 h");
    when["interval_months"] = 3;
    when["week_of_month"] = -1;
    when["weekdays"] = {"fri"};
    EXPECT_EQ(test::plain(when_long(visit, when)),
              "le dernier vendredi, tous les 3 mois, de 18 h à 20 h, du 15 septembre 2026 au 15 "
              "juin 2027");
}

TEST(FollowUp, request__waiting__can_be_withdrawn) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    const auto html = test::page(
        visit, "request",
        request_view(visit, booking("submitted"), history(), "Les Tatamis du Voironnais", true));
    EXPECT_SAYS(html, "PR-7F3K-2");
    EXPECT_SAYS(html, "en attente de réponse");
    EXPECT_SAYS(html, "Le collège répondra au plus tard le 23 novembre 2026");
    EXPECT_SAYS(html, "action=\"/suivi/01B/retirer\"");
    EXPECT_SAYS(html, "name=\"version\" value=\"3\"");
    EXPECT_SAYS(html, "réservé par une autre association");
    EXPECT_SAYS(html, "Demande envoyée, 1 date");
    EXPECT_SAYS(html, "Version 2026-1, acceptée le 20 novembre 2026 à 19 h 04");
    const auto stranger = test::page(
        visit, "request", request_view(visit, booking("submitted"), history(), "X", false));
    EXPECT_EQ(stranger.find("/retirer"), std::string::npos);
}

TEST(FollowUp, request__confirmed_and_refused__say_it_in_words) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    const auto confirmed = test::page(
        visit, "request", request_view(visit, booking("confirmed"), history(), "X", true));
    EXPECT_SAYS(confirmed, "confirmée");
    EXPECT_SAYS(confirmed, "Gratuit : Association liée au collège");
    auto refused = booking("refused");
    refused["decision"] = {{"by_role", "manager"},
                           {"at", "2026-11-21T09:00:00+01:00"},
                           {"reason_code", "no_staff"},
                           {"reason_text", "Fermé le dimanche."}};
    const auto html =
        test::page(visit, "request", request_view(visit, refused, history(), "X", true));
    EXPECT_SAYS(html, "Aucun agent n’est en service à ces heures");
    EXPECT_SAYS(html, "Fermé le dimanche.");
}

TEST(FollowUp, my_requests__are_grouped_by_what_happens_next) {
    const auto request = request_of("/compte/demandes");
    const auto visit = test::signed_in(request, member());
    const json bookings = {
        {"items", {booking("submitted"), booking("confirmed"), booking("refused")}},
        {"next", nullptr}};
    const auto model = my_requests_view(visit, "Les Tatamis", bookings);
    ASSERT_EQ(model["groups"].size(), 3U);
    const auto html = test::page(visit, "my_requests", model);
    EXPECT_SAYS(html, "3 demandes");
    EXPECT_SAYS(html, "Réponse au plus tard le 23 novembre 2026");
    const auto none =
        test::page(visit, "my_requests", my_requests_view(visit, "X", {{"items", json::array()}}));
    EXPECT_SAYS(none, "Vous n’avez encore rien demandé");
}

Inbox inbox(const char* state) {
    Inbox inbox;
    inbox.bookings = {{"items", {booking("submitted")}}, {"next", nullptr}};
    inbox.selected = booking(state);
    inbox.history = history();
    inbox.space = space();
    inbox.organisations = {{"01ORG", "Les Tatamis du Voironnais"}, {"01ORG2", "Badminton Loisir"}};
    inbox.people = {{"01P", "Claire Roussel"}};
    inbox.scope = "Collège La Garenne, Voiron";
    inbox.machine_now = test::noon();
    inbox.checks = {
        {"dates_total", 1},
        {"conflicts", json::array()},
        {"competing",
         {{{"booking_id", "01C"},
           {"organisation_id", "01ORG2"},
           {"submitted_at", "2026-11-21T10:00:00+01:00"},
           {"dates", {{{"start", "x"}, {"end", "y"}}}}}}},
        {"capacity", {{"headcount", 25}, {"capacity", 120}, {"ok", true}}},
        {"affiliation",
         {{"status", "active"},
          {"category", "A"},
          {"insurance_valid_until", "2026-12-31"},
          {"insurance_covers_all", true}}},
        {"ground_needed", true},
        {"acts", std::string_view(state) == "submitted" ? json{"accept", "refuse"} : json::array()},
        {"past", {{"accepted", 2}, {"refused", 0}, {"cancelled", 1}}}};
    return inbox;
}

TEST(InboxPage, inbox__one_request__checks_then_answers) {
    const auto request = request_of("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, member());
    const auto html = test::page(visit, "inbox", inbox_view(visit, inbox("submitted")));
    EXPECT_SAYS(html, "Les Tatamis du Voironnais");
    EXPECT_SAYS(html, "échéance demain");
    EXPECT_SAYS(html, "25 sur 120");
    EXPECT_SAYS(html, "libre à la date demandée");
    EXPECT_SAYS(html, "agréée, catégorie A");
    EXPECT_SAYS(html, "Badminton Loisir");
    EXPECT_SAYS(html, "action=\"/gestion/a-traiter/01B/accepter\"");
    EXPECT_SAYS(html, "name=\"ground\"");
    EXPECT_SAYS(html, "Nos tapis");
    EXPECT_SAYS(html, "Claire Roussel");
}

TEST(InboxPage, inbox__slot_gone__cannot_be_accepted) {
    const auto request = request_of("/gestion/a-traiter/01B");
    const auto visit = test::signed_in(request, member());
    auto gone = inbox("submitted");
    gone.checks["conflicts"] = {{{"state", "taken"}}};
    const auto model = inbox_view(visit, gone);
    EXPECT_NE(model["detail"]["decide"]["accept"]["blocked_text"], false);
}

TEST(InboxPage, inbox__decided__can_be_undone_while_the_window_is_open) {
    const auto request = request_of("/gestion/a-traiter/01B?fait=acceptee");
    const auto visit = test::signed_in(request, member());
    auto accepted = inbox("confirmed");
    accepted.selected["decision"] = {{"by_role", "manager"}, {"at", "2026-11-22T11:00:00+01:00"}};
    accepted.selected["undo_until"] = "2026-11-22T11:00:08+01:00";
    const auto html = test::page(visit, "inbox", inbox_view(visit, accepted));
    EXPECT_SAYS(html, "demande acceptée. L’association l’apprend dans 8 secondes.");
    EXPECT_SAYS(html, "/annuler-decision");
    accepted.machine_now = test::noon() + 9;
    EXPECT_EQ(inbox_view(visit, accepted)["undo"], false);
}

TEST(InboxPage, inbox__refusal_without_reason__names_both_fields) {
    const auto request = request_of("/gestion/a-traiter/01B/refuser");
    auto visit = test::signed_in(request, member());
    visit.form.add("form", "refuse");
    visit.form.add("reason_code", "");
    visit.form.add("reason_text", "");
    auto refused = inbox("submitted");
    refused.error =
        base::Error{"reason_required",
                    {},
                    {{"/reason_code", "required", {}}, {"/reason_text", "required", {}}}};
    const auto html = test::page(visit, "inbox", inbox_view(visit, refused));
    EXPECT_SAYS(html, "Choisissez la raison du refus.");
    EXPECT_SAYS(html, "Écrivez une phrase pour l’association");
    EXPECT_SAYS(html, "<title>Erreur : ");
}

TEST(InboxPage, inbox__empty__says_so) {
    const auto request = request_of("/gestion/a-traiter");
    const auto visit = test::signed_in(request, member());
    Inbox empty;
    empty.bookings = {{"items", json::array()}};
    EXPECT_SAYS(test::page(visit, "inbox", inbox_view(visit, empty)), "Rien à traiter");
}

}  // namespace
}  // namespace preau::gateway
