#pragma once
// What does it cost? Versioned tariff lines, the cheapest legal combination of units, explained
// line by line in integer cents (domain.md §5, rules R-26, R-27, golden cases 4 and 14).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/money.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/recurrence.hpp"
#include "shared/time/civil.hpp"

namespace preau::rules {

/// College-linked hirers pay nothing; the ground is named by a person.
inline constexpr char free_category = 'A';

enum class Unit { hour, half_day, day, weekend, season };
std::string_view to_string(Unit unit);
std::optional<Unit> unit_from(std::string_view text);

struct TariffLine {
    std::string tariff_kind;  // "gym", "gym_part", "classroom", …
    char category = 'A';      // A to E
    Unit unit = Unit::hour;
    base::Cents amount;
};

/// One vote of a grid. The version is chosen by the slot's date if one is voted for it, else by the
/// date of the request, and frozen with the request.
struct TariffVersion {
    std::string id;
    int number = 0;
    time::Date voted_on;
    time::Date executory_from;
    std::vector<TariffLine> lines;
    std::string vat_note;  // legal mention
    bool own = false;      // voted by the establishment itself: goes before its body's
};

/// The version by which a slot is paid: of those voted at the request, the last that is
/// executory on the slot's date, else on the date of the request; an establishment's own goes
/// before its body's. Null when none is in force.
const TariffVersion* version_in_force(time::Date slot, const std::vector<TariffVersion>& versions,
                                      time::Date requested_on);

struct PriceLine {
    Unit unit = Unit::hour;
    std::int64_t quantity_quarters =
        0;  // hours: quarters of an hour; other units: 4 × their number
    base::Cents unit_price;
    base::Cents amount;
    std::string tariff_id;
    std::vector<time::Date> dates;  // that this line pays for

    bool operator==(const PriceLine&) const = default;
};

struct Price {
    base::Cents total;
    std::vector<PriceLine> lines;
    base::Cents by_the_hour;  // what the hours alone would cost: total ≤ by_the_hour
    std::string vat_note;

    bool operator==(const Price&) const = default;
};

/// The cheapest legal price of these slots. Hourly prices follow elapsed time (a night of four real
/// hours pays four). half_day covers up to 5 h of one date, day one date, weekend the dates of an
/// offer from Friday 18 h to Sunday 22 h. season covers 2 h of every date of one weekly slot
/// (weekday and hours) in one school year, September to August; hours beyond 2 h of a date are paid
/// by the hour. (The grid calls it "35 weeks × 2 h": 35 is what a school year gives, not a limit; a
/// year that gives 36 dates costs the same.) `not_bookable` where the grid has no line for the
/// category.
base::Result<Price> price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                          char category, const std::vector<TariffVersion>& versions,
                          time::Date requested_on);

/// What a hirer of the category is asked for: the price, or nothing for category A, whether or not
/// the grid has lines for it.
base::Result<Price> asked_price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                                char category, const std::vector<TariffVersion>& versions,
                                time::Date requested_on);

}  // namespace preau::rules
