// Answers of search against a naive oracle: the same rooms, the same way and offer in each, the
// same dates free, the same counts of what other filters would find, pages that hold each room once
// (S37, S46, S64, S65, S77, S136, S137). PREAU_QUESTIONS says how many are asked, 2,000 unless
// told.

#include <array>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "services/search/index/question.hpp"
#include "tests/property/search/oracle.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::search {
namespace {

using oracle::Match;
using oracle::Oracle;
using oracle::Town;
using rules::OccupationKind;
using rules::naive::Random;
using rules::testing::id;

constexpr int kQuestionsDefault = 2'000;
constexpr int kQuestionsPerTown = 125;
constexpr std::int64_t kRooms = 8;
constexpr int kDaysAhead = 150;
constexpr double kTownLat = 45.2;
constexpr double kTownLon = 5.6;

int questions_wanted() {
    const char* wanted = std::getenv("PREAU_QUESTIONS");
    return wanted != nullptr ? std::atoi(wanted) : kQuestionsDefault;
}

time::Minute quarters(Random& random, std::int64_t bound) {
    return static_cast<time::Minute>(15 * random.below(bound));
}

template <class List>
auto any_of(Random& random, const List& list) {
    return list[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(std::size(list))))];
}

rules::Offer random_offer(Random& random, const wire::Space& space, std::int64_t number) {
    rules::Offer out;
    out.id = id<base::OfferId>(space.slug + " offer " + std::to_string(number));
    for (const auto& part : space.parts)
        if (number == 0 || random.chance(40)) out.parts.push_back(part.id);
    if (out.parts.empty()) out.parts.push_back(space.parts.back().id);
    std::ranges::sort(out.parts);
    const int whole = std::max(space.capacity_seated, space.capacity_standing);
    out.capacity = number == 0 ? whole : 1 + static_cast<int>(random.below(whole));
    out.grid_min = any_of(random, std::array{15, 30, 60});
    out.duration_min_min = any_of(random, std::array{30, 60});
    out.duration_max_min = any_of(random, std::array{180, 720});
    out.buffer_before_min = random.chance(50) ? 0 : static_cast<int>(5 * random.below(10));
    out.buffer_after_min = random.chance(50) ? 0 : static_cast<int>(5 * random.below(10));
    out.notice_days = static_cast<int>(random.below(4));
    out.horizon_days = random.chance(80) ? 500 : 60;
    out.active = random.chance(90);
    out.instant = random.chance(40);
    return out;
}

wire::Space random_space(Random& random, std::int64_t number) {
    wire::Space out;
    out.slug = "room" + std::to_string(number);
    out.name = "Salle " + std::to_string(random.below(4));
    out.id = id<base::SpaceId>(out.slug);
    out.site = id<base::SiteId>("site" + std::to_string(random.below(4)));
    out.kind = any_of(random, std::array{"gym", "classroom"});
    out.published = random.chance(95);
    out.zone = "Europe/Paris";
    out.school_zone = "A";
    out.territory = "metropole";
    out.lat = kTownLat + 0.05 * static_cast<double>(random.below(8));
    out.lon = kTownLon + 0.05 * static_cast<double>(random.below(8));
    out.pending_holds = random.chance(70);
    out.step_free = random.chance(60);
    for (const char* word : {"projector", "stage"})
        if (random.chance(60)) out.equipment.emplace_back(word);
    for (const char* word : {"dance", "meeting"})
        if (random.chance(60)) out.purposes.emplace_back(word);
    out.capacity_seated = 10 + static_cast<int>(random.below(60));
    out.capacity_standing = random.chance(30) ? 0 : 10 + static_cast<int>(random.below(90));
    for (const char* name : {" T1", " T2", " T3"})
        out.parts.push_back({id<base::PartId>(out.slug + name), name});
    for (std::int64_t n = 0; n < 3; ++n)
        out.offers.push_back(random_offer(random, out, n));
    auto frame = random.chance(30) ? rules::testing::always("00:00", "24:00")
                                   : rules::testing::always("08:00", "22:00");
    if (random.chance(20)) frame = rules::testing::always("18:00", "02:00", true);
    std::erase_if(frame.weekdays, [&](auto) { return random.chance(10); });
    out.opening.frames = {frame};
    out.opening.open_on_public_holidays = random.chance(50);
    out.version = 1;
    return out;
}

