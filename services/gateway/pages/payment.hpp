#pragma once
// What a hirer sees of the money: the payment beside a booking, the payment's own page with its
// receipt, and the page to which the provider leads back.

#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// Whether the visitor may pay for the organisation: who presides it, books or pays for it.
bool pays_for(const Visit& visit, const std::string& organisation_id);

/// The `pay` box of a booking's page: what is due until when, with its button, or what became of
/// it; false where no money is concerned. `payment` as payment tells it, else as booking does.
nlohmann::json pay_view(const Visit& visit, const nlohmann::json& booking,
                        const nlohmann::json& payment, bool may_pay);

/// What the payment page is shown for.
struct PaymentPage {
    std::string organisation = {};
    bool may_pay = false;
    bool keeps_books = false;  // a finance officer: may record money that came otherwise
    bool returned = false;     // from the provider
};

nlohmann::json payment_view(const Visit& visit, const nlohmann::json& payment,
                            const PaymentPage& page, const base::Error* error);

}  // namespace preau::gateway
