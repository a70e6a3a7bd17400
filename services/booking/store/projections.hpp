#pragma once
// Other services' facts as rows of this service: events in, projection tables out. Everything here
// runs inside the transaction of the feed's cursor and ignores versions that are not newer. False:
// the event could not be read and left no trace; the caller reports it.

#include <optional>

#include "services/booking/store/facts.hpp"
#include "shared/db/database.hpp"
#include "shared/events/event.hpp"

namespace preau::booking {

/// space_changed, calendar_changed, establishment_changed, tariff_changed; other types are none of
/// our business. A space's parts are bumped with it, so that a change and a booking of the same
/// parts queue up.
bool apply_inventory(db::Session& session, const events::Event& event);
void forget_inventory(db::Session& session);

/// payment_changed, payment_paid, payment_paid_late: what payment told of a booking's payment, or
/// nothing where the type is another. `fresh`: newer than what was known.
struct PaymentTold {
    PaymentFacts facts;
    bool fresh = false;
};
std::optional<PaymentTold> apply_payment(db::Session& session, const events::Event& event);
void forget_payment(db::Session& session);

/// affiliation_changed.
bool apply_accounts(db::Session& session, const events::Event& event);
/// Whose affiliation with which body the event tells of, or nothing.
std::optional<std::pair<base::OrganisationId, base::BodyId>> pair_of(const events::Event& event);
void forget_accounts(db::Session& session);

}  // namespace preau::booking
