#pragma once
// What the terms give back: pure functions of the price, the dates and the
// moment of the cancellation. Each date stands for itself: a series is refunded date by date.

#include <cstdint>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/rules/pricing.hpp"
#include "shared/time/zone.hpp"

namespace preau::booking {

/// Who gives up so long before a date has this part of its price back. Days are local days of the
/// site between the day of the cancellation and the date, hours are elapsed ones before its start.
struct RefundStep {
    std::int64_t ahead = 0;
    bool in_hours = false;
    int percent = 100;  // 0 to 100
    bool operator==(const RefundStep&) const = default;
};

/// What a hirer gets back; kept with the request, so that later terms do not change it.
struct CancellationTerms {
    std::vector<RefundStep> steps = {{15, false, 100}, {7, false, 50}};  // R-16; the best counts
    std::int32_t given_back_days = 3;
    bool operator==(const CancellationTerms&) const = default;
};

/// The part of the price that pays for one date: its share of every line that names it, and of what
/// is added to that line for some of its dates. Amounts are shared out evenly in whole cents; the
/// shares of all dates add up to the total exactly.
base::Cents share_of(const rules::Price& price, time::Date date);

/// What a hirer gets back who cancels the slot now, 0 to 100: the best step that he keeps.
int refund_percent(const CancellationTerms& terms, const rules::Slot& slot, base::Instant now,
                   const time::Zone& zone);

/// What is not given back for one date: it still is when the slot is let to another.
struct KeptShare {
    time::Interval interval;
    base::Cents amount;
};

struct HirerRefund {
    base::Cents amount;
    std::vector<KeptShare> kept;  // above zero; amount + kept = the shares of all slots
};

/// Cancelled by the hirer now: each slot by its own notice, rounded once, half a cent up.
HirerRefund refund_to_hirer(const rules::Price& price, const CancellationTerms& terms,
                            const std::vector<rules::Slot>& slots, base::Instant now,
                            const time::Zone& zone);

/// Whether one date of a series that its hirer gives back so many local days ahead is credited, in
/// full: from `given_back_days` on.
bool give_back_is_credited(const CancellationTerms& terms, std::int32_t days_ahead);
/// From so many local days ahead on a series may be ended.
inline constexpr std::int32_t end_series_days = 7;

/// Cancelled by the body, or taken by a closure: everything.
base::Cents refund_in_full(const rules::Price& price, const std::vector<time::Date>& dates);

}  // namespace preau::booking
