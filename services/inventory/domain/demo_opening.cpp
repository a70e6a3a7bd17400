#include <algorithm>

#include "services/inventory/domain/demo.hpp"

namespace preau::inventory::demo {
namespace {

using rules::Period;
using time::Date;
using time::Weekday;

constexpr time::Minute kHour = 60;

struct Habits {
    time::Minute evening_end = 22 * kHour;
    time::Minute wednesday_start = 13 * kHour + 30;
    time::Minute saturday_start = 8 * kHour;
    bool sundays = true;
    bool small_holidays_weekend = true;
};

bool is_showcase(const EstablishmentFacts& at) {
    return std::ranges::any_of(
        showcase(), [&](const Showcase& one) { return one.uai == at.establishment.uai; });
}

/// The showcase keeps rule R-06 to the letter; three in four of the others do so nearly.
Habits habits_of(std::uint64_t seed, const EstablishmentFacts& at, SpaceKind kind) {
    Habits habits;
    Dice dice(seed, "habits:" + at.establishment.uai);
    if (!is_showcase(at)) {
        if (dice.chance(15)) habits.evening_end = 21 * kHour + 30;
        if (dice.chance(25)) habits.wednesday_start = 14 * kHour;
        if (dice.chance(25)) habits.saturday_start = 9 * kHour;
        habits.sundays = dice.chance(70);
        habits.small_holidays_weekend = dice.chance(60);
    }
    const bool plain_room = kind == SpaceKind::classroom || kind == SpaceKind::it_room;
    if (plain_room) habits.sundays = habits.sundays && dice.chance(50);
    return habits;
}

rules::Frame frame(Period period, std::vector<Weekday> days, time::Minute start, time::Minute end) {
    return {{period}, std::move(days), start, end, std::nullopt, std::nullopt};
}

std::vector<Weekday> every_day(bool weekend) {
    std::vector<Weekday> days{Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri};
    if (weekend) {
        days.push_back(Weekday::sat);
        days.push_back(Weekday::sun);
    }
    return days;
}

/// Open in summer but from 14 July to 25 August, when no agent is there.
void add_summer(rules::Opening& opening, int year, const Habits& habits) {
    rules::Frame before =
        frame(Period::summer, every_day(habits.small_holidays_weekend), 8 * kHour, 20 * kHour);
    rules::Frame after = before;
    before.valid_from = Date::of(year, 6, 1);
    before.valid_until = Date::of(year, 7, 13);
    after.valid_from = Date::of(year, 8, 26);
    after.valid_until = Date::of(year, 9, 30);
    opening.frames.push_back(std::move(before));
    opening.frames.push_back(std::move(after));
}

}  // namespace

rules::Opening opening(std::uint64_t seed, time::Date today, const EstablishmentFacts& at,
                       SpaceKind kind) {
    const Habits habits = habits_of(seed, at, kind);
    const time::Minute evening = 18 * kHour;
    rules::Opening out;
    out.frames.push_back(frame(Period::term,
                               {Weekday::mon, Weekday::tue, Weekday::thu, Weekday::fri}, evening,
                               habits.evening_end));
    out.frames.push_back(
        frame(Period::term, {Weekday::wed}, habits.wednesday_start, habits.evening_end));
    out.frames.push_back(
        frame(Period::term, {Weekday::sat}, habits.saturday_start, habits.evening_end));
    if (habits.sundays) {
        out.frames.push_back(frame(Period::term, {Weekday::sun}, 8 * kHour, habits.evening_end));
    }
    out.frames.push_back(frame(Period::small_holidays, every_day(habits.small_holidays_weekend),
                               8 * kHour, 20 * kHour));
    for (int year = today.year(); year <= today.year() + 2; ++year) {
        add_summer(out, year, habits);
        for (unsigned day = 25; day <= 31; ++day) {
            out.exceptions.push_back({Date::of(year, 12, day), {}, "Fermeture de Noël"});
        }
    }
    return out;
}

}  // namespace preau::inventory::demo
