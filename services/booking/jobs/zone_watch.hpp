#pragma once
// Looks once a day whether the time zones still give the instants that are stored: an update of the
// tz database may have changed them since.

#include <chrono>

#include "services/booking/domain/store.hpp"
#include "shared/db/database.hpp"

namespace preau::booking {

/// Establishments with a date to come whose stored instants are not those of its zone now.
base::Result<std::vector<base::EstablishmentId>> out_of_zone(db::Database& database, Store& store,
                                                             base::Instant now);

/// Moves what is booked there (domain/zone_rules.hpp). Gives the pause until the next look.
std::chrono::milliseconds follow_zones(db::Database& database, Store& store,
                                       const base::Clock& business);

}  // namespace preau::booking
