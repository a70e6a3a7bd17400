// The planes of search and rules::judge must never differ: what is listed as free can be booked,
// and what can be booked is listed (S46, S137). Facts arrive in any order, twice, and out of date.

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "services/search/index/index.hpp"
#include "tests/property/rules/naive.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::search {
namespace {

using rules::OccupationKind;
using rules::SlotState;
using rules::naive::Random;
using rules::testing::id;

constexpr int kWorlds = 45;
constexpr int kSteps = 12;
constexpr int kQuestions = 60;
constexpr std::int64_t kQuarters_per_day = 96;

time::Minute quarters(Random& random, std::int64_t bound) {
    return static_cast<time::Minute>(15 * random.below(bound));
}

/// What the owners of the facts know; the index under test hears of it through Facts only.
struct Truth {
    std::map<std::string, wire::Space> spaces;
    std::map<std::string, Occupancy> occupancies;

    std::vector<rules::Occupation> occupations() const {
        std::vector<rules::Occupation> out;
        for (const auto& [key, one] : occupancies) {
            out.insert(out.end(), one.occupations.begin(), one.occupations.end());
        }
        return out;
    }
};

rules::Offer random_offer(Random& random, const wire::Space& space, std::int64_t number) {
    rules::Offer out;
    out.id = id<base::OfferId>(space.slug + " offer " + std::to_string(number));
    for (const auto& part : space.parts) {
        if (number == 0 || random.chance(50)) out.parts.push_back(part.id);
    }
    if (out.parts.empty()) out.parts.push_back(space.parts.front().id);
    std::ranges::sort(out.parts);
    out.capacity = 20 + static_cast<int>(random.below(200));
    out.grid_min = 15;
    out.duration_min_min = 15;
    // Buffers off the quarter hour are possible too.
    out.buffer_before_min = static_cast<int>(5 * random.below(10));
    out.buffer_after_min = static_cast<int>(5 * random.below(10));
    out.notice_days = static_cast<int>(random.below(4));
    out.horizon_days = static_cast<int>(random.chance(50) ? 20 + random.below(60) : 540);
    return out;
}

rules::Frame random_frame(Random& random) {
    rules::Frame out = rules::testing::always("08:00", "22:00");
    std::erase_if(out.periods, [&](auto) { return random.chance(15); });
    std::erase_if(out.weekdays, [&](auto) { return random.chance(20); });
    out.start_minute = quarters(random, 80);
    out.end_minute = out.start_minute + 60 + quarters(random, 80);
    return out;
}

wire::Space random_space(Random& random, const std::string& slug, time::Date today) {
    wire::Space out;
    out.slug = slug;
    out.id = id<base::SpaceId>(slug);
    out.kind = "gym";
    out.published = true;
    out.zone = "Europe/Paris";
    out.school_zone = random.chance(80) ? "A" : "";
    out.territory = "metropole";
    out.lat = 45 + 0.01 * static_cast<double>(random.below(100));
    out.lon = 5 + 0.01 * static_cast<double>(random.below(100));
    out.pending_holds = random.chance(70);
    for (const char* name : {" T1", " T2", " T3"}) {
        out.parts.push_back({id<base::PartId>(slug + name), name});
    }
    for (std::int64_t n = 0; n < 3; ++n)
        out.offers.push_back(random_offer(random, out, n));
    for (std::int64_t n = 1 + random.below(3); n > 0; --n) {
        out.opening.frames.push_back(random_frame(random));
    }
    out.opening.open_on_public_holidays = random.chance(40);
    for (std::int32_t day = 0; day < 60; day += static_cast<std::int32_t>(1 + random.below(20))) {
        rules::DayException exception{today + day, {}, "exception"};
        if (random.chance(50)) exception.ranges.push_back({quarters(random, 40), 900});
        out.opening.exceptions.push_back(exception);
    }
    return out;
}

/// A booking of an offer on one to three days, or a closure of any length on some parts.
Occupancy random_occupancy(Random& random, const Truth& truth, const std::string& key,
                           time::Date today) {
    Occupancy out{key, 0, {}};
    auto space = truth.spaces.begin();
    std::advance(space, random.below(static_cast<std::int64_t>(truth.spaces.size())));
    const auto& offer = space->second.offers[static_cast<std::size_t>(random.below(3))];
    rules::Occupation one;
    one.kind = random.chance(25)   ? OccupationKind::closure
               : random.chance(40) ? OccupationKind::pending
                                   : OccupationKind::taken;
    const bool closure = one.kind == OccupationKind::closure;
    if (!closure) {
        one.offer = offer.id;
        one.organisation = id<base::OrganisationId>("club");
        one.booking = base::BookingId::trusted(key);
        one.buffer_before_s = offer.buffer_before_min * 60;
        one.buffer_after_s = offer.buffer_after_min * 60;
    }
    for (std::int64_t n = 1 + random.below(3); n > 0; --n) {
        const std::int64_t start = (today.days + random.below(50) - 5) * kQuarters_per_day +
                                   random.below(kQuarters_per_day);
        const std::int64_t length = 1 + random.below(closure ? 5 * kQuarters_per_day : 30);
        // Closures may begin and end at any minute.
        const std::int64_t off_s = closure ? 60 * random.below(15) : 0;
        one.interval = {{start * 900 + off_s}, {(start + length) * 900 + off_s}};
        for (const auto& part : offer.parts) {
            one.part = part;
            out.occupations.push_back(one);
        }
    }
    return out;
}

class IndexWorld {
public:
    explicit IndexWorld(Random& random) : random_(random), index_(clock_) {
        constexpr std::array<const char*, 4> days{"2026-10-12", "2027-03-15", "2026-12-10",
                                                  "2026-11-05"};
        clock_.set(rules::testing::instant(
            std::string(days[static_cast<std::size_t>(random.below(4))]) + " 10:20"));
        index_.roll();
        for (int n = 0; n < 3; ++n) {
            const auto slug = "gym" + std::to_string(n);
            truth_.spaces[slug] = random_space(random_, slug, today());
            truth_.spaces[slug].version = 1;
        }
        index_.apply(snapshot());
    }

