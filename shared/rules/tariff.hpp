#pragma once
// What a vote of a tariff grid says: lines by kind of offer, category and unit; what is added in
// the heating season or at weekends; extras; deposits, down payment and free uses (domain.md §5,
// Which vote is in force.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/money.hpp"
#include "shared/rules/calendar.hpp"
#include "shared/time/civil.hpp"

namespace preau::rules {

/// College-linked hirers pay nothing; the ground is named by a person.
inline constexpr char free_category = 'A';

/// `date` and `booking` are units of extras only.
enum class Unit { hour, half_day, day, weekend, season, date, booking };
inline constexpr std::size_t units_count = 7;
std::string_view to_string(Unit unit);
std::optional<Unit> unit_from(std::string_view text);
/// Whether a room can be let by it.
constexpr bool lets_a_room(Unit unit) {
    return unit <= Unit::season;
}

/// Prices include the tax. 2,000 basis points are 20 %; 0 where none is due, as the note says.
struct Vat {
    int basis_points = 0;   // 0 to 10,000
    std::string note = {};  // legal mention; empty: that of the vote

    bool operator==(const Vat&) const = default;
};

struct TariffLine {
    std::string tariff_kind;  // "gym", "gym_part", "classroom", …
    char category = 'A';      // A to E
    Unit unit = Unit::hour;
    base::Cents amount;
    Vat vat = {};
};

enum class ModifierKind { heating, weekend };
std::string_view to_string(ModifierKind kind);
std::optional<ModifierKind> modifier_kind_from(std::string_view text);

struct MonthDay {
    unsigned month = 1;  // 1 to 12
    unsigned day = 1;    // 1 to 31
    auto operator<=>(const MonthDay&) const = default;
    /// "11-01"
    static std::optional<MonthDay> parse(std::string_view text);
    std::string text() const;
};

/// What a vote adds on certain dates: in part of the unit's price, or so much for each date.
/// Heating from `from` to `until`, both inclusive, over New Year where `until` comes first in the
/// year; weekend on Saturdays, Sundays and public holidays, but not on top of the unit `weekend`.
struct Modifier {
    ModifierKind kind = ModifierKind::heating;
    std::string tariff_kind;
    int percent = 0;       // 0 to 400
    base::Cents per_date;  // where percent is 0
    MonthDay from = {1, 1};
    MonthDay until = {12, 31};
};

/// Whether the modifier adds something on the date; `calendar_unknown` where a public holiday would
/// decide and none is published for the date.
base::Result<bool> touches(const Modifier& modifier, time::Date date, const Calendar& calendar);

/// Something that can be had with a room: equipment, cleaning, a technician.
struct Extra {
    std::string code;                       // "sono"
    std::string label;                      // as voted
    std::vector<std::string> tariff_kinds;  // with whose rooms
    Unit per = Unit::booking;               // booking, date or hour
    base::Cents amount;
    int count_max = 1;    // 1 to 100
    base::Cents deposit;  // asked for once where it is chosen
    Vat vat = {};
};

/// A deposit: asked for once where the room is let by this unit.
struct Deposit {
    std::string tariff_kind;
    Unit unit = Unit::weekend;
    base::Cents amount;
};

/// A down payment: a part of what is above a bound; none where percent is 0.
struct DownPayment {
    int percent = 0;       // 0 to 100
    base::Cents above;     // only for totals beyond it
    int balance_days = 0;  // the rest is due so many days before the first date
};

/// Free uses of one association in a school year; none where both are 0.
struct FreeUses {
    std::vector<std::string> tariff_kinds;
    int weekday = 0;
    int weekend = 0;
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
    std::vector<Modifier> modifiers = {};
    std::vector<Extra> extras = {};
    std::vector<Deposit> deposits = {};
    DownPayment down_payment = {};
    FreeUses free_uses = {};
    bool by_creation = false;  // prices what is asked for while it is in force, whatever its dates
};

/// The version by which a slot is paid: of those voted at the request, the last that is
/// executory on the slot's date, else on the date of the request; an establishment's own goes
/// before its body's. A vote that says `by_creation` and is in force on the date of the request
/// prices every slot. Null when none is in force.
const TariffVersion* version_in_force(time::Date slot, const std::vector<TariffVersion>& versions,
                                      time::Date requested_on);

}  // namespace preau::rules
