// What people read.

#include "services/notification/channel/email/letter.hpp"

#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/notification/post.hpp"

namespace preau::notification::email {
namespace {

using namespace notification::test;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Situation about(Kind kind, words::Language language = words::Language::fr) {
    Situation out;
    out.message.id = "01JD0000000000000000000001";
    out.message.kind = kind;
    out.message.booking_id = booking_id;
    out.message.created_at = {1'795'336'200};
    const bool money = kind == Kind::paid || kind == Kind::refunded;
    out.facts = money ? payment_fact("payment_paid.v1", 1).data
                      : booking_fact("submitted", "submitted", 1).data;
    out.booking = booking_json();
    out.reader = {lea, "Léa Morel", "lea@example.org", language};
    out.organisation_name = "AS La Garenne";
    out.contact = "salles@isere.example";
    return out;
}

constexpr Kind kAll[] = {Kind::submitted,
                         Kind::received,
                         Kind::accepted,
                         Kind::confirmed,
                         Kind::refused,
                         Kind::expired,
                         Kind::paid,
                         Kind::cancelled_by_hirer,
                         Kind::cancelled_notice,
                         Kind::refunded,
                         Kind::cancelled_by_body,
                         Kind::not_retaken,
                         Kind::documents_asked,
                         Kind::documents_provided,
                         Kind::endorsed,
                         Kind::suspended,
                         Kind::resumed,
                         Kind::dates_cancelled,
                         Kind::counter_proposed,
                         Kind::proposal_declined,
                         Kind::expired_notice,
                         Kind::answer_due,
                         Kind::answer_overdue};

TEST(Letter, every_kind_in_both_languages__is_complete) {  // S123
    const auto write = letters();
    for (const auto kind : kAll) {
        for (const auto language : {words::Language::fr, words::Language::en}) {
            const auto mail = write.write(about(kind, language));
            const auto name = std::string(to_string(kind));
            EXPECT_TRUE(mail.subject.starts_with("PR-7F3K-2")) << name;
            for (const auto& text : {mail.subject, mail.text, mail.html}) {
                // A sentence that is missing shows as [its.key], a value as {its name}.
                EXPECT_THAT(text, Not(HasSubstr("[mail."))) << name;
                EXPECT_THAT(text, Not(HasSubstr("{"))) << name;
                EXPECT_THAT(text, Not(HasSubstr("\n\n\n"))) << name;
            }
            EXPECT_THAT(mail.text, HasSubstr("Léa Morel")) << name;
            EXPECT_THAT(mail.text, HasSubstr("https://preau.example/")) << name;
            EXPECT_THAT(mail.html, HasSubstr("<html lang=\"" + mail.language + "\">"));
            EXPECT_LE(compose(mail).size(), 15U * 1024U) << name;
            EXPECT_THAT(mail.html, Not(HasSubstr("<img")));
            EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
            EXPECT_EQ(mail.attachments.size(), kind == Kind::confirmed ? 1U : 0U) << name;
        }
    }
}

TEST(Letter, text_and_html__say_the_same_facts) {
    const auto mail = letters().write(about(Kind::accepted));
    for (const auto* fact : {"42,00\u00a0€", "30 novembre 2026 à 7\u00a0h\u00a050",
                             "mardi 1ᵉʳ décembre 2026", "Collège La Garenne", "Éveil sportif"}) {
        EXPECT_THAT(mail.text, HasSubstr(fact));
        EXPECT_THAT(mail.html, HasSubstr(fact));
    }
    EXPECT_THAT(mail.text, HasSubstr("https://preau.example/suivi/" + booking_id));
}

TEST(Letter, request_with_a_date_left_out__names_it_and_why) {
    const auto mail = letters().write(about(Kind::submitted));
    EXPECT_THAT(mail.text, HasSubstr("mardi 8 décembre 2026"));
    EXPECT_THAT(mail.text, HasSubstr("réservé par une autre association"));
    EXPECT_THAT(mail.text, HasSubstr("27 novembre 2026 à 18\u00a0h"));
}

TEST(Letter, refusal__gives_reason_and_explanation) {
    const auto mail = letters().write(about(Kind::refused));
    EXPECT_THAT(mail.text, HasSubstr("Aucun agent n’est en service à ces heures"));
    EXPECT_THAT(mail.text, HasSubstr("Agent absent"));
}

TEST(Letter, expiry__unpaid_and_unanswered_are_told_apart) {
    auto situation = about(Kind::expired);
    EXPECT_THAT(letters().write(situation).text, HasSubstr("Le paiement n’est pas arrivé"));
    situation.facts["requirement"]["pay_by"] = nullptr;
    situation.booking["requirement"]["pay_by"] = nullptr;
    EXPECT_THAT(letters().write(situation).text, HasSubstr("n’a pas reçu de réponse"));
}

// S87
TEST(Letter, expiry__of_a_question_or_a_proposal_says_whose_answer_did_not_come) {
    auto situation = about(Kind::expired);
    situation.facts["reason_code"] = "documents_missing";
    EXPECT_THAT(letters().write(situation).text, HasSubstr("La question du collège"));
    situation.facts["reason_code"] = "proposal_unanswered";
    EXPECT_THAT(letters().write(situation).text, HasSubstr("La proposition du collège"));
}

TEST(Letter, question_and_answer__are_told_in_the_words_that_were_written) {
    auto situation = about(Kind::documents_asked);
    situation.booking["asked"] = "L’attestation\nde 2027";
    const auto asked = letters().write(situation).text;
    EXPECT_THAT(asked, HasSubstr("L’attestation de 2027"));
    EXPECT_THAT(asked, HasSubstr("https://preau.example/suivi/" + booking_id));
    situation = about(Kind::documents_provided);
    situation.booking["answered"] = "Envoyée hier";
    const auto answered = letters().write(situation).text;
    EXPECT_THAT(answered, HasSubstr("Envoyée hier"));
    EXPECT_THAT(answered, HasSubstr("/gestion/a-traiter/" + booking_id));
}

TEST(Letter, proposal__gives_its_own_dates_room_price_and_deadline) {
    auto situation = about(Kind::counter_proposed);
    auto date = situation.booking["occurrences"][0];
    date["slot"]["date"] = "2027-01-14";
    situation.booking["proposal"] = {
        {"space_name", "Salle polyvalente"},         {"offer_name", "Salle entière"},
        {"message", "Le gymnase est pris"},          {"deadline", "2026-11-29T18:00:00+01:00"},
        {"price", {{"total", {{"amount", 1'500}}}}}, {"occurrences", {date}}};
    const auto mail = letters().write(situation).text;
    for (const auto* fact : {"Salle polyvalente – Salle entière", "Le gymnase est pris",
                             "29 novembre 2026 à 18\u00a0h", "15,00\u00a0€", "14 janvier 2027"}) {
        EXPECT_THAT(mail, HasSubstr(fact));
    }
    EXPECT_THAT(mail, Not(HasSubstr("1ᵉʳ décembre 2026")));
}

TEST(Letter, grant_in_part__explains_what_was_left_out) {
    auto situation = about(Kind::confirmed);
    situation.booking["decision"] = {{"reason_code", "school_need"},
                                     {"reason_text", "Conseils de classe"}};
    situation.booking["occurrences"][1]["reason"] = "no_staff";
    situation.booking["occurrences"][1]["state"] = "left_out";
    const auto mail = letters().write(situation).text;
    EXPECT_THAT(mail, HasSubstr("Conseils de classe"));
    EXPECT_THAT(mail, HasSubstr("Aucun agent n’est en service"));
}

TEST(Letter, confirmation__carries_one_event_for_each_planned_date) {  // S124
    const auto mail = letters().write(about(Kind::confirmed));
    ASSERT_THAT(mail.attachments, SizeIs(1));
    const auto& file = mail.attachments[0];
    EXPECT_EQ(file.name, "preau-PR-7F3K-2.ics");
    EXPECT_THAT(file.type, HasSubstr("method=PUBLISH"));
    EXPECT_THAT(file.content, HasSubstr("UID:01JD00000000000000000000F1@example.org\r\n"));
    EXPECT_THAT(file.content, HasSubstr("DTSTART;TZID=Europe/Paris:20270406T180000\r\n"));
    EXPECT_THAT(file.content, Not(HasSubstr("F2@")));
    EXPECT_THAT(file.content, HasSubstr("SEQUENCE:3\r\n"));
    EXPECT_THAT(mail.text, HasSubstr("agenda"));
}

TEST(Letter, confirmation_without_money__says_free_or_invoice) {
    auto situation = about(Kind::confirmed);
    situation.booking["price"]["total"]["amount"] = 0;
    situation.booking["requirement"]["payment"] = "none";
    EXPECT_THAT(letters().write(situation).text, HasSubstr("gratuite"));
    situation = about(Kind::confirmed);
    situation.booking["requirement"]["payment"] = "later";
    EXPECT_THAT(letters().write(situation).text, HasSubstr("facture"));
    // A booking of before the tariffs has no price: nothing is said of it.
    situation.booking["price"] = nullptr;
    situation.facts["price"] = nullptr;
    const auto text = letters().write(situation).text;
    EXPECT_THAT(text, Not(HasSubstr("gratuite")));
    EXPECT_THAT(text, Not(HasSubstr("€")));
}

TEST(Letter, manager__gets_the_inbox_and_the_reason_why_he_is_told) {
    const auto mail = letters().write(about(Kind::received, words::Language::en));
    EXPECT_THAT(mail.text, HasSubstr("https://preau.example/gestion/a-traiter/" + booking_id));
    EXPECT_THAT(mail.text, HasSubstr("you manage the rooms"));
    EXPECT_THAT(mail.text, HasSubstr("24"));
}

TEST(Letter, text_of_people__is_escaped_in_html_and_begins_no_line) {  // S139
    auto situation = about(Kind::received);
    situation.booking["purpose"] = "<script>x</script>\n\nPayez ici\u2028https://evil.example";
    situation.organisation_name = "A\r\nBcc: all@example.org";
    situation.reader.name = "<b>\r\nX: y";
    const auto mail = letters().write(situation);
    EXPECT_THAT(mail.html, Not(HasSubstr("<script>x")));
    EXPECT_THAT(mail.html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(mail.text, Not(HasSubstr("\nPayez ici")));
    const auto message = compose(mail);
    EXPECT_THAT(message, Not(HasSubstr("\nBcc:")));
    EXPECT_THAT(message, Not(HasSubstr("\nX: y")));
}

TEST(Letter, series_of_200_dates__lists_all_of_them) {
    auto situation = about(Kind::submitted);
    auto one = situation.booking["occurrences"][0];
    situation.booking["occurrences"] = nlohmann::json::array();
    for (int i = 0; i < 200; ++i)
        situation.booking["occurrences"].push_back(one);
    const auto mail = letters().write(situation);
    EXPECT_THAT(mail.text, HasSubstr("200 dates"));
    EXPECT_LE(mail.html.size(), 20U * 1024U);
}

TEST(Letter, zone_of_the_process__does_not_matter) {
    const auto write = letters();
    std::string first;
    const char* before = std::getenv("TZ");
    const std::string kept = before != nullptr ? before : "";
    for (const auto* zone : {"UTC", "America/New_York", "Pacific/Kiritimati"}) {
        ::setenv("TZ", zone, 1);
        ::tzset();
        const auto message = compose(write.write(about(Kind::confirmed)));
        if (first.empty()) first = message;
        EXPECT_EQ(message, first) << zone;
    }
    if (kept.empty()) {
        ::unsetenv("TZ");
    } else {
        ::setenv("TZ", kept.c_str(), 1);
    }
    ::tzset();
}

}  // namespace
}  // namespace preau::notification::email
