#pragma once
// The papers that a hirer must have shown. Pure.

#include <optional>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// A date that is not insured keeps its time until so many local days before.
inline constexpr std::int32_t suspended_days = 7;

/// Whether the insurance covers the whole of a date; one that passes midnight needs both days.
bool insured_on(const rules::Slot& slot, const std::optional<time::Date>& insured_until);

/// Whether the price is a favour for which an association must have signed the contrat d'engagement
/// républicain (subsidy in kind: law 2021-1109, article 12). Public bodies and companies sign none.
bool needs_contract(char category, const rules::Price& price);

}  // namespace preau::booking
