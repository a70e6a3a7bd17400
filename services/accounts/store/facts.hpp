#pragma once
// The facts that accounts tells the other services: ids, roles and states, never names or
// addresses. api/events/{affiliation,membership,staff}_changed.v1.schema.json are their contracts.

#include <functional>

#include "services/accounts/domain/records.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/event.hpp"

namespace preau::accounts {

events::Event fact(const Affiliation& affiliation, base::Instant business_now);
events::Event fact(const Membership& membership, base::Instant business_now);
events::Event fact(const StaffPost& post, base::Instant business_now);

/// Every affiliation, membership and post, for GET /snapshot.
void emit_all_facts(db::Session& session, const std::function<void(events::Event)>& emit);

}  // namespace preau::accounts
