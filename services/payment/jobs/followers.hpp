#pragma once
// Followers of the feeds of inventory (who is a creditor) and booking (what is due).

#include <memory>

#include "services/payment/domain/types.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/reader.hpp"

namespace preau::payment {

std::unique_ptr<events::Sink> inventory_sink(db::Database& database);
std::unique_ptr<events::Sink> booking_sink(db::Database& database, const base::Clock& business,
                                           const base::Clock& machine);

/// One fact of booking, inside the transaction of the cursor. Throws when another writer changed
/// the same payment at this moment: the reader tries again.
void apply_booking(db::Session& session, const events::Event& event, base::Instant now,
                   const base::Clock& machine);

}  // namespace preau::payment
