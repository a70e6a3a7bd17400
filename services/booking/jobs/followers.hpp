#pragma once
// Keeps the projections of inventory's and accounts' facts.

#include <memory>

#include "services/booking/store/facts.hpp"
#include "shared/db/database.hpp"
#include "shared/events/reader.hpp"

namespace preau::booking {

std::unique_ptr<events::Sink> inventory_sink(db::Database& database, FactsCache& facts);
std::unique_ptr<events::Sink> accounts_sink(db::Database& database);

}  // namespace preau::booking
