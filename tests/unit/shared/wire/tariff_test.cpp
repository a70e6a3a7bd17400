#include "shared/wire/tariff.hpp"

#include <gmock/gmock.h>

namespace preau::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const auto kBody = base::BodyId::seeded(1, "isere");
const auto kCollege = base::EstablishmentId::seeded(1, "vercors");

time::Date day(const char* iso) {
    return time::Date::parse(iso).value();
}

Tariff vote(const char* seed, std::int64_t cents, bool own = false, std::int64_t version = 1) {
    Tariff out;
    out.body = kBody;
    if (own) out.establishment = kCollege;
    out.grid.id = base::seeded_ulid(1, seed);
    out.grid.number = 1;
    out.grid.voted_on = day("2026-06-26");
    out.grid.executory_from = day("2026-09-01");
    out.grid.lines = {{"gym", 'C', rules::Unit::hour, {cents}},
                      {"gym", 'C', rules::Unit::season, {80'000}},
                      {"gym", 'A', rules::Unit::hour, {0}}};
    out.grid.vat_note = "TVA non applicable, art. 256 B du CGI";
    out.version = version;
    return out;
}

rules::Slot evening(const char* date) {
    const auto at = time::Zone::paris().instant(day(date), 18 * 60).value();
    return {day(date), 18 * 60, 20 * 60, {at, at + 7'200}};
}

TEST(WireTariff, vote__both_ways_are_the_same) {
    for (const bool own : {false, true}) {
        const auto value = to_json(vote("one", 1'370, own));
        const auto read = tariff_from_json(value);
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(to_json(*read), value);
        EXPECT_EQ(read->grid.own, own);
        EXPECT_EQ(read->grid.lines.size(), 3U);
    }
}

Tariff full_vote() {
    Tariff out = vote("full", 1'370);
    auto& grid = out.grid;
    grid.lines[0].vat = {2'000, "TVA 20 %"};
    grid.modifiers = {{rules::ModifierKind::heating, "gym", 15, {}, {11, 1}, {3, 31}},
                      {rules::ModifierKind::weekend, "gym", 0, {500}}};
    grid.extras = {{"sono", "Sonorisation", {"gym"}, rules::Unit::booking, {3'000}, 1, {25'000}},
                   {"technicien",
                    "Technicien",
                    {"gym"},
                    rules::Unit::hour,
                    {3'250},
                    2,
                    {},
                    {1'000, "TVA 10 %"}}};
    grid.deposits = {{"gym", rules::Unit::weekend, {30'000}}};
    grid.down_payment = {30, {30'000}, 30};
    grid.free_uses = {{"gym"}, 1, 1};
    grid.by_creation = true;
    return out;
}

TEST(WireTariff, vote_with_all_its_rules__both_ways_are_the_same) {
    const auto value = to_json(full_vote());
    const auto read = tariff_from_json(value);
    ASSERT_TRUE(read) << read.error().fields.at(0).pointer;
    EXPECT_EQ(to_json(*read), value);
    EXPECT_EQ(read->grid.modifiers.size(), 2U);
    EXPECT_TRUE(read->grid.by_creation);
    EXPECT_EQ(read->grid.extras.at(1).vat, (rules::Vat{1'000, "TVA 10 %"}));
    rules::TariffVersion again;
    ASSERT_TRUE(rules_from_json(rules_json(read->grid), again));
    EXPECT_EQ(rules_json(again), rules_json(read->grid));
}

TEST(WireTariff, vote_of_before_there_were_rules__has_none) {
    auto value = to_json(vote("one", 1'370));
    for (const auto* member :
         {"modifiers", "extras", "deposits", "down_payment", "free_uses", "price_date"})
        value.erase(member);
    const auto read = tariff_from_json(value);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->grid.modifiers.empty());
    EXPECT_FALSE(read->grid.by_creation);
    EXPECT_EQ(read->grid.down_payment.percent, 0);
}

TEST(WireTariff, wrong_rules__are_named) {
    auto value = to_json(full_vote());
    value["lines"][0]["unit"] = "booking";
    value["lines"][1]["vat_basis_points"] = -1;
    value["modifiers"][0]["from"] = "13-01";
    value["modifiers"][1]["percent"] = -5;
    value["extras"][0]["per"] = "season";
    value["extras"][1]["amount_cents"] = -1;
    value["deposits"][0]["unit"] = "date";
    value["down_payment"]["percent"] = 101;
    value["free_uses"]["weekday"] = -1;
    const auto out = tariff_from_json(value);
    ASSERT_FALSE(out);
    std::vector<std::string> pointers;
    for (const auto& field : out.error().fields)
        pointers.push_back(field.pointer);
    EXPECT_THAT(pointers, UnorderedElementsAre(
                              "/lines/0/unit", "/lines/1/vat_basis_points", "/modifiers/0/from",
                              "/modifiers/1/percent", "/extras/0/per", "/extras/1/amount_cents",
                              "/deposits/0/unit", "/down_payment/percent", "/free_uses/weekday"));
}

TEST(WireTariff, wrong_members__are_named) {
    auto value = to_json(vote("one", 1'370));
    value["tariff_id"] = "gym";
    value["lines"][0]["category"] = "F";
    value["lines"][1]["unit"] = "fortnight";
    value["lines"][2]["amount_cents"] = -1;
    value.erase("executory_from");
    const auto out = tariff_from_json(value);
    ASSERT_FALSE(out);
    std::vector<std::string> pointers;
    for (const auto& field : out.error().fields)
        pointers.push_back(field.pointer);
    EXPECT_THAT(pointers, UnorderedElementsAre("/tariff_id", "/lines/0/category", "/lines/1/unit",
                                               "/lines/2/amount_cents", "/executory_from"));
    EXPECT_FALSE(tariff_from_json(nullptr));
}

TEST(WireTariff, price__both_ways_are_the_same) {
    const auto price = rules::price({evening("2026-12-01"), evening("2026-12-08")}, "gym", 'C',
                                    {vote("one", 1'370).grid}, day("2026-10-01"));
    ASSERT_TRUE(price);
    const auto value = to_json(*price);
    EXPECT_EQ(value["total"], (nlohmann::json{{"amount", 5'480}, {"currency", "EUR"}}));
    EXPECT_THAT(value["lines"][0]["dates"], ElementsAre("2026-12-01", "2026-12-08"));
    EXPECT_EQ(value["tariff_id"], base::seeded_ulid(1, "one"));
    const auto read = price_from_json(value);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(to_json(*read), value);
}

TEST(WirePrice, with_supplements_extras_and_free_use__both_ways_are_the_same) {
    const rules::PriceQuestion asked{
        {evening("2026-12-01")}, "gym", 'C', day("2026-10-01"), {{"sono", 1}, {"technicien", 2}}};
    rules::PublicHolidays none{"metropole", day("2026-01-01"), day("2027-12-31"), {}};
    auto price = rules::full_price(asked, {full_vote().grid}, {nullptr, &none}).value();
    price.down_payment = {{100}, {900}, day("2026-11-01")};
    for (const bool free : {false, true}) {
        if (free) price = rules::with_free_use(price, {rules::UseKind::weekday, 2026, 1, 2});
        const auto value = to_json(price);
        const auto read = price_from_json(value);
        ASSERT_TRUE(read) << read.error().fields.at(0).pointer;
        EXPECT_EQ(*read, price);
        EXPECT_EQ(to_json(*read), value);
    }
    const auto low = rules::lowered(price, {price.total.value / 3}, "Concert caritatif");
    const auto read = price_from_json(to_json(low));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, low);
    EXPECT_TRUE(to_json(price)["lowered"].is_null());
}

TEST(WirePrice, of_before_there_were_modifiers__reads_with_its_total_as_reference) {
    const auto price = rules::price({evening("2026-12-01")}, "gym", 'C', {vote("one", 1'370).grid},
                                    day("2026-10-01"));
    auto value = to_json(*price);
    for (const auto* member : {"reference", "deposits", "down_payment", "free_use", "vat"})
        value.erase(member);
    for (const auto* member : {"kind", "code", "label", "supplements", "vat"})
        value["lines"][0].erase(member);
    const auto read = price_from_json(value);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->reference.value, 2'740);
    EXPECT_EQ(read->lines.at(0).kind, rules::LineKind::room);
}

TEST(WireTariff, price_without_lines__has_no_tariff) {
    const auto value = to_json(rules::Price{});
    EXPECT_TRUE(value["tariff_id"].is_null());
    EXPECT_TRUE(price_from_json(value));
}

TEST(WireTariff, damaged_price__is_refused) {
    const auto price = rules::price({evening("2026-12-01")}, "gym", 'C', {vote("one", 1'370).grid},
                                    day("2026-10-01"));
    auto value = to_json(price.value());
    value["lines"][0]["amount"]["amount"] = "27,40";
    const auto out = price_from_json(value);
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().fields.front().pointer, "/lines/0/amount/amount");
    EXPECT_FALSE(price_from_json({{"total", 5}}));
}

// R-27 with two voters: the establishment's own grid goes before its body's.
TEST(WireTariffs, own_vote__goes_before_the_bodys_at_that_establishment_only) {
    Tariffs known;
    known.put(vote("body", 1'370));
    known.put(vote("own", 900, true));
    const auto total = [&](const base::EstablishmentId& at) {
        return rules::price({evening("2026-12-01")}, "gym", 'C', known.at(kBody, at),
                            day("2026-10-01"))
            .value()
            .total.value;
    };
    EXPECT_EQ(total(kCollege), 1'800);
    EXPECT_EQ(total(base::EstablishmentId::seeded(1, "elsewhere")), 2'740);
    EXPECT_TRUE(known.at(base::BodyId::seeded(1, "other"), kCollege).empty());
}

TEST(WireTariffs, older_version__is_ignored) {
    Tariffs known;
    known.put(vote("body", 1'370, false, 2));
    known.put(vote("body", 1, false, 1));
    EXPECT_EQ(known.at(kBody, kCollege).front().lines.front().amount.value, 1'370);
    known.clear();
    EXPECT_TRUE(known.at(kBody, kCollege).empty());
}

}  // namespace
}  // namespace preau::wire
