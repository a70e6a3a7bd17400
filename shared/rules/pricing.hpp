#pragma once
// What does it cost? The cheapest legal combination of a vote's units with what the vote adds on
// certain dates, explained line by line in integer cents (domain.md §5, rules,
// golden cases 4 and 14). What comes on top of the room stands in charges.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/money.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/calendar.hpp"
#include "shared/rules/recurrence.hpp"
#include "shared/rules/tariff.hpp"
#include "shared/time/civil.hpp"

namespace preau::rules {

/// What a modifier adds to a line, for those of its dates that it touches.
struct Supplement {
    ModifierKind kind = ModifierKind::heating;
    int percent = 0;
    base::Cents per_date;
    base::Cents amount;
    std::vector<time::Date> dates;

    bool operator==(const Supplement&) const = default;
};

enum class LineKind { room, extra, free_use };

struct PriceLine {
    Unit unit = Unit::hour;
    std::int64_t quantity_quarters =
        0;  // hours: quarters of an hour; other units: 4 × their number
    base::Cents unit_price;
    base::Cents amount;  // supplements and tax included
    std::string tariff_id;
    std::vector<time::Date> dates;  // that this line pays for
    LineKind kind = LineKind::room;
    std::string code = {};   // of the extra
    std::string label = {};  // of the extra, as voted
    std::vector<Supplement> supplements = {};
    Vat vat = {};

    /// The tax in `amount`; the rest is the net amount, so that both add up to it.
    base::Cents tax() const;
    /// `amount` without the supplements.
    base::Cents base_amount() const;

    bool operator==(const PriceLine&) const = default;
};

/// A deposit to be handed over, not part of the total: of a unit or an extra.
struct DepositDue {
    std::string code;        // "weekend", or the extra's
    std::string label = {};  // of the extra, as voted
    base::Cents amount;

    bool operator==(const DepositDue&) const = default;
};

struct DownPaymentDue {
    base::Cents amount;
    base::Cents balance;
    time::Date balance_by;

    bool operator==(const DownPaymentDue&) const = default;
};

enum class UseKind { weekday, weekend };

/// The n-th of so many free uses of a school year: the ground of a room for nothing.
struct FreeUse {
    UseKind kind = UseKind::weekday;
    int school_year = 0;  // that it begins in: 2026 for September 2026 to August 2027
    int nth = 1;
    int of = 1;

    bool operator==(const FreeUse&) const = default;
};

/// A person granted less than the vote asks: what it was before, and why.
struct Lowered {
    base::Cents before;
    std::string ground;

    bool operator==(const Lowered&) const = default;
};

struct Price {
    base::Cents total;  // the sum of the lines
    std::vector<PriceLine> lines;
    base::Cents by_the_hour;  // what it would cost with hours alone: total ≤ by_the_hour
    std::string vat_note;
    base::Cents reference;  // without any favour; what it is above the total is aid in kind
    std::vector<DepositDue> deposits = {};
    std::optional<DownPaymentDue> down_payment = {};
    std::optional<FreeUse> free_use = {};
    std::optional<Lowered> lowered = {};

    bool operator==(const Price&) const = default;
};

/// The cheapest legal price of these slots. Hourly prices follow elapsed time (a night of four real
/// hours pays four). half_day covers up to 5 h of one date, day one date, weekend the dates of an
/// offer from Friday 18 h to Sunday 22 h. season covers 2 h of every date of one weekly slot
/// (weekday and hours) in one school year, September to August; hours beyond 2 h of a date are paid
/// by the hour. (The grid calls it "35 weeks × 2 h": 35 is what a school year gives, not a limit; a
/// year that gives 36 dates costs the same.) A weekend or season that is bought pays for all dates
/// that fall into it; a date is paid once.
///
/// A modifier in percent adds its part of each unit's price for the dates that it touches: of a
/// weekend or season in proportion of these dates to all that the unit covers. One by date adds its
/// amount once for each date. Several add up, none works on another. A unit is priced by one vote,
/// modifiers included: that of its first date. Each line and each supplement in it is rounded once,
/// half up; the supplement of a weekend or season for each of them.
///
/// `not_bookable` where the grid has no line for the category; `calendar_unknown` as `touches`.
base::Result<Price> price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                          char category, const std::vector<TariffVersion>& versions,
                          time::Date requested_on, const Calendar& calendar = {});

/// What a hirer of the category is asked for the room: the price, or nothing for category A,
/// whether or not the grid has lines for it.
base::Result<Price> asked_price(const std::vector<Slot>& slots, const std::string& tariff_kind,
                                char category, const std::vector<TariffVersion>& versions,
                                time::Date requested_on, const Calendar& calendar = {});

/// The Friday of the weekend (Friday 18 h to Sunday 22 h) that holds the slot, or nothing.
std::optional<time::Date> weekend_of(const Slot& slot);

/// The year in which the school year of a date begins (September to August).
int school_year_of(time::Date date);

}  // namespace preau::rules
