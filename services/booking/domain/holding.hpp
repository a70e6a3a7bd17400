#pragma once
// What a booking holds: the dates of its request and of the proposal that stands for it. The cells
// are exactly these; the store writes them and tests add them up.

#include <vector>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// One date on its parts. Points into the booking.
struct Holding {
    const std::vector<base::PartId>* parts = nullptr;
    const base::OfferId* offer = nullptr;
    const Occurrence* occurrence = nullptr;
    bool pending = false;  // only asked for
    bool cells = true;     // false: it keeps nobody away
};

/// Own dates as `booking.hold` says; those of a proposal always keep others away. Two holdings of
/// one booking may overlap: together they hold each cell once.
std::vector<Holding> holdings(const Booking& booking);

}  // namespace preau::booking
