#pragma once
// What the terms give back: a pure function of the price, the dates and the
// local day of the cancellation. Each date stands for itself: a series is refunded date by date.

#include <vector>

#include "shared/rules/pricing.hpp"

namespace preau::booking {

/// The part of the price that pays for one date: its share of every line that names it. Lines are
/// shared out evenly in whole cents; the shares of all dates add up to the total exactly.
base::Cents share_of(const rules::Price& price, time::Date date);

/// What a hirer gets back who cancels so many local days before a date: 100 from 15 days on, 50
/// from 7 days on, else 0.
int refund_percent(std::int32_t days_ahead);

/// Cancelled by the hirer on the local day `on`: each date by its own notice, half cents up.
base::Cents refund_to_hirer(const rules::Price& price, const std::vector<time::Date>& dates,
                            time::Date on);

/// Whether one date of a series that its hirer gives back so many local days ahead is credited, in
/// full: from 3 days on.
bool give_back_is_credited(std::int32_t days_ahead);
/// From so many local days ahead on a series may be ended.
inline constexpr std::int32_t end_series_days = 7;

/// Cancelled by the body, or taken by a closure: everything.
base::Cents refund_in_full(const rules::Price& price, const std::vector<time::Date>& dates);

}  // namespace preau::booking