    time::Date today() const { return time::Zone::paris().local(clock_.now()).date; }

    Facts snapshot() const {
        Facts out;
        out.replaces_inventory = out.replaces_booking = true;
        out.schools = {rules::testing::school('A')};
        out.holidays = {rules::testing::metropole()};
        for (const auto& [slug, space] : truth_.spaces)
            out.spaces.push_back(space);
        for (const auto& [key, one] : truth_.occupancies)
            out.occupancies.push_back(one);
        return out;
    }

    /// Something happens, and the index hears of it: sometimes twice, sometimes with old news
    /// after.
    void step() {
        Facts facts;
        const auto what = random_.below(10);
        if (what == 0) {
            const auto slug = "gym" + std::to_string(random_.below(3));
            auto changed = random_space(random_, slug, today());
            changed.version = truth_.spaces[slug].version + 1;
            facts.spaces = {changed, truth_.spaces[slug]};
            truth_.spaces[slug] = changed;
        } else {
            for (std::int64_t n = 1 + random_.below(4); n > 0; --n) {
                const auto key = "booking " + std::to_string(random_.below(12));
                auto& known = truth_.occupancies[key];
                auto next = random_occupancy(random_, truth_, key, today());
                if (random_.chance(25)) next.occupations.clear();
                next.version = known.version + 1;
                facts.occupancies.push_back(next);
                if (random_.chance(30)) facts.occupancies.push_back(next);
                if (random_.chance(30) && known.version > 0) facts.occupancies.push_back(known);
                known = std::move(next);
            }
        }
        index_.apply(std::move(facts));
        if (what == 1) {
            clock_.set(clock_.now() + 86'400 * (1 + random_.below(20)));
            index_.roll();
        }
    }

    void check(std::map<SlotState, int>& seen) {
        Index fresh(clock_);
        fresh.apply(snapshot());
        const Index::View followed(index_);
        const Index::View read_anew(fresh);
        const auto all = truth_.occupations();
        const auto calendars = rules::testing::isere();
        for (int n = 0; n < kQuestions; ++n) {
            const auto& facts = truth_.spaces["gym" + std::to_string(random_.below(3))];
            const auto& offer = facts.offers[static_cast<std::size_t>(random_.below(3))];
            rules::Recurrence rule;
            rule.from = rule.until = today() + static_cast<std::int32_t>(random_.below(45) - 3);
            rule.start_minute = quarters(random_, 96);
            if (random_.chance(60) && !all.empty()) begin_after_one_of(all, rule);
            rule.end_minute = rule.start_minute + 15 + quarters(random_, 24);
            const auto expansion = rules::expand(rule, time::Zone::paris(), {});
            if (!expansion) continue;
            const auto& slot = expansion->slots.front();

            const rules::Calendar calendar{facts.school_zone.empty() ? nullptr : calendars.school,
                                           calendars.holidays};
            const rules::SpaceFacts rule_facts{&facts.opening, &calendar, &time::Zone::paris(),
                                               facts.pending_holds};
            const auto expected = rules::judge(slot, offer, rule_facts, {}, all, clock_.now());
            ++seen[expected.state];
            if (n % 6 == 0) ask_series(followed, facts, offer, rule, rule_facts, all);
            const auto what = facts.slug + " " + slot.local_date.iso() + " " +
                              time::format_minute(slot.start_minute) + "-" +
                              time::format_minute(slot.end_minute) + " is " +
                              std::string(to_string(expected.state));
            ask(followed, facts, offer, slot, expected, what + ", index that followed");
            ask(read_anew, facts, offer, slot, expected, what + ", index read anew");
        }
    }

private:
    /// Just after something ends, where buffers matter.
    void begin_after_one_of(const std::vector<rules::Occupation>& all, rules::Recurrence& rule) {
        const auto at = static_cast<std::size_t>(random_.below(std::ssize(all)));
        const auto end = time::Zone::paris().local(all[at].interval.end);
        rule.from = rule.until = end.date;
        rule.start_minute = (end.minute() / 15 * 15 + quarters(random_, 4)) % time::minutes_per_day;
    }

    static void ask(const Index::View& view, const wire::Space& facts, const rules::Offer& offer,
                    const rules::Slot& slot, const rules::Verdict& expected,
                    const std::string& what) {
        const auto* space = view.space(facts.id.str());
        ASSERT_NE(space, nullptr);
        const AskedDates asked({{slot}, {}}, view.horizon());
        ASSERT_EQ(view.free_time(*space, offer).among(asked)[0], expected.state == SlotState::free)
            << what;
        const auto near = view.occupations(offer, slot.interval);
        const auto verdict = view.judge(*space, offer, slot, near);
        ASSERT_EQ(to_string(verdict.state), to_string(expected.state)) << what;
        ASSERT_EQ(verdict.reason, expected.reason) << what;
    }

    /// The same hours on many days at once, to beyond the horizon: the planes answer for all of
    /// them together.
    void ask_series(const Index::View& view, const wire::Space& facts, const rules::Offer& offer,
                    const rules::Recurrence& single, const rules::SpaceFacts& rule_facts,
                    const std::vector<rules::Occupation>& all) {
        rules::Recurrence rule = single;
        rule.kind = rules::RecurrenceKind::dates;
        const auto step = static_cast<std::int32_t>(2 + random_.below(7));
        for (std::int32_t day = 0; day < 540; day += day < 60 ? step : 60)
            rule.dates.push_back(single.from + day);
        auto expansion = rules::expand(rule, time::Zone::paris(), {});
        if (!expansion) return;  // an hour that the clock skips
        const AskedDates asked(std::move(*expansion), view.horizon());
        const auto free = view.free_time(*view.space(facts.id.str()), offer).among(asked);
        for (std::size_t n = 0; n < asked.size(); ++n) {
            const auto& slot = asked.slots()[n];
            const auto expected = rules::judge(slot, offer, rule_facts, {}, all, clock_.now());
            ASSERT_EQ(free[n], expected.state == SlotState::free)
                << facts.slug << " " << slot.local_date.iso() << ", of a series";
        }
    }

    Random& random_;
    base::FixedClock clock_{{0}};
    Truth truth_;
    Index index_;
};

TEST(IndexProperty, planes__agree_with_the_rules__whatever_the_order_of_facts) {
    Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    std::map<SlotState, int> seen;
    for (int world = 0; world < kWorlds && !::testing::Test::HasFatalFailure(); ++world) {
        IndexWorld one(random);
        for (int step = 0; step < kSteps && !::testing::Test::HasFatalFailure(); ++step) {
            one.step();
            one.check(seen);
        }
    }
    for (const auto state :
         {SlotState::free, SlotState::taken, SlotState::pending, SlotState::closed,
          SlotState::buffer, SlotState::past, SlotState::notice}) {
        EXPECT_GT(seen[state], 10) << to_string(state) << " is hardly ever reached";
    }
}

}  // namespace
}  // namespace preau::search
