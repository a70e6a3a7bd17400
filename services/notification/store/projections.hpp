#pragma once
// Facts in: posts of the staff from accounts, and from booking and payment the messages that each
// fact asks for. Everything runs in the transaction that moves the feed's cursor, so a fact makes
// its messages once or not at all; the unique key (event, recipient) stands behind that.

#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/event.hpp"

namespace preau::notification {

/// False where the fact cannot be read.
bool apply_accounts(db::Session& session, const events::Event& event);
void forget_accounts(db::Session& session);

/// Whether accounts' posts have been read: before that nobody knows the managers.
bool staff_known(db::Session& session);

struct Now {
    base::Instant business;
    base::Instant machine;
};

/// Queues what the fact asks for. Not told are: states of a snapshot, facts that are older than 48
/// hours, imported bookings, requests of the demonstration's own data, requesters who are no
/// person.
bool apply_facts(db::Session& session, const events::Event& event, Now now);

}  // namespace preau::notification
