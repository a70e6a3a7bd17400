// Prices in words: what a vote adds, extras, deposits, free uses and tax, on the pages that show
// them.

#include <gmock/gmock.h>

#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/request_extras.hpp"
#include "services/gateway/pages/request_instead.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

json euros(std::int64_t cents) {
    return {{"amount", cents}, {"currency", "EUR"}};
}

json vat(std::int64_t basis_points, const char* note, std::int64_t tax) {
    return {{"basis_points", basis_points}, {"note", note}, {"tax", euros(tax)}};
}

/// A winter evening by the hour, with a sound system and three hours of a technician.
json winter_price() {
    const auto note = "TVA non applicable, art. 256 B du CGI";
    const json heated = {
        {"kind", "room"},          {"unit", "hour"},
        {"quantity_quarters", 8},  {"unit_price", euros(800)},
        {"amount", euros(1'840)},  {"supplements", {{{"kind", "heating"}, {"amount", euros(240)}}}},
        {"dates", {"2026-12-01"}}, {"vat", vat(0, note, 0)}};
    const json sono = {{"kind", "extra"},         {"code", "sono"},
                       {"label", "Sonorisation"}, {"unit", "booking"},
                       {"quantity_quarters", 4},  {"unit_price", euros(3'000)},
                       {"amount", euros(3'000)},  {"supplements", json::array()},
                       {"dates", {"2026-12-01"}}, {"vat", vat(2'000, "TVA 20 %", 500)}};
    json technician = sono;
    technician.update({{"label", "Technicien"},
                       {"unit", "hour"},
                       {"quantity_quarters", 12},
                       {"unit_price", euros(3'200)},
                       {"amount", euros(9'600)},
                       {"vat", vat(550, "TVA 5,5 %", 500)}});
    return {{"total", euros(14'440)},
            {"by_the_hour", euros(14'440)},
            {"reference", euros(15'240)},
            {"lines", {heated, sono, technician}},
            {"deposits",
             {{{"code", "weekend"}, {"label", nullptr}, {"amount", euros(30'000)}},
              {{"code", "sono"}, {"label", "Sonorisation"}, {"amount", euros(25'000)}}}},
            {"down_payment", nullptr},
            {"free_use", nullptr},
            {"vat_note", note}};
}

std::string text(const json& value) {
    return test::plain(value.get<std::string>());
}

TEST(PriceText, supplement_extra_and_tax__are_explained_in_their_line) {
    const net::Request request;
    const auto view = price_view(test::visit(request), winter_price(), {});
    EXPECT_EQ(text(view["lines"][0]["detail_text"]), "2 h à 8 € l’heure, dont chauffage 2,40 €");
    EXPECT_EQ(text(view["lines"][0]["label"]), "Tarif à l’heure");
    EXPECT_EQ(text(view["lines"][1]["label"]), "Sonorisation");
    EXPECT_EQ(text(view["lines"][1]["detail_text"]),
              "1 fois à 30 € la réservation, dont TVA 20 % : 5,00 €");
    EXPECT_EQ(text(view["lines"][2]["detail_text"]), "3 h à 32 € l’heure, dont TVA 5,5 % : 5,00 €");
    EXPECT_EQ(text(view["note_text"]),
              "TVA non applicable, art. 256 B du CGI, TVA 20 %, TVA 5,5 %");
    EXPECT_EQ(view["saving_text"], false);
}

TEST(PriceText, deposit__is_named_and_no_part_of_the_total) {
    const net::Request request;
    const auto view = price_view(test::visit(request), winter_price(), {});
    EXPECT_EQ(text(view["deposit_text"]),
              "Dépôt de garantie : 300,00 € (week-end) et 250,00 € (Sonorisation). À remettre au "
              "collège, à part du total ; rendu après l’état des lieux.");
    EXPECT_EQ(text(view["total"]), "144,40 €");
    EXPECT_EQ(view["aid_text"], false) << "a favoured category is no aid to be told on each page";
}

TEST(PriceText, free_use__says_which_and_what_it_is_worth) {
    const net::Request request;
    const json price = {
        {"total", euros(0)},
        {"by_the_hour", euros(0)},
        {"reference", euros(6'000)},
        {"lines",
         {{{"kind", "free_use"},
           {"unit", "date"},
           {"quantity_quarters", 4},
           {"unit_price", euros(0)},
           {"amount", euros(0)},
           {"supplements", json::array()},
           {"dates", {"2026-12-05"}},
           {"vat", vat(0, "", 0)}}}},
        {"deposits", json::array()},
        {"free_use", {{"kind", "weekend"}, {"school_year", 2026}, {"nth", 1}, {"of", 2}}},
        {"vat_note", ""}};
    for (const auto language : {Language::fr, Language::en}) {
        const auto view = price_view(test::visit(request, language), price, {});
        const bool french = language == Language::fr;
        EXPECT_EQ(text(view["lines"][0]["label"]),
                  french ? "Mise à disposition gratuite" : "Free use");
        EXPECT_EQ(text(view["lines"][0]["detail_text"]),
                  french ? "1 sur 2 le week-end, année scolaire 2026-2027"
                         : "1 of 2 at weekends, school year 2026-2027");
        EXPECT_THAT(text(view["aid_text"]), ::testing::HasSubstr("60"));
        EXPECT_EQ(view["deposit_text"], false);
    }
}

TEST(PriceText, extras__in_one_sentence_for_the_manager) {
    const net::Request request;
    EXPECT_EQ(test::plain(extras_text(test::visit(request), winter_price())),
              "Sonorisation (1 fois à 30 € la réservation) et Technicien (3 h à 32 € l’heure)");
    EXPECT_EQ(extras_text(test::visit(request), json{{"lines", json::array()}}), "");
}

json quote() {
    return {{"price", winter_price()},
            {"quote_id", "01Q"},
            {"category", "B"},
            {"dates", {{{"slot", {{"date", "2026-12-01"}}}, {"state", "free"}}}},
            {"free_count", 1},
            {"total_count", 1},
            {"terms", {{"version", "2026-3"}}},
            {"requirement", {{"payment", "before"}}},
            {"extras_offered",
             {{{"code", "sono"},
               {"label", "Sonorisation"},
               {"per", "booking"},
               {"price", euros(3'000)},
               {"count_max", 1},
               {"deposit", euros(25'000)}},
              {{"code", "technicien"},
               {"label", "Technicien"},
               {"per", "hour"},
               {"price", euros(3'200)},
               {"count_max", 2},
               {"deposit", euros(0)}}}}};
}

RequestForm form_of(std::vector<std::pair<std::string, std::string>> extras) {
    RequestForm form;
    form.offer_id = "01OFFER";
    form.when = {
        {"kind", "single"}, {"date", "2026-12-01"}, {"start_time", "18:00"}, {"end_time", "20:00"}};
    form.organisation_id = "01ORG";
    form.extras = std::move(extras);
    return form;
}

json space() {
    return {{"space_id", "01SPACE"},
            {"body_id", "01BODY"},
            {"slug", "auditorium"},
            {"name", "Auditorium"},
            {"offers", {{{"offer_id", "01OFFER"}, {"name", "Auditorium"}, {"capacity", 120}}}}};
}

const json kMe = {
    {"memberships",
     {{{"role", "president"}, {"organisation", {{"id", "01ORG"}, {"name", "Chorale"}}}}}}};

TEST(RequestExtras, form__asks_for_them_in_a_fold_and_keeps_what_was_chosen) {
    const net::Request request;
    const auto visit = test::signed_in(request, kMe);
    const auto show = [&](const RequestForm& form) {
        return test::page(visit, "request_form",
                          request_form_view(visit, form, space(), quote(), nullptr, nullptr, {}));
    };
    const auto closed = show(form_of({}));
    EXPECT_SAYS(closed, "<summary>Ajouter des options");
    EXPECT_SAYS(closed, "Sonorisation <small>30 € la réservation, dépôt de garantie de 250 €");
    EXPECT_EQ(closed.find("name=\"extra_sono\" value=\"1\" checked"), std::string::npos);
    EXPECT_SAYS(closed, "name=\"act\" value=\"price\"");
    EXPECT_SAYS(closed, "dont chauffage 2,40 €");
    EXPECT_SAYS(closed, "Dépôt de garantie : 300,00 €");
    const auto open = show(form_of({{"sono", "1"}, {"technicien", "2"}}));
    EXPECT_SAYS(open, "<details class=\"more\" open>");
    EXPECT_SAYS(open, "name=\"extra_sono\" value=\"1\" checked");
    EXPECT_SAYS(open, "<option value=\"2\" selected>2</option>");
    auto none = quote();
    none["extras_offered"] = json::array();
    const auto plain =
        test::page(visit, "request_form",
                   request_form_view(visit, form_of({}), space(), none, nullptr, nullptr, {}));
    EXPECT_EQ(plain.find("Ajouter des options"), std::string::npos);
}

TEST(RequestExtras, fields_of_the_form__become_what_the_operation_takes) {
    net::Pairs sent;
    sent.add("purpose", "Concert");
    sent.add("extra_sono", "1");
    sent.add("extra_technicien", "0");
    sent.add("extra_menage", "");
    sent.add("extra_piano", "-3");
    RequestForm form;
    form.extras = chosen_extras(sent);
    EXPECT_EQ(extras_body(form),
              json({{{"code", "sono"}, {"count", 1}}, {{"code", "piano"}, {"count", "-3"}}}));
}

}  // namespace
}  // namespace preau::gateway
