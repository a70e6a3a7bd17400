#include "shared/text/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace preau::text {
namespace {

using testing::ElementsAre;

TEST(Csv, parse__quotes_commas_and_line_ends) {
    const CsvTable table = parse_csv("a,b\r\n\"x, y\",\"say \"\"oui\"\"\"\r\nplain,\r\n");
    ASSERT_THAT(table.header, ElementsAre("a", "b"));
    ASSERT_EQ(table.rows.size(), 2U);
    EXPECT_THAT(table.rows[0].fields, ElementsAre("x, y", "say \"oui\""));
    EXPECT_THAT(table.rows[1].fields, ElementsAre("plain", ""));
    EXPECT_EQ(table.rows[1].line, 3U);
}

TEST(Csv, parse__byte_order_mark_and_semicolons) {
    const CsvTable table =
        parse_csv("\xEF\xBB\xBFnumero_uai;nom\n0382042N;\"La Garenne; Voiron\"\n");
    EXPECT_THAT(table.header, ElementsAre("numero_uai", "nom"));
    EXPECT_THAT(table.rows[0].fields, ElementsAre("0382042N", "La Garenne; Voiron"));
    EXPECT_EQ(table.column({"uai", "numero_uai"}), 0U);
    EXPECT_EQ(table.column({"absent"}), std::nullopt);
}

TEST(Csv, parse__line_break_inside_quotes__keeps_line_numbers) {
    const CsvTable table = parse_csv("a,b\n\"one\ntwo\",x\nlast,y\n");
    ASSERT_EQ(table.rows.size(), 2U);
    EXPECT_EQ(table.rows[0].fields[0], "one\ntwo");
    EXPECT_EQ(table.rows[0].line, 2U);
    EXPECT_EQ(table.rows[1].line, 4U);
}

TEST(Csv, parse__last_line_without_end_and_blank_lines) {
    const CsvTable table = parse_csv("a,b\n\n1,2\n\n3,4");
    ASSERT_EQ(table.rows.size(), 2U);
    EXPECT_THAT(table.rows[1].fields, ElementsAre("3", "4"));
    EXPECT_EQ(table.rows[1].line, 5U);
}

TEST(Csv, parse__broken_lines__are_reported_and_the_others_read) {
    const CsvTable table = parse_csv(
        "a,b\n"
        "1,2,3\n"             // 2: too many
        "1\n"                 // 3: too few
        "\"never closed,2\n"  // 4
        "\"x\"y,2\n"          // 5
        "1,x\"y\n"            // 6
        "Coll\xE8ge,2\n"      // 7: Latin-1
        "good,line\n");
    ASSERT_EQ(table.rows.size(), 7U);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_FALSE(table.rows[i].fault.empty()) << table.rows[i].line;
        EXPECT_EQ(table.rows[i].line, i + 2);
    }
    EXPECT_THAT(table.rows[6].fields, ElementsAre("good", "line"));
    EXPECT_TRUE(table.rows[6].fault.empty());
}

TEST(Csv, parse__nothing__is_an_empty_table) {
    EXPECT_TRUE(parse_csv("").header.empty());
    EXPECT_TRUE(parse_csv("a,b\n").rows.empty());
}

}  // namespace
}  // namespace preau::text
