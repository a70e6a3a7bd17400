#include "services/booking/jobs/payment_peer.hpp"

namespace preau::booking {

CancelPayment cancel_through(const host::Peers& peers) {
    return [&peers](const base::BookingId& booking,
                    const std::string& key) -> base::Result<std::string> {
        const auto nothing = nlohmann::json::object();
        const auto answer = peers.call("payment", net::Method::post,
                                       "/v1/payments/by-booking/" + booking.str() + "/cancel",
                                       &nothing, nullptr, {}, key);
        if (!answer) return std::unexpected(answer.error());
        const auto body = answer->json();
        if (!answer->ok() || !body || !body->is_object()) {
            return base::fail("upstream_unavailable", std::to_string(answer->status));
        }
        return body->value("outcome", "");
    };
}

}  // namespace preau::booking
