// The finance officer's pages, from sample answers of payment.
#include "services/gateway/pages/finance.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

/// With its query.
net::Request request_of(const std::string& target) {
    auto request = test::request_of(target);
    auto rest = target.substr(std::min(target.size(), request.path.size() + 1));
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest = rest.substr(std::min(rest.size(), pair.size() + 1));
        request.query.add(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    return request;
}

json euros(std::int64_t cents) {
    return {{"amount", cents}, {"currency", "EUR"}};
}

json officer() {
    return {{"person", {{"id", "01F"}, {"name", "Marc Teyssier"}}},
            {"memberships", json::array()},
            {"posts", {{{"role", "finance"}, {"establishment_ids", json::array()}}}}};
}

json payment(const char* status, const char* requirement = "before") {
    return {{"id", "01PAY"},
            {"public_ref", "PA-4M2T-8"},
            {"booking_id", "01B"},
            {"booking_reference", "PR-7F3K-2"},
            {"establishment_id", "01E"},
            {"organisation_id", "01ORG"},
            {"amount", euros(4'200)},
            {"status", status},
            {"refund_state", "none"},
            {"refunded", euros(0)},
            {"settlement", "none"},
            {"requirement", requirement},
            {"pay_by", "2026-12-01T18:30:00+01:00"},
            {"paid_at", nullptr},
            {"method", nullptr},
            {"establishment_name", "Collège La Garenne"},
            {"lines", json::array()},
            {"attempts", json::array()},
            {"refunds", json::array()},
            {"payout_id", nullptr},
            {"provider", {{"name", "stripe"}, {"simulated", true}}}};
}

PostScope scope(std::string chosen = "01E") {
    PostScope scope;
    scope.chosen = std::move(chosen);
    for (const auto* id : {"01E", "01G"}) {
        School school;
        school.id = id;
        school.name = std::string("Collège ") + id;
        school.commune = "Voiron";
        scope.schools.push_back(school);
    }
    return scope;
}

json stage(const char* name, std::int64_t ledger, std::int64_t provider) {
    return {{"stage", name},
            {"ledger", euros(ledger)},
            {"provider", euros(provider)},
            {"bank", std::string_view(name) == "arrived" ? euros(provider) : json(nullptr)},
            {"difference", euros(ledger - provider)}};
}

json summary(std::int64_t to_collect, json to_look_at = json::array()) {
    return {{"to_collect", euros(to_collect)},
            {"at_provider", euros(100)},
            {"on_the_way", euros(200)},
            {"arrived_unmatched", euros(300)},
            {"matched_until", "2026-11-12"},
            {"difference", euros(0)},
            {"agreement",
             {stage("at_provider", 100, 100), stage("on_the_way", 200, 200),
              stage("arrived", 900, 900)}},
            {"expected", euros(0)},
            {"collected", euros(0)},
            {"to_look_at", std::move(to_look_at)}};
}

TEST(Finance, overview__shows_four_sums_the_oldest_trouble_first_and_the_payments) {
    const auto request = request_of("/finance");
    const auto visit = test::signed_in(request, officer());
    Overview overview;
    overview.summaries = {{"01E", summary(29'130, {{{"kind", "payout"},
                                                    {"id", "po_1"},
                                                    {"amount", euros(127'400)},
                                                    {"age_days", 1},
                                                    {"reason_code", "payout_not_at_bank"}},
                                                   {{"kind", "bank_line"},
                                                    {"id", "01L"},
                                                    {"amount", euros(7'000)},
                                                    {"age_days", 12},
                                                    {"reason_code", "bank_line_unmatched"}}})}};
    overview.payments = {{"items", {payment("paid")}}, {"next", nullptr}};
    overview.organisations = {{"01ORG", "Les Tatamis"}};
    const auto view = overview_view(visit, scope(), overview);
    EXPECT_EQ(view["todo"]["items"][0]["kind_text"], "Ligne de banque");
    EXPECT_EQ(view["todo"]["items"][1]["href"], "/finance/virements/po_1");
    const auto html = test::page(visit, "finance", view);
    EXPECT_SAYS(html, "291,30 €");
    EXPECT_SAYS(html, "d’accord, au centime");
    EXPECT_SAYS(html, "Tout est rapproché jusqu’au 12 novembre 2026.");
    EXPECT_SAYS(html, "Les Tatamis");
}

TEST(Finance, overview__of_all_schools__adds_them_up_and_names_the_difference) {
    const auto request = request_of("/finance");
    const auto visit = test::signed_in(request, officer());
    Overview overview;
    overview.summaries = {{"01E", summary(1'000)}, {"01G", summary(2'050)}};
    auto view = overview_view(visit, scope(""), overview);
    EXPECT_EQ(test::plain(view["figures"][0]["amount"]), "30,50 €");
    EXPECT_EQ(view["schools"]["items"].size(), 2U);
    EXPECT_EQ(view["agreement"]["tone"], "info");
    EXPECT_EQ(view["todo"], false);
    EXPECT_EQ(view["payments"], false);
    test::page(visit, "finance", view);
    // One cent in one school and the same lacking in another do not cancel out.
    overview.summaries[0].second["agreement"][0] = stage("at_provider", 101, 100);
    overview.summaries[1].second["agreement"][0] = stage("at_provider", 99, 100);
    view = overview_view(visit, scope(""), overview);
    EXPECT_EQ(view["agreement"]["tone"], "warm");
    EXPECT_EQ(view["agreement"]["rows"][0]["tone"], "warm");
    EXPECT_EQ(view["agreement"]["rows"][1]["tone"], "free");
}

TEST(Finance, payout__that_does_not_add_up__says_so) {
    const auto request = request_of("/finance/virements/po_1");
    const auto visit = test::signed_in(request, officer());
    json payout = {{"id", "po_1"},
                   {"establishment_id", "01E"},
                   {"amount", euros(8'820)},
                   {"status", "itemised"},
                   {"created_at", "2026-11-19T08:00:00+01:00"},
                   {"arrival_on", "2026-11-23"},
                   {"itemised", euros(8'820)},
                   {"trace", nullptr},
                   {"lines",
                    {{{"id", "txn_1"},
                      {"type", "charge"},
                      {"gross", euros(8'820)},
                      {"fee", euros(0)},
                      {"net", euros(8'820)},
                      {"payment_id", "01PAY"},
                      {"public_ref", "PA-4M2T-8"},
                      {"booking_reference", "PR-7F3K-2"}}}}};
    auto view = payout_view(visit, scope(), payout);
    EXPECT_EQ(view["verdict"]["tone"], "info");
    auto html = test::page(visit, "finance_payout", view);
    EXPECT_SAYS(html, "ligne de banque : pas encore trouvée");
    payout["bank_lines"] = {
        {{"id", "01L"}, {"date", "2026-11-23"}, {"label", "VIR STRIPE"}, {"amount", euros(8'820)}}};
    html = test::page(visit, "finance_payout", payout_view(visit, scope(), payout));
    EXPECT_SAYS(html, "ligne de banque : 88,20 €");
    EXPECT_SAYS(html, "/finance/banque?etablissement=01E#l-01L");
    payout["itemised"] = euros(8'800);
    view = payout_view(visit, scope(), payout);
    EXPECT_EQ(view["verdict"]["tone"], "warm");
    EXPECT_EQ(test::plain(view["verdict"]["text"]),
              "La somme des lignes n’est pas le montant du virement : − 0,20 € d’écart.");
    const auto list = payouts_view(visit, scope(), {{"items", {payout}}, {"next", nullptr}});
    EXPECT_SAYS(test::page(visit, "finance_payouts", list), "po_1");
}

TEST(Finance, statement_with_faults__names_every_line) {
    const auto request = request_of("/finance/banque");
    const auto visit = test::signed_in(request, officer());
    const base::Error error{
        "invalid_statement", {}, {{"/lines/4", "date", ""}, {"/lines/12", "odd", ""}}};
    const auto view = bank_view(visit, scope(), {}, &error);
    const auto html = test::page(visit, "finance_bank", view);
    EXPECT_SAYS(html, "Ligne 4 : la date ne se lit pas.");
    EXPECT_SAYS(html, "Ligne 12 : cette ligne ne se lit pas.");
    EXPECT_SAYS(html, "Rien de ce fichier n’est enregistré.");
    EXPECT_SAYS(html, "<title>Erreur : ");
}

TEST(Finance, bank_lines__tell_why_they_match) {
    const auto request = request_of("/finance/banque?fait=importe");
    const auto visit = test::signed_in(request, officer());
    const json lines = {{"items",
                         {{{"id", "01L"},
                           {"date", "2026-11-16"},
                           {"label", "VIR STRIPE"},
                           {"reference", ""},
                           {"amount", euros(78'000)},
                           {"state", "partly_matched"},
                           {"rule", "R4"},
                           {"reasons", {"reference_found", "amount_differs"}},
                           {"payout_id", "po_2"},
                           {"gap", euros(-719)}}}},
                        {"next", nullptr}};
    const auto html =
        test::page(visit, "finance_bank", bank_view(visit, scope(), {{}, lines, {}, {}}, nullptr));
    EXPECT_SAYS(html, "référence retrouvée et autre montant");
    EXPECT_SAYS(html, "écart : − 7,19 €");
    EXPECT_SAYS(html, "Relevé importé : ");
}

TEST(Finance, lines_that_are_not_certain__are_decided_by_plain_forms) {
    const auto request =
        request_of("/finance/banque?fait=importe&lignes=50&rapprochees=47&proposees=2&restantes=1");
    const auto visit = test::signed_in(request, officer());
    const json open = {
        {{"id", "01L"},
         {"date", "2026-11-16"},
         {"label", "VIR JUDO PA-4M2T-9"},
         {"reference", ""},
         {"amount", euros(2'300)},
         {"state", "suggested"},
         {"matches",
          {{{"id", "01M"},
            {"state", "suggested"},
            {"reasons", {"reference_near", "amount_equal"}},
            {"items",
             {{{"kind", "payment"}, {"reference", "PA-4M2T-8"}, {"amount", euros(2'300)}}}}},
           {{"id", "01N"},
            {"state", "suggested"},
            {"reasons", {"reference_found", "amount_differs"}},
            {"items", {{{"kind", "payout"}, {"reference", "po_1"}, {"amount", euros(2'301)}}}}}}}}};
    const auto html =
        test::page(visit, "finance_bank", bank_view(visit, scope(), {{}, {}, open, {}}, nullptr));
    EXPECT_SAYS(html, "47 rapprochées, 2 proposées, 1 inconnue");
    EXPECT_SAYS(html, "1 ligne à décider");
    EXPECT_SAYS(html, "Accepter : PA-4M2T-8");
    EXPECT_SAYS(html, "référence à une lettre près et même montant");
    EXPECT_SAYS(html, "action=\"/finance/lignes/01L/rapprocher\"");
    EXPECT_SAYS(html, "écart de − 0,01 €");
}

TEST(Finance, months__are_closed_once_they_are_over) {
    const auto request = request_of("/finance/mois");
    const auto visit = test::signed_in(request, officer());
    const json periods = {{"items",
                           {{{"month", "2026-10"},
                             {"closed_at", "2026-11-03T09:00:00+01:00"},
                             {"note", "Demandé à la banque"}}}}};
    const auto view = months_view(visit, scope(), periods);
    EXPECT_EQ(view["items"][0]["close"], false) << "this month is not over";
    EXPECT_EQ(view["items"][1]["close"], false) << "closed";
    EXPECT_EQ(view["items"][2]["close"], true);
    const auto html = test::page(visit, "finance_months", view);
    EXPECT_SAYS(html, "Demandé à la banque");
    EXPECT_SAYS(html, "/finance/fichiers/fec.txt?etablissement=01E");
}

TEST(Finance, ledger__says_balanced_only_when_it_is) {
    const auto request = request_of("/finance/grand-livre");
    const auto visit = test::signed_in(request, officer());
    json balance = {{"accounts",
                     {{{"account", "revenue"},
                       {"number", "7083"},
                       {"debit", euros(0)},
                       {"credit", euros(4'200)},
                       {"balance", euros(-4'200)}}}},
                    {"debit", euros(4'200)},
                    {"credit", euros(4'200)},
                    {"balanced", true}};
    const json whole = {{"ok", true}, {"entries", 2}, {"faults", json::array()}};
    const auto good =
        test::page(visit, "finance_ledger", ledger_view(visit, scope(), balance, whole));
    EXPECT_SAYS(good, "Grand livre équilibré");
    EXPECT_SAYS(good, "2 écritures, chaîne intacte");
    EXPECT_SAYS(good, "Produits des locations");
    EXPECT_SAYS(good, "value=\"2026-11\" selected");
    balance["balanced"] = false;
    const json broken = {
        {"ok", false}, {"entries", 2}, {"faults", {{{"number", 2}, {"code", "broken_chain"}}}}};
    const auto bad =
        test::page(visit, "finance_ledger", ledger_view(visit, scope(), balance, broken));
    EXPECT_SAYS(bad, "Grand livre non équilibré");
    EXPECT_SAYS(bad, "n° 2, chaîne rompue");
}

}  // namespace
}  // namespace preau::gateway