Occupancy random_occupancy(Random& random, const Town& town, std::int64_t number) {
    Occupancy out{base::seeded_ulid(static_cast<std::uint64_t>(number), "occupancy"), 1, {}};
    const auto& space = any_of(random, town.spaces);
    const auto& offer = any_of(random, space.offers);
    rules::Occupation one;
    one.kind = random.chance(15)   ? OccupationKind::closure
               : random.chance(30) ? OccupationKind::pending
                                   : OccupationKind::taken;
    if (one.kind != OccupationKind::closure) {
        one.buffer_before_s = offer.buffer_before_min * 60;
        one.buffer_after_s = offer.buffer_after_min * 60;
    }
    const std::int64_t repeats = random.chance(50) ? 1 : 1 + random.below(12);
    const std::int64_t first = (town.first_day + random.below(kDaysAhead / 2)) * 96LL +
                               4 * (6 + random.below(16)) + random.below(4);
    const std::int64_t length = 1 + random.below(one.kind == OccupationKind::closure ? 300 : 14);
    for (std::int64_t n = 0; n < repeats; ++n) {
        const std::int64_t start = first + n * 7 * 96;
        one.interval = {{start * 900}, {(start + length) * 900}};
        for (const auto& part : offer.parts) {
            one.part = part;
            out.occupations.push_back(one);
        }
    }
    return out;
}

/// Days before a clock change each way, and one between, in turn.
Town random_town(Random& random, int number) {
    constexpr std::array<const char*, 3> kNow{"2026-10-09 10:20", "2027-03-12 17:05",
                                              "2026-12-10 08:00"};
    const char* now = kNow[static_cast<std::size_t>(number) % kNow.size()];
    Town out;
    out.now = rules::testing::instant(now);
    out.calendar = rules::testing::isere();
    out.first_day = time::Zone::paris().local(out.now).date.days - 2;
    out.days = kDaysAhead + 10;
    for (std::int64_t n = 0; n < kRooms; ++n)
        out.spaces.push_back(random_space(random, n));
    for (std::int64_t n = 0; n < 60; ++n)
        out.occupancies.push_back(random_occupancy(random, out, n));
    return out;
}

/// Sundays on which clocks change, often.
std::int32_t random_day(Random& random, const Town& town) {
    if (random.chance(15)) {
        for (const char* sunday : {"2026-10-25", "2027-03-28"}) {
            const std::int32_t day = rules::testing::day(sunday).days;
            if (day > town.first_day && day < town.first_day + 60) return day;
        }
    }
    return town.first_day + 1 + static_cast<std::int32_t>(random.below(60));
}

rules::Recurrence random_when(Random& random, const Town& town) {
    rules::Recurrence out;
    out.from = {random_day(random, town)};
    out.until = out.from + static_cast<std::int32_t>(random.below(75));
    switch (random.below(5)) {
        case 0:
            out.until = out.from;
            break;
        case 1:
            out.kind = rules::RecurrenceKind::dates;
            for (std::int64_t n = 1 + random.below(6); n > 0; --n)
                out.dates.push_back({random_day(random, town)});
            std::ranges::sort(out.dates);
            out.dates.erase(std::ranges::unique(out.dates).begin(), out.dates.end());
            break;
        case 2:
            out.kind = rules::RecurrenceKind::monthly;
            out.interval_months = 1 + static_cast<int>(random.below(2));
            if (random.chance(60)) {
                out.weekdays = {static_cast<time::Weekday>(random.below(7))};
                out.week_of_month = any_of(random, std::array{1, 2, 4, 5, -1});
            }
            break;
        default:
            out.kind = rules::RecurrenceKind::weekly;
            out.interval_weeks = random.chance(70) ? 1 : 2;
            for (std::int64_t day = 0; day < 7; ++day)
                if (random.chance(25)) out.weekdays.push_back(static_cast<time::Weekday>(day));
            if (out.weekdays.empty()) out.weekdays = {time::Weekday::sun};
    }
    const bool repeats =
        out.kind != rules::RecurrenceKind::single && out.kind != rules::RecurrenceKind::dates;
    out.skip_school_holidays = repeats && random.chance(40);
    out.skip_public_holidays = repeats && random.chance(40);
    if (repeats && random.chance(20)) out.except = {out.from + 7};
    out.start_minute = random.chance(20)
                           ? quarters(random, 16)
                           : 480 + 30 * quarters(random, 2) / 15 + quarters(random, 50);
    out.end_minute = out.start_minute + 30 + quarters(random, 12);
    return out;
}

