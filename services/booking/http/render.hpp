#pragma once
// The JSON of this service's answers, as api/openapi/booking.yaml describes it.

#include <nlohmann/json.hpp>

#include "services/booking/domain/desk.hpp"
#include "shared/net/message.hpp"

namespace preau::booking::http {

/// With all occurrences.
nlohmann::json to_json(const Booking& booking);
/// And what the reader may do with it and with each date.
nlohmann::json to_json(const Booking& booking, const BookingActs& acts);
/// As a row of a list: without occurrences and rule.
nlohmann::json summary_json(const Booking& booking);
/// As another booking of the same request names it.
nlohmann::json joined_json(const Booking& booking);
nlohmann::json occurrence_json(const Occurrence& one, const time::Zone& zone);
nlohmann::json to_json(const Quote& quote, const Terms& terms);
nlohmann::json to_json(const Checks& checks, const Booking& booking);
nlohmann::json to_json(const Closure& closure);
nlohmann::json to_json(const BulkClosure& bulk);
nlohmann::json to_json(const HistoryLine& line, const time::Zone& zone);
nlohmann::json to_json(const Conflict& conflict, const time::Zone& zone);

/// The problem of a refusal with what it tells: conflicts, decision, state, touched bookings; and
/// the members of `more`.
net::Response problem(const Refusal& refusal, nlohmann::json more = nlohmann::json::object());

}  // namespace preau::booking::http
