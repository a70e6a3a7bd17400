#pragma once
// Acts on one booking: the version that the caller has seen, the act, the booking as it then is.

#include <functional>
#include <string_view>

#include "services/booking/http/unsafe.hpp"
#include "shared/json/fields.hpp"

namespace preau::booking::http {

struct Given {
    base::BookingId id;
    std::int64_t version = 0;
};

using ActOn =
    std::function<Outcome<Booking>(const DeskApi&, Tx&, const Actor&, const Given&, json::Fields&)>;

net::Response act_on_booking(const DeskApi& api, const net::Request& request,
                             std::string_view operation, const ActOn& effect);

/// Members buffer_before_min and buffer_after_min, both optional.
BufferRequest buffers_of(json::Fields& in);

}  // namespace preau::booking::http
