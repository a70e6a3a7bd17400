#pragma once
// Lists for French spreadsheets: rents to enter as "ordres de recette", payouts with what they
// hold, and the yearly statement for the mandate under which rents are collected. Pure.

#include <string>
#include <vector>

#include "services/payment/domain/store.hpp"

namespace preau::payment::exports {

/// One line a payment that is due: what the ordonnateur enters. `account`: number of the revenue
/// account. A payment that ended unpaid is left out: what never was lent is not billed.
std::string orders_csv(const Establishment& at, const std::vector<Payment>& payments,
                       const std::string& account);

struct PayoutDetail {
    Payout payout;
    std::vector<PayoutLine> lines;
    std::string bank_day;  // ISO, empty until it was found on the account
};
std::string payouts_csv(const Establishment& at, const std::vector<PayoutDetail>& payouts);

/// What went through the hands of the mandatary in a year.
struct MandateYear {
    int year = 0;
    std::vector<Payment> payments;  // made in the year
    std::vector<PayoutDetail> payouts;
    std::int64_t at_provider_cents = 0;  // at the end
};
std::string mandate_csv(const Establishment& at, const MandateYear& year);

}  // namespace preau::payment::exports
