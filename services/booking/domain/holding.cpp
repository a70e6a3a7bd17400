#include "services/booking/domain/holding.hpp"

namespace preau::booking {

std::vector<Holding> holdings(const Booking& booking) {
    std::vector<Holding> out;
    if (booking.hold != Hold::none) {
        const bool pending = booking.hold != Hold::taken;
        for (const auto* one : booking.kept()) {
            out.push_back(
                {&booking.parts, &booking.offer, one, pending, booking.hold != Hold::requested});
        }
    }
    if (booking.proposal) {
        for (const auto* one : booking.proposal->kept()) {
            out.push_back({&booking.proposal->parts, &booking.proposal->offer, one, false, true});
        }
    }
    return out;
}

}  // namespace preau::booking
