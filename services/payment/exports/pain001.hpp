#pragma once
// Refunds by transfer as a file for the bank: ISO 20022 credit transfers, pain.001.001.03, the
// version that French banks and the Treasury take. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/time/civil.hpp"

namespace preau::payment::exports {

struct Transfer {
    std::string id;  // end-to-end: 35 letters at most
    std::string name;
    std::string iban;
    std::int64_t cents = 0;
    std::string told;  // what the payee reads, 140 letters at most
};

struct TransferOrder {
    std::string id;  // of the message
    base::Instant made_at;
    time::Date on;
    std::string debtor_name;
    std::string debtor_iban;
    std::vector<Transfer> transfers;  // at least one
};

/// Letters that SEPA does not know (accents) are written without.
std::string pain001(const TransferOrder& order);

}  // namespace preau::payment::exports
