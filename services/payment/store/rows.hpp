#pragma once
// Payments as rows, as JSON details and as facts (api/events/payment_*.v1, refund_executed.v1).

#include <functional>
#include <string>

#include "services/payment/domain/types.hpp"
#include "shared/db/database.hpp"
#include "shared/events/event.hpp"

namespace preau::payment {

/// What never changes of a payment and is never searched by.
std::string details_of(const Payment& payment);
void read_details(const std::string& text, Payment& into);

events::Event changed_event(const Payment& payment, base::Instant now);
events::Event fact_event(const Payment& payment, const Fact& fact, base::Instant now);

/// All payments as payment_changed.v1 with seq 0.
void emit_snapshot(db::Session& session, base::Instant now,
                   const std::function<void(events::Event)>& emit);

}  // namespace preau::payment
