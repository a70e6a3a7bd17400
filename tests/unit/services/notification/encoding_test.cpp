#include "services/notification/channel/email/encoding.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/channel/email/mime.hpp"
#include "shared/net/smtp.hpp"

namespace preau::notification::email {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Every line at most 76 columns of ASCII, each a beginning "Name:" or a continuation.
void expect_header_lines(const std::string& header) {
    ASSERT_TRUE(header.ends_with("\r\n"));
    std::string_view rest = header;
    bool first = true;
    while (!rest.empty()) {
        const auto end = rest.find("\r\n");
        const auto line = rest.substr(0, end);
        EXPECT_LE(line.size(), 76U) << line;
        EXPECT_TRUE(first || line.starts_with(' ')) << "a line of its own: " << line;
        for (const char c : line)
            EXPECT_TRUE(c >= ' ' && c <= '~');
        first = false;
        rest.remove_prefix(end + 2);
    }
}

Mail mail_with(const std::string& subject, const std::string& name = "Léa Morel") {
    Mail mail;
    mail.id = "01JD0000000000000000000001";
    mail.thread = "01JD0000000000000000000002";
    mail.date = {1'795'336'200};
    mail.from = {"Préau", "preau@example.org"};
    mail.to = {name, "lea@example.org"};
    mail.subject = subject;
    mail.language = "fr";
    mail.text = "Bonjour,\n\nà bientôt.\n";
    mail.html = "<!doctype html>\n<p>à bientôt</p>\n";
    return mail;
}

TEST(Encoding, text_header__plain_ascii__stays_readable) {
    EXPECT_EQ(text_header("Subject", "Room 12"), "Subject: Room 12\r\n");
}

TEST(Encoding, text_header__long_text_with_accents_and_emoji__folds_between_characters) {
    const std::string subject =
        "PR-7F3K-2 : demande acceptée 🏀🏀🏀 gymnase de l’été, réservé à l’association Éclair "
        "sportif "
        "de Saint-Égrève et environs, 33 dates";
    const auto header = text_header("Subject", subject);
    expect_header_lines(header);
    EXPECT_EQ(parse(compose(mail_with(subject)))->subject, subject);
}

TEST(Encoding, text_header__every_length__comes_back_as_it_was) {
    // Characters of one to four bytes at every position of the word's limit.
    std::mt19937_64 random(38);
    const std::vector<std::string> letters{"a", "é", "€", "🏀", " ", "=?", "_", "'"};
    for (int i = 0; i < 300; ++i) {
        std::string text = "x";
        for (int n = i % 120; n > 0; --n)
            text += letters[random() % letters.size()];
        text = one_line(text + "y");
        expect_header_lines(text_header("Subject", text));
        EXPECT_EQ(parse(compose(mail_with(text)))->subject, text) << i;
    }
}

TEST(Encoding, text_header__line_breaks_in_the_value__begin_no_header) {
    for (const std::string evil :
         {"ok\r\nBcc: all@example.org", "ok\nBcc: all@example.org", "ok\rBcc: all@example.org",
          "é\r\nBcc: all@example.org", "ok\r\n\r\n<script>",
          "ok\xe2\x80\xa8"
          "Bcc: all@example.org",
          "ok\xc2\x85"
          "Bcc: all@example.org"}) {
        const auto header = text_header("Subject", evil);
        expect_header_lines(header);
        EXPECT_THAT(header, Not(HasSubstr("\nBcc"))) << evil;
    }
    // The control: written as it comes, it would have been a header of its own.
    const std::string naive = "Subject: " + std::string("ok\r\nBcc: all@example.org") + "\r\n";
    EXPECT_THAT(naive, HasSubstr("\nBcc"));
}

TEST(Encoding, text_header__looks_like_an_encoded_word__is_encoded) {
    const std::string evil = "=?UTF-8?B?SGFja2Vk?=";
    EXPECT_THAT(text_header("Subject", evil), Not(HasSubstr("SGFja2Vk")));
    EXPECT_EQ(parse(compose(mail_with(evil)))->subject, evil);
}

TEST(Encoding, mailbox__names_of_every_kind__come_back) {
    for (const std::string name :
         {"Léa Morel", "O'Brien, Pat", "Dr. \"Bob\" \\ X", "Plain Name", "山田太郎", "a@b.c", ""}) {
        const auto mail = mail_with("x", name);
        const auto back = parse(compose(mail));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->to.name, name);
        EXPECT_EQ(back->to.address, "lea@example.org");
    }
}

TEST(Encoding, mailbox__name_with_another_address__stays_a_name) {
    const auto mail = mail_with("x", "Eve <eve@example.com>, \r\nBcc: b@example.com");
    const auto message = compose(mail);
    EXPECT_THAT(message, Not(HasSubstr("\nBcc")));
    EXPECT_EQ(parse(message)->to.address, "lea@example.org");
}

TEST(Encoding, quoted_printable__accents_equals_and_long_lines__stay_within_76) {
    std::string text = "é=1 \n.\nFrom here\ttab\t\n" + std::string(200, 'a') + "🏀\nend";
    const auto encoded = quoted_printable(text);
    std::string_view rest = encoded;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("\r\n"), rest.size());
        EXPECT_LE(end, 76U);
        EXPECT_FALSE(rest.substr(0, end).ends_with(' '));
        EXPECT_FALSE(rest.substr(0, end).ends_with('\t'));
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    EXPECT_THAT(encoded, HasSubstr("=C3=A9=3D1=20\r\n"));
    auto mail = mail_with("x");
    mail.text = text;
    EXPECT_EQ(parse(compose(mail))->text, text);
}