Question random_question(Random& random, const Town& town) {
    Question out;
    out.when = random_when(random, town);
    if (random.chance(35)) {
        out.length_min = 30 + 15 * static_cast<time::Minute>(random.below(8));
        out.when.end_minute = std::min(out.when.start_minute + 360, 1'440);
        out.when.end_minute = std::max(out.when.end_minute, out.when.start_minute + out.length_min);
    }
    out.any_weekday = out.when.kind == rules::RecurrenceKind::weekly && random.chance(40);
    if (random.chance(40)) out.kind = any_of(random, std::array{"gym", "classroom"});
    if (random.chance(60)) out.capacity = 1 + static_cast<int>(random.below(60));
    out.posture = any_of(random, std::array{Posture::any, Posture::seated, Posture::standing});
    if (random.chance(60)) {
        out.near = Place{};
        out.near->lat = kTownLat + 0.01 * static_cast<double>(random.below(40));
        out.near->lon = kTownLon + 0.01 * static_cast<double>(random.below(40));
        out.radius_km = static_cast<double>(3 + random.below(25));
    }
    out.step_free = random.chance(25);
    if (random.chance(25)) out.equipment = {"projector"};
    if (random.chance(20)) out.purpose = "dance";
    if (random.chance(25)) out.instant = random.chance(50);
    out.sort = any_of(random, std::array{Sort::fit, Sort::free_dates, Sort::capacity});
    out.facets = random.chance(20);
    out.other_weekdays = random.chance(20);
    return out;
}

std::string text_of(const Match& match) {
    std::string out = match.offer_id + " " + time::format_minute(match.when.start_minute) + "-" +
                      time::format_minute(match.when.end_minute) + " ";
    for (const auto day : match.when.weekdays)
        out += std::string(time::to_string(day)) + " ";
    for (const bool free : match.free)
        out += free ? 'f' : 'x';
    return out;
}

Match match_of(const Found& found) {
    Match out{*found.when, found.offer->id.str(), found.offer->capacity, {}, found.distance_km};
    for (std::size_t n = 0; n < found.dates->size(); ++n)
        out.free.push_back(found.free[n]);
    return out;
}

/// What is reached, so that a generator that asks nothing is noticed.
struct Seen {
    int found = 0;
    int full = 0;
    int partial = 0;
    int choice = 0;
    int relaxed = 0;
    int clock_change = 0;
};

class QuestionWorld {
public:
    QuestionWorld(Random& random, int number)
        : random_(random),
          town_(random_town(random, number)),
          oracle_(town_),
          clock_(town_.now),
          index_(clock_) {
        Facts facts;
        facts.replaces_inventory = facts.replaces_booking = true;
        facts.schools = {rules::testing::school('A')};
        facts.holidays = {rules::testing::metropole()};
        facts.spaces = town_.spaces;
        facts.occupancies = town_.occupancies;
        index_.apply(std::move(facts));
    }

    void ask(Seen& seen) {
        const Question question = random_question(random_, town_);
        const auto expected = oracle_.answer(question);
        const Index::View view(index_);
        Page all;
        all.count = 100;
        const auto answered = answer(view, question, all);
        if (!answered) {
            ASSERT_TRUE(expected.empty()) << answered.error().code;
            return;
        }
        ASSERT_EQ(answered->found.size(), expected.size());
        std::size_t full = 0;
        for (const Found& found : answered->found) {
            const auto at = expected.find(found.space->facts.id.str());
            ASSERT_NE(at, expected.end()) << found.space->facts.slug;
            ASSERT_EQ(text_of(match_of(found)), text_of(at->second)) << found.space->facts.slug;
            full += at->second.full() ? 1 : 0;
            ++(at->second.full() ? seen.full : seen.partial);
            seen.clock_change += touches_change(*found.dates) ? 1 : 0;
        }
        ASSERT_EQ(answered->full_count, full);
        seen.found += answered->found.empty() ? 0 : 1;
        seen.choice += answered->ways.size() > 1 && !answered->found.empty() ? 1 : 0;
        check_other_weekdays(question, *answered);
        if (answered->facets) check_facets(question, *answered->facets, seen);
        if (random_.chance(20)) check_pages(view, question, *answered);
    }

private:
    static bool touches_change(const AskedDates& dates) {
        return std::ranges::any_of(dates.slots(), [](const rules::Slot& slot) {
            return slot.local_date == rules::testing::day("2026-10-25") ||
                   slot.local_date == rules::testing::day("2027-03-28");
        });
    }

    void check_other_weekdays(const Question& question, const Answer& answered) {
        if (!answered.full_by_weekday) return;
        for (int n = 0; n < 7; ++n) {
            Question other = question;
            other.when.weekdays = {static_cast<time::Weekday>(n)};
            std::size_t full = 0;
            for (const auto& [space, match] : oracle_.answer(other))
                full += match.full() ? 1 : 0;
            ASSERT_EQ((*answered.full_by_weekday)[static_cast<std::size_t>(n)], full) << n;
        }
    }

    void check_facets(const Question& question, const Facets& facets, Seen& seen) {
        for (std::size_t n = 0; n < facets.without.size(); ++n) {
            if (!facets.without[n]) continue;
            const auto filter = static_cast<Filter>(n);
            const auto expected = oracle_.answer(question, filter);
            ASSERT_EQ(facets.without[n]->rooms, expected.size()) << to_string(filter);
            std::size_t full = 0;
            for (const auto& [space, match] : expected)
                full += match.full() ? 1 : 0;
            ASSERT_EQ(facets.without[n]->full, full) << to_string(filter);
            ++seen.relaxed;
        }
        for (const char* kind : {"gym", "classroom"}) {
            Question other = question;
            other.kind = kind;
            const auto number = *rules::word_number(rules::kind_words(), kind);
            ASSERT_EQ(facets.kinds[number].rooms, oracle_.answer(other).size()) << kind;
        }
        Question other = question;
        other.equipment.emplace_back("stage");
        const auto number = *rules::word_number(rules::equipment_words(), "stage");
        ASSERT_EQ(facets.equipment[number].rooms, oracle_.answer(other).size());
    }

    /// Pages of two hold what one page holds, in the same order.
    static void check_pages(const Index::View& view, const Question& question, const Answer& all) {
        Page page;
        page.count = 2;
        std::vector<std::string> seen;
        while (true) {
            const auto answered = answer(view, question, page);
            for (std::size_t n = answered->page_begin; n < answered->page_end; ++n)
                seen.push_back(answered->found[n].space->facts.slug);
            if (answered->page_end == answered->found.size()) break;
            page.first = answered->page_end;
            page.after = answered->found[answered->page_end - 1].space->facts.id.str();
        }
        std::vector<std::string> expected;
        for (const Found& found : all.found)
            expected.push_back(found.space->facts.slug);
        ASSERT_EQ(seen, expected);
    }

    Random& random_;
    Town town_;
    Oracle oracle_;
    base::FixedClock clock_;
    Index index_;
};

TEST(QuestionProperty, answers__agree_with_a_naive_oracle) {
    Random random;
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(random.seed()));
    Seen seen;
    const int wanted = questions_wanted();
    int asked = 0;
    while (asked < wanted && !::testing::Test::HasFatalFailure()) {
        QuestionWorld world(random, asked / kQuestionsPerTown);
        for (int n = 0; n < kQuestionsPerTown && !::testing::Test::HasFatalFailure(); ++n, ++asked)
            world.ask(seen);
    }
    RecordProperty("questions", asked);
    EXPECT_GT(seen.found, wanted / 5);
    EXPECT_GT(seen.full, wanted / 20);
    EXPECT_GT(seen.partial, wanted / 20);
    EXPECT_GT(seen.choice, wanted / 30);
    EXPECT_GT(seen.relaxed, wanted / 40);
    EXPECT_GT(seen.clock_change, wanted / 100);
}

}  // namespace
}  // namespace preau::search
