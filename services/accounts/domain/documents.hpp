#pragma once
// What an organisation shows a body once: its civil liability insurance, and that it has signed the
// contrat d'engagement républicain (law 2021-1109, article 12; decree 2021-1947). Each is recorded
// as it was said and never changed; the last one counts.

#include <string>
#include <variant>

#include "services/accounts/domain/records.hpp"
#include "shared/base/clock.hpp"
#include "shared/time/civil.hpp"

namespace preau::accounts {

/// Of the decree that has the seven commitments.
inline constexpr std::string_view contract_version = "2021-1947";
inline constexpr std::size_t insurer_bytes_max = 120;
inline constexpr std::size_t policy_bytes_max = 60;
inline constexpr int insured_years_max = 5;

struct Insurance {
    std::string insurer;
    std::string policy_number;
    time::Date valid_until;  // inclusive
};

struct ContractSignature {
    std::string version;
    time::Date signed_on;
    bool on_paper = false;  // recorded by staff who has seen it
};

using Document = std::variant<Insurance, ContractSignature>;

/// The affiliation as it is with the document. `invalid` with pointers: an insurance that is over
/// or ends in more than five years, a contract that is not the one in force, or signed after today.
base::Result<Affiliation> with_document(Affiliation affiliation, const Document& document,
                                        time::Date today);

}  // namespace preau::accounts
