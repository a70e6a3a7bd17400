// Bank statements in the four formats: what is read, and what is refused with the lines named.

#include "services/payment/reconciliation/statement.hpp"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/bank/render.hpp"

namespace preau::payment {
namespace {

using bank_simulator::all_formats;
using bank_simulator::render;
using reconciliation::account_key;
using reconciliation::CsvProfile;
using reconciliation::parse_amount;
using reconciliation::parse_day;
using reconciliation::parse_statement;
using testing::ElementsAre;

bank_simulator::Statement sample() {
    bank_simulator::Statement out;
    out.from = *time::Date::parse("2026-10-01");
    out.until = *time::Date::parse("2026-10-31");
    out.opening = 123'456;
    out.lines = {
        {*time::Date::parse("2026-10-03"), "VIR STRIPE TECHNOLOGY EUROPE po_1Abc payout of october",
         "trace00000042", 104'500, 1},
        {*time::Date::parse("2026-10-05"), "FRAIS TENUE DE COMPTE", "", -1'250, 2},
        {*time::Date::parse("2026-10-05"), "REMISE CHEQUES & ESPECES <12>", "", 7, 3},
        {*time::Date::parse("2026-10-05"), "REMISE CHEQUES & ESPECES <12>", "", 7, 4}};
    return out;
}

std::string bare(const std::string& text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != ' '; });
    return out;
}

/// The codes of the faults with the lines they name.
std::vector<std::string> faults(std::string_view file, const CsvProfile& profile = {}) {
    const auto read = parse_statement(file, profile);
    std::vector<std::string> out;
    if (read) return out;
    EXPECT_EQ(read.error().code, "invalid_statement");
    for (const auto& one : read.error().fields)
        out.push_back(one.pointer + " " + one.code);
    return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    EXPECT_NE(at, text.npos) << what;
    return text.replace(at, what.size(), with);
}

TEST(Formats, one_content_in_every_format__is_one_statement) {
    const auto wanted = sample();
    for (const auto format : all_formats) {
        SCOPED_TRACE(bank_simulator::to_string(format));
        const auto read = parse_statement(render(wanted, format));
        ASSERT_TRUE(read) << read.error().fields.at(0).pointer << read.error().fields.at(0).code;
        ASSERT_EQ(read->lines.size(), wanted.lines.size());
        for (std::size_t i = 0; i < wanted.lines.size(); ++i) {
            EXPECT_EQ(read->lines[i].day, wanted.lines[i].day);
            EXPECT_EQ(read->lines[i].amount, wanted.lines[i].amount);
            EXPECT_EQ(bare(read->lines[i].label), bare(wanted.lines[i].label));
            EXPECT_EQ(read->lines[i].reference, wanted.lines[i].reference);
        }
        EXPECT_EQ(read->closing, wanted.closing());
        EXPECT_EQ(read->until, wanted.until);
        const bool csv = format == bank_simulator::Format::csv;
        const bool ofx =
            format == bank_simulator::Format::ofx1 || format == bank_simulator::Format::ofx2;
        EXPECT_EQ(read->account, csv ? "" : "100713800000001234567");
        if (!ofx) EXPECT_EQ(read->opening, wanted.opening);
        // Two genuine twins are two lines. // F-39
        EXPECT_NE(std::make_pair(read->lines[2].fingerprint, read->lines[2].ordinal),
                  std::make_pair(read->lines[3].fingerprint, read->lines[3].ordinal));
    }
}

TEST(Formats, sum_that_is_not_the_balance__is_refused) {  // F-40
    for (const auto format : all_formats) {
        if (format == bank_simulator::Format::ofx1 || format == bank_simulator::Format::ofx2)
            continue;  // states no opening balance: the desk compares it with the last statement
        SCOPED_TRACE(bank_simulator::to_string(format));
        const auto file = render(sample(), format);
        const auto wrong = format == bank_simulator::Format::camt053
                               ? replaced(file, ">1045.00<", ">1045.01<")
                           : format == bank_simulator::Format::cfonb120
                               ? replaced(file, "0000000010450{", "0000000010450A")
                               : replaced(file, "1 045,00", "1 045,01");
        const auto found = faults(wrong);
        ASSERT_EQ(found.size(), 1U);
        EXPECT_TRUE(found[0].ends_with(" balance")) << found[0];
    }
}

TEST(Formats, cut_anywhere_or_with_a_byte_changed__never_gives_other_money) {  // F-40
    std::mt19937_64 random(20261128);
    const auto wanted = sample();
    for (const auto format : all_formats) {
        SCOPED_TRACE(bank_simulator::to_string(format));
        const auto whole = render(wanted, format);
        // A spreadsheet has no end: its last rows may be missing without any sign.
        const bool has_end = format != bank_simulator::Format::csv;
        for (int i = 0; i < 400; ++i) {
            const auto cut = whole.substr(0, random() % (whole.size() - 40));
            if (has_end) EXPECT_FALSE(parse_statement(cut)) << cut.size();
            auto spoilt = whole;
            spoilt[random() % spoilt.size()] = static_cast<char>(random() % 256);
            const auto read = parse_statement(spoilt);
            if (!read || !read->opening || !read->closing) continue;
            std::int64_t sum = *read->opening;
            for (const auto& line : read->lines)
                sum += line.amount;
            EXPECT_EQ(sum, *read->closing);
        }
    }
}

TEST(Camt, batch_entry__is_a_line_for_each_of_its_transactions) {
    const auto batch = [](const std::string& second) {
        return "<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>FR7610071380000000123456741</IBAN></"
               "Id>"
               "</Acct>\n<Ntry><Amt Ccy=\"EUR\">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK"
               "</Cd></Sts><BookgDt><DtTm>2026-10-03T09:00:00</DtTm></BookgDt><NtryDtls>"
               "<TxDtls><Refs><EndToEndId>A</EndToEndId></Refs><AmtDtls><TxAmt><Amt "
               "Ccy=\"EUR\">10.00"
               "</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>PA-1</Ustrd></RmtInf></TxDtls>"
               "<TxDtls><Refs><EndToEndId>B</EndToEndId></Refs><Amt Ccy=\"EUR\">" +
               second +
               "</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Judo</Nm></Pty></Dbtr>"
               "</RltdPties></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>";
    };
    const auto read = parse_statement(batch("20.00"));
    ASSERT_TRUE(read) << read.error().fields.at(0).code;
    ASSERT_EQ(read->lines.size(), 2U);
    EXPECT_EQ(read->lines[0].amount, 1'000);
    EXPECT_EQ(read->lines[0].reference, "A");
    EXPECT_EQ(read->lines[0].label, "PA-1");
    EXPECT_EQ(read->lines[1].amount, 2'000);
    EXPECT_EQ(read->lines[1].label, "Judo");
    EXPECT_THAT(faults(batch("20.01")), ElementsAre("/lines/2 batch"));
}

TEST(Camt, what_is_not_booked__is_no_line) {
    auto file = render(sample(), bank_simulator::Format::camt053);
    file = replaced(file, "<Ntry>",
                    "<Ntry><Amt Ccy=\"EUR\">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                    "<Sts>PDNG</Sts></Ntry><Ntry>");
    const auto read = parse_statement(file);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->lines.size(), 4U);
}

TEST(Camt, hostile_or_foreign_xml__is_refused_unread) {  // F-40
    std::string laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n<!ENTITY lol \"lol\">\n";
    for (int i = 1; i < 10; ++i) {
        const auto below = i == 1 ? std::string("lol") : "lol" + std::to_string(i - 1);
        laughs += "<!ENTITY lol" + std::to_string(i) + " \"";
        for (int k = 0; k < 10; ++k)
            laughs += "&" + below + ";";
        laughs += "\">\n";
    }
    laughs += "]>\n<Document><BkToCstmrStmt><Stmt>&lol9;</Stmt></BkToCstmrStmt></Document>";
    EXPECT_THAT(faults(laughs), ElementsAre("/lines/2 doctype"));
    EXPECT_THAT(faults("<html><body>Erreur</body></html>"), ElementsAre("/lines/1 unknown_format"));
    EXPECT_THAT(faults("<Document>\n<BkToCstmrStmt>\n<Stmt></Document>"),
                ElementsAre("/lines/3 xml"));
    const auto file = render(sample(), bank_simulator::Format::camt053);
    const auto yen = faults(replaced(file, "<Ntry><Amt Ccy=\"EUR\"", "<Ntry><Amt Ccy=\"JPY\""));
    ASSERT_FALSE(yen.empty());
    EXPECT_EQ(yen[0], "/lines/7 currency");
    // As deep as you like: no recursion follows it.
    std::string deep = "<Document>";
    for (int i = 0; i < 200'000; ++i)
        deep += "<a>";
    EXPECT_FALSE(faults(deep).empty());
}

TEST(Cfonb, records__are_taken_at_their_positions_and_nowhere_else) {
    const auto file = render(sample(), bank_simulator::Format::cfonb120);
    const auto second_movement = faults(replaced(file, "FRAIS TENUE", "FRAIS"));
    ASSERT_EQ(second_movement.size(), 1U);
    EXPECT_TRUE(second_movement[0].ends_with(" record")) << second_movement[0];
    // Without line ends, and in UTF-8 where a character may be two bytes.
    std::string joined;
    std::ranges::copy_if(file, std::back_inserter(joined),
                         [](char c) { return c != '\r' && c != '\n'; });
    const auto read = parse_statement(joined);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->lines.size(), 4U);
    const auto accents = parse_statement(replaced(file, "FRAIS",
                                                  "FR\xC3\x89"
                                                  "IS"));
    ASSERT_TRUE(accents);
    EXPECT_THAT(accents->lines[1].label, testing::StartsWith("FR\xC3\x89"
                                                             "IS"));
    const auto latin = parse_statement(replaced(file, "FRAIS",
                                                "FR\xC9"
                                                "IS"));
    ASSERT_TRUE(latin);
    EXPECT_EQ(latin->lines[1].label, accents->lines[1].label);
    // A complement of nothing, a balance in another currency, a digit without its sign.
    EXPECT_THAT(faults(file.substr(0, 122) + file.substr(122 * 2)),
                testing::Contains(testing::EndsWith(" order")));
    EXPECT_THAT(faults(replaced(file, "EUR2", "USD2")), testing::Contains("/lines/1 currency"));
    EXPECT_THAT(faults(replaced(file, "0000000010450{", "00000000104500")),
                testing::Contains(testing::EndsWith(" amount")));
}

TEST(Ofx, balance_of_the_moment_of_the_download__is_not_taken_for_the_periods) {
    const auto file = render(sample(), bank_simulator::Format::ofx1);
    const auto later = parse_statement(replaced(file, "<DTASOF>20261031", "<DTASOF>20261115"));
    ASSERT_TRUE(later);
    EXPECT_FALSE(later->closing);
    EXPECT_THAT(faults(replaced(file, "<CURDEF>EUR", "<CURDEF>CHF")),
                testing::Contains(testing::EndsWith(" currency")));
    EXPECT_THAT(faults(replaced(file, "<OFX>", "<!DOCTYPE OFX>\n<OFX>")),
                testing::Contains(testing::EndsWith(" doctype")));
}

TEST(Csv, preamble_and_own_names_of_columns__are_read_by_the_profile) {
    const std::string file =
        "Compte ;00012345\r\nSolde au 31/10;1 000,00\r\nJour;Motif;Sortie;Entree\r\n"
        "03/10/2026;VIR;;12,00\r\n04/10/2026;FRAIS;3,00;\r\n0X/10/2026;Z;;1,00\r\n";
    EXPECT_THAT(faults(file), ElementsAre("/lines/1 columns"));
    const CsvProfile profile{"Jour",
                             "Motif",
                             "",
                             "Sortie",
                             "Entr\xC3\xA9"
                             "e",
                             ""};
    EXPECT_THAT(faults(file, profile), ElementsAre("/lines/6 date"));
    const auto read = parse_statement(replaced(file, "0X", "05"), profile);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->lines.size(), 3U);
    EXPECT_EQ(read->lines[1].amount, -300);
}

TEST(Account, of_an_iban_and_of_its_parts__is_one) {
    EXPECT_EQ(account_key("FR76 1007 1380 0000 0012 3456 741"),
              account_key("10071", "38000", "00001234567"));
    EXPECT_EQ(account_key("de89 3704 0044 0532 0130 00"), "DE89370400440532013000");
    EXPECT_EQ(reconciliation::masked_account("100713800000001234567"), "…4567");
    EXPECT_EQ(parse_day("20261003"), parse_day("03/10/2026"));
}

TEST(Amount, as_banks_write_it__is_read_to_the_cent) {
    EXPECT_EQ(parse_amount("1 234,56"), 123'456);
    EXPECT_EQ(parse_amount("1\u00A0234,5"), 123'450);
    EXPECT_EQ(parse_amount("-12"), -1'200);
    EXPECT_EQ(parse_amount("+0.07"), 7);
    for (const auto* bad : {"", "1,234.56", "1,2,3", "12,345", "1e3", "--1", ",50", "1,", "€5"}) {
        EXPECT_FALSE(parse_amount(bad)) << bad;
    }
}

TEST(Statement, in_the_encodings_and_columns_of_banks__gives_the_same_lines) {
    const auto plain = parse_statement(
        "date;libelle;montant;reference\n03/10/2026;Virement re\xC3\xA7u;1 045,00;X1\n");
    ASSERT_TRUE(plain) << plain.error().fields.at(0).detail;
    EXPECT_EQ(plain->lines.at(0).amount, 104'500);
    EXPECT_EQ(plain->lines.at(0).day.iso(), "2026-10-03");
    const auto marked = parse_statement(
        "\xEF\xBB\xBF"
        "Date;Libell\xC3\xA9;Montant;R\xC3\xA9"
        "f\xC3\xA9rence\r\n2026-10-03;Virement re\xC3\xA7u;1045,00;X1\r\n");
    ASSERT_TRUE(marked);
    EXPECT_EQ(marked->lines, plain->lines);
    const auto latin = parse_statement(
        "Date;Libell\xE9;D\xE9"
        "bit;Cr\xE9"
        "dit;R\xE9"
        "f\xE9rence\n03/10/2026;Virement re\xE7u;;1045,00;X1\n");
    ASSERT_TRUE(latin);
    EXPECT_EQ(latin->lines, plain->lines);
    const auto commas = parse_statement(
        "date,libelle,montant,reference\n03/10/2026,\"Virement re\xC3\xA7u\",\"1 045,00\",X1\n");
    ASSERT_TRUE(commas);
    EXPECT_EQ(commas->lines, plain->lines);
}

TEST(Statement, without_its_columns_or_lines__is_refused) {  // F-40
    EXPECT_EQ(parse_statement("").error().fields.at(0).pointer, "/lines/1");
    EXPECT_EQ(parse_statement("a;b\n1;2\n").error().code, "invalid_statement");
    EXPECT_FALSE(parse_statement("date;libelle;montant\n"));
    EXPECT_FALSE(parse_statement("date;libelle;montant\n03/10/2026;VIR\n"));
    EXPECT_FALSE(parse_statement("date;libelle;debit;credit\n03/10/2026;VIR;1,00;1,00\n"));
}

}  // namespace
}  // namespace preau::payment
