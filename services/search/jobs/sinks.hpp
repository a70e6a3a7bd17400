#pragma once
// Where the feeds of inventory and booking land: in the index, with the cursor in memory. After a
// restart both are read anew from their snapshots.

#include <memory>

#include "services/search/index/index.hpp"
#include "shared/events/reader.hpp"

namespace preau::search {

std::unique_ptr<events::Sink> inventory_sink(Index& index);
std::unique_ptr<events::Sink> booking_sink(Index& index);

}  // namespace preau::search
