#pragma once
// From the words of a request to the dates that it is about, within what one request may ask for.

#include <string>
#include <vector>

#include "services/booking/domain/guard.hpp"
#include "shared/rules/charges.hpp"

namespace preau::booking {

struct DatesLimits {
    rules::ExpansionLimits expansion;
    std::size_t cells_max = 0;  // of all dates and parts
};

/// The dates of a rule at a place, at least one. Errors: those of rules::expand, at "/when".
Outcome<rules::Expansion> expand(const Place& place, const rules::Recurrence& when,
                                 const DatesLimits& limits);

/// Quarter hours that these slots take on so many parts.
std::size_t cells_of(const std::vector<rules::Slot>& slots, std::size_t parts);

/// Of hirer, offer and slots: the same request sent twice has the same hash. A price holds for its
/// extras too.
std::string request_hash(const base::OrganisationId& organisation, const base::OfferId& offer,
                         const std::vector<rules::Slot>& slots,
                         const std::vector<rules::ExtraChoice>& extras = {});

}  // namespace preau::booking