TEST(Encoding, quoted_printable__random_bytes_of_text__come_back) {
    std::mt19937_64 random(7);
    const std::vector<std::string> letters{"a", "é", "=", " ", "\t", "\n", ".", "🏀", "~"};
    for (int i = 0; i < 300; ++i) {
        auto mail = mail_with("x");
        mail.text.clear();
        for (int n = 0; n < i; ++n)
            mail.text += letters[random() % letters.size()];
        EXPECT_EQ(parse(compose(mail))->text, mail.text) << i;
    }
}

TEST(Encoding, one_line__broken_utf8__becomes_replacement_characters) {
    EXPECT_EQ(one_line("a\xff"
                       "b"),
              "a\xef\xbf\xbd"
              "b");
    EXPECT_EQ(one_line("\xc3"), "\xef\xbf\xbd");
    EXPECT_EQ(one_line("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
    EXPECT_EQ(one_line("  a \t\r\n b  "), "a b");
}

TEST(Encoding, date__both_sides_of_the_clock_changes__has_the_offset_of_paris) {
    EXPECT_EQ(date_text({1'792'889'999}), "Sun, 25 Oct 2026 02:59:59 +0200");
    EXPECT_EQ(date_text({1'792'890'000}), "Sun, 25 Oct 2026 02:00:00 +0100");
    EXPECT_EQ(date_text({1'806'195'600}), "Sun, 28 Mar 2027 03:00:00 +0200");
}

TEST(Mime, compose__has_the_headers_of_an_automatic_message) {
    const auto message = compose(mail_with("x"));
    for (const auto* line : {"Date: Sun, 22 Nov 2026 09:30:00 +0100\r\n",
                             "To: =?UTF-8?B?TMOpYSBNb3JlbA==?= <lea@example.org>\r\n",
                             "Message-ID: <01JD0000000000000000000001@example.org>\r\n",
                             "References: <01JD0000000000000000000002@example.org>\r\n",
                             "Auto-Submitted: auto-generated\r\n", "Content-Language: fr\r\n",
                             "MIME-Version: 1.0\r\n"}) {
        EXPECT_THAT(message, HasSubstr(line));
    }
    EXPECT_THAT(message, Not(HasSubstr("List-")));
    EXPECT_EQ(message, compose(mail_with("x")));
    // Bare CR or LF nowhere, nothing beyond ASCII.
    for (std::size_t i = 0; i < message.size(); ++i) {
        EXPECT_EQ(message[i] == '\r', i + 1 < message.size() && message[i + 1] == '\n');
        EXPECT_GT(message[i], 0);
    }
}

TEST(Mime, parse__with_an_attachment__gives_every_part_back) {
    auto mail = mail_with("x");
    mail.attachments = {{"preau-PR-1.ics", "text/calendar; method=PUBLISH; charset=UTF-8",
                         "BEGIN:VCALENDAR\r\nX:\xc3\xa9\r\nEND:VCALENDAR\r\n"}};
    const auto back = parse(compose(mail));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->text, mail.text);
    EXPECT_EQ(back->html, mail.html);
    ASSERT_EQ(back->attachments.size(), 1U);
    EXPECT_EQ(back->attachments[0].name, "preau-PR-1.ics");
    EXPECT_EQ(back->attachments[0].type, mail.attachments[0].type);
    EXPECT_EQ(back->attachments[0].content, mail.attachments[0].content);
    EXPECT_EQ(back->id, mail.id);
    EXPECT_FALSE(parse("no message"));
}

TEST(Mime, attachment__name_that_would_end_its_quotes__is_bare) {
    auto mail = mail_with("x");
    mail.attachments = {{"a\"\r\nX-Evil: 1/../b.ics", "text/calendar", "x"}};
    const auto message = compose(mail);
    EXPECT_THAT(message, Not(HasSubstr("X-Evil: ")));
    EXPECT_EQ(parse(message)->attachments[0].name, "aX-Evil1..b.ics");
}

TEST(Address, address_from__reads_name_and_address_and_refuses_the_rest) {
    EXPECT_EQ(address_from("Préau <a@b.fr>")->name, "Préau");
    EXPECT_EQ(address_from("\"Préau\" <a@b.fr>")->name, "Préau");
    EXPECT_EQ(address_from("a@b.fr")->address, "a@b.fr");
    for (const auto* bad : {"", "x", "a@", "@b", "a b@c.fr", "a@b@c", "a@b>\r\nRCPT TO:<c@d",
                            "Name <a@b", "é@b.fr", "a,b@c.fr", "a@b.fr\n"}) {
        EXPECT_FALSE(address_from(bad)) << bad;
    }
}

}  // namespace
}  // namespace preau::notification::email
