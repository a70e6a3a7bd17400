#include "shared/rules/tariff.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace preau::rules {
namespace {

using time::Date;

constexpr std::array<std::string_view, units_count> kUnits{
    "hour", "half_day", "day", "weekend", "season", "date", "booking"};
constexpr std::array<std::string_view, 2> kModifierKinds{"heating", "weekend"};
constexpr std::size_t kMonthDayLength = 5;  // "11-01"
constexpr unsigned kMonths = 12;
constexpr unsigned kDays = 31;

std::optional<unsigned> two_digits(std::string_view text) {
    unsigned out = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

bool within(MonthDay day, MonthDay from, MonthDay until) {
    if (from <= until) return from <= day && day <= until;
    return from <= day || day <= until;
}

}  // namespace

std::string_view to_string(Unit unit) {
    return kUnits[static_cast<std::size_t>(unit)];
}

std::optional<Unit> unit_from(std::string_view text) {
    const auto at = std::ranges::find(kUnits, text);
    if (at == kUnits.end()) return std::nullopt;
    return static_cast<Unit>(at - kUnits.begin());
}

std::string_view to_string(ModifierKind kind) {
    return kModifierKinds[static_cast<std::size_t>(kind)];
}

std::optional<ModifierKind> modifier_kind_from(std::string_view text) {
    const auto at = std::ranges::find(kModifierKinds, text);
    if (at == kModifierKinds.end()) return std::nullopt;
    return static_cast<ModifierKind>(at - kModifierKinds.begin());
}

std::optional<MonthDay> MonthDay::parse(std::string_view text) {
    if (text.size() != kMonthDayLength || text[2] != '-') return std::nullopt;
    const auto month = two_digits(text.substr(0, 2));
    const auto day = two_digits(text.substr(3));
    if (!month || !day || *month < 1 || *month > kMonths || *day < 1 || *day > kDays) {
        return std::nullopt;
    }
    return MonthDay{*month, *day};
}

std::string MonthDay::text() const {
    const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(month) + "-" + two(day);
}

base::Result<bool> touches(const Modifier& modifier, Date date, const Calendar& calendar) {
    if (modifier.kind == ModifierKind::heating) {
        return within({date.month(), date.day()}, modifier.from, modifier.until);
    }
    if (date.weekday() >= time::Weekday::sat) return true;
    if (calendar.holidays == nullptr || !calendar.holidays->knows(date)) {
        return base::fail("calendar_unknown", date.iso());
    }
    return calendar.public_holiday(date) != nullptr;
}

const TariffVersion* version_in_force(Date slot, const std::vector<TariffVersion>& versions,
                                      Date requested_on) {
    const auto rank = [](const TariffVersion& version) {
        return std::tuple(version.own, version.executory_from, version.number);
    };
    const auto in_force = [&](Date on) {
        const TariffVersion* best = nullptr;
        for (const TariffVersion& version : versions) {
            if (requested_on < version.voted_on || on < version.executory_from) continue;
            if (best == nullptr || rank(*best) < rank(version)) best = &version;
        }
        return best;
    };
    const TariffVersion* asked = in_force(requested_on);
    if (asked != nullptr && asked->by_creation) return asked;
    const TariffVersion* voted = in_force(slot);
    return voted != nullptr ? voted : asked;
}

}  // namespace preau::rules
