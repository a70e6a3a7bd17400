// Prices, payments and the accounts, from sample answers of booking and payment.
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/mailbox.hpp"
#include "services/gateway/pages/payment.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

json euros(std::int64_t cents) {
    return {{"amount", cents}, {"currency", "EUR"}};
}

json member(const char* role = "president") {
    return {{"person", {{"id", "01P"}, {"name", "Claire Roussel"}}},
            {"memberships",
             {{{"organisation", {{"id", "01ORG"}, {"name", "Les Tatamis du Voironnais"}}},
               {"role", role},
               {"affiliations", {{{"body_id", "01BODY"}, {"category", "B"}}}}}}},
            {"posts", json::array()}};
}

json officer() {
    return {{"person", {{"id", "01F"}, {"name", "Marc Teyssier"}}},
            {"memberships", json::array()},
            {"posts", {{{"role", "finance"}, {"establishment_ids", json::array()}}}}};
}

json dates(int count) {
    auto out = json::array();
    for (int i = 0; i < count; ++i)
        out.push_back("2026-12-01");
    return out;
}

json season_price() {
    return {{"total", euros(80'000)},
            {"lines",
             {{{"unit", "season"},
               {"quantity_quarters", 4},
               {"unit_price", euros(80'000)},
               {"amount", euros(80'000)},
               {"dates", dates(33)}}}},
            {"by_the_hour", euros(90'420)},
            {"vat_note", "TVA non applicable"}};
}

json hourly_price(int count, std::int64_t quarters, std::int64_t total) {
    return {{"total", euros(total)},
            {"lines",
             {{{"unit", "hour"},
               {"quantity_quarters", quarters},
               {"unit_price", euros(1'370)},
               {"amount", euros(total)},
               {"dates", dates(count)}}}},
            {"by_the_hour", euros(total)},
            {"vat_note", "TVA non applicable"}};
}

net::Request request_of(const std::string& target) {
    net::Request request;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    const auto question = target.find('?');
    if (question != std::string::npos) {
        const auto pair = target.substr(question + 1);
        request.query.add(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    return request;
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

json booking(const char* state) {
    return {{"id", "01B"},
            {"reference", "PR-7F3K-2"},
            {"state", state},
            {"version", 3},
            {"organisation_id", "01ORG"},
            {"space_id", "01SPACE"},
            {"space_name", "Gymnase"},
            {"offer_name", "Gymnase entier"},
            {"purpose", "sport"},
            {"headcount", 20},
            {"dates_count", 1},
            {"category", "B"},
            {"when",
             {{"kind", "single"},
              {"date", "2026-12-15"},
              {"start_time", "18:00"},
              {"end_time", "20:00"}}},
            {"price", hourly_price(1, 8, 2'740)},
            {"requirement",
             {{"agreement", "not_required"},
              {"payment", "before"},
              {"pay_by", "2026-12-01T18:30:00+01:00"}}},
            {"payment", nullptr},
            {"occurrences", json::array()}};
}

TEST(Price, view__cheapest_combination__is_explained_in_euros) {
    const auto request = request_of("/");
    const auto view = price_view(test::visit(request), season_price(), {});
    EXPECT_EQ(test::plain(view["total"]), "800,00 €");
    EXPECT_EQ(test::plain(view["lines"][0]["detail_text"]),
              "1 saison à 800 € la saison, pour 33 dates");
    EXPECT_NE(test::plain(view["saving_text"]).find("ce serait 904,20 €. Vous payez 104,20 €"),
              std::string::npos);
}

TEST(Price, view__hours__are_told_per_date_when_all_are_alike) {
    const auto request = request_of("/");
    const auto detail = [&](const json& price) {
        return test::plain(price_view(test::visit(request), price, {})["lines"][0]["detail_text"]);
    };
    EXPECT_EQ(detail(hourly_price(33, 33 * 8, 90'420)), "33 dates × 2 h à 13,70 € l’heure");
    EXPECT_EQ(detail(hourly_price(1, 6, 2'055)), "1 h 30 à 13,70 € l’heure");
    // The night of October lasts an hour longer.
    EXPECT_EQ(detail(hourly_price(3, 28, 9'590)), "3 dates, 7 h à 13,70 € l’heure");
    EXPECT_EQ(price_view(test::visit(request), hourly_price(1, 6, 2'055), {})["saving_text"],
              false);
}

TEST(Price, view__without_a_price__is_absent_and_free_is_zero) {
    const auto request = request_of("/");
    EXPECT_EQ(price_view(test::visit(request), nullptr, {}), false);
    const json nothing = {{"total", euros(0)}, {"lines", json::array()}, {"vat_note", ""}};
    EXPECT_EQ(test::plain(price_view(test::visit(request), nothing, {})["total"]), "0,00 €");
}

TEST(Price, category__is_ones_own_else_that_of_other_associations) {
    const auto request = request_of("/");
    const json space = {{"body_id", "01BODY"}};
    EXPECT_EQ(price_category(test::signed_in(request, member()), space), "B");
    EXPECT_EQ(price_category(test::visit(request), space), "C");
    EXPECT_EQ(price_category(test::signed_in(request, member()), {{"body_id", "01OTHER"}}), "C");
}

TEST(Pay, accepted_booking__shows_sum_deadline_and_button_to_who_may_pay) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    const auto view = request_view(visit, booking("accepted"), json::object(), "Les Tatamis", true,
                                   payment("created"));
    const auto html = test::page(visit, "request", view);
    EXPECT_SAYS(html, "acceptée, à payer");
    EXPECT_SAYS(html, "Payez au plus tard le mardi 1ᵉʳ décembre 2026 à 18 h 30");
    EXPECT_SAYS(html, "Payer 42,00 €</button>");
    EXPECT_SAYS(html, "action=\"/paiements/01PAY/payer\"");
    EXPECT_SAYS(html, "Paiement simulé.");
    const auto other = test::signed_in(request, member("member"));
    EXPECT_EQ(request_view(other, booking("accepted"), json::object(), "", false,
                           payment("created"))["pay"]["button"],
              false);
}

TEST(Pay, acceptance_that_payment_has_not_read__says_wait) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    const auto view = pay_view(visit, booking("accepted"), json::object(), true);
    EXPECT_EQ(view["button"], false);
    EXPECT_EQ(view["again_href"], "/suivi/01B");
    EXPECT_EQ(pay_view(visit, booking("submitted"), json::object(), true), false);
}

TEST(Pay, deadline_that_is_past__offers_no_button) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    auto late = payment("awaiting_payer");
    late["pay_by"] = "2026-11-22T10:59:00+01:00";  // it is 11:00
    const auto view = pay_view(visit, booking("accepted"), late, true);
    EXPECT_EQ(view["button"], false);
    EXPECT_EQ(view["title_text"], "La date limite est passée");
}

TEST(Pay, every_state__has_its_words_in_both_languages) {
    const auto request = request_of("/suivi/01B");
    for (const auto language : {Language::fr, Language::en}) {
        auto visit = test::visit(request, language);
        visit.caller = std::make_shared<const Caller>(Caller{"s", "i", "p"});
        visit.me = std::make_shared<const json>(member());
        for (const auto* status : {"created", "awaiting_payer", "processing", "paid", "expired",
                                   "canceled", "paid_late", "payment_failed"}) {
            for (const auto* refunds : {"none", "partial", "full"}) {
                auto one = payment(status);
                one["refund_state"] = refunds;
                const auto html = test::page(visit, "payment",
                                             payment_view(visit, one, {.returned = true}, nullptr));
                if (language == Language::fr) {
                    EXPECT_EQ(html.find(">" + std::string(status) + "<"), std::string::npos);
                }
            }
        }
    }
}

TEST(Pay, booking_without_money__shows_nothing_of_it) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    auto free = booking("confirmed");
    free["requirement"]["payment"] = "none";
    EXPECT_EQ(pay_view(visit, free, json::object(), true), false);
}

TEST(Pay, public_body__is_told_of_the_invoice_and_gets_no_button) {
    const auto request = request_of("/suivi/01B");
    const auto visit = test::signed_in(request, member());
    auto later = booking("confirmed");
    later["requirement"]["payment"] = "later";
    const auto view = pay_view(visit, later, payment("created", "later"), true);
    EXPECT_EQ(view["button"], false);
    EXPECT_EQ(test::plain(view["title_text"]), "À régler sur facture : 42,00 €");
}

TEST(PaymentPage, return__says_what_the_provider_said_not_what_the_address_claims) {
    const auto request = request_of("/paiements/01PAY/retour?session=cs_1");
    const auto visit = test::signed_in(request, member());
    const auto flash = [&](const json& one) {
        return payment_view(visit, one, {.may_pay = true, .returned = true}, nullptr);
    };
    EXPECT_EQ(flash(payment("paid"))["flash"]["tone"], "free");
    const auto waiting = flash(payment("processing"));
    EXPECT_EQ(waiting["flash"]["tone"], "info");
    EXPECT_EQ(waiting["pay"]["again_href"], "/paiements/01PAY/retour");
    auto declined = payment("awaiting_payer");
    declined["attempts"] = {{{"n", 1}, {"status", "open"}, {"declined", true}}};
    const auto again = flash(declined);
    EXPECT_EQ(again["flash"]["tone"], "warm");
    EXPECT_TRUE(again["pay"]["button"].is_object());
}

TEST(PaymentPage, receipt__names_both_sides_and_admits_that_it_is_simulated) {
    const auto request = request_of("/paiements/01PAY");
    const auto visit = test::signed_in(request, member());
    auto paid = payment("paid");
    paid["method"] = "card";
    paid["paid_at"] = "2026-11-20T09:12:00+01:00";
    const auto html = test::page(
        visit, "payment", payment_view(visit, paid, {.organisation = "Les Tatamis"}, nullptr));
    EXPECT_SAYS(html, "<h2>Reçu</h2>");
    EXPECT_SAYS(html, "Les Tatamis");
    EXPECT_SAYS(html, "Collège La Garenne");
    EXPECT_SAYS(html, "carte bancaire (paiement simulé)");
    EXPECT_SAYS(html, "20 novembre 2026 à 9 h 12");
}

TEST(PaymentPage, offline_receipt__is_for_finance_officers_and_open_payments_only) {
    const auto request = request_of("/paiements/01PAY");
    const auto visit = test::signed_in(request, officer());
    EXPECT_TRUE(
        payment_view(visit, payment("created", "later"), {.keeps_books = true}, nullptr)["offline"]
            .is_object());
    EXPECT_EQ(payment_view(visit, payment("created", "later"), {}, nullptr)["offline"], false);
    EXPECT_EQ(payment_view(visit, payment("paid"), {.keeps_books = true}, nullptr)["offline"],
              false);
}

TEST(Mailbox, message__is_shown_as_text_whatever_it_holds) {
    const auto request = request_of("/demo/courriels/01M");
    const auto visit = test::visit(request);
    const json message = {{"id", "01M"},
                          {"booking_id", "01B"},
                          {"to", "Claire <claire@example.org>"},
                          {"from", "Préau <no@example.org>"},
                          {"subject", "Confirmée <b>"},
                          {"date", "2026-11-20T09:12:00+01:00"},
                          {"language", "fr"},
                          {"text", "Bonjour\n<script>alert(1)</script>"},
                          {"html", "<p>never shown</p>"},
                          {"attachments", {{{"name", "PR-7F3K-2.ics"}, {"href", "/v1/x"}}}}};
    const auto html = test::page(visit, "mailbox_message", message_view(visit, message));
    EXPECT_EQ(html.find("<script>"), std::string::npos);
    EXPECT_EQ(html.find("never shown"), std::string::npos);
    EXPECT_SAYS(html, "/demo/courriels/01M/PR-7F3K-2.ics");
    EXPECT_SAYS(html, "n’ont pas été envoyés");
    const auto list = test::page(visit, "mailbox",
                                 mailbox_view(visit, {{"items", {message}}, {"next", nullptr}}));
    EXPECT_SAYS(list, "à Claire &lt;claire@example.org&gt;");
}

}  // namespace
}  // namespace preau::gateway
