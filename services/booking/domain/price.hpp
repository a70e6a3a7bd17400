#pragma once
// What a request costs and how it is paid. The sum itself is shared/rules'; nothing here computes a
// price a second time.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/rules/charges.hpp"

namespace preau::booking {

/// No card takes less.
inline constexpr base::Cents amount_min{50};

/// A price, or the code with which a request for it is refused: `no_tariff` where no tariff covers
/// the room for the category, `calendar_unknown` where public holidays decide and are not
/// published, `amount_out_of_range` below 0.50 € (no card takes that) or from 1,000,000 € on;
/// `invalid` with the extra that is wrong in `faults`.
struct Priced {
    std::optional<rules::Price> price;
    std::string problem;
    std::vector<base::FieldError> faults = {};

    base::Error error() const { return {problem, {}, faults}; }
};

/// The price of a question (at least one slot), with the room for nothing where `free_use` says so
/// and the down payment that the vote asks for where it is paid before.
Priced price_of(const rules::PriceQuestion& question,
                const std::vector<rules::TariffVersion>& tariffs, const rules::Calendar& calendar,
                const std::optional<rules::FreeUse>& free_use = {});

/// What is left of a price when only these slots remain: its lines, without those that pay for no
/// date any more. Never more than it was; a line that paid for several dates costs the same.
rules::Price price_part(rules::Price price, const std::vector<rules::Slot>& slots);

/// The votes by which a price was computed.
std::vector<rules::TariffVersion> frozen_votes(const rules::Price& price,
                                               const std::vector<rules::TariffVersion>& votes);

/// "none" where nothing is due, "later" for public bodies, which pay by mandat after an invoice,
/// else "before": the booking is confirmed by its payment.
std::string_view payment_kind(const rules::Price& price, char category);

}  // namespace preau::booking
