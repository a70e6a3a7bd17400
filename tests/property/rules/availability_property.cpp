#include <array>
#include <map>

#include <gtest/gtest.h>

#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::rules {
namespace {

constexpr int kWorlds = 250;
constexpr int kQuestions = 12;

/// A gym of three parts around one date, with hours, exceptions and occupations at random.
struct World {
    Opening opening;
    std::vector<base::PartId> parts;
    std::vector<Offer> offers;
    std::vector<Occupation> occupations;
    std::array<base::OrganisationId, 2> hirers;
    bool pending_holds = true;
    time::Date around;
};

time::Minute quarter(naive::Random& random, std::int64_t bound) {
    return static_cast<time::Minute>(15 * random.below(bound));
}

Frame random_frame(naive::Random& random) {
    Frame out = testing::always("00:00", "24:00");
    std::erase_if(out.weekdays, [&](auto) { return random.chance(20); });
    std::erase_if(out.periods, [&](auto) { return random.chance(15); });
    if (random.chance(60)) {
        out.start_minute = quarter(random, 80);
        out.end_minute = out.start_minute + 60 + quarter(random, 64);
    }
    return out;
}

Occupation random_occupation(naive::Random& random, const World& world) {
    Occupation out;
    const auto& offer = world.offers[static_cast<std::size_t>(random.below(3))];
    out.part = world.parts[static_cast<std::size_t>(random.below(3))];
    out.offer = offer.id;
    const auto kind = random.below(4);
    out.kind = kind == 0   ? OccupationKind::closure
               : kind == 1 ? OccupationKind::pending
                           : OccupationKind::taken;
    const std::int64_t start =
        naive::reached(world.around.days, 0) + 15 * (random.below(3 * 96) - 96);
    out.interval = {{start * 60}, {(start + 15 * (1 + random.below(12))) * 60}};
    if (out.kind != OccupationKind::closure) {
        out.organisation = world.hirers[static_cast<std::size_t>(random.below(2))];
        out.buffer_before_s = 60 * quarter(random, 4);
        out.buffer_after_s = 60 * quarter(random, 4);
    }
    return out;
}

World random_world(naive::Random& random) {
    World out;
    constexpr std::array<const char*, 6> days{"2026-10-25", "2027-03-28", "2026-11-11",
                                              "2026-12-19", "2027-07-03", "2026-12-01"};
    out.around = testing::day(days[static_cast<std::size_t>(random.below(6))]);
    for (const char* name : {"T1", "T2", "T3"})
        out.parts.push_back(testing::id<base::PartId>(name));
    for (std::int64_t n = 0; n < 3; ++n) {
        Offer offer;
        offer.id = testing::id<base::OfferId>("offer" + std::to_string(n));
        for (std::int64_t p = 0; p <= n; ++p) {
            offer.parts.push_back(out.parts[static_cast<std::size_t>((p + n) % 3)]);
        }
        std::ranges::sort(offer.parts);
        offer.buffer_before_min = quarter(random, 4);
        offer.buffer_after_min = quarter(random, 4);
        offer.notice_days = static_cast<int>(random.below(3));
        offer.horizon_days = static_cast<int>(5 + random.below(20));
        out.offers.push_back(offer);
    }
    out.hirers = {testing::id<base::OrganisationId>("club"),
                  testing::id<base::OrganisationId>("x")};
    for (std::int64_t n = 1 + random.below(3); n > 0; --n) {
        out.opening.frames.push_back(random_frame(random));
    }
    out.opening.open_on_public_holidays = random.chance(50);
    if (random.chance(30)) {
        out.opening.exceptions.push_back(
            {out.around, {{quarter(random, 40), 1'200 + quarter(random, 60)}}, "exception"});
    }
    out.pending_holds = random.chance(60);
    for (std::int64_t n = random.below(8); n > 0; --n) {
        out.occupations.push_back(random_occupation(random, out));
    }
    return out;
}

TEST(AvailabilityProperty, judge__agrees_with_counting_minutes) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    std::map<SlotState, int> seen;
    const auto calendar = testing::isere();
    for (int round = 0; round < kWorlds; ++round) {
        const World world = random_world(random);
        const SpaceFacts facts{&world.opening, &calendar, &time::Zone::paris(),
                               world.pending_holds};
        for (int question = 0; question < kQuestions; ++question) {
            Recurrence rule;
            rule.from = rule.until = world.around + static_cast<std::int32_t>(random.below(3) - 1);
            rule.start_minute = quarter(random, 96);
            rule.end_minute = rule.start_minute + 15 + quarter(random, 20);
            const auto slots = expand(rule, time::Zone::paris(), calendar);
            if (!slots) continue;  // the hour that does not exist
            const auto& offer = world.offers[static_cast<std::size_t>(random.below(3))];
            const Asker asker{random.chance(50) ? world.hirers[0] : base::OrganisationId{}};
            const base::Instant now{
                (naive::reached(world.around.days, 0) - random.below(6 * 1'440)) * 60};
            const auto& slot = slots->slots.front();
            const auto expected = naive::judge(slot, offer, facts, asker, world.occupations, now);
            const auto found = judge(slot, offer, facts, asker, world.occupations, now);
            ASSERT_EQ(to_string(found.state), to_string(expected))
                << "round " << round << ": " << slot.local_date.iso() << " "
                << time::format_minute(slot.start_minute) << "-"
                << time::format_minute(slot.end_minute);
            ++seen[expected];
        }
    }
    for (const auto state : {SlotState::free, SlotState::taken, SlotState::pending,
                             SlotState::closed, SlotState::buffer, SlotState::notice}) {
        EXPECT_GT(seen[state], 10) << to_string(state) << " is hardly ever reached";
    }
}

TEST(AvailabilityProperty, open_intervals__agree_with_counting_minutes) {
    naive::Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    const auto calendar = testing::isere();
    for (int round = 0; round < kWorlds; ++round) {
        const World world = random_world(random);
        std::vector<time::Interval> all;
        for (std::int32_t day = -2; day <= 1; ++day) {
            const auto of_day =
                open_intervals(world.opening, calendar, time::Zone::paris(), world.around + day);
            all.insert(all.end(), of_day->begin(), of_day->end());
        }
        const auto expected =
            naive::open_minutes(world.opening, calendar, world.around.days - 1, 2);
        for (std::size_t i = 0; i + 1'440 < expected.open.size(); ++i) {
            const std::int64_t second =
                (expected.first_utc_min + static_cast<std::int64_t>(i)) * 60;
            const bool open = std::ranges::any_of(all, [&](const time::Interval& one) {
                return one.start.seconds <= second && second < one.end.seconds;
            });
            ASSERT_EQ(open, expected.open[i]) << world.around.iso() << " minute " << i;
        }
    }
}

}  // namespace
}  // namespace preau::rules
