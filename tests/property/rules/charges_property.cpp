// What is added to the room's price, against a plain reading of the rules: extras counted one by
// one, the tax found by trying, free uses and down payments by their words.

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "shared/rules/charges.hpp"
#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

constexpr int kRounds = 400;

std::vector<Slot> random_slots(naive::Random& random) {
    std::vector<Slot> out;
    auto day = testing::day("2026-10-20") + static_cast<std::int32_t>(random.below(14));
    const auto start = static_cast<time::Minute>(15 * random.below(80));
    for (std::int64_t n = 1 + random.below(4); n > 0; --n) {
        Recurrence rule;
        rule.from = rule.until = day;
        rule.start_minute = start;
        rule.end_minute = start + static_cast<time::Minute>(15 * (1 + random.below(20)));
        out.push_back(expand(rule, time::Zone::paris(), {}).value().slots.front());
        day = day + static_cast<std::int32_t>(1 + random.below(4));
    }
    return out;
}

TariffVersion random_vote(naive::Random& random) {
    TariffVersion out;
    out.id = "v";
    out.voted_on = out.executory_from = testing::day("2026-01-01");
    out.vat_note = "note";
    for (const char category : {'A', 'B', 'C', 'D'}) {
        if (category != 'C' && random.chance(20)) continue;
        for (const auto unit : {Unit::hour, Unit::weekend}) {
            out.lines.push_back({"hall",
                                 category,
                                 unit,
                                 {random.below(9'000)},
                                 {static_cast<int>(550 * random.below(4)), ""}});
        }
    }
    for (int n = 0; n < 4; ++n) {
        Extra extra;
        extra.code = "e" + std::to_string(n);
        extra.label = "Extra " + std::to_string(n);
        extra.tariff_kinds = {random.chance(80) ? "hall" : "gym"};
        const Unit units[] = {Unit::booking, Unit::date, Unit::hour};
        extra.per = units[random.below(3)];
        extra.amount = {random.below(7'000)};
        extra.count_max = static_cast<int>(1 + random.below(3));
        extra.deposit = {random.chance(50) ? 0 : random.below(30'000)};
        extra.vat.basis_points = static_cast<int>(1'000 * random.below(3));
        out.extras.push_back(extra);
    }
    out.deposits = {{"hall", Unit::weekend, {30'000}}};
    return out;
}

/// The price of one extra for these dates, date by date and quarter by quarter.
std::int64_t naive_extra(const Extra& extra, int count, const std::vector<Slot>& slots) {
    std::int64_t quarter_cents = 0;
    for (int n = 0; n < count; ++n) {
        if (extra.per == Unit::booking) quarter_cents += 4 * extra.amount.value;
        for (const auto& slot : slots) {
            if (extra.per == Unit::date) quarter_cents += 4 * extra.amount.value;
            if (extra.per != Unit::hour) continue;
            for (auto at = slot.interval.start.seconds; at < slot.interval.end.seconds; at += 900)
                quarter_cents += extra.amount.value;
        }
    }
    return (quarter_cents + 2) / 4;
}

/// The net amount whose tax brings it nearest to the gross one, found by trying.
std::int64_t naive_net(std::int64_t gross, std::int64_t basis_points) {
    std::int64_t best = 0;
    const auto off = [&](std::int64_t net) {
        return std::abs(net * (10'000 + basis_points) - gross * 10'000);
    };
    for (std::int64_t net = best = gross * 8 / 10; net <= gross; ++net) {
        if (off(net) <= off(best)) best = net;
    }
    return best;
}

TEST(ChargesProperty, extras_deposits_reference_and_tax__as_counted_one_by_one) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    int refused = 0;
    int with_extras = 0;
    int taxed = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto vote = random_vote(random);
        PriceQuestion asked;
        asked.slots = random_slots(random);
        asked.tariff_kind = "hall";
        asked.category = static_cast<char>('A' + random.below(4));
        asked.requested_on = testing::day("2026-06-01");
        bool legal = true;
        std::int64_t extras = 0;
        std::int64_t full_extras = 0;
        std::int64_t deposits = 0;
        for (std::int64_t n = random.below(3); n > 0; --n) {
            const auto which = static_cast<std::size_t>(random.below(5));
            const int count = static_cast<int>(random.below(4));
            const std::string code = "e" + std::to_string(which);
            const bool twice = std::ranges::any_of(
                asked.extras, [&](const ExtraChoice& one) { return one.code == code; });
            asked.extras.push_back({code, count});
            const Extra* extra = which < vote.extras.size() ? &vote.extras[which] : nullptr;
            if (extra == nullptr || twice || extra->tariff_kinds[0] != "hall" || count < 1 ||
                count > extra->count_max) {
                legal = false;
                continue;
            }
            const auto cost = naive_extra(*extra, count, asked.slots);
            full_extras += cost;
            extras += asked.category == 'A' ? 0 : cost;
            deposits += asked.category == 'A' ? 0 : extra->deposit.value;
        }
        const auto room =
            asked_price(asked.slots, "hall", asked.category, {vote}, asked.requested_on);
        const auto found = full_price(asked, {vote});
        ASSERT_EQ(found.has_value(), legal && room.has_value()) << "round " << round;
        if (!found) {
            ++refused;
            continue;
        }
        with_extras += extras > 0 ? 1 : 0;
        ASSERT_EQ(found->total.value, room->total.value + extras);
        ASSERT_LE(found->total, found->by_the_hour);
        ASSERT_GE(found->reference, found->total);
        ASSERT_GE(found->reference.value, full_extras);
        std::int64_t due = 0;
        for (const auto& one : found->deposits)
            due += one.code == "weekend" ? 0 : one.amount.value;
        ASSERT_EQ(due, deposits);
        std::int64_t sum = 0;
        std::map<std::pair<int, std::string>, std::int64_t> by_rate;
        for (const auto& line : found->lines) {
            const auto net = naive_net(line.amount.value, line.vat.basis_points);
            ASSERT_EQ(line.amount.value - line.tax().value, net);
            sum += line.amount.value;
            by_rate[{line.vat.basis_points, line.vat.note}] += line.amount.value;
            taxed += line.tax().value > 0 ? 1 : 0;
        }
        ASSERT_EQ(sum, found->total.value);
        const auto shares = vat_shares(*found);
        ASSERT_EQ(shares.size(), by_rate.size());
        for (const auto& share : shares) {
            ASSERT_EQ((share.net + share.tax).value,
                      (by_rate[{share.vat.basis_points, share.vat.note}]));
        }
        const auto for_nothing = with_free_use(*found, {});
        ASSERT_EQ(for_nothing.total.value, extras);
        ASSERT_EQ(for_nothing.reference, found->reference);
    }
    EXPECT_GT(refused, 20);
    EXPECT_GT(with_extras, 20);
    EXPECT_GT(taxed, 20);
}

TEST(ChargesProperty, down_payment_and_balance__are_the_total_and_in_time) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    int told = 0;
    for (int round = 0; round < 2'000; ++round) {
        const base::Cents total{random.below(100'000)};
        const DownPayment voted{static_cast<int>(random.below(101)),
                                {random.below(60'000)},
                                static_cast<int>(random.below(60))};
        const auto today = testing::day("2026-10-01");
        const auto first = today + static_cast<std::int32_t>(random.below(120));
        const auto due = down_payment_of(total, voted, first, today);
        const bool expected =
            voted.percent > 0 && total > voted.above && first - today > voted.balance_days;
        ASSERT_EQ(due.has_value(), expected);
        if (!due) continue;
        ++told;
        ASSERT_EQ(due->amount + due->balance, total);
        ASSERT_LE(std::abs(due->amount.value * 100 - total.value * voted.percent), 50);
        ASSERT_GT(due->balance_by, today);
        ASSERT_EQ(first - due->balance_by, voted.balance_days);
    }
    EXPECT_GT(told, 200);
}

}  // namespace
}  // namespace preau::rules
