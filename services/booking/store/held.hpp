#pragma once
// What a booking holds as rows of occupied_interval: of two dates that begin together on a part,
// the one that holds more.

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "services/booking/domain/holding.hpp"

namespace preau::booking {

struct Held {
    std::int64_t end = 0;
    std::int64_t before = 0;  // buffers, in seconds
    std::int64_t after = 0;
    const base::OfferId* offer = nullptr;
    bool pending = true;
};

/// By part and start, in the order of the table's key. Points into the booking.
using HeldRows = std::map<std::pair<std::string_view, std::int64_t>, Held>;
HeldRows held_by(const Booking& booking);

}  // namespace preau::booking
