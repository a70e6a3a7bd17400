#include "shared/rules/charges.hpp"

#include <gmock/gmock.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

using testing::day;
using testing::slot;

TariffVersion grid() {
    TariffVersion out;
    out.id = "grid-1";
    out.number = 1;
    out.voted_on = day("2026-05-01");
    out.executory_from = day("2026-06-01");
    out.vat_note = "TVA non applicable, art. 256 B du CGI";
    out.lines = {{"hall", 'A', Unit::hour, {0}},         {"hall", 'B', Unit::hour, {800}},
                 {"hall", 'B', Unit::weekend, {11'000}}, {"hall", 'C', Unit::hour, {1'200}},
                 {"hall", 'C', Unit::weekend, {16'000}}, {"hall", 'D', Unit::hour, {1'800}},
                 {"gym", 'B', Unit::hour, {900}}};
    out.extras = {{"sono", "Sonorisation", {"hall"}, Unit::booking, {3'000}, 1, {25'000}},
                  {"menage", "Ménage", {"hall", "gym"}, Unit::date, {6'000}, 1, {}},
                  {"technicien", "Technicien", {"hall"}, Unit::hour, {3'250}, 3, {}}};
    out.deposits = {{"hall", Unit::weekend, {30'000}}};
    out.down_payment = {30, {30'000}, 30};
    out.free_uses = {{"hall"}, 1, 1};
    return out;
}

const time::Date kAsked = day("2026-06-15");
const std::vector<Slot> kEvening{slot("2026-12-01", "18:00", "20:00")};

PriceQuestion question(std::vector<ExtraChoice> extras, char category = 'C',
                       std::vector<Slot> slots = kEvening, std::string kind = "hall") {
    return {std::move(slots), std::move(kind), category, kAsked, std::move(extras)};
}

base::Result<Price> full(const PriceQuestion& asked) {
    return full_price(asked, {grid()});
}

std::string lines_of(const base::Result<Price>& price) {
    std::string out;
    for (const auto& line : price.value().lines) {
        if (!out.empty()) out += " + ";
        out += std::to_string(line.quantity_quarters) + "q " +
               (line.code.empty() ? std::string(to_string(line.unit)) : line.code) + " " +
               std::to_string(line.amount.value);
    }
    return out;
}

TEST(Extras, each_has_a_line_by_booking_date_or_hour) {
    const auto price = full(question({{"sono", 1}, {"menage", 1}, {"technicien", 2}}));
    EXPECT_EQ(lines_of(price),
              "8q hour 2400 + 4q sono 3000 + 4q menage 6000 + 16q technicien 13000");
    EXPECT_EQ(price->total.value, 24'400);
    EXPECT_EQ(price->lines[1].label, "Sonorisation");
    EXPECT_EQ(price->lines[1].kind, LineKind::extra);
    EXPECT_EQ(price->lines[3].unit_price.value, 3'250);
    EXPECT_EQ(price->lines[3].tariff_id, "grid-1");
    const std::vector<Slot> two{kEvening[0], slot("2026-12-08", "18:00", "20:00")};
    EXPECT_EQ(lines_of(full(question({{"menage", 1}, {"technicien", 1}}, 'C', two))),
              "16q hour 4800 + 8q menage 12000 + 16q technicien 13000");
}

TEST(Extras, hours_of_an_extra__follow_elapsed_time_and_are_rounded_once) {
    auto vote = grid();
    vote.extras[2].amount = {1'250};
    const auto asked = question({{"technicien", 1}}, 'C', {slot("2026-12-01", "18:00", "19:45")});
    EXPECT_EQ(full_price(asked, {vote})->lines[1].amount.value, 2'188);
    EXPECT_EQ(full_price(question({{"technicien", 1}}, 'C', {slot("2026-10-25", "01:00", "04:00")}),
                         {vote})
                  ->lines[1]
                  .amount.value,
              5'000)
        << "four real hours";
}

// S92
TEST(Extras, unknown_extra__or_one_of_another_kind_of_room__is_named) {
    const auto fault = [](std::vector<ExtraChoice> extras, const char* kind = "hall",
                          char category = 'B') {
        const auto error = full(question(std::move(extras), category, kEvening, kind)).error();
        return error.code + " " + error.fields.at(0).pointer + " " + error.fields.at(0).code;
    };
    EXPECT_EQ(fault({{"piano", 1}}), "invalid /extras/0/code unknown");
    EXPECT_EQ(fault({{"menage", 1}, {"sono", 1}}, "gym"), "invalid /extras/1/code unknown");
    EXPECT_EQ(fault({{"menage", 1}, {"menage", 1}}), "invalid /extras/1/code unknown");
    EXPECT_EQ(fault({{"sono", 2}}), "invalid /extras/0/count range");
    EXPECT_EQ(fault({{"sono", 0}}), "invalid /extras/0/count range");
    EXPECT_EQ(fault({{"sono", -5}}), "invalid /extras/0/count range");
}

TEST(Extras, without_any__the_price_is_that_of_the_room) {
    const auto price = full(question({})).value();
    auto room = asked_price(kEvening, "hall", 'C', {grid()}, kAsked).value();
    EXPECT_EQ(price, room);
}

TEST(Extras, category_a__has_them_for_nothing_and_without_deposit) {
    const auto price = full(question({{"sono", 1}}, 'A')).value();
    EXPECT_EQ(price.total.value, 0);
    EXPECT_EQ(lines_of(price), "8q hour 0 + 4q sono 0");
    EXPECT_TRUE(price.deposits.empty());
    EXPECT_EQ(price.reference.value, 2'400 + 3'000);
}

TEST(Reference, favoured_categories__are_measured_by_that_of_other_associations) {
    EXPECT_EQ(full(question({}, 'B'))->reference.value, 2'400);
    EXPECT_EQ(full(question({}, 'B'))->total.value, 1'600);
    EXPECT_EQ(full(question({}, 'D'))->reference.value, 3'600);
    EXPECT_EQ(full(question({}, 'B', kEvening, "gym"))->reference.value, 1'800)
        << "no line for C: its own";
}

//
TEST(Deposits, of_the_weekend_and_of_the_equipment) {
    const std::vector<Slot> feast{slot("2026-12-05", "09:00", "24:00"),
                                  slot("2026-12-06", "09:00", "22:00")};
    const auto price = full(question({{"sono", 1}}, 'C', feast)).value();
    ASSERT_EQ(price.deposits.size(), 2U);
    EXPECT_EQ(price.deposits[0], (DepositDue{"weekend", "", {30'000}}));
    EXPECT_EQ(price.deposits[1], (DepositDue{"sono", "Sonorisation", {25'000}}));
    EXPECT_EQ(price.total.value, 16'000 + 3'000) << "no part of the total";
    EXPECT_TRUE(full(question({}))->deposits.empty());
}

//
TEST(DownPayment, thirty_percent_above_the_bound_and_the_rest_thirty_days_before) {
    const DownPayment voted{30, {30'000}, 30};
    const auto first = day("2026-12-31");
    EXPECT_EQ(down_payment_of({50'001}, voted, first, day("2026-10-01")),
              (DownPaymentDue{{15'000}, {35'001}, day("2026-12-01")}));
    EXPECT_EQ(down_payment_of({30'005}, voted, first, day("2026-10-01"))->amount.value, 9'002)
        << "half up";
    EXPECT_FALSE(down_payment_of({30'000}, voted, first, day("2026-10-01")));
    EXPECT_TRUE(down_payment_of({30'001}, voted, first, day("2026-11-30")));
    EXPECT_FALSE(down_payment_of({30'001}, voted, first, day("2026-12-01")))
        << "all is due when the day of the balance has come";
    EXPECT_FALSE(down_payment_of({90'000}, {}, first, day("2026-10-01")));
}

//
TEST(FreeUse, one_date_or_one_weekend_but_no_series) {
    EXPECT_EQ(use_kind(kEvening), UseKind::weekday);
    EXPECT_EQ(use_kind({slot("2026-12-05", "09:00", "12:00")}), UseKind::weekend);
    EXPECT_EQ(use_kind({slot("2026-12-04", "18:00", "23:00"), slot("2026-12-05", "09:00", "24:00"),
                        slot("2026-12-06", "09:00", "22:00")}),
              UseKind::weekend);
    EXPECT_EQ(
        use_kind({slot("2026-12-04", "17:00", "23:00"), slot("2026-12-05", "09:00", "24:00")}),
        std::nullopt)
        << "Friday afternoon";
    EXPECT_EQ(use_kind({kEvening[0], slot("2026-12-08", "18:00", "20:00")}), std::nullopt);
    EXPECT_EQ(
        use_kind({slot("2026-12-06", "18:00", "20:00"), slot("2026-12-12", "18:00", "20:00")}),
        std::nullopt)
        << "two weekends";
    EXPECT_EQ(use_kind({}), std::nullopt);
    EXPECT_EQ(granted_uses(grid(), "hall", UseKind::weekday), 1);
    EXPECT_EQ(granted_uses(grid(), "gym", UseKind::weekday), 0);
}

TEST(FreeUse, room_for_nothing__one_line_of_zero_with_its_ground_and_the_extras) {
    const auto price =
        with_free_use(full(question({{"menage", 1}})).value(), {UseKind::weekday, 2026, 1, 2});
    EXPECT_EQ(lines_of(price), "4q date 0 + 4q menage 6000");
    EXPECT_EQ(price.lines[0].kind, LineKind::free_use);
    EXPECT_EQ(price.lines[0].dates, std::vector{day("2026-12-01")});
    EXPECT_EQ(price.lines[0].tariff_id, "grid-1");
    EXPECT_EQ(price.total.value, 6'000);
    EXPECT_EQ(price.by_the_hour, price.total);
    EXPECT_EQ(price.reference.value, 2'400 + 6'000) << "aid in kind: 24.00";
    EXPECT_EQ(price.free_use, (FreeUse{UseKind::weekday, 2026, 1, 2}));
}

TEST(SchoolYear, begins_in_september) {
    EXPECT_EQ(school_year_of(day("2026-08-31")), 2025);
    EXPECT_EQ(school_year_of(day("2026-09-01")), 2026);
    EXPECT_EQ(school_year_of(day("2027-06-30")), 2026);
}

// S93
TEST(Vat, split__adds_up_by_rate_and_mention) {
    auto vote = grid();
    vote.lines.push_back({"r2", 'C', Unit::hour, {1'250}, {2'000, "TVA 20 %"}});
    vote.extras = {{"menage", "Ménage", {"r2"}, Unit::booking, {6'000}, 1, {}, {1'000, "TVA 10 %"}},
                   {"clef", "Clé", {"r2"}, Unit::booking, {1'000}, 1, {}}};
    const auto asked =
        question({{"menage", 1}, {"clef", 1}}, 'C', {slot("2026-12-01", "18:00", "19:45")}, "r2");
    const auto price = full_price(asked, {vote}).value();
    EXPECT_EQ(price.lines[0].amount.value, 2'188);
    EXPECT_EQ(price.lines[0].tax().value, 2'188 - 1'823) << "18.2333… net";
    const auto shares = vat_shares(price);
    ASSERT_EQ(shares.size(), 3U);
    EXPECT_EQ(shares[0].vat, (Vat{2'000, "TVA 20 %"}));
    EXPECT_EQ(shares[1].tax.value, 545);
    EXPECT_EQ(shares[2].tax.value, 0);
    EXPECT_EQ(shares[2].vat.note, "TVA non applicable, art. 256 B du CGI");
    base::Cents sum;
    for (const auto& share : shares)
        sum += share.net + share.tax;
    EXPECT_EQ(sum, price.total);
}

TEST(Vat, lines_of_different_rates__stay_apart) {
    auto vote = grid();
    auto dearer = grid();
    dearer.id = "grid-2";
    dearer.number = 2;
    dearer.executory_from = day("2026-12-05");
    dearer.lines[3].vat = {2'000, ""};
    const std::vector<Slot> two{kEvening[0], slot("2026-12-08", "18:00", "20:00")};
    const auto price = full_price(question({}, 'C', two), {vote, dearer}).value();
    ASSERT_EQ(price.lines.size(), 2U);
    EXPECT_EQ(price.lines[1].vat, (Vat{2'000, vote.vat_note}));
}

// S94, S93
TEST(Lowered, lines__keep_their_proportions_and_add_up) {
    const auto price = full(question({{"sono", 1}, {"menage", 1}, {"technicien", 2}}));
    for (const std::int64_t cents : {24'399, 10'000, 9'999, 101, 3, 0}) {
        const auto low = lowered(*price, {cents}, "Concert caritatif");
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < low.lines.size(); ++i) {
            const auto amount = low.lines[i].amount.value;
            const auto exact = static_cast<double>(price->lines[i].amount.value) *
                               static_cast<double>(cents) / 24'400.0;
            EXPECT_GE(amount, 0);
            EXPECT_LE(static_cast<double>(amount) - exact, 1.0) << cents;
            EXPECT_LT(exact - static_cast<double>(amount), 1.0) << cents;
            sum += amount;
        }
        EXPECT_EQ(sum, cents);
        EXPECT_EQ(low.total.value, cents);
        EXPECT_EQ(low.reference, price->reference) << "what it is worth stays";
        EXPECT_EQ(low.lowered->before.value, 24'400);
        EXPECT_FALSE(low.down_payment);
        base::Cents taxed;
        for (const auto& share : vat_shares(low))
            taxed += share.net + share.tax;
        EXPECT_EQ(taxed.value, cents);
    }
}

}  // namespace
}  // namespace preau::rules
