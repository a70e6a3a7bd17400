#pragma once
// Acts on one booking over HTTP: POST /v1/bookings/{id}/<verb> with the version seen.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/booking/http/desk_api.hpp"
#include "shared/json/fields.hpp"

namespace preau::booking::http {

struct Given {
    base::BookingId id;
    std::int64_t version = 0;
};

using ActOn =
    std::function<Outcome<Booking>(const DeskApi&, Tx&, const Actor&, const Given&, json::Fields&)>;

/// The faults of the fields as a refusal, where there are any.
std::optional<std::unexpected<Refusal>> faults(const json::Fields& in);

/// Member occurrence_ids: an array of at most 200 ids; its faults stand in `in`.
std::vector<base::OccurrenceId> occurrence_ids_of(json::Fields& in);
/// Members buffer_before_min and buffer_after_min, both optional.
BufferRequest buffers_of(json::Fields& in);

/// Answers with the booking as it is then.
void add_act(net::Router& router, const DeskApi& api, const std::string& verb,
             const std::string& operation, ActOn effect);

}  // namespace preau::booking::http
