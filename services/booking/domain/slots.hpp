#pragma once
// What the dates of a booking amount to: their fingerprint and their size.

#include <cstddef>
#include <string>
#include <vector>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// Sixteen hexadecimal digits over hirer, offer and slots: the same request sent twice has the same
/// (S28).
std::string request_hash(const base::OrganisationId& organisation, const base::OfferId& offer,
                         const std::vector<rules::Slot>& slots);

/// Quarter-hour cells that the slots fill on so many parts.
std::size_t cells_of(const std::vector<rules::Slot>& slots, std::size_t parts);

}  // namespace preau::booking
