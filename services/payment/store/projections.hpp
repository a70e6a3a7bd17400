#pragma once
// Facts of inventory as rows: the establishments that are creditors. Runs in the transaction of the
// feed's cursor and ignores versions that are not newer. False: the event could not be read.

#include "shared/db/database.hpp"
#include "shared/events/event.hpp"

namespace preau::payment {

bool apply_inventory(db::Session& session, const events::Event& event);
void forget_inventory(db::Session& session);

}  // namespace preau::payment
