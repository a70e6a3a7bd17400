#pragma once
// Keeps the projections of inventory's, accounts' and payment's facts, and does what follows from a
// payment in the transaction that reads of it.

#include <memory>

#include "services/booking/domain/desk.hpp"
#include "services/booking/store/facts.hpp"
#include "shared/db/database.hpp"
#include "shared/events/reader.hpp"

namespace preau::booking {

std::unique_ptr<events::Sink> inventory_sink(db::Database& database, FactsCache& facts);
/// Dates of bookings follow what it tells of insurances.
std::unique_ptr<events::Sink> accounts_sink(db::Database& database, FactsCache& facts,
                                            const Desk& desk, const base::Clock& machine);

/// Throws where a booking was changed at this very moment: the reader tries again.
std::unique_ptr<events::Sink> payment_sink(db::Database& database, FactsCache& facts,
                                           const Desk& desk, const base::Clock& machine);

}  // namespace preau::booking
